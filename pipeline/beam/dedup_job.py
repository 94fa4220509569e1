"""What the dedup pass is told, and what its groupings carry: packed arrays and strings, never text."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.minhash import Scheme
from pipeline.dedup.ranges import address_of, range_of, unpack
from pipeline.dedup_config import EDITORS, DedupStep
from pipeline.earlier import NO_RUNS, EarlierRuns
from pipeline.lengths import Judging
from pipeline.storage.run_folder import EDITS
from pipeline.text.hashing import GOLDEN

Element = tuple[int, bytes]  # what enters a grouping: a unit, a range of keys or 0, and packed arrays
Arrays = dict[str, NDArray[Any]]

ANNOTATORS = ("semantic",)  # kinds that write a folder of their name in 02-dedup
KEPT = 255  # instead of the number of the step that dropped a document
KEY_BYTES = 8  # what a grouping's own key counts for, at most
ALL_ON_ONE = 0  # the key of a grouping that brings everything together


@dataclass(frozen=True)
class Editing:
    """What steps need that change texts. `documents`: (source, language, how many) that the pass is given."""

    tokens: str | None
    scheme: Scheme | None
    lengths: tuple[Judging, ...]
    documents: tuple[tuple[str | None, str | None, int], ...]

    def scope_sizes(self, scope: str) -> "Counter[str | None]":
        """Documents of each source or language; otherwise all of them, under None."""
        sizes: Counter[str | None] = Counter()
        for source, language, documents in self.documents:
            sizes[{"source": source, "language": language}.get(scope)] += documents
        return sizes


@dataclass(frozen=True)
class DedupJob:
    """One dedup pass over the features of a run; `ranges` cuts the keys' space. `crawls`: each unit's, by its path.

    `memory`: bytes that a union-find may take. `aside`: the folder of the labels of clusters where they were found
    before the pass, with `spent` bytes shuffled.
    """

    run: str
    fingerprint: str
    over: str  # survivors | all
    steps: tuple[DedupStep, ...]
    ranges: int = 16
    crawls: tuple[str, ...] = ()
    memory: int = 1_000_000_000
    aside: str = ""
    spent: int = 0
    editing: Editing | None = None
    fitted: str = ""  # SHA-256 of what the semantic step learned before the graph
    earlier: EarlierRuns = NO_RUNS

    @property
    def edits(self) -> tuple[str, ...]:
        """The folders of changed texts, one for each step that edits; the last one's holds what all of them made."""
        return tuple(self.edits_of(number) for number in editors(self.steps))

    def edits_of(self, number: int) -> str:
        return EDITS if number == editors(self.steps)[-1] else f"{EDITS}-{number}"

    def edits_before(self, number: int) -> str | None:
        """The folder that holds the texts as step `number` is given them; None where no step before it edits."""
        before = [each for each in editors(self.steps) if each < number]
        return self.edits_of(before[-1]) if before else None

    def folder_of(self, unit: int, number: int) -> tuple[str, int, str | None]:
        """The run that holds a unit, its number there, and its folder of texts as step `number` is given them.

        Of an earlier run the texts as they stand in its corpus, but in front of the step that changes texts.
        """
        if self.earlier.is_own(unit):
            return self.run, unit, self.edits_before(number)
        run, own = self.earlier.at(unit)
        changed = run.edits and (not self.edits or self.edits_before(number) is not None)
        return run.run, own, EDITS if changed else None

    def crawl_of(self, unit: int) -> str:
        if self.earlier.is_own(unit):
            return self.crawls[unit]
        run, own = self.earlier.at(unit)
        return run.crawls[own]


def annotators(steps: Sequence[DedupStep]) -> list[DedupStep]:
    """The steps that write of what they find beside the decisions."""
    return [step for step in steps if step.kind in ANNOTATORS]


def editors(steps: Sequence[DedupStep]) -> list[int]:
    """The numbers of the steps that change texts."""
    return [number for number, step in enumerate(steps) if step.kind in EDITORS]


def spread(addresses: NDArray[np.uint64], ranges: int) -> NDArray[np.int64]:
    """The range of each address: addresses are small numbers, which would all fall into the first one."""
    return range_of(addresses * np.uint64(GOLDEN), ranges)


def one(value: int, kind: Any) -> NDArray[Any]:
    """A number that holds for a whole element."""
    return np.array([value], kind)


def arrivals(values: Sequence[bytes], *names: str) -> Arrays:
    """The arrays of all elements of a group, end to end, and the address of each row."""
    elements = [unpack(value) for value in values]
    joined = {name: np.concatenate([element[name] for element in elements]) for name in names}
    joined["address"] = np.concatenate([address_of(int(each["unit"][0]), each["ordinal"]) for each in elements])
    return joined


def pack_strings(strings: pa.Array) -> Arrays:
    """Strings without nulls as two arrays: the bytes of each, and all bytes."""
    large = strings.cast(pa.large_string())
    if not len(large):
        return {"length": np.zeros(0, np.uint32), "letter": np.zeros(0, np.uint8)}
    offsets = np.frombuffer(large.buffers()[1], np.int64, len(large) + 1, large.offset * 8)
    letters = np.frombuffer(large.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
    return {"length": np.diff(offsets).astype(np.uint32), "letter": letters}


def unpack_strings(arrays: Arrays) -> pa.LargeStringArray:
    """The strings of `pack_strings`."""
    offsets = np.zeros(len(arrays["length"]) + 1, np.int64)
    np.cumsum(arrays["length"], out=offsets[1:])
    buffers = pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(arrays["letter"]))
    return pa.LargeStringArray.from_buffers(len(offsets) - 1, *buffers)
