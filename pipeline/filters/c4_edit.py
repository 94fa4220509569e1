"""What C4 leaves of a text: its kept lines, joined; every byte that goes or comes is counted where it does."""

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.c4_lines import KEPT, JudgedLines
from pipeline.rules import Edit
from pipeline.text.arrow import PADDING
from pipeline.text.bits import copy_bytes
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.room import room
from pipeline.text.spacy_english import WHITE, CharacterClasses, character_classes
from pipeline.text.utf8 import Data, decode

NEWLINE = ord("\n")


def join_kept_lines(text: Text, rows: NDArray[np.int64], lines: JudgedLines) -> Edit:
    """The kept lines of the documents `rows`, joined by newlines and stripped; only the texts that this changes."""
    source = text.lines
    data = room(kept_bytes(source.offsets, rows, lines.start, lines.stop, lines.fates) + PADDING, np.uint8)
    data[-PADDING:] = 0
    start, stop, removed, added = (np.empty(len(rows), np.int64) for _ in range(4))
    join(
        text.data, text.stop, source.offsets, source.start, source.stop, rows, lines.cut, lines.start, lines.stop,
        lines.is_cut, lines.fates, character_classes(), data, start, stop, removed, added,
    )  # fmt: skip
    changed = (removed > 0) | (added > 0)
    return Edit(rows[changed], Text(data, start[changed], stop[changed]), removed[changed], added[changed])


@kernel
def kept_bytes(
    offsets: NDArray[np.int64],
    rows: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    fates: NDArray[np.uint8],
) -> int:
    """Bytes of the kept lines of these documents, with a newline each."""
    total = 0
    for row in rows:
        for line in range(offsets[row], offsets[row + 1]):
            if fates[line] == KEPT:
                total += stop[line] - start[line] + 1
    return total


@kernel
def join(
    source: Data,
    text_stop: NDArray[np.int64],
    offsets: NDArray[np.int64],
    source_start: NDArray[np.int64],
    source_stop: NDArray[np.int64],
    rows: NDArray[np.int64],
    cut: Data,
    line_start: NDArray[np.int64],
    line_stop: NDArray[np.int64],
    is_cut: NDArray[np.bool_],
    fates: NDArray[np.uint8],
    classes: CharacterClasses,
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    removed: NDArray[np.int64],
    added: NDArray[np.int64],
) -> None:
    """Write the kept lines of each row one after another; count the bytes that go and come with each line."""
    out = 0
    for i in range(len(rows)):
        first, last = offsets[rows[i]], offsets[rows[i] + 1]
        kept = last_kept(fates, first, last)
        removed[i] = added[i] = 0
        begin = out
        for line in range(first, last):
            next_line = source_start[line + 1] if line + 1 < last else text_stop[rows[i]]
            content, line_break = source_stop[line] - source_start[line], next_line - source_stop[line]
            if fates[line] != KEPT:
                removed[i] += content + line_break
                continue
            length = line_stop[line] - line_start[line]
            copy_bytes(data, out, cut if is_cut[line] else source, line_start[line], length)
            out += length
            removed[i] += content - length
            if line == kept:
                removed[i] += line_break
                continue
            if line_break != 1 or source[source_stop[line]] != NEWLINE:
                removed[i] += line_break
                added[i] += 1
            data[out] = NEWLINE
            out += 1
        start[i], stop[i] = strip(data, begin, out, classes)
        removed[i] += out - begin - (stop[i] - start[i])


@inline
def last_kept(fates: NDArray[np.uint8], first: int, last: int) -> int:
    """The last kept line of first to last; -1 without."""
    for line in range(last - 1, first - 1, -1):
        if fates[line] == KEPT:
            return line
    return -1


@inline
def strip(data: Data, start: int, stop: int, classes: CharacterClasses) -> tuple[int, int]:
    """The span of data[start:stop].strip()."""
    while start < stop:
        code_point, width = decode(data, start)
        if not classes[code_point] & WHITE:
            break
        start += width
    while start < stop:
        at = stop - 1
        while data[at] & 0xC0 == 0x80:
            at -= 1
        if not classes[decode(data, at)[0]] & WHITE:
            break
        stop = at
    return start, stop
