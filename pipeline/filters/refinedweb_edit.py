"""What RefinedWeb's line rules leave of a text, its bytes counted where they go."""

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.refinedweb_cuts import Cuts
from pipeline.filters.refinedweb_lines import KEPT, JudgedLines
from pipeline.rules import Edit
from pipeline.text.arrow import PADDING
from pipeline.text.bits import copy_bytes
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.room import room
from pipeline.text.utf8 import Data

NEWLINE = ord("\n")


def join_lines(text: Text, lines: JudgedLines, cuts: Cuts, max_newlines: int) -> Edit:
    """The kept lines with at most `max_newlines` for each run that stood between two; only texts that this changes."""
    source = lines.source
    spans = source.offsets, source.start, source.stop, lines.start, lines.stop
    rows = changed(*spans, lines.fates, cuts.moved, max_newlines)
    data = room(int(text.bytes[rows].sum()) + PADDING, np.uint8)
    start, stop, removed = (np.empty(len(rows), np.int64) for _ in range(3))
    join(rows, text.data, *spans, lines.fates, cuts.spare, cuts.moved, max_newlines, data, start, stop, removed)
    written = stop[-1] if len(rows) else 0
    data[written : written + PADDING] = 0
    return Edit(rows, Text(data, start, stop), removed, np.zeros(len(rows), np.int64))


@kernel
def changed(
    offsets: NDArray[np.int64],
    source_start: NDArray[np.int64],
    source_stop: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    fates: NDArray[np.uint8],
    moved: NDArray[np.bool_],
    max_newlines: int,
) -> NDArray[np.int64]:
    """The documents that lose a line, a part of one, or a newline."""
    rows = np.empty(len(offsets) - 1, np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        first, last = offsets[document], offsets[document + 1]
        for line in range(first, last):
            whole = start[line] == source_start[line] and stop[line] == source_stop[line] and not moved[line]
            gap = source_start[line + 1] - source_stop[line] if line + 1 < last else 0
            if fates[line] != KEPT or not whole or gap > max_newlines:
                rows[found] = document
                found += 1
                break
    return rows[:found]


@kernel
def join(
    rows: NDArray[np.int64],
    source: Data,
    offsets: NDArray[np.int64],
    source_start: NDArray[np.int64],
    source_stop: NDArray[np.int64],
    line_start: NDArray[np.int64],
    line_stop: NDArray[np.int64],
    fates: NDArray[np.uint8],
    spare: Data,
    moved: NDArray[np.bool_],
    max_newlines: int,
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    removed: NDArray[np.int64],
) -> None:
    """Write the kept lines of each row; a dropped line takes one newline with it, and those at the ends go."""
    out = 0
    for i in range(len(rows)):
        first, last = offsets[rows[i]], offsets[rows[i] + 1]
        start[i] = out
        passed = newlines = removed[i] = 0
        line = first - 1
        while line + 1 < last:
            line += 1
            gap = source_start[line] - source_stop[line - 1] if line > first else 0
            passed += gap
            newlines += min(gap, max_newlines)
            content = source_stop[line] - source_start[line]
            if fates[line] != KEPT:
                newlines -= 1
                removed[i] += content
                continue
            if out == start[i]:
                newlines = 0
            for _ in range(newlines):
                data[out] = NEWLINE
                out += 1
            removed[i] += passed - newlines
            passed = newlines = 0
            begin, whole = line_start[line], line_stop[line] == source_stop[line] and not moved[line]
            removed[i] += content - (line_stop[line] - begin)
            text = spare if moved[line] else source
            while whole and line + 1 < last and fates[line + 1] == KEPT and not moved[line + 1]:  # copied at once
                whole = line_start[line + 1] == source_start[line + 1] and line_stop[line + 1] == source_stop[line + 1]
                whole = whole and source_start[line + 1] - source_stop[line] <= max_newlines
                line += whole
            copy_bytes(data, out, text, begin, line_stop[line] - begin)
            out += line_stop[line] - begin
        removed[i] += passed
        stop[i] = out
