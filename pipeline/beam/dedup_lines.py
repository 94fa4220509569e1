"""lines: a unit counts its own, a range adds up what all say of its keys, the unit cuts what was seen too often."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.asked_lines import AskedLines, asked_lines
from pipeline.beam.dedup_job import DedupJob, Element, one
from pipeline.beam.dedup_keys import dropped_before, ranged
from pipeline.beam.edits import KeptBatch, kept_batches, write_edits
from pipeline.beam.pieces import said_of_pieces
from pipeline.dedup.lines import counted, cuts_of, doomed
from pipeline.dedup.lines_counts import Counted, merged, too_often
from pipeline.dedup.ranges import pack, range_of, split, unpack
from pipeline.documents import Documents
from pipeline.lines_config import Lines


def within(job: DedupJob, unit: int, documents: Documents, scope: str) -> pa.Array | None:
    """The scope of each document; None where all have one."""
    if scope == "global":
        return None
    return pa.array([job.crawl_of(unit)] * len(documents)) if scope == "crawl" else documents.column(scope)


def counting(job: DedupJob, unit: int, batch: KeptBatch, number: int, gone: NDArray[np.uint32]) -> AskedLines:
    """The batch without the documents that steps before dropped."""
    step, documents = job.steps[number], batch.documents
    assert job.editing is not None
    sizes, scope = job.editing.scope_sizes(step.scope), within(job, unit, documents, step.scope)
    return asked_lines(documents, ~np.isin(batch.ordinal, gone), step.how, scope, sizes)


def line_counts(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """The key of each line of the unit, once, with how often it stands there: 20 bytes, 28 where one is to stay."""
    formula, gone = job.steps[number].how.counted_as, dropped_before(values)
    parts = []
    for batch in kept_batches(job, unit, number):
        of = counting(job, unit, batch, number, gone)
        parts.append(counted(of.found, of.group, of.ties))
    whole = merged(Counted.together(parts))
    arrays: dict[str, NDArray[Any]] = {"key": whole.key, "count": whole.count}
    yield from ranged(unit, range_of(whole.key, job.ranges), arrays | ({"tie": whole.tie} if formula.keeps_one else {}))


def arrived(values: Sequence[bytes]) -> tuple[Counted, NDArray[np.int64]]:
    """What all elements say, end to end, and the unit of each row. One that an engine sent twice counts once."""
    elements = [unpack(value) for value in dict.fromkeys(values) if value]
    parts = [
        Counted(each["key"], each["count"], each.get("tie", np.zeros(len(each["count"]), np.uint64)))
        for each in elements
        if "count" in each
    ]
    units = [np.full(len(each["count"]), each.get("unit", [0])[0], np.int64) for each in elements if "count" in each]
    return Counted.together(parts), np.concatenate([np.zeros(0, np.int64), *units])


def popular_lines(_range: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """To each unit those of its keys that all units together saw too often, with how often, and whose one stays."""
    how: Lines = job.steps[number].how
    said, units = arrived(values)
    rows, told = too_often(said, how.more_than)
    arrays: dict[str, NDArray[Any]] = {"key": told.key, "count": told.count}
    arrays |= {"tie": told.tie} if how.counted_as.keeps_one else {}
    for unit, part in split(units[rows], **arrays):
        yield unit, pack(**part)


def cut_lines(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """Write what the unit's edits leave, batch by batch; what is left too short is dropped."""
    keeps_one = job.steps[number].how.counted_as.keeps_one
    told = merged(arrived(values)[0])
    gone = dropped_before([value for value in values if value and "ordinal" in unpack(value)])
    shortened = []
    for batch in kept_batches(job, unit, number):
        of = counting(job, unit, batch, number, gone)
        hit, where = doomed(of.found, of.group, of.ties, told, keeps_one)
        shown = removed(of, hit, where, told)
        shortened.append(write_edits(job, unit, number, batch, cuts_of(of.found, hit), shown))
    ordinals = np.concatenate(shortened).astype(np.uint32)
    if len(ordinals):
        yield unit, pack(unit=one(unit, np.int32), step=one(number, np.uint8), ordinal=ordinals)


def removed(of: AskedLines, hit: NDArray[np.bool_], where: NDArray[np.int64], told: Counted) -> dict[str, Any]:
    """What a part's footer says of the lines, or spans of sentences, that went."""
    rows, pieces = np.flatnonzero(hit), of.found.pieces

    def text_of(row: int) -> bytes:
        return bytes(pieces.data[pieces.start[row] : pieces.stop[row + of.found.width - 1]])

    return said_of_pieces(rows, of.ties[of.found.documents()[rows]], where, told, text_of)
