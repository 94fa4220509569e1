"""Lines that repeat themselves: how many characters of each line stand in n-grams that come again in that line."""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.lines import Lines
from pipeline.text.words import Words

EMPTY = uint64(0)
SMALLEST_TABLE = 16


def repeated_characters(
    words: Words, lines: Lines, order: int, least: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each line: characters of its words, and of those covered by an n-gram that occurs twice or more in it.

    A word is covered once, however many such n-grams it is part of, and the first occurrence counts as well: the
    "duplicated n-gram coverage" of DCLM and RedPajama-v2, line by line. Of lines of fewer than `least` words nothing is
    covered: they are not looked at.
    """
    if order < 1:
        raise ValueError(f"order {order}: an n-gram has 1 word or more")
    characters, repeated = np.zeros(len(lines), np.int64), np.zeros(len(lines), np.int64)
    cover_lines(
        words.offsets, words.start, words.hash, words.chars, lines.offsets, lines.stop, order, max(least, order + 1),
        characters, repeated,
    )  # fmt: skip
    return characters, repeated


@kernel
def cover_lines(
    word_offsets: NDArray[np.int64],
    word_start: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    chars: NDArray[np.int32],
    line_offsets: NDArray[np.int64],
    line_stop: NDArray[np.int64],
    order: int,
    least: int,
    characters: NDArray[np.int64],
    repeated: NDArray[np.int64],
) -> None:
    """Walk through words and lines together: a line break is white space, so that no word crosses it."""
    keys, places = np.zeros(SMALLEST_TABLE, np.uint64), np.zeros(SMALLEST_TABLE, np.int64)
    begins = np.zeros(SMALLEST_TABLE, np.bool_)
    for document in range(len(line_offsets) - 1):
        word = word_offsets[document]
        for line in range(line_offsets[document], line_offsets[document + 1]):
            first = word
            while word < word_offsets[document + 1] and word_start[word] < line_stop[line]:
                characters[line] += chars[word]
                word += 1
            if word - first >= least:
                if 2 * (word - first) > len(keys):
                    size = room_for(word - first)
                    keys, places = np.zeros(size, np.uint64), np.zeros(size, np.int64)
                    begins = np.zeros(size, np.bool_)
                mark_repeated(hashes[first:word], order, keys, places, begins)
                repeated[line] = covered(chars[first:word], order, begins)


@inline
def room_for(entries: int) -> int:
    """A power of two that leaves half of a table empty."""
    size = SMALLEST_TABLE
    while size < 2 * entries:
        size *= 2
    return size


@inline
def mark_repeated(
    hashes: NDArray[np.uint64],
    order: int,
    keys: NDArray[np.uint64],
    places: NDArray[np.int64],
    begins: NDArray[np.bool_],
) -> None:
    """begins[i]: the n-gram at word i occurs elsewhere among these words too."""
    size = room_for(len(hashes))
    keys[:size] = EMPTY
    highest, rolled = uint64(1), uint64(0)
    for i in range(order):
        rolled = rolled * GOLDEN + hashes[i]
        highest = highest * GOLDEN if i else highest
    for i in range(len(hashes) - order + 1):
        key = max(mix(rolled), uint64(1))
        slot = key & uint64(size - 1)
        while keys[slot] != EMPTY and keys[slot] != key:
            slot = (slot + uint64(1)) & uint64(size - 1)
        begins[i] = keys[slot] == key
        if begins[i]:
            begins[places[slot]] = True
        else:
            keys[slot], places[slot] = key, i
        if i + order < len(hashes):
            rolled = (rolled - hashes[i] * highest) * GOLDEN + hashes[i + order]


@inline
def covered(chars: NDArray[np.int32], order: int, begins: NDArray[np.bool_]) -> int:
    """Characters of the words in n-grams that begin where `begins` says."""
    total, until = 0, 0
    for i in range(len(chars)):
        if i <= len(chars) - order and begins[i]:
            until = i + order
        if i < until:
            total += chars[i]
    return total
