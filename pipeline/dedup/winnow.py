"""Fingerprints of texts: hashes of short runs of words, so chosen that texts which share a long run share one."""

from dataclasses import dataclass

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.words import Words

BASE = uint64(0xD1342543DE82EF95)  # an odd multiplier of full period (Steele and Vigna 2022, table 4)

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Fingerprints:
    """Windows of words and what each is known by: those that begin at the words start[i]:stop[i] have hash[i].

    Windows lie within a document; equal ones of one group have equal hashes. A row is one place in a text: equal
    windows at two places are two rows.
    """

    hash: Hashes
    start: Places
    stop: Places
    document: Places

    def where(self, rows: NDArray[np.bool_]) -> "Fingerprints":
        return Fingerprints(self.hash[rows], self.start[rows], self.stop[rows], self.document[rows])


@inline
def power(base: np.uint64, exponent: int) -> np.uint64:
    """base ** exponent, modulo 2 ** 64."""
    result = uint64(1)
    for _ in range(exponent):
        result *= base
    return result


@kernel
def fill_grams(words: Hashes, gram: int, grams: Hashes) -> None:
    """The hash of each `gram` words: a polynomial that rolls on by a multiplication, then mixed."""
    value, first = uint64(0), power(BASE, gram)
    for i in range(len(words)):
        value = value * BASE + words[i]
        if i >= gram:
            value -= words[i - gram] * first
        if i >= gram - 1:
            grams[i - gram + 1] = mix(value * GOLDEN)


@inline
def last_smallest(grams: Hashes, start: int, stop: int) -> int:
    """Where the smallest of grams[start:stop] stands last."""
    best = start
    for i in range(start + 1, stop):
        if grams[i] <= grams[best]:
            best = i
    return best


@kernel
def winnow(
    offsets: Places, words: Hashes, asked: NDArray[np.bool_], tokens: int, gram: int,
    hashes: Hashes, start: Places, stop: Places, document: Places,
) -> int:  # fmt: skip
    """Fill a row for each gram that is the last smallest one of a window; gives how many there are."""
    most = 0
    for d in range(len(asked)):
        most = max(most, offsets[d + 1] - offsets[d])
    grams = np.empty(most, np.uint64)
    rows, width = 0, tokens - gram + 1
    for d in range(len(asked)):
        first, windows = offsets[d], offsets[d + 1] - offsets[d] - tokens + 1
        if windows <= 0 or not asked[d]:
            continue
        fill_grams(words[first : offsets[d + 1]], gram, grams)
        best = -1
        for window in range(windows):
            last = window + width - 1
            if best < window:
                best = last_smallest(grams, window, last + 1)
            elif grams[last] <= grams[best]:
                best = last
            else:
                stop[rows - 1] = first + window + 1
                continue
            hashes[rows], document[rows] = grams[best], d
            start[rows], stop[rows] = first + window, first + window + 1
            rows += 1
    return rows


def fingerprints(words: Words, asked: NDArray[np.bool_], group: Hashes, tokens: int, gram: int) -> Fingerprints:
    """Of all windows of `tokens` words in the documents asked for; those of different groups differ.

    Schleimer, Wilkerson and Aiken 2003 (winnowing), section 3: of each window of tokens - gram + 1 neighbouring grams
    the smallest is chosen, of equal ones the last; so two texts with `tokens` words in common have a fingerprint in
    common, from the same place within them, and of 100 words 200 / (tokens - gram + 2) are chosen.
    """
    most = max(len(words), 1)
    hashes = np.empty(most, np.uint64)
    start, stop, document = (np.empty(most, np.int64) for _ in range(3))
    rows = winnow(words.offsets, words.hash, asked, tokens, gram, hashes, start, stop, document)
    of = document[:rows].copy()
    # the smallest of many hashes are all small, and would fall into one range of keys: they are mixed once more
    spread = mixed(hashes[:rows], group[of])
    return Fingerprints(spread, start[:rows].copy(), stop[:rows].copy(), of)


@kernel
def mixed(values: Hashes, group: Hashes) -> Hashes:
    """Each value with its group in it."""
    result = np.empty_like(values)
    for i in range(len(values)):
        result[i] = mix(values[i] * GOLDEN ^ group[i])
    return result


def at_most_twice(hashes: Hashes) -> Hashes:
    """In order, each hash that stands here once, once; the others twice: as much as others need to know."""
    distinct, counts = np.unique(hashes, return_counts=True)
    return np.repeat(distinct, np.minimum(counts, 2))


def repeated(hashes: Hashes) -> NDArray[np.int64]:
    """The rows whose hash stands in another row too."""
    order = np.argsort(hashes)
    same = hashes[order[1:]] == hashes[order[:-1]]
    again = np.zeros(len(hashes), np.bool_)
    again[1:] = same
    again[:-1] |= same
    return order[again]


def hits(found: Fingerprints, told: Hashes) -> Fingerprints:
    """Those whose hash is told of; `told` ascends."""
    at = np.searchsorted(told, found.hash)
    at[at == len(told)] = 0
    return found.where(told[at] == found.hash if len(told) else np.zeros(len(found.hash), np.bool_))
