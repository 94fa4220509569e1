"""Near duplicates by the signatures that runs keep: of documents at hand in a run, and the pairs of the run itself."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.keys import id_hash
from pipeline.dedup.minhash import Scheme, sign, signed
from pipeline.dedup.stored import holds_keys, keys_in, signatures_in
from pipeline.dedup_index import Index, chain
from pipeline.documents import Documents
from pipeline.earlier import EarlierRun, earlier_runs
from pipeline.report.run import ReportError
from pipeline.storage.features import features_of
from pipeline.storage.run_folder import EDITS, REFINE

AT_ONCE = 1024  # documents that are looked for together
MOST_PAIRS = 100_000  # of a run's own, those of the smallest hashes of their ids: 100 MB of two signatures each


@dataclass(frozen=True, eq=False)
class Signed:
    """Documents with signatures. `keys`: of every band, uint64[n, bands]; `hashes`: uint32[n, hashes], where kept."""

    ids: pa.Array
    keys: NDArray[np.uint64]
    hashes: NDArray[np.uint32] | None

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64]) -> "Signed":
        hashes = None if self.hashes is None else self.hashes[rows]
        return Signed(self.ids.take(pa.array(rows)), self.keys[rows], hashes)


def estimates(one: Signed, other: Signed, scheme: Scheme) -> NDArray[np.float64]:
    """Of each pair the share of hashes that agree, which is the Jaccard but for chance.

    Where a preset keeps band keys only: the Jaccard at which as many bands agree as do, since J^rows is one band's; of
    pairs with only a band or two in common it is too high, as they are told only because they have one.
    """
    if one.hashes is not None and other.hashes is not None:
        return np.asarray((one.hashes == other.hashes).mean(axis=1))
    return np.asarray((one.keys == other.keys).mean(axis=1) ** (1 / scheme.rows))


def sharing(asked: Signed, held: Signed) -> NDArray[np.int64]:
    """int64[m, 2]: which of the asked share a band with which of those held, each pair once.

    All 64 bits of a key count; keys of two bands differ.
    """
    bands = asked.keys.shape[1]
    order = np.argsort(asked.keys, axis=None, kind="stable")
    keys = asked.keys.reshape(-1)[order]
    flat = held.keys.reshape(-1)
    first, last = np.searchsorted(keys, flat), np.searchsorted(keys, flat, side="right")
    hits = np.flatnonzero(last > first)
    places = [order[first[hit] : last[hit]] // bands for hit in hits]  # of candidates only: most keys meet nobody
    which = np.repeat(hits // bands, [len(each) for each in places])
    pairs = np.stack([np.concatenate([np.zeros(0, np.int64), *places]), which], axis=1)
    return np.unique(pairs.astype(np.int64), axis=0)


@dataclass(frozen=True)
class Corpus:
    """A run and those that it was held against, with the scheme of all their signatures."""

    runs: tuple[tuple[Index, EarlierRun], ...]
    scheme: Scheme

    def units(self) -> Iterator[tuple[Index, pa.Table, Signed]]:
        """Unit by unit: the documents that have a signature, with `kept`, and how dedup decided on each."""
        for index, run in self.runs:
            for unit in range(run.units):
                table, held = self.read(run, unit)
                yield index, table, held

    def read(self, run: EarlierRun, unit: int) -> tuple[pa.Table, Signed]:
        table = features_of(run.run, unit, ["id", "kept", "signature"], EDITS if run.edits else None)
        present, keys = keys_in(table["signature"], self.scheme)
        hashes = None if holds_keys(self.scheme) else signatures_in(table["signature"], self.scheme)[1]
        ids = table["id"].combine_chunks().filter(pa.array(present))
        return decided(table, run.decisions(unit)).filter(pa.array(present)), Signed(ids, keys, hashes)


def decided(features: pa.Table, decisions: pa.Table) -> pa.Table:
    """Of each judged document: id, kept, reason, keeper; what 01-refine dropped has no decision."""
    kept = np.array(features["kept"])
    place = pa.array(np.cumsum(kept) - 1, mask=~kept)
    known = decisions.take(place)
    refined = pa.array(np.full(len(kept), REFINE), pa.string(), mask=kept)
    return pa.table(
        {
            "id": features["id"],
            "kept": pc.fill_null(known["keep"], False),
            "reason": pc.coalesce(known["reason"], refined),
            "keeper": known["keeper"],
        }
    )


def open_corpus(run: Path | str) -> Corpus:
    """Raises IndexRefused where the run has no index, ReportError where the index holds no signatures."""
    indexes = chain([str(run)])
    if indexes[-1].header["scheme"] is None:
        raise ReportError(f"{run}: its index holds no signatures (the config has no minhash step)")
    runs = earlier_runs(0, indexes, False).runs
    signed_ones = tuple((index, one) for index, one in zip(indexes, runs, strict=True) if index.header["scheme"])
    return Corpus(signed_ones, Scheme(**indexes[-1].header["scheme"]))


def sign_documents(documents: Documents, scheme: Scheme) -> tuple[NDArray[np.int64], Signed]:
    """The documents that have words, and their places; `hashes` as the run keeps them."""
    hashes = sign(documents.text, scheme)
    has = signed(hashes)
    ids = documents.column("id").filter(pa.array(has))
    kept = None if holds_keys(scheme) else hashes[has]
    return np.flatnonzero(has), Signed(ids, band_keys(hashes[has], scheme), kept)


def near(run: Path | str, batches: Iterable[Documents], most: int) -> Iterator[dict[str, Any]]:
    """For each document, in order: those of the run that share a band with it, the most similar first."""
    corpus = open_corpus(run)
    for batch in batches:
        for first in range(0, len(batch), AT_ONCE):
            yield from found_in(corpus, batch.take(np.arange(first, min(first + AT_ONCE, len(batch)))), most)


def found_in(corpus: Corpus, documents: Documents, most: int) -> Iterator[dict[str, Any]]:
    """The answers for a few documents; the run is read once for all of them."""
    places, asked = sign_documents(documents, corpus.scheme)
    found: list[list[dict[str, Any]]] = [[] for _ in range(len(documents))]
    for index, table, held in corpus.units():
        pairs = sharing(asked, held)
        one, other = asked.take(pairs[:, 0]), held.take(pairs[:, 1])
        lines = table.take(pa.array(pairs[:, 1])).to_pylist()
        for place, share, line in zip(places[pairs[:, 0]], estimates(one, other, corpus.scheme), lines, strict=True):
            found[place].append({**line, "jaccard": round(float(share), 4), "run": index.run})
    for id_, lines in zip(documents.column("id").to_pylist(), found, strict=True):
        near_by = sorted(lines, key=lambda line: (-line["jaccard"], line["id"]))
        yield {"id": id_, "near": near_by[:most], "found": len(near_by)}


def own_pairs(run: Path | str, most: int) -> dict[str, Any]:
    """What minhash dropped beside what stayed for it, the least similar pairs first.

    A keeper need not share a band with all that were dropped for it: a cluster is a chain of pairs.
    """
    corpus = open_corpus(run)
    dropped = chosen(corpus, lambda table: pc.equal(table["reason"], "minhash.duplicate"))
    names = pa.array([line["keeper"] for line in dropped.lines], pa.string())
    stays = chosen(corpus, lambda table: pc.is_in(table["id"], names.unique()), whole=True)
    at = {id_: place for place, id_ in enumerate(stays.signed.ids.to_pylist())}
    paired = np.array([row for row, line in enumerate(dropped.lines) if line["keeper"] in at], np.int64)
    one = dropped.signed.take(paired)
    other = stays.signed.take(np.array([at[dropped.lines[row]["keeper"]] for row in paired], np.int64))
    shares, band = estimates(one, other, corpus.scheme), (one.keys == other.keys).any(axis=1)
    ranked = np.lexsort((id_hash(one.ids), shares))[:most]
    pairs = [
        {
            "dropped": dropped.lines[paired[row]]["id"],
            "keeper": dropped.lines[paired[row]]["keeper"],
            "jaccard": round(float(shares[row]), 4),
            "share_a_band": bool(band[row]),
        }
        for row in ranked
    ]
    return {"documents": dropped.seen, "compared": len(paired), "pairs": pairs}


@dataclass(frozen=True, eq=False)
class Chosen:
    """Documents of a corpus with their signatures; `seen`: how many there were to choose from."""

    lines: Sequence[Mapping[str, Any]]
    signed: Signed
    seen: int


def chosen(corpus: Corpus, which: Any, whole: bool = False) -> Chosen:
    """The documents for which `which(table)` holds; of more than MOST_PAIRS the first by their ids' hashes."""
    width = corpus.scheme.bands
    parts: list[Signed] = [Signed(pa.array([], pa.string()), np.zeros((0, width), np.uint64), None)]
    lines: list[Mapping[str, Any]] = []
    for _, table, held in corpus.units():
        rows = np.flatnonzero(pc.fill_null(which(table), False).to_numpy())
        lines += table.take(pa.array(rows)).to_pylist()
        parts.append(held.take(rows))
    every = together(parts)
    if whole or len(every) <= MOST_PAIRS:
        return Chosen(lines, every, len(every))
    first = np.sort(np.argsort(id_hash(every.ids), kind="stable")[:MOST_PAIRS])
    return Chosen([lines[row] for row in first], every.take(first), len(every))


def together(parts: Sequence[Signed]) -> Signed:
    """All in one, end to end; the first is empty."""
    ids = pa.concat_arrays([part.ids.cast(pa.string()) for part in parts])
    hashes = [part.hashes for part in parts[1:] if part.hashes is not None]
    return Signed(ids, np.concatenate([part.keys for part in parts]), np.concatenate(hashes) if hashes else None)
