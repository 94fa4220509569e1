"""Words as near-duplicate detection sees them: in lower case, without the punctuation around them."""

from functools import cache

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.bytes64 import eight_bytes, first_bytes, leading_zeros, trailing_zeros
from pipeline.text.classes import PUNCTUATION, class_table
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data, decode

# Digits stay. datatrove writes every number as 0, which makes one text of all tables and
# price lists of a template; a corpus that wants numbers must not lose them that way.
NORMALISATION = (
    "words of str.split; each character in lower case where that is one character (U+212A stays);"
    " datatrove's PUNCTUATION_SET stripped from both ends; words left empty dropped"
)
CASED = 0x20000  # no character above it has another case (checked where the table is built)
EACH = 0x0101010101010101  # times b: b in each of eight bytes
HIGH_BITS = uint64(0x80 * EACH)
FROM_A = uint64((0x80 - ord("A")) * EACH)  # added to an ASCII byte, sets its high bit from "A" on
PAST_Z = uint64((0x7F - ord("Z")) * EACH)  # past "Z"
FROM_SMALL_A = uint64((0x80 - ord("a")) * EACH)
PAST_SMALL_Z = uint64((0x7F - ord("z")) * EACH)
FROM_ZERO = uint64((0x80 - ord("0")) * EACH)
PAST_NINE = uint64((0x7F - ord("9")) * EACH)


@cache
def lower_table() -> NDArray[np.uint32]:
    """The lower case of every code point below CASED, itself where lower case is longer or ASCII (15 ms)."""
    table = np.arange(CASED, dtype=np.uint32)
    for code_point in range(0x80, CASED):
        lower = chr(code_point).lower()
        if len(lower) == 1 and not lower.isascii():
            table[code_point] = ord(lower)
    table[ord("A") : ord("Z") + 1] += 32
    table.flags.writeable = False
    return table


@inline
def lower_ascii(eight: np.uint64) -> np.uint64:
    """Eight ASCII bytes at once, capitals moved down by 32."""
    capital = ((eight + FROM_A) & ~(eight + PAST_Z)) & HIGH_BITS
    return eight | capital >> uint64(2)


@inline
def alphanumeric(eight: np.uint64) -> np.uint64:
    """The high bit of each byte that is a small letter or a digit: in lower-case ASCII, all that is no punctuation."""
    letter = (eight + FROM_SMALL_A) & ~(eight + PAST_SMALL_Z)
    digit = (eight + FROM_ZERO) & ~(eight + PAST_NINE)
    return (letter | digit) & HIGH_BITS


@inline
def fold_short(eight: np.uint64) -> np.uint64:
    """The hash of a word of up to eight ASCII bytes without its outer punctuation, 0 where nothing is left.

    Without a branch on what the bytes are: a mispredicted one costs as much as all of this.
    """
    folded = lower_ascii(eight)
    inner = alphanumeric(folded)
    if inner == 0:
        return uint64(0)
    first = trailing_zeros(inner) & uint64(0x38)
    last = uint64(64) - (leading_zeros(inner) & uint64(0x38))
    length = (last - first) >> uint64(3)
    folded = folded << (uint64(64) - last) >> (uint64(64) - last + first)
    return mix((length * GOLDEN ^ folded) * GOLDEN)


@inline
def previous(data: Data, at: int) -> int:
    """Where the character that ends before data[at] begins."""
    at -= 1
    while data[at] & 0xC0 == 0x80:
        at -= 1
    return at


@inline
def strip(data: Data, start: int, stop: int, classes: NDArray[np.uint8]) -> tuple[int, int]:
    """The span without punctuation at its ends."""
    while start < stop:
        code_point, width = decode(data, start)
        if not classes[code_point] & PUNCTUATION:
            break
        start += width
    while start < stop:
        last = previous(data, stop)
        code_point, width = decode(data, last)
        if not classes[code_point] & PUNCTUATION:
            break
        stop = last
    return start, stop


@inline
def fold_characters(data: Data, start: int, stop: int, lower: NDArray[np.uint32]) -> np.uint64:
    """The hash of a word with characters outside ASCII, from its lower-case code points."""
    value = GOLDEN
    at = start
    while at < stop:
        code_point, width = decode(data, at)
        folded = lower[code_point] if code_point < CASED else code_point
        value = (value ^ uint64(folded)) * GOLDEN
        value ^= value >> uint64(32)
        at += width
    return mix(value)


@inline
def is_ascii(data: Data, start: int, stop: int) -> bool:
    """Whether data[start:stop], not empty, is ASCII throughout."""
    high = uint64(0)
    at = start
    while stop - at > 8:
        high |= eight_bytes(data, at)
        at += 8
    return (high | first_bytes(data, at, stop - at)) & HIGH_BITS == 0


@inline
def fold_ascii(data: Data, start: int, stop: int) -> np.uint64:
    """The hash of data[start:stop] in lower case, eight bytes at a time."""
    value = uint64(stop - start) * GOLDEN
    at = start
    while stop - at > 8:
        value = (value ^ lower_ascii(eight_bytes(data, at))) * GOLDEN
        value ^= value >> uint64(32)
        at += 8
    return mix((value ^ lower_ascii(first_bytes(data, at, stop - at))) * GOLDEN)


@inline
def fold_any(data: Data, start: int, stop: int, classes: NDArray[np.uint8], lower: NDArray[np.uint32]) -> np.uint64:
    """The hash of any word in lower case without its outer punctuation, 0 where nothing is left.

    Lower case never turns a word outside ASCII into one inside, so the two ways to hash never meet.
    """
    folded = uint64(0)
    first, last = strip(data, start, stop, classes)
    if first < last:
        if is_ascii(data, first, last):
            folded = fold_ascii(data, first, last)
        else:
            folded = fold_characters(data, first, last, lower)
    return folded


@kernel
def fold_words(
    data: Data,
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    classes: NDArray[np.uint8],
    lower: NDArray[np.uint32],
    folded_offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
) -> int:
    """Fill the hashes of all folded words and the offsets of each document's; returns how many there are."""
    kept = 0
    for document in range(len(offsets) - 1):
        folded_offsets[document] = kept
        for word in range(offsets[document], offsets[document + 1]):
            length = stop[word] - start[word]
            eight = first_bytes(data, start[word], min(length, 8))
            if length <= 8 and not eight & HIGH_BITS:
                folded = fold_short(eight)
            else:
                folded = fold_any(data, start[word], stop[word], classes, lower)
            hashes[kept] = folded
            kept += folded != 0
    folded_offsets[len(offsets) - 1] = kept
    return kept


def folded_words(text: Text) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Offsets of each document's folded words, and their 64-bit hashes."""
    words = text.words
    offsets = np.empty(len(text) + 1, np.int64)
    hashes = np.empty(len(words.start), np.uint64)
    found = fold_words(text.data, words.offsets, words.start, words.stop, class_table(), lower_table(), offsets, hashes)
    return offsets, hashes[:found]
