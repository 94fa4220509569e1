"""Shingles of characters, as NeMo Curator takes them: of the text as it stands, spaces and all."""

import numpy as np
from numba import uint32, uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data, decode

AS_IT_IS = "the text's code points as they are (nemo_curator/stages/deduplication/fuzzy/minhash.py normalises nothing)"
CHARACTER_HASH = (
    "the code points as the digits of a number in base 0x9E3779B97F4A7C15, mixed, its upper 32 bits;"
    " a text of fewer characters than a shingle is one shingle"
)


@inline
def upper_half(value: np.uint64) -> np.uint32:
    """The lower bits of a product know only the lower bits of its factors."""
    return uint32(mix(value) >> uint64(32))


@kernel
def fill_character_shingles(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    size: int,
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint32],
) -> int:
    """Fill the hashes of all shingles and the offsets of each document's; returns how many there are.

    The number rolls: one digit in, one out, as in minhash.fill_shingles. `behind` walks one shingle after `at`.
    """
    above, found = uint64(1), 0
    for _ in range(size):
        above *= GOLDEN
    for document in range(len(start)):
        offsets[document] = found
        at, behind, inside, value = start[document], start[document], 0, uint64(0)
        while at < stop[document]:
            code_point, width = decode(data, at)
            value = value * GOLDEN + uint64(code_point + 1)  # no digit is 0: "\\0a" and "a" are two texts
            at += width
            inside += 1
            if inside > size:
                first, first_width = decode(data, behind)
                value -= uint64(first + 1) * above
                behind += first_width
            if inside >= size:
                hashes[found] = upper_half(value)
                found += 1
        if 0 < inside < size:
            hashes[found] = upper_half(value)
            found += 1
    offsets[len(start)] = found
    return found


def character_shingles(text: Text, size: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Offsets of each document's shingles of `size` characters, and their 32-bit hashes; an empty text has none."""
    offsets = np.empty(len(text) + 1, np.int64)
    hashes = np.empty(int((text.stop - text.start).sum()), np.uint32)
    found = fill_character_shingles(text.data, text.start, text.stop, size, offsets, hashes)
    return offsets, hashes[:found]
