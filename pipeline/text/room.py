"""`room`: memory for a batch's arrays, in what an earlier batch has left.

The first write to a fresh page costs more than what is written: finding the words of 22 MB of text took 59 ms into
fresh memory, 37 ms into memory used before. A process judges one batch after another, so it keeps some blocks.
"""

import sys
from threading import Lock
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SMALLEST_BYTES = 1 << 20  # below, malloc keeps the memory by itself
MOST_BLOCKS = 40  # that are kept: the arrays of two batches
STAGGER = (
    17 * 64
)  # bytes that each block's arrays begin later: those filled in step would share one place in the caches
UNUSED = 2  # references to a block without arrays in it: the list's, and that of the question itself

Scalar = TypeVar("Scalar", bound=np.generic)
_blocks: list[NDArray[np.uint8]] = []
_lock = Lock()


def room(count: int, dtype: type[Scalar]) -> NDArray[Scalar]:
    """np.empty(count, dtype); no array that is still alive is in the same memory."""
    size = count * np.dtype(dtype).itemsize
    if size < SMALLEST_BYTES:
        return np.empty(count, dtype)
    with _lock:
        number = block_for(size + MOST_BLOCKS * STAGGER)
        return _blocks[number][number * STAGGER :][:size].view(dtype)


def block_for(size: int) -> int:
    """The number of the smallest block with room and no array in it (an array refers to its block), or of a new one."""
    best = None
    for number in range(len(_blocks)):
        if sys.getrefcount(_blocks[number]) == UNUSED and len(_blocks[number]) >= size:
            best = number if best is None or len(_blocks[number]) < len(_blocks[best]) else best
    if best is None:
        del _blocks[: 1 - MOST_BLOCKS]  # what is still in use lives on without us
        _blocks.append(np.empty(1 << (size - 1).bit_length(), np.uint8))
    return len(_blocks) - 1 if best is None else best
