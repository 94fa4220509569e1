"""substrings: units send fingerprints, then the windows near those that stand twice; what comes back is cut."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.asked_substrings import AskedSubstrings, asked_substrings
from pipeline.beam.dedup_job import Arrays, DedupJob, Element, one
from pipeline.beam.dedup_keys import ranged
from pipeline.beam.dedup_lines import arrived, within
from pipeline.beam.edits import KeptBatch, kept_batches, write_edits
from pipeline.beam.pieces import said_of_pieces
from pipeline.dedup.lines_counts import Counted, merged, too_often
from pipeline.dedup.ranges import pack, range_of, split, unpack
from pipeline.dedup.substrings import Windows, first_of_runs
from pipeline.dedup.winnow import at_most_twice, repeated
from pipeline.substrings_config import Substrings


def joined(elements: Sequence[Arrays], name: str, kind: Any) -> NDArray[Any]:
    """An array of all elements that have it, end to end."""
    return np.concatenate([np.zeros(0, kind), *(each[name] for each in elements if name in each)])


def asked_batches(
    unit: int, given: Sequence[Arrays], job: DedupJob, number: int
) -> Iterator[tuple[KeptBatch, AskedSubstrings]]:
    """The unit's batches without the documents that steps before dropped."""
    step, gone = job.steps[number], joined(given, "ordinal", np.uint32)
    for batch in kept_batches(job, unit, number):
        scope = within(job, unit, batch.documents, step.scope)
        yield batch, asked_substrings(batch.documents, ~np.isin(batch.ordinal, gone), step.how, scope)


def unit_fingerprints(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """The unit's fingerprints, 8 bytes each; one that stands there more than once is sent twice."""
    given = [unpack(value) for value in values if value]
    parts = [of.found.hash for _, of in asked_batches(unit, given, job, number)]
    hashes = at_most_twice(np.concatenate([np.zeros(0, np.uint64), *parts]))
    yield from ranged(unit, range_of(hashes, job.ranges), {"hash": hashes})


def repeated_fingerprints(_range: int, values: Sequence[bytes]) -> Iterator[Element]:
    """To each unit those of its fingerprints that stand in the corpus more than once."""
    elements = [unpack(value) for value in dict.fromkeys(values)]  # what an engine sends twice counts once
    hashes = joined(elements, "hash", np.uint64)
    units = np.concatenate([np.full(len(each["hash"]), each["unit"][0], np.int64) for each in elements])
    rows = repeated(hashes)
    for unit, part in split(units[rows], hash=hashes[rows]):
        yield unit, pack(hash=np.unique(part["hash"]))


def near_windows(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """The key of each window near such a fingerprint, once, with how often it stands there: 20 bytes, 28 where one
    is to stay."""
    given = [unpack(value) for value in values if value]
    told = np.unique(joined(given, "hash", np.uint64))
    parts = [of.counted(of.near(told)) for _, of in asked_batches(unit, given, job, number)] if len(told) else []
    whole = merged(Counted.together(parts))
    yield from ranged(unit, range_of(whole.key, job.ranges), arrays_of(whole, job.steps[number].how))


def arrays_of(whole: Counted, how: Substrings) -> Arrays:
    """What travels of windows."""
    arrays: Arrays = {"key": whole.key, "count": whole.count}
    return arrays | ({"tie": whole.tie} if how.keeps_one else {})


def repeated_windows(_range: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """To each unit those of its windows that stand in the corpus more than once, with how often, and who is first."""
    said, units = arrived(values)
    rows, told = too_often(said, 1)
    for unit, part in split(units[rows], **arrays_of(told, job.steps[number].how)):
        yield unit, pack(**part)


def cut_substrings(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """Write what the unit's edits leave, batch by batch; what is left too short is dropped."""
    given, told = [unpack(value) for value in values if value], merged(arrived(values)[0])
    hashes, shortened = np.unique(joined(given, "hash", np.uint64)), []
    for batch, of in asked_batches(unit, given, job, number):
        near = of.near(hashes)
        hit, where = of.doomed(near, told)
        shown = removed(of, near, hit, where, told)
        shortened.append(write_edits(job, unit, number, batch, of.cuts(near, hit), shown))
    ordinals = np.concatenate(shortened).astype(np.uint32)
    if len(ordinals):
        yield unit, pack(unit=one(unit, np.int32), step=one(number, np.uint8), ordinal=ordinals)


def removed(
    of: AskedSubstrings, near: Windows, hit: NDArray[np.bool_], where: NDArray[np.int64], told: Counted
) -> dict[str, Any]:
    """What a part's footer says of the runs that went: of each the first window."""
    rows = first_of_runs(near, hit, of.text.words)
    words = of.text.words

    def text_of(row: int) -> bytes:
        first = near.at[row]
        return bytes(of.text.data[words.start[first] : words.stop[first + near.tokens - 1]])

    return said_of_pieces(rows, of.ties[near.document[rows]], where, told, text_of)
