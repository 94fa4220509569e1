"""The dedup pass in plain Python over all documents at once: what the graph must find, however it is cut."""

from collections.abc import Callable, Hashable, Iterable, Sequence

import pyarrow as pa

from pipeline.dedup.bands import band_keys
from pipeline.dedup.keys import id_hash
from pipeline.dedup.minhash import preset, sign
from pipeline.dedup.url import normal_form
from pipeline.text.layer import Text
from tests.beam.feature_parts import Doc

KeysOf = Callable[[Doc], Iterable[Hashable]]


def url_key(doc: Doc) -> list[str]:
    return [normal_form(doc.url)] if doc.url else []


def exact_key(doc: Doc) -> list[str]:
    return [doc.text]


def bands(doc: Doc) -> list[int]:
    scheme = preset("fineweb")
    return [int(key) for key in band_keys(sign(Text.from_strings([doc.text]), scheme), scheme)[0]] if doc.text else []


def tie(doc: Doc) -> int:
    return -int(id_hash(pa.array([doc.id]))[0])


STEPS: list[tuple[str, KeysOf, Callable[[Doc], tuple[object, ...]]]] = [
    ("url.older", url_key, lambda doc: (doc.date or "", tie(doc))),
    ("exact.duplicate", exact_key, lambda doc: (tie(doc),)),
    ("minhash.duplicate", bands, lambda doc: (doc.quality or 0.0, len(doc.text), tie(doc))),
]


def families(docs: Sequence[Doc], keys_of: KeysOf) -> list[list[Doc]]:
    """Documents that are connected by common keys."""
    found: list[tuple[set[Hashable], list[Doc]]] = []
    for doc in docs:
        keys, members = set(keys_of(doc)), [doc]
        for family in [family for family in found if family[0] & keys]:
            found.remove(family)
            keys |= family[0]
            members += family[1]
        found.append((keys, members))
    return [members for _, members in found]


def plain_dedup(docs: Sequence[Doc]) -> dict[str, tuple[str, str]]:
    """id -> (reason, final keeper) of each dropped document."""
    alive = list(docs)
    lost: dict[str, tuple[str, str]] = {}
    for reason, keys_of, preference in STEPS:
        for members in families(alive, keys_of):
            best = max(members, key=preference)
            lost |= {doc.id: (reason, best.id) for doc in members if doc is not best}
        alive = [doc for doc in docs if doc.id not in lost]
    return {id_: (reason, last(keeper, lost)) for id_, (reason, keeper) in lost.items()}


def last(keeper: str, lost: dict[str, tuple[str, str]]) -> str:
    """The keeper that nobody dropped."""
    return last(lost[keeper][1], lost) if keeper in lost else keeper
