"""What a document says twice: elements whose hash occurred in it before, and spans of text that stand in it before."""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.bits import load_eight
from pipeline.text.hashing import GOLDEN, hash_span, load_up_to_eight, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data

EMPTY = uint64(0)
SMALLEST_TABLE = 16
BUCKETS_A_SPAN = 4
ENOUGH = 2  # spans in a bucket: no more are counted


@inline
def seen_before(table: NDArray[np.uint64], size: int, key: np.uint64) -> bool:
    """Whether the table's first `size` slots have the key; if not, they have it now."""
    last = uint64(size - 1)
    slot = key & last
    while table[slot] != EMPTY:
        if table[slot] == key:
            return True
        slot = (slot + uint64(1)) & last
    table[slot] = key
    return False


@kernel
def mark_repeats(offsets: NDArray[np.int64], hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """The second and later occurrences of a hash in each document."""
    repeats = np.zeros(len(hashes), np.bool_)
    table = np.zeros(16, np.uint64)
    for document in range(len(offsets) - 1):
        begin, end = offsets[document], offsets[document + 1]
        size = 16
        while size < 2 * (end - begin):
            size *= 2
        if size > len(table):
            table = np.zeros(size, np.uint64)
        table[:size] = EMPTY
        for i in range(begin, end):
            repeats[i] = seen_before(table, size, max(hashes[i], uint64(1)))
    return repeats


@kernel
def mark_repeated_spans(
    data: Data, offsets: NDArray[np.int64], start: NDArray[np.int64], stop: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """The second and later occurrences of the same bytes among each document's data[start:stop].

    Spans are counted in buckets first, by their length, first and last bytes. Only those that share a bucket are
    hashed, so that most of a text is not read.
    """
    repeats = np.zeros(len(start), np.bool_)
    table, buckets, keys = np.zeros(0, np.uint64), np.zeros(0, np.uint8), np.zeros(0, np.uint64)
    for document in range(len(offsets) - 1):
        begin, end = offsets[document], offsets[document + 1]
        size = SMALLEST_TABLE
        while size < BUCKETS_A_SPAN * (end - begin):
            size *= 2
        if size > len(table):
            table, buckets, keys = np.zeros(size, np.uint64), np.zeros(size, np.uint8), np.zeros(size, np.uint64)
        if count_spans(data, start[begin:end], stop[begin:end], buckets[:size], keys) < ENOUGH:
            continue
        table[:size] = EMPTY
        for i in range(begin, end):
            if buckets[keys[i - begin]] == ENOUGH:
                repeats[i] = seen_before(table, size, max(hash_span(data, start[i], stop[i]), uint64(1)))
    return repeats


@inline
def count_spans(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], buckets: NDArray[np.uint8], keys: NDArray[np.uint64]
) -> int:
    """Count the spans in buckets, ENOUGH at most, and note each one's bucket; returns the most."""
    buckets[:] = 0
    last, most = uint64(len(buckets) - 1), 0
    for i in range(len(start)):
        keys[i] = sketch(data, start[i], stop[i]) & last
        count = min(buckets[keys[i]] + 1, ENOUGH)
        buckets[keys[i]] = count
        most = max(most, count)
    return most


@inline
def sketch(data: Data, start: int, stop: int) -> np.uint64:
    """A number that depends on the length, the first eight and the last eight bytes of data[start:stop]."""
    length = stop - start
    ends = load_up_to_eight(data, start, length) ^ uint64(length)
    last = load_eight(data, stop - 8) if length > 8 else uint64(0)
    return mix((ends * GOLDEN ^ last) * GOLDEN)
