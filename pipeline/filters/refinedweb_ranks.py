"""A document's capitals, digits, characters and words, so noted that each line's are known without reading the line.

One bit a byte, and before each 64 of them how many there were: what lies between two places is a difference.
"""

from typing import NamedTuple

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.filters.refinedweb_signs import CASES, END_OF_READ_MORE, after_folded
from pipeline.text.bits import (
    BLOCK,
    NONE,
    ONE,
    below,
    bytes_between,
    bytes_equal,
    count_ones,
    first_bits,
    load_eight,
    lowest,
    without_lowest,
)
from pipeline.text.classes import DIGIT, SPACE, UPPER
from pipeline.text.kernel import inline
from pipeline.text.utf8 import Data, decode

CAPITALS, DIGITS, CONTINUING, WORDS = range(4)  # what is counted: the third are bytes that do not begin a character
COUNTED = 4
CASE = 32
LETTER_T, LETTER_E, LETTER_M = b"tem"  # of "items in cart", "read more" and "sign-in"
LETTER_G, LETTER_N, HYPHEN = b"gn-"
END_OF_CART = np.frombuffer(b"tems in cart", np.uint8)


Letters = tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]  # bitmaps of t, e, m, n, g


class Ranks(NamedTuple):
    """Of each block of a document: a bit for each byte that counts, and how many there were before the block."""

    bits: NDArray[np.uint64]  # [block, CAPITALS to WORDS]
    before: NDArray[np.int64]


def ranks_for(longest: int) -> Ranks:
    """Room for a document of that many bytes, and a block behind it."""
    blocks = longest // BLOCK + 2
    return Ranks(np.zeros((blocks, COUNTED), np.uint64), np.zeros((blocks, COUNTED), np.int64))


@inline
def note(
    data: Data,
    begin: int,
    end: int,
    classes: NDArray[np.uint8],
    bits: NDArray[np.uint64],
    before: NDArray[np.int64],
) -> tuple[bool, bool]:
    """Fill the ranks of the document data[begin:end]; returns what `phrases_in` says of all of it."""
    capitals = digits = continuing = words = block = uint64(0)
    inside = spill = NONE
    before_block = (NONE, NONE, NONE, NONE, NONE)
    cart = sign = False
    for at in range(begin, end, BLOCK):
        here = first_bits(end - at)
        upper, digit, following, spaces, spill = look_at(data, at, here, spill, classes)
        solid = ~spaces & here
        begun = solid & ~(solid << ONE | inside)
        inside = solid >> uint64(BLOCK - 1)
        before[block, CAPITALS], before[block, DIGITS] = capitals, digits
        before[block, CONTINUING], before[block, WORDS] = continuing, words
        bits[block, CAPITALS], bits[block, DIGITS] = upper, digit
        bits[block, CONTINUING], bits[block, WORDS] = following, begun
        capitals += uint64(count_ones(upper))
        digits += uint64(count_ones(digit))
        continuing += uint64(count_ones(following))
        words += uint64(count_ones(begun))
        block += ONE
        cart_here, sign_here, before_block = phrases_in(data, at, end, before_block)
        cart |= cart_here
        sign |= sign_here
    before[block, CAPITALS], before[block, DIGITS] = capitals, digits
    before[block, CONTINUING], before[block, WORDS] = continuing, words
    bits[block] = NONE
    return cart, sign


@inline
def phrases_in(data: Data, at: int, end: int, before_block: Letters) -> tuple[bool, bool, Letters]:
    """Of data[at:at + 64]: whether "tems in cart" stands there; "ead more" or "gn-"; and its letters t, e, m, n, g.

    What is cut holds one of these, whose first letters fold to nothing but themselves.
    """
    t_before, e_before, m_before, n_before, g_before = before_block
    t, e = bytes_between(data, at, LETTER_T, 0, CASE), bytes_between(data, at, LETTER_E, 0, CASE)
    n, g = bytes_between(data, at, LETTER_N, 0, CASE), bytes_between(data, at, LETTER_G, 0, CASE)
    m = bytes_between(data, at, LETTER_M, 0, CASE)
    tem = behind(t, t_before, 2) & behind(e, e_before, 1) & m
    cart, sign = False, (behind(g, g_before, 2) & behind(n, n_before, 1) & bytes_equal(data, at, HYPHEN)) != NONE
    while tem:
        cart |= after_folded(data, at + lowest(tem) - 2, end, END_OF_CART) > 0
        tem = without_lowest(tem)
    more = behind(e, e_before, 7) & behind(m, m_before, 3) & e
    while more:
        sign |= load_eight(data, at + lowest(more) - 7) | CASES == END_OF_READ_MORE
        more = without_lowest(more)
    return cart, sign, (t, e, m, n, g)


@inline
def behind(letters: np.uint64, before: np.uint64, distance: int) -> np.uint64:
    """The bytes that stand so far behind a letter of this block or of the block before."""
    return letters << uint64(distance) | before >> uint64(BLOCK - distance)


@inline
def look_at(
    data: Data, at: int, here: np.uint64, spill: np.uint64, classes: NDArray[np.uint8]
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64, np.uint64]:
    """Bitmaps of data[at:at + 64]: capitals, digits, bytes that continue a character, white space; and its `spill`.

    `spill`: bytes at the block's beginning that continue a space which began before it.
    """
    upper, digits = bytes_between(data, at, 65, 25, 0) & here, bytes_between(data, at, 48, 9, 0) & here
    spaces = spill | bytes_between(data, at, 9, 4, 0) | bytes_between(data, at, 28, 4, 0)
    spill = following = NONE
    wide = bytes_between(data, at, 0x80, 0x7F, 0) & here
    if wide:
        following = bytes_between(data, at, 0x80, 0x3F, 0) & here
        leads = wide & ~following
        while leads:
            k = uint64(lowest(leads))
            leads = without_lowest(leads)
            code_point, width = decode(data, at + int64(k))
            kinds = classes[code_point]
            upper |= uint64(kinds & UPPER != 0) << k
            digits |= uint64(kinds & DIGIT != 0) << k
            if kinds & SPACE:
                space = first_bits(width)
                spaces |= space << k
                spill = space >> (uint64(BLOCK) - k) if k else NONE
    return upper, digits, following, spaces, spill


@inline
def rank(at: int, bits: NDArray[np.uint64], before: NDArray[np.int64]) -> tuple[np.int64, np.int64, np.int64, np.int64]:
    """How many capitals, digits, continuing bytes and words begin in the document's first `at` bytes."""
    block, under = uint64(at) >> uint64(6), below(uint64(at) & uint64(BLOCK - 1))
    return (
        before[block, CAPITALS] + count_ones(bits[block, CAPITALS] & under),
        before[block, DIGITS] + count_ones(bits[block, DIGITS] & under),
        before[block, CONTINUING] + count_ones(bits[block, CONTINUING] & under),
        before[block, WORDS] + count_ones(bits[block, WORDS] & under),
    )
