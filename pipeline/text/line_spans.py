"""Where lines begin and end: str.splitlines(), re.split at runs of newlines; and their outermost bytes."""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.bits import BLOCK, bytes_between, bytes_equal, count_ones, first_bits, lowest, without_lowest
from pipeline.text.classes import BREAK
from pipeline.text.counting import count_byte
from pipeline.text.kernel import inline, kernel
from pipeline.text.line_edges import Edges, outer_bytes
from pipeline.text.room import room
from pipeline.text.utf8 import Data, decode

CARRIAGE_RETURN, NEWLINE = 13, 10
LEADS_OF_BREAKS = (0xC2, 0xE2)  # U+0085; U+2028 and U+2029

Spans = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]  # offsets, start, stop
EdgedSpans = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Edges]


@inline
def break_width(data: Data, at: int, end: int, table: NDArray[np.uint8]) -> int:
    """Bytes of the line break at data[at], 0 where there is none; a carriage return takes its newline with it."""
    code_point, width = decode(data, at)
    if not table[code_point] & BREAK:
        return 0
    if code_point == CARRIAGE_RETURN and at + 1 < end and data[at + 1] == NEWLINE:
        return 2
    return width


@inline
def possible_breaks(data: Data, at: int) -> np.uint64:
    """The bitmap of bytes at which a line break may begin."""
    ascii_breaks = bytes_between(data, at, 10, 3, 0) | bytes_between(data, at, 28, 2, 0)
    return ascii_breaks | bytes_equal(data, at, LEADS_OF_BREAKS[0]) | bytes_equal(data, at, LEADS_OF_BREAKS[1])


@kernel
def count_possible_breaks(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """In how many places of each document a line break may begin: 1 ms for 22 MB, and no fresh page too many."""
    counts = np.zeros(len(start), np.int64)
    for i in range(len(start)):
        for at in range(start[i], stop[i], BLOCK):
            counts[i] += count_ones(possible_breaks(data, at) & first_bits(stop[i] - at))
    return counts


@kernel
def find_lines(
    data: Data,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    table: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    first: NDArray[np.uint8],
    last: NDArray[np.uint8],
) -> None:
    """Fill the spans of str.splitlines(): a break at a document's end begins no line."""
    line = 0
    for document in range(len(starts)):
        begin, end = starts[document], stops[document]
        for at in range(starts[document], end, BLOCK):
            candidates = possible_breaks(data, at) & first_bits(end - at)
            while candidates:
                here = at + lowest(candidates)
                candidates = without_lowest(candidates)
                width = break_width(data, here, end, table)
                if width > 0 and here >= begin:
                    start[line], stop[line] = begin, here
                    first[line], last[line] = outer_bytes(data, begin, here)
                    begin = here + width
                    line += 1
        if begin < end:
            start[line], stop[line] = begin, end
            first[line], last[line] = outer_bytes(data, begin, end)
            line += 1
        offsets[document + 1] = line


def line_spans(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], table: NDArray[np.uint8]) -> EdgedSpans:
    """Offsets, spans and edges of the lines of the documents data[start:stop]."""
    most = int(count_possible_breaks(data, start, stop).sum()) + len(start)
    offsets = np.zeros(len(start) + 1, np.int64)
    begins, ends, first, last = room_for(most)
    find_lines(data, start, stop, table, offsets, begins, ends, first, last)
    return edged(offsets, begins, ends, first, last)


def room_for(most: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint8], NDArray[np.uint8]]:
    """Room for the spans and edges of so many lines."""
    return room(most, np.int64), room(most, np.int64), room(most, np.uint8), room(most, np.uint8)


def edged(
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    first: NDArray[np.uint8],
    last: NDArray[np.uint8],
) -> EdgedSpans:
    """What was filled of the room."""
    found = offsets[-1]
    return offsets, start[:found], stop[:found], Edges(first[:found], last[:found])


@kernel
def split_at_newlines(
    data: Data,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    least: int,
    whole_runs: bool,
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    first: NDArray[np.uint8],
    last: NDArray[np.uint8],
) -> None:
    """Fill the spans of the pieces, one at least; with `whole_runs` they may be empty at a document's ends only."""
    piece = 0
    for document in range(len(starts)):
        begin, end = starts[document], stops[document]
        run, newest = 0, -2
        for at in range(starts[document], end, BLOCK):
            newlines = bytes_equal(data, at, NEWLINE) & first_bits(end - at)
            while newlines:
                here = at + lowest(newlines)
                newlines = without_lowest(newlines)
                run = run + 1 if here == newest + 1 else 1
                newest = here
                if run == least:
                    start[piece], stop[piece] = begin, here + 1 - least
                    first[piece], last[piece] = outer_bytes(data, begin, here + 1 - least)
                    piece += 1
                if run >= least:
                    begin, run = here + 1, run if whole_runs else 0
        start[piece], stop[piece] = begin, end
        first[piece], last[piece] = outer_bytes(data, begin, end)
        piece += 1
        offsets[document + 1] = piece


def piece_spans(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    least: int,
    whole_runs: bool = True,
    newlines: NDArray[np.int64] | None = None,
) -> EdgedSpans:
    """Offsets, spans and edges of re.split("\\n{least,}", text); of str.split("\\n" * least) without `whole_runs`.

    Of three newlines the first two are a border of two, and the third begins a piece without `whole_runs`.
    `newlines`: how many each document has, where that is known.
    """
    most = int((count_byte(data, start, stop, NEWLINE) if newlines is None else newlines).sum()) + len(start)
    offsets = np.zeros(len(start) + 1, np.int64)
    begins, ends, first, last = room_for(most)
    split_at_newlines(data, start, stop, least, whole_runs, offsets, begins, ends, first, last)
    return edged(offsets, begins, ends, first, last)


@kernel
def paragraph_spans(
    offsets: NDArray[np.int64],
    line_start: NDArray[np.int64],
    line_stop: NDArray[np.int64],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
) -> Spans:
    """Offsets and spans of re.split("\\n{2,}", text) of each stripped document data[starts:stops].

    From its lines, the pieces of re.split("\\n+"): where two newlines or more stand between two of them, inside the
    stripped text, is a border. So the text is not read again.
    """
    offsets_of_paragraphs = np.zeros(len(starts) + 1, np.int64)
    start, stop = np.empty(len(line_start), np.int64), np.empty(len(line_start), np.int64)
    paragraph = 0
    for document in range(len(starts)):
        begin, end = starts[document], stops[document]
        for line in range(offsets[document], offsets[document + 1] - 1):
            after, following = line_stop[line], line_start[line + 1]
            if following - after > 1 and after > starts[document] and following < end:
                start[paragraph], stop[paragraph] = begin, after
                begin = following
                paragraph += 1
        start[paragraph], stop[paragraph] = begin, end
        paragraph += 1
        offsets_of_paragraphs[document + 1] = paragraph
    return offsets_of_paragraphs, start[:paragraph], stop[:paragraph]
