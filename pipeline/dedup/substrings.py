"""Runs of words that stand in the corpus more than once: windows near equal fingerprints, and which of them go."""

from dataclasses import dataclass

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.cuts import Cuts, cut_pieces
from pipeline.dedup.keys import OTHER, Keys, finish
from pipeline.dedup.lines import fill_grouped, first_of_its_key
from pipeline.dedup.lines_counts import NOWHERE, Counted, merged, places
from pipeline.dedup.winnow import BASE, Fingerprints, Hashes, Places, power
from pipeline.text.hashing import mix
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.ragged import offsets_of
from pipeline.text.utf8 import Data
from pipeline.text.words import Words

TOKENS = 50  # Lee et al. 2021, section 4.1: "a minimum matching substring length"
BASE_2 = uint64(0xAF251AF3B0F025B5)  # the same table's second odd multiplier
NEWLINE = 10


def gram_of(tokens: int) -> int:
    """Words of a gram: half a window; fewer would stand in many texts by chance, more make more fingerprints."""
    return max(1, tokens // 2)


@dataclass(frozen=True, eq=False)
class Windows:
    """Runs of `tokens` words, each from the word at[i] of document[i] on, in order; equal ones have equal keys."""

    key: Keys
    at: Places
    document: Places
    tokens: int


@kernel
def fill_windows(words: Hashes, start: Places, stop: Places, tokens: int, keys: Keys, at: Places) -> None:
    """The windows from start[i]:stop[i] on. Two polynomials roll along; the second is of words mixed once more,
    so that words whose hashes would meet in the first meet there no likelier."""
    one, other, next_at, filled = uint64(0), uint64(0), -1, 0
    first, second = power(BASE, tokens), power(BASE_2, tokens)
    for i in range(len(start)):
        for window in range(start[i], stop[i]):
            rolls = window == next_at
            if not rolls:
                one, other = uint64(0), uint64(0)
            for word in range(window + tokens - 1 if rolls else window, window + tokens):
                one = one * BASE + words[word]
                other = other * BASE_2 + mix(words[word] ^ OTHER)
            if rolls:
                one -= words[window - 1] * first
                other -= mix(words[window - 1] ^ OTHER) * second
            keys[filled, 0], keys[filled, 1] = finish(one, other)
            at[filled], next_at = window, window + 1
            filled += 1


def windows(text: Text, near: Fingerprints, group: Hashes, tokens: int) -> Windows:
    """All windows of these fingerprints, with their documents' groups in their keys."""
    sizes = near.stop - near.start
    keys, at = np.empty((int(sizes.sum()), 2), np.uint64), np.empty(int(sizes.sum()), np.int64)
    fill_windows(text.words.hash, near.start, near.stop, tokens, keys, at)
    document, grouped = np.repeat(near.document, sizes), np.empty_like(keys)
    fill_grouped(keys, group[document], grouped)
    return Windows(grouped, at, document, tokens)


def counted(found: Windows, ties: Hashes) -> Counted:
    """What a batch says: each key with how often it stands there, and the smallest tie of a document that has it."""
    return merged(Counted(found.key, np.ones(len(found.at), np.uint32), ties[found.document]))


def doomed(found: Windows, ties: Hashes, told: Counted, keeps_one: bool) -> tuple[NDArray[np.bool_], Places]:
    """Which windows go, and of each the place of its key in `told`: those that stand more than once, in order.

    Where one is kept it is the first in the document whose tie is the smallest: no word then goes but stands, with
    what was around it, in an earlier place that stays.
    """
    where = places(told.key, found.key)
    hit = where != NOWHERE
    if keeps_one:
        own = offsets_of(np.bincount(found.document, minlength=len(ties)))
        holder = np.zeros(len(hit), np.bool_)
        holder[hit] = told.tie[where[hit]] == ties[found.document[hit]]
        hit &= ~(holder & first_of_its_key(own, where))
    return hit, where


def covered(found: Windows, hit: NDArray[np.bool_], words: int) -> NDArray[np.bool_]:
    """The words of the batch that stand in a doomed window."""
    steps = np.zeros(words + 1, np.int64)
    steps[found.at[hit]] += 1
    steps[found.at[hit] + found.tokens] -= 1
    return np.cumsum(steps[:-1]) > 0


@kernel
def move_to_breaks(data: Data, text_start: Places, text_stop: Places, cuts: tuple[Places, Places, Places]) -> None:
    """A cut takes the white space before it; where that breaks more lines than what follows, it takes that instead."""
    offsets, start, stop = cuts
    for d in range(len(text_start)):
        for cut in range(offsets[d], offsets[d + 1]):
            begin, end = text_start[d] + start[cut], text_start[d] + stop[cut]
            before, breaks = begin, 0
            if start[cut] == 0 or end == text_stop[d]:
                continue
            while data[before] <= 32:  # past the last word before stands white space, then the first word that goes
                breaks += data[before] == NEWLINE
                before += 1
            after = end
            while after < text_stop[d] and data[after] <= 32:
                breaks -= data[after] == NEWLINE
                after += 1
            if breaks > 0 and after < text_stop[d]:
                start[cut], stop[cut] = before - text_start[d], after - text_start[d]


def cuts_of(text: Text, found: Windows, hit: NDArray[np.bool_]) -> Cuts:
    """The spans of bytes to cut: from word to word, with the white space on one side."""
    words = text.words
    gone = covered(found, hit, len(words))
    cuts = cut_pieces(text, words.offsets, words.start, words.stop, gone)
    move_to_breaks(text.data, text.start, text.stop, (cuts.offsets, cuts.start, cuts.stop))
    return cuts


def first_of_runs(found: Windows, hit: NDArray[np.bool_], words: Words) -> Places:
    """The rows of the windows with which a run of words that go begins."""
    gone, rows = covered(found, hit, len(words)), np.flatnonzero(hit)
    at = found.at[rows]
    return rows[(at == words.offsets[found.document[rows]]) | ~gone[at - 1]]
