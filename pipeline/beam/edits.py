"""Texts that steps of 02-dedup change: read over kept/, written beside the decisions, laid over what 01-refine said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.beam.dedup_job import DedupJob
from pipeline.dedup.cuts import Cuts, both, from_lists, no_cuts, to_lists, without
from pipeline.documents import Documents
from pipeline.lengths import too_short
from pipeline.refined import edited_rows
from pipeline.storage.features import features_of
from pipeline.storage.run_folder import DEDUP, EDITS, REFINE, part_name, read_part, read_unit, unit_parts
from pipeline.storage.write import read_about, write_part
from pipeline.text.layer import Text
from pipeline.tokens import Counter, counter

SHOWN = 25  # pieces that a footer, or the manifest, names: as many of the most frequent, and of the others
CUTS = "cuts"  # start, stop, start, stop, ... of what all edits took, in bytes of the text that kept/ holds


@dataclass(frozen=True, eq=False)
class KeptBatch:
    """A part of kept/ as the edits before a step left it. `ordinal`: its documents' places in features/.

    `edited`: what these edits wrote; None where there were none.
    """

    number: int
    last: bool
    ordinal: NDArray[np.int64]
    documents: Documents
    edited: pa.Table | None


@cache
def counter_of(name: str | None) -> Counter | None:
    """The tokenizer, loaded once a process."""
    return None if name is None else counter(name)


def kept_batches(job: DedupJob, unit: int, number: int) -> Iterator[KeptBatch]:
    """The unit's parts of kept/, each with the texts that step `number` is given, one in memory at a time."""
    run, unit, kind = job.folder_of(unit, number)
    kept, first = np.flatnonzero(np.array(read_unit(run, REFINE, "features", unit, ["kept"])["kept"])), 0
    for batch, path in enumerate(unit_parts(run, REFINE, "kept", unit)):
        documents = as_documents(read_part(path))
        edited = None if kind is None else read_part(Path(run) / DEDUP / kind / part_name(unit, batch))
        ordinal = kept[first : first + len(documents)]
        if edited is not None:
            places = np.searchsorted(ordinal, edited["ordinal"].to_numpy())
            documents = documents.with_text(places, Text.from_arrow(edited["text"]))
        first += len(documents)
        yield KeptBatch(batch, bool((read_about(path) or {})["last"]), ordinal, documents, edited)


def as_documents(table: pa.Table) -> Documents:
    """One batch of the table's rows, of which there may be none."""
    batches = table.combine_chunks().to_batches()
    return Documents(batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema))


def write_edits(
    job: DedupJob, unit: int, number: int, batch: KeptBatch, cuts: Cuts, shown: Mapping[str, Any]
) -> NDArray[np.int64]:
    """Cut, judge the lengths again, count, sign, write the part; gives the ordinals of what this left too short.

    The part holds every document that this step or one before it edited. `shown` goes into its footer: `pieces`,
    `most` and `some` of them.
    """
    editing = job.editing
    assert editing is not None
    edit = without(batch.documents.text, cuts)
    changed = batch.documents.with_text(edit.rows, edit.text)
    removed, short = np.zeros(len(changed), np.int64), np.zeros(len(changed), np.bool_)
    whole, rows = cuts, edit.rows
    if batch.edited is not None:
        places = np.searchsorted(batch.ordinal, batch.edited["ordinal"].to_numpy())
        removed[places], short[places] = batch.edited["removed"].to_numpy(), np.array(batch.edited["short"])
        whole, rows = both(spread_cuts(batch.edited, places, len(changed)), cuts), np.union1d(rows, places)
    removed[edit.rows] += edit.removed
    shortened = edit.rows[too_short(changed.take(edit.rows), editing.lengths)]
    short[shortened] = True
    table = edited_rows(
        changed.take(rows), batch.ordinal[rows], removed[rows], short[rows], counter_of(editing.tokens), editing.scheme
    ).append_column(CUTS, to_lists(whole).take(pa.array(rows)))
    about = {"fingerprint": job.fingerprint, "unit": unit, "batch": batch.number, "last": batch.last}
    counted = {"documents": len(edit.rows), "text_bytes": int(edit.removed.sum())}
    about |= {"documents": len(table), "step": job.steps[number].kind, "removed": {**shown, **counted}}
    write_part(Path(job.run) / DEDUP / job.edits_of(number) / part_name(unit, batch.number), table, about)
    return batch.ordinal[shortened]


def spread_cuts(edited: pa.Table, places: NDArray[np.int64], documents: int) -> Cuts:
    """The cuts of some documents, by their places, as those of all."""
    if not len(places):
        return no_cuts(documents)
    own = from_lists(edited[CUTS].combine_chunks())
    counts = np.zeros(documents, np.int64)
    counts[places] = np.diff(own.offsets)
    return Cuts(np.concatenate([[0], np.cumsum(counts)]), own.start, own.stop)


def features_before(job: DedupJob, unit: int, columns: Sequence[str], number: int) -> pa.Table:
    """These columns of all judged documents of a unit, this run's or an earlier one's, as step `number` is given."""
    run, own, kind = job.folder_of(unit, number)
    return features_of(run, own, columns, kind)


def said_of_edits(job: DedupJob, unit: int) -> dict[str, Any]:
    """By step: what the footers of the unit's parts say was removed."""
    found: dict[str, Any] = {}
    for kind in job.edits:
        parts = [read_about(path) or {} for path in unit_parts(job.run, DEDUP, kind, unit)]
        found[parts[0]["step"]] = removed_together([part["removed"] for part in parts])
    return found


def removed_together(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What several parts, or units, say of the pieces that went: sums, and of what they show the first SHOWN."""
    most, some = (one_of_each(each for part in said for each in part[name]) for name in ("most", "some"))
    return {
        **{name: sum(part[name] for part in said) for name in ("documents", "pieces", "text_bytes")},
        "most": sorted(most, key=lambda each: (-each["count"], each["key"]))[:SHOWN],
        "some": sorted(some, key=lambda each: each["key"])[:SHOWN],
    }


def one_of_each(pieces: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A piece that several parts show is shown as the document of smallest tie writes it."""
    found: dict[str, Mapping[str, Any]] = {}
    for piece in pieces:
        if piece["key"] not in found or piece["tie"] < found[piece["key"]]["tie"]:
            found[piece["key"]] = piece
    return list(found.values())


def final(edits: bool) -> str | None:
    """The folder that holds what all edits of a run made, where it has any."""
    return EDITS if edits else None
