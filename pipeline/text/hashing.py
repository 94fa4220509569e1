"""64-bit hashes of bytes: the same bytes have the same hash in any batch, process and processor of little endian."""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data

GOLDEN = uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads consecutive numbers
SPREAD = uint64(0xD6E8FEB86659FD93)  # multiplier of a measured 64-bit mixer (rrmxmx family)


@inline
def mix(value: np.uint64) -> np.uint64:
    """Every bit of `value` moves every bit of the result."""
    value ^= value >> uint64(32)
    value *= SPREAD
    return value ^ value >> uint64(32)


@inline
def eight_bytes(data: Data, at: int, count: int) -> np.uint64:
    """`count` bytes (at most 8) at data[at] as a little-endian number."""
    value = uint64(0)
    for i in range(count):
        value |= uint64(data[at + i]) << uint64(8 * i)
    return value


@inline
def hash_span(data: Data, start: int, stop: int) -> np.uint64:
    """The hash of data[start:stop], eight bytes at a time; the length comes in first."""
    value = uint64(stop - start) * GOLDEN
    at = start
    while stop - at > 8:
        value = mix(value ^ eight_bytes(data, at, 8)) * GOLDEN
        at += 8
    return mix((value ^ eight_bytes(data, at, stop - at)) * GOLDEN)


@kernel
def hash_spans(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.uint64]:
    """The hash of each data[start:stop]."""
    hashes = np.empty(len(start), np.uint64)
    for i in range(len(start)):
        hashes[i] = hash_span(data, start[i], stop[i])
    return hashes
