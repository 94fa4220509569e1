"""The first and the last byte of each line, noted where it is found: who asks for them does not go back to the text.

Most questions about a line (is it blank, what strips, how does it begin and end) are answered by these two.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.classes import SPACE
from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data, decode, last_character

BLANK, FIRST_WIDE = 32, 0x80


class Edges(NamedTuple):
    """Of each line its first and its last byte; 0 of an empty one."""

    first: NDArray[np.uint8]
    last: NDArray[np.uint8]


@inline
def outer_bytes(data: Data, start: int, stop: int) -> tuple[int, int]:
    """The first and the last byte of data[start:stop]; 0 where it is empty."""
    filled = stop > start
    return data[start] * filled, data[stop - filled] * filled


@inline
def is_solid(byte: int) -> bool:
    """Whether this is an ASCII character behind the blank: none of them is white space."""
    return BLANK < byte < FIRST_WIDE


@kernel
def edges_of(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> tuple[Data, Data]:
    """The outermost bytes of lines that were found without them."""
    first, last = np.empty(len(start), np.uint8), np.empty(len(start), np.uint8)
    for i in range(len(start)):
        first[i], last[i] = outer_bytes(data, start[i], stop[i])
    return first, last


@inline
def after_space(data: Data, start: int, stop: int, table: NDArray[np.uint8]) -> int:
    """Where data[start:stop].lstrip() begins."""
    while start < stop:
        code_point, width = decode(data, start)
        if not table[code_point] & SPACE:
            break
        start += width
    return start


@inline
def strip(data: Data, start: int, stop: int, table: NDArray[np.uint8]) -> tuple[int, int]:
    """The span of data[start:stop].strip(); what is all white space is empty, at its end."""
    start = after_space(data, start, stop, table)
    while stop > start:
        code_point, at = last_character(data, start, stop)
        if not table[code_point] & SPACE:
            break
        stop = at
    return start, stop


@kernel
def strip_spans(
    data: Data, starts: NDArray[np.int64], stops: NDArray[np.int64], table: NDArray[np.uint8]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The spans of str.strip() of each data[start:stop]; what is all white space is empty, at its end."""
    start, stop = starts.copy(), stops.copy()
    for i in range(len(starts)):
        start[i], stop[i] = strip(data, starts[i], stops[i], table)
    return start, stop


@kernel
def strip_lines(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    first: Data,
    last: Data,
    table: NDArray[np.uint8],
) -> None:
    """Strip each line in its place: those that begin and end in ASCII, or are empty, stay as they are."""
    for i in range(len(start)):
        if bool(is_solid(first[i]) & is_solid(last[i])) | (start[i] == stop[i]):
            continue
        start[i], stop[i] = strip(data, start[i], stop[i], table)
        first[i], last[i] = outer_bytes(data, start[i], stop[i])


@kernel
def blank_lines(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], first: Data, table: NDArray[np.uint8]
) -> NDArray[np.bool_]:
    """Whether each line is nothing but white space."""
    blank = np.zeros(len(start), np.bool_)
    for i in range(len(start)):
        if not is_solid(first[i]):
            blank[i] = after_space(data, start[i], stop[i], table) == stop[i]
    return blank


@kernel
def last_classes(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], last: Data, table: NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """The class bits of the last character of each line, 0 where it is empty."""
    classes = np.zeros(len(start), np.uint8)
    for i in range(len(start)):
        if last[i] < FIRST_WIDE:
            classes[i] = table[last[i]] if start[i] < stop[i] else 0
        else:
            classes[i] = table[last_character(data, start[i], stop[i])[0]]
    return classes
