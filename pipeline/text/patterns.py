"""Literal strings in texts: how often one occurs, and which spans begin or end with one of several."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.arrow import spans_from_arrow
from pipeline.text.bits import BLOCK, bytes_equal, first_bits, lowest, without_lowest
from pipeline.text.counting import count_byte
from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data

Patterns = tuple[Data, NDArray[np.int64], NDArray[np.int64]]  # bytes, start, stop


@cache
def patterns_of(*strings: str) -> Patterns:
    """The bytes of some strings, for kernels."""
    return spans_from_arrow(pa.array(strings, pa.large_string()))


@inline
def matches(data: Data, at: int, patterns: Data, start: int, stop: int) -> bool:
    """Whether patterns[start:stop] stands at data[at]."""
    for i in range(stop - start):
        if data[at + i] != patterns[start + i]:
            return False
    return True


@kernel
def count_pattern(
    data: Data, starts: NDArray[np.int64], stops: NDArray[np.int64], pattern: Data, length: int
) -> NDArray[np.int64]:
    """str.count of one string in each data[start:stop], by its first two bytes (or one, if it has no more)."""
    second = min(1, length - 1)
    counts = np.zeros(len(starts), np.int64)
    for document in range(len(starts)):
        free, last = starts[document], stops[document] - length
        for at in range(starts[document], last + 1, BLOCK):
            candidates = bytes_equal(data, at, pattern[0]) & bytes_equal(data, at + second, pattern[second])
            candidates &= first_bits(last + 1 - at)
            while candidates:
                here = at + lowest(candidates)
                candidates = without_lowest(candidates)
                if here >= free and matches(data, here, pattern, 0, length):
                    counts[document] += 1
                    free = here + length
    return counts


def count_string(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], string: str) -> NDArray[np.int64]:
    """str.count of a string, which is not empty, in each data[start:stop]."""
    pattern, _, length = patterns_of(string)
    if length[0] == 1:
        return count_byte(data, start, stop, int(pattern[0]))
    return count_pattern(data, start, stop, pattern, int(length[0]))


@kernel
def meeting(
    data: Data,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    outer: Data,
    patterns: Data,
    first: NDArray[np.int64],
    after: NDArray[np.int64],
    at_end: bool,
) -> NDArray[np.bool_]:
    """str.startswith, or str.endswith with `at_end`, of any of the patterns, none empty, for each data[start:stop].

    `outer`: the first byte of each, or the last; 0 where it is empty.
    """
    found = np.zeros(len(starts), np.bool_)
    outermost = np.zeros(256, np.bool_)  # bytes that one of them begins with, or ends with: most spans have no such
    for pattern in range(len(first)):
        outermost[patterns[after[pattern] - 1 if at_end else first[pattern]]] = True
    for i in range(len(starts)):
        if outermost[outer[i]]:
            found[i] = meets_one(data, starts[i], stops[i], patterns, first, after, at_end)
    return found


@inline
def meets_one(
    data: Data,
    start: int,
    stop: int,
    patterns: Data,
    first: NDArray[np.int64],
    after: NDArray[np.int64],
    at_end: bool,
) -> bool:
    """Whether data[start:stop] begins, or ends, with one of the patterns."""
    for pattern in range(len(first)):
        length = after[pattern] - first[pattern]
        at = stop - length if at_end else start
        if length <= stop - start and matches(data, at, patterns, first[pattern], after[pattern]):
            return True
    return False


def starts_with(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], first: Data, strings: Sequence[str]
) -> NDArray[np.bool_]:
    """str.startswith(strings) of each data[start:stop], whose first bytes are known."""
    return meeting(data, start, stop, first, *patterns_of(*strings), False)


def ends_with(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], last: Data, strings: Sequence[str]
) -> NDArray[np.bool_]:
    """str.endswith(strings) of each data[start:stop], whose last bytes are known."""
    return meeting(data, start, stop, last, *patterns_of(*strings), True)
