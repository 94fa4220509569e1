"""What a document says twice: elements whose hash occurred in it before."""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.kernel import inline, kernel

EMPTY = uint64(0)


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
