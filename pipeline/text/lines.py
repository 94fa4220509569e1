"""The lines of a batch, as str.splitlines() finds them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.text.classes import BREAK
from pipeline.text.hashing import hash_spans
from pipeline.text.kernel import inline, kernel
from pipeline.text.ragged import gather, offsets_of, ragged_rows
from pipeline.text.utf8 import Data, count_characters, decode

CARRIAGE_RETURN, NEWLINE = 13, 10


@dataclass(frozen=True, eq=False)
class Lines:
    """Document d has the lines offsets[d] to offsets[d + 1]; `stop` is before the line's break."""

    data: Data
    offsets: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def hash(self) -> NDArray[np.uint64]:
        """64 bits that depend on the line's bytes only."""
        return hash_spans(self.data, self.start, self.stop)

    @cached_property
    def chars(self) -> NDArray[np.int64]:
        """Characters of each line, without its break."""
        return count_characters(self.data, self.start, self.stop)

    def take(self, rows: NDArray[np.int64]) -> "Lines":
        """The lines of these documents."""
        offsets, of_lines = ragged_rows(self.offsets, rows)
        return Lines(self.data, offsets, gather(self.start, of_lines), gather(self.stop, of_lines))

    def then(self, other: "Lines", data: Data, moved: int) -> "Lines":
        """These documents, then those of `other`, whose bytes now stand `moved` further, all of them in `data`."""
        return Lines(
            data,
            np.concatenate([self.offsets, other.offsets[1:] + len(self)]),
            np.concatenate([self.start, other.start + moved]),
            np.concatenate([self.stop, other.stop + moved]),
        )


@inline
def break_width(data: Data, at: int, stop: int, table: NDArray[np.uint8]) -> tuple[int, int]:
    """Bytes of the line break at data[at], 0 where there is none, and of the character there."""
    code_point, width = decode(data, at)
    if not table[code_point] & BREAK:
        return 0, width
    if code_point == CARRIAGE_RETURN and at + 1 < stop and data[at + 1] == NEWLINE:
        return 2, 2
    return width, width


@kernel
def find_lines(
    data: Data,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    table: NDArray[np.uint8],
    counts: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
) -> int:
    """Fill the spans of lines, and the number of lines of each document; returns the number of all lines."""
    line = 0
    for document in range(len(starts)):
        at = begin = starts[document]
        first = line
        while at < stops[document]:
            broken, width = break_width(data, at, stops[document], table)
            if broken:
                start[line], stop[line] = begin, at
                line += 1
                begin = at + width
            at += width
        if begin < stops[document]:
            start[line], stop[line] = begin, stops[document]
            line += 1
        counts[document] = line - first
    return line


def lines_of(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], table: NDArray[np.uint8]) -> Lines:
    """The lines of the documents data[start:stop]."""
    room = int((stop - start).sum())  # every byte a line break
    counts = np.empty(len(start), np.int64)
    begins, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    found = find_lines(data, start, stop, table, counts, begins, ends)
    return Lines(data, offsets_of(counts), begins[:found], ends[:found])
