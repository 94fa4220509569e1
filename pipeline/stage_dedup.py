"""Dedup steps over all documents given, in one process: the arithmetic of 02-dedup without a shuffle."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import Addresses, Components, components, edges_of_equal_keys
from pipeline.dedup.contained import containers
from pipeline.dedup.exact import exact_keys
from pipeline.dedup.keep import Preferences, choose, columns_of, follow, preferences
from pipeline.dedup.keys import id_hash
from pipeline.dedup.minhash import shingles, signatures_of, signed
from pipeline.dedup.scope import scoped
from pipeline.dedup.url import url_keys
from pipeline.dedup.verify import ESTIMATE, Hashes, Offsets, distinct_shingles, taken, verified
from pipeline.dedup_config import EDITORS, REASONS, DedupStep
from pipeline.documents import Documents
from pipeline.stage_lines import cut_lines
from pipeline.stage_semantic import near_documents, notes
from pipeline.stage_substrings import cut_substrings

COMPARED = ("id", "date", "quality", "source", "language", "licence")  # columns that policies and scopes read
CUT = {"lines": cut_lines, "substrings": cut_substrings}  # kinds that change texts

Decision = tuple[str | None, str, str | None]  # the reason it is dropped for, its cluster, its keeper


@dataclass(frozen=True, eq=False)
class Keyed:
    """What duplicates share, which documents have it at all, and what pairs are compared by (size[d] hashes each)."""

    keys: NDArray[np.uint64]
    valid: NDArray[np.bool_]
    size: NDArray[np.int64]
    hashes: NDArray[np.uint32]


def keyed(step: DedupStep, documents: Documents) -> Keyed:
    """The keys of a batch; of MinHash with what `verify` compares."""
    nothing = np.zeros(len(documents), np.int64), np.zeros(0, np.uint32)
    if step.kind == "url":
        return Keyed(*url_keys(documents.column("url")), *nothing)
    if step.kind == "exact":
        return Keyed(exact_keys(documents.text), np.ones(len(documents), np.bool_), *nothing)
    scheme = step.how.scheme
    offsets, hashes = shingles(documents.text, scheme)
    signatures = signatures_of(offsets, hashes, scheme)
    compared = nothing
    if step.how.verify == ESTIMATE:
        compared = np.full(len(documents), scheme.hashes), signatures.reshape(-1)
    elif not step.how.by_bands:
        offsets, distinct = distinct_shingles(offsets, hashes)
        compared = np.diff(offsets), distinct
    return Keyed(band_keys(signatures, scheme), signed(signatures), *compared)


def near_duplicates(step: DedupStep, found: Keyed, rows: NDArray[np.int64]) -> Components:
    """The documents at `rows` (ascending) that share a key, and those of theirs; of MinHash any band's will do."""
    keys, addresses = found.keys[rows], rows.astype(np.uint64)
    if step.kind != "minhash":
        return components(edges_of_equal_keys(keys, addresses))
    bands = step.how.scheme.bands
    return components(edges_of_equal_keys(np.ascontiguousarray(keys).reshape(-1), np.repeat(addresses, bands)))


def clusters(step: DedupStep, given: Keyed, rows: NDArray[np.int64]) -> Components:
    """The documents at `rows` that are duplicates, pairs looked at again where the step asks for it."""
    found, how = near_duplicates(step, given, rows), step.how
    if how is None or how.by_bands:
        return found
    return verified(found, *compared(given, found), how.scheme, how.verify, how.threshold)


def compared(given: Keyed, found: Components) -> tuple[Offsets, Hashes]:
    """What the documents of the clusters are compared by."""
    return taken(given.size, given.hashes, found.address.astype(np.int64))


@dataclass
class _Seen:
    """What is remembered of the batches: keys and what policies compare, no text but where one changes."""

    keys: list[list[Keyed]] = field(default_factory=list)
    documents: list[Documents] = field(default_factory=list)  # whole, where a step changes or embeds texts
    columns: list[pa.RecordBatch] = field(default_factory=list)


class Duplicates:
    """Filled batch by batch; `decide` then answers for all documents at once."""

    def __init__(self, steps: Sequence[DedupStep]) -> None:
        self._steps = steps
        self._seen = _Seen()
        self.notes: dict[int, dict[str, object]] = {}  # after `decide`, what `semantic` says of a document

    @property
    def edits(self) -> bool:
        """Whether a step changes texts; the keys of the steps behind it are then found by `decide`."""
        return any(step.kind in EDITORS for step in self._steps)

    def texts(self) -> list[str]:
        """After `decide`, where a step edits: what it left of each text."""
        return [text for documents in self._seen.documents for text in documents.column("text").to_pylist()]

    def add(self, documents: Documents) -> None:
        """The keys of a batch."""
        compared = {name: documents.column(name) for name in COMPARED}
        if self.edits or any(step.kind == "semantic" for step in self._steps):
            self._seen.documents.append(documents)
        else:
            self._seen.keys.append([keyed(step, documents) for step in self._steps])
        self._seen.columns.append(pa.RecordBatch.from_pydict({**compared, "text_bytes": documents.text.bytes}))

    def decide(self, kept: NDArray[np.bool_]) -> list[Decision]:
        """Each step sees what the rules and the steps before it left."""
        columns = pa.Table.from_batches(self._seen.columns).combine_chunks()
        ties = id_hash(columns["id"])
        alive, keeper = kept.copy(), np.arange(len(kept), dtype=np.uint64)
        reason = np.full(len(kept), None, object)
        for place, step in enumerate(self._steps):
            if step.kind in EDITORS:
                self._seen.documents, empty = CUT[step.kind](step, self._seen.documents, alive)
                alive, reason[empty] = alive & ~empty, REASONS[step.kind]
                continue
            if step.kind == "semantic":
                near = near_documents(step, self._seen.documents, alive, columns, ties)
                self.notes = notes(near, columns["id"].to_pylist())
                losing = (near.keeper != near.address) & step.how.drop
                gone, survivors = near.address[losing], near.keeper[losing]
            else:
                gone, survivors = self._by_keys(place, alive, columns, ties)
            alive[gone.astype(np.int64)] = False
            keeper[gone.astype(np.int64)] = survivors
            reason[gone.astype(np.int64)] = REASONS[step.kind]
        return _described(columns["id"].to_pylist(), keeper, reason)

    def _by_keys(
        self, place: int, alive: NDArray[np.bool_], columns: pa.Table, ties: NDArray[np.uint64]
    ) -> tuple[Addresses, Addresses]:
        """What a step of keys drops, and each one's keeper."""
        step = self._steps[place]
        found = self._whole(place, None if step.scope == "global" else columns[step.scope])
        return _dropped(step, found, np.flatnonzero(found.valid & alive), columns, ties)

    def _whole(self, place: int, within: pa.ChunkedArray | None) -> Keyed:
        step = self._steps[place]
        every = [vars(batch[place]) for batch in self._seen.keys]
        every = every or [vars(keyed(step, documents)) for documents in self._seen.documents]
        joined = Keyed(**{name: np.concatenate([each[name] for each in every]) for name in every[0]})
        return replace(joined, keys=scoped(joined.keys, within))


def _dropped(
    step: DedupStep, given: Keyed, rows: NDArray[np.int64], columns: pa.Table, ties: NDArray[np.uint64]
) -> tuple[Addresses, Addresses]:
    """The rows that the step drops, and each one's keeper."""
    if step.how is None or step.how.contained is None:
        found = clusters(step, given, rows)
        keeper = choose(found.label, *_claims(step, found, columns, ties), found.address)
    else:
        found, how = near_duplicates(step, given, rows), step.how
        claims = _claims(step, found, columns, ties)
        keeper = containers(found, *compared(given, found), how.scheme, how.contained, *claims)
    gone = keeper != found.address
    return found.address[gone], keeper[gone]


def _claims(
    step: DedupStep, found: Components, columns: pa.Table, ties: NDArray[np.uint64]
) -> tuple[Preferences, NDArray[np.uint64]]:
    """What the members bring to the choice of a keeper."""
    members = columns.take(pa.array(found.address))
    compared = {name: members[name].combine_chunks() for name in columns_of(step.keep)}
    return preferences(step.keep, compared, len(found.address)), ties[found.address.astype(np.int64)]


def _described(ids: Sequence[str], keeper: Addresses, reason: NDArray[np.object_]) -> list[Decision]:
    """A cluster is called by the smallest id of all that have its final keeper; what an edit left empty has none."""
    gone = np.flatnonzero(keeper != np.arange(len(keeper))).astype(np.uint64)
    final = keeper.copy()
    final[gone.astype(np.int64)] = follow(gone, keeper[gone.astype(np.int64)])
    cluster: dict[int, str] = {}
    for name, end in zip(ids, final.tolist(), strict=True):
        cluster[end] = min(name, cluster.get(end, name))
    return [
        (why, cluster[end], ids[end] if end != own else None)
        for own, (why, end) in enumerate(zip(reason.tolist(), final.tolist(), strict=True))
    ]
