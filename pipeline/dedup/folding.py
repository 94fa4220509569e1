"""Words as near-duplicate detection sees them: in lower case, without the punctuation around them."""

from functools import cache

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.dedup.bytes64 import eight_bytes, first_bytes, leading_zeros, trailing_zeros
from pipeline.dedup.spaceless import pieces_of, spaceless
from pipeline.text.classes import PUNCTUATION, class_table
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.room import room
from pipeline.text.utf8 import Data, decode

# Digits stay. datatrove writes every number as 0, which makes one text of all tables and
# price lists of a template; a corpus that wants numbers must not lose them that way.
NORMALISATION = (
    "words of str.split, in scripts without spaces (Thai, Lao, Burmese, Khmer, kana, Han) each character;"
    " each character in lower case where that is one character (U+212A stays, ς is σ);"
    " datatrove's PUNCTUATION_SET stripped from both ends; words left empty dropped"
)
Pieces = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint64]]  # which words are cut; each one's pieces
NO_PIECES: Pieces = (np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0, np.uint64))
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
    table[ord("ς")] = ord("σ")  # which of the two a capital sigma becomes is a matter of its place in the word
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
    if data[at - 1] & 0xC0 != 0x80:
        return at - 1
    if data[at - 2] & 0xC0 != 0x80:
        return at - 2
    return at - 3 if data[at - 3] & 0xC0 != 0x80 else at - 4


@inline
def outer(data: Data, at: int, classes: NDArray[np.uint8]) -> int:
    """The width of the character at data[at] where it is punctuation, otherwise 0."""
    code_point, width = decode(data, at)
    return width if classes[code_point] & PUNCTUATION else 0


@kernel
def fold_short_words(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    others: NDArray[np.int64],
) -> int:
    """Fill the hashes of words of up to eight ASCII bytes, and the numbers of all others; returns how many."""
    found = 0
    for word in range(len(start)):
        length = stop[word] - start[word]
        eight = first_bytes(data, start[word], min(length, 8))
        hashes[word] = fold_short(eight)
        others[found] = word
        found += length > 8 or eight & HIGH_BITS != 0
    return found


@kernel
def fold_middle_words(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    others: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    rest: NDArray[np.int64],
) -> int:
    """Fill the hashes of those words of 9 to 16 ASCII bytes that have a letter or digit in both halves: most of them.

    The numbers of all others go to `rest`; returns how many. The hash is that of `fold_long_words`.
    """
    found = 0
    for word in others:
        first, last = start[word], stop[word]
        head, tail = eight_bytes(data, first), eight_bytes(data, max(last - 8, first))
        inner, inner_tail = alphanumeric(lower_ascii(head)), alphanumeric(lower_ascii(tail))
        rest[found] = word
        if last - first > 16 or last - first < 9 or (head | tail) & HIGH_BITS or inner == 0 or inner_tail == 0:
            found += 1
            continue
        first += int64(trailing_zeros(inner) >> uint64(3))
        last -= int64(leading_zeros(inner_tail) >> uint64(3))
        value = uint64(last - first) * GOLDEN
        if last - first > 8:
            value = (value ^ lower_ascii(eight_bytes(data, first))) * GOLDEN
            value ^= value >> uint64(32)
            first += 8
        hashes[word] = mix((value ^ lower_ascii(first_bytes(data, first, last - first))) * GOLDEN)
    return found


# The loops stand in the kernel itself: an array that is handed to a function with a loop has its
# references counted at every call, 30 ns a word.
@kernel
def fold_long_words(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    others: NDArray[np.int64],
    classes: NDArray[np.uint8],
    lower: NDArray[np.uint32],
    hashes: NDArray[np.uint64],
    cut: NDArray[np.int64],
) -> int:
    """Fill the hashes of these words: eight bytes at a time where they are ASCII, by code points where not.

    Lower case never turns a word outside ASCII into one inside, so the two ways to hash never meet. The numbers of
    those that hold a character of a script without spaces go to `cut`; returns how many.
    """
    found = 0
    for word in others:
        first, last = start[word], stop[word]
        while first < last and outer(data, first, classes):
            first += outer(data, first, classes)
        while first < last and outer(data, previous(data, last), classes):
            last = previous(data, last)
        high, at = uint64(0), first
        value = uint64(last - first) * GOLDEN
        while last - at > 8:
            eight = eight_bytes(data, at)
            high |= eight
            value = (value ^ lower_ascii(eight)) * GOLDEN
            value ^= value >> uint64(32)
            at += 8
        rest = first_bytes(data, at, max(last - at, 1))
        value = (value ^ lower_ascii(rest)) * GOLDEN
        cut[found] = word
        without_spaces = False
        if (high | rest) & HIGH_BITS:
            value, at = GOLDEN, first
            while at < last:
                code_point, width = decode(data, at)
                without_spaces |= spaceless(int64(code_point))
                value = (value ^ uint64(lower[code_point] if code_point < CASED else code_point)) * GOLDEN
                value ^= value >> uint64(32)
                at += width
        found += without_spaces and first < last
        hashes[word] = mix(value) if first < last else uint64(0)
    return found


@kernel
def drop_empty(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    cut: NDArray[np.int64],
    piece_offsets: NDArray[np.int64],
    pieces: NDArray[np.uint64],
    folded_offsets: NDArray[np.int64],
    folded: NDArray[np.uint64],
) -> int:
    """All words but those that were punctuation only (hash 0), in the place of a word that is cut its pieces."""
    kept = number = 0
    for document in range(len(offsets) - 1):
        folded_offsets[document] = kept
        for word in range(offsets[document], offsets[document + 1]):
            if number < len(cut) and cut[number] == word:
                for piece in range(piece_offsets[number], piece_offsets[number + 1]):
                    folded[kept] = pieces[piece]
                    kept += pieces[piece] != 0
                number += 1
                continue
            value = hashes[word]  # `folded` may be `hashes`
            folded[kept] = value
            kept += value != 0
    folded_offsets[len(offsets) - 1] = kept
    return kept


def folded_words(text: Text) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Offsets of each document's folded words, and their 64-bit hashes."""
    word_offsets, start, stop = text.word_spans
    hashes, cut = fold(text.data, start, stop)
    if not len(cut):
        return without_empty(word_offsets, hashes)
    piece_offsets, piece_start, piece_stop = pieces_of(text.data, start, stop, cut)
    pieces, _ = fold(text.data, piece_start, piece_stop)
    return without_empty(word_offsets, hashes, (cut, piece_offsets, pieces))


def fold(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The hash of each word, 0 where it is punctuation only; and which hold a character of a script without spaces."""
    hashes, others, rest = room(len(start), np.uint64), room(len(start) + 1, np.int64), room(len(start) + 1, np.int64)
    middle = others[: fold_short_words(data, start, stop, hashes, others)]
    long = rest[: fold_middle_words(data, start, stop, middle, hashes, rest)]
    return hashes, others[: fold_long_words(data, start, stop, long, class_table(), lower_table(), hashes, others)]


def without_empty(
    word_offsets: NDArray[np.int64], hashes: NDArray[np.uint64], pieces: Pieces = NO_PIECES
) -> tuple[NDArray[np.int64], NDArray[np.uint64]]:
    """Offsets and hashes of the words that are left; `pieces` stand for the words that are cut.

    Without pieces the gaps are closed in `hashes` itself: fresh memory costs more than the loop.
    """
    offsets = np.empty_like(word_offsets)
    folded = room(len(hashes) + len(pieces[2]) + 1, np.uint64) if len(pieces[2]) else hashes
    return offsets, folded[: drop_empty(word_offsets, hashes, *pieces, offsets, folded)]
