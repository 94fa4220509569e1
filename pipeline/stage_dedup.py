"""Dedup steps over all documents given, in one process: the arithmetic of 02-dedup without a shuffle."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.config import DEFAULT_PRESET, DedupStep
from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import Addresses, components, edges_of_equal_keys
from pipeline.dedup.exact import exact_keys
from pipeline.dedup.keep import choose, columns_of, follow, preferences
from pipeline.dedup.keys import id_hash
from pipeline.dedup.minhash import preset, sign, signed
from pipeline.dedup.url import url_keys
from pipeline.documents import Documents

REASONS = {"url": "url.older", "exact": "exact.duplicate", "minhash": "minhash.duplicate"}

Keys = tuple[NDArray[np.uint64], NDArray[np.bool_]]
Decision = tuple[str | None, str, str | None]  # the reason it is dropped for, its cluster, its keeper


def keys_of(step: DedupStep, documents: Documents) -> Keys:
    """What duplicates share, and which documents have it at all."""
    if step.kind == "url":
        return url_keys(documents.column("url"))
    if step.kind == "exact":
        return exact_keys(documents.text), np.ones(len(documents), np.bool_)
    scheme = preset(step.preset or DEFAULT_PRESET)
    signatures = sign(documents.text, scheme)
    return band_keys(signatures, scheme), signed(signatures)


def duplicates(step: DedupStep, keys: NDArray[np.uint64], rows: Addresses) -> NDArray[np.uint64]:
    """Edges between the documents at `rows` that share a key; of MinHash any band's will do."""
    if step.kind != "minhash":
        return edges_of_equal_keys(keys, rows)
    return edges_of_equal_keys(np.ascontiguousarray(keys).reshape(-1), np.repeat(rows, keys.shape[1]))


@dataclass
class _Seen:
    """What is remembered of the batches: keys and what policies compare, no text."""

    keys: list[list[Keys]] = field(default_factory=list)
    columns: list[pa.RecordBatch] = field(default_factory=list)


class Duplicates:
    """Filled batch by batch; `decide` then answers for all documents at once."""

    def __init__(self, steps: Sequence[DedupStep]) -> None:
        self._steps = steps
        self._seen = _Seen()

    def add(self, documents: Documents) -> None:
        """The keys of a batch."""
        compared = {name: documents.column(name) for name in ("id", "date", "quality")}
        self._seen.keys.append([keys_of(step, documents) for step in self._steps])
        self._seen.columns.append(pa.RecordBatch.from_pydict({**compared, "text_bytes": documents.text.bytes}))

    def decide(self, kept: NDArray[np.bool_]) -> list[Decision]:
        """Each step sees what the rules and the steps before it left."""
        columns = pa.Table.from_batches(self._seen.columns).combine_chunks()
        ties = id_hash(columns["id"])
        alive, keeper = kept.copy(), np.arange(len(kept), dtype=np.uint64)
        reason = np.full(len(kept), None, object)
        for place, step in enumerate(self._steps):
            keys, valid = self._whole(place)
            gone, survivors = _dropped(step, keys, np.flatnonzero(valid & alive), columns, ties)
            alive[gone.astype(np.int64)] = False
            keeper[gone.astype(np.int64)] = survivors
            reason[gone.astype(np.int64)] = REASONS[step.kind]
        return _described(columns["id"].to_pylist(), keeper, reason)

    def _whole(self, place: int) -> Keys:
        every = [batch[place] for batch in self._seen.keys]
        return np.concatenate([keys for keys, _ in every]), np.concatenate([valid for _, valid in every])


def _dropped(
    step: DedupStep, keys: NDArray[np.uint64], rows: NDArray[np.int64], columns: pa.Table, ties: NDArray[np.uint64]
) -> tuple[Addresses, Addresses]:
    """The rows that the step drops, and each one's keeper."""
    found = components(duplicates(step, keys[rows], rows.astype(np.uint64)))
    members = columns.take(pa.array(found.address))
    compared = {name: members[name].combine_chunks() for name in columns_of(step.keep)}
    prefer = preferences(step.keep, compared, len(found.address))
    survivors = choose(found.label, prefer, ties[found.address.astype(np.int64)], found.address)
    gone = survivors != found.address
    return found.address[gone], survivors[gone]


def _described(ids: Sequence[str], keeper: Addresses, reason: NDArray[np.object_]) -> list[Decision]:
    """A cluster is called by the smallest id of all that have its final keeper."""
    gone = np.flatnonzero(reason != None).astype(np.uint64)  # noqa: E711 - element by element
    final = keeper.copy()
    final[gone.astype(np.int64)] = follow(gone, keeper[gone.astype(np.int64)])
    cluster: dict[int, str] = {}
    for name, end in zip(ids, final.tolist(), strict=True):
        cluster[end] = min(name, cluster.get(end, name))
    return [
        (why, cluster[end], ids[end] if why else None) for why, end in zip(reason.tolist(), final.tolist(), strict=True)
    ]
