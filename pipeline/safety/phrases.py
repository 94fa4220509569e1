"""Counting listed words and phrases in texts, by hashes of their words in lower case and without punctuation."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.classes import DECODABLE, PUNCTUATION, SPACE, UNICODE, class_table
from pipeline.text.hashing import mix
from pipeline.text.hashset import HashSet, contains, hash_set
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data, decode

Counts = NDArray[np.int64]
Hashes = NDArray[np.uint64]
PRIME = np.uint64(1099511628211)  # FNV-1a, 64 bits, over code points
START = np.uint64(14695981039346656037)


@cache
def fold_table() -> NDArray[np.uint32]:
    """Each character in lower case; 0 for those that stand between words: space and punctuation.

    What lower() makes two characters of (U+0130 only) keeps the first.
    """
    characters = np.arange(UNICODE, dtype=np.uint32).view("U1")
    table = np.zeros(DECODABLE, np.uint32)
    table[:UNICODE] = np.strings.lower(characters).astype("U1").view(np.uint32)
    table[class_table() & (SPACE | PUNCTUATION) != 0] = 0
    table.flags.writeable = False
    return table


@kernel
def hash_words_of(data: Data, at: int, stop: int, fold: NDArray[np.uint32], hashes: Hashes) -> int:
    """Write the hash of each word of data[at:stop], a run of characters that the table does not call 0; how many."""
    count, inside = 0, False
    value = START
    while at < stop:
        point, width = decode(data, at)
        at += width
        folded = fold[point]
        if folded != 0:
            value = (value ^ uint64(folded)) * PRIME
            inside = True
        elif inside:
            hashes[count] = mix(value)
            count += 1
            value, inside = START, False
    if inside:
        hashes[count] = mix(value)
        count += 1
    return count


@inline
def joined(phrase: np.uint64, word: np.uint64) -> np.uint64:
    """The hash of a phrase and one more word."""
    return mix((phrase ^ word) * PRIME)


@dataclass(frozen=True, eq=False)
class Phrases:
    """Terms of one or more words: hashes of whole terms, of their beginnings, and of their first words."""

    whole: HashSet
    begun: HashSet
    first: HashSet


def phrases(terms: Iterable[str]) -> Phrases:
    """The sets of these terms. Those of single letters only (s&m) are left out: `it's M.` would be one."""
    split = [
        word_hashes(term)
        for term in terms
        if max(map(len, plain_words(term)), default=0) > 1 or len(plain_words(term)) == 1
    ]
    begun = [[begin(words[:count]) for count in range(1, len(words))] for words in split]
    return Phrases(
        hash_set([begin(words) for words in split]),
        hash_set([value for values in begun for value in values]),
        hash_set([words[0] for words in split]),
    )


def plain_words(text: str) -> list[str]:
    """The words of a text in plain Python: what `hash_words_of` is tested against."""
    fold = fold_table()
    folded = "".join(chr(fold[ord(character)]) if fold[ord(character)] else " " for character in text)
    return [word for word in folded.split(" ") if word]


def word_hashes(term: str) -> Hashes:
    text = Text.from_strings([term])
    hashes = np.empty(len(term) + 1, np.uint64)
    return hashes[: hash_words_of(text.data, text.start[0], text.stop[0], fold_table(), hashes)]


@kernel
def begin(words: Hashes) -> np.uint64:
    """The hash of a phrase: its first word's, joined by the others."""
    phrase = words[0]
    for position in range(1, len(words)):
        phrase = joined(phrase, words[position])
    return phrase


@kernel
def longest_term(words: Hashes, count: int, at: int, whole: HashSet, begun: HashSet) -> int:
    """Words of the longest term that starts at word `at`, 0 where none does."""
    phrase = words[at]
    length, longest = 1, 0
    while True:
        if contains(whole, phrase):
            longest = length
        if at + length >= count or not contains(begun, phrase):
            return longest
        phrase = joined(phrase, words[at + length])
        length += 1


@kernel
def count_terms(
    data: Data,
    start: Counts,
    stop: Counts,
    fold: NDArray[np.uint32],
    whole: HashSet,
    begun: HashSet,
    first: HashSet,
    hashes: Hashes,
    found: Counts,
    words: Counts,
) -> None:
    """found[d] = terms in document d, the longest of those that start together; words[d] = its words."""
    for document in range(len(start)):
        count = hash_words_of(data, start[document], stop[document], fold, hashes)
        terms, at = 0, 0
        while at < count:
            length = longest_term(hashes, count, at, whole, begun) if contains(first, hashes[at]) else 0
            terms += length > 0
            at += max(length, 1)
        found[document] = terms
        words[document] = count


def counted(text: Text, listed: Phrases) -> tuple[Counts, Counts]:
    """How many of the terms, and how many words, each document has."""
    found, words = np.zeros(len(text), np.int64), np.zeros(len(text), np.int64)
    hashes = np.empty(int(text.bytes.max(initial=0)) + 1, np.uint64)
    count_terms(
        text.data, text.start, text.stop, fold_table(), listed.whole, listed.begun, listed.first, hashes, found, words
    )
    return found, words
