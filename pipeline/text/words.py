"""The words of a batch, as str.split() finds them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.text.classes import ALPHA, PUNCTUATION, SPACE
from pipeline.text.hashing import hash_span
from pipeline.text.kernel import inline, kernel
from pipeline.text.ragged import gather, offsets_of, ragged_rows
from pipeline.text.utf8 import Data, decode

ALPHABETIC = 1  # a word's flag: one of its characters is alphabetic
NOT_SYMBOL = 2  # a word's flag: one of its characters is outside datatrove's PUNCTUATION_SET


@dataclass(frozen=True, eq=False)
class Words:
    """Document d has the words offsets[d] to offsets[d + 1]; a word's `hash` depends on its bytes only."""

    offsets: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    hash: NDArray[np.uint64]
    chars: NDArray[np.int32]
    flags: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: NDArray[np.int64]) -> "Words":
        """The words of these documents."""
        offsets, of_words = ragged_rows(self.offsets, rows)
        columns = (self.start, self.stop, self.hash, self.chars, self.flags)
        return Words(offsets, *(gather(column, of_words) for column in columns))

    def then(self, other: "Words", moved: int) -> "Words":
        """These documents, then those of `other`, whose bytes now stand `moved` further."""
        return Words(
            np.concatenate([self.offsets, other.offsets[1:] + len(self)]),
            np.concatenate([self.start, other.start + moved]),
            np.concatenate([self.stop, other.stop + moved]),
            np.concatenate([self.hash, other.hash]),
            np.concatenate([self.chars, other.chars]),
            np.concatenate([self.flags, other.flags]),
        )


@inline
def word_end(data: Data, at: int, stop: int, table: NDArray[np.uint8]) -> tuple[int, int, int]:
    """Where the word at data[at] ends, its characters, and its flags."""
    chars, flags = 0, 0
    while at < stop:
        code_point, width = decode(data, at)
        classes = table[code_point]
        if classes & SPACE:
            break
        flags |= ALPHABETIC if classes & ALPHA else 0
        flags |= 0 if classes & PUNCTUATION else NOT_SYMBOL
        chars += 1
        at += width
    return at, chars, flags


@kernel
def find_words(
    data: Data,
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    table: NDArray[np.uint8],
    counts: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    chars: NDArray[np.int32],
    flags: NDArray[np.uint8],
) -> int:
    """Fill the word arrays, and the number of words of each document; returns the number of all words."""
    word = 0
    for document in range(len(starts)):
        at, first = starts[document], word
        while at < stops[document]:
            code_point, width = decode(data, at)
            if table[code_point] & SPACE:
                at += width
                continue
            end, chars[word], flags[word] = word_end(data, at, stops[document], table)
            start[word], stop[word], hashes[word] = at, end, hash_span(data, at, end)
            at = end
            word += 1
        counts[document] = word - first
    return word


def words_of(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], table: NDArray[np.uint8]) -> Words:
    """The words of the documents data[start:stop]."""
    room = int(((stop - start + 1) // 2).sum())  # a word takes two bytes at least, but the last
    counts = np.empty(len(start), np.int64)
    columns = [np.empty(room, kind) for kind in (np.int64, np.int64, np.uint64, np.int32, np.uint8)]
    found = find_words(data, start, stop, table, counts, *columns)
    return Words(offsets_of(counts), *(column[:found] for column in columns))
