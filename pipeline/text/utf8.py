"""UTF-8, decoded inside kernels."""

import numpy as np
from numba import uint32
from numpy.typing import NDArray

from pipeline.text.kernel import inline

Data = NDArray[np.uint8]


@inline
def decode(data: Data, at: int) -> tuple[np.uint32, int]:
    """The code point at data[at] of valid UTF-8, and its width in bytes."""
    lead = uint32(data[at])
    if lead < 0x80:
        return lead, 1
    second = uint32(data[at + 1] & 0x3F)
    if lead < 0xE0:
        return (lead & 0x1F) << 6 | second, 2
    third = uint32(data[at + 2] & 0x3F)
    if lead < 0xF0:
        return (lead & 0xF) << 12 | second << 6 | third, 3
    return (lead & 7) << 18 | second << 12 | third << 6 | uint32(data[at + 3] & 0x3F), 4


@inline
def last_character(data: Data, start: int, stop: int) -> tuple[np.uint32, int]:
    """The last code point of data[start:stop], which is not empty, and where it begins."""
    at = stop - 1
    while at > start and data[at] & 0xC0 == 0x80:
        at -= 1
    code_point, _ = decode(data, at)
    return code_point, at
