"""N-grams of evaluation examples, and which words of which example a document covers with those that it shares."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN, SPREAD, mix
from pipeline.text.kernel import inline, kernel

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
NONE = -1
BITS_A_GRAM = 16  # of the bitmap before the table: one strange n-gram in sixteen is looked up
SMALLEST = 64


class Grams(NamedTuple):
    """The n-grams of all examples, whose words stand one after another: example e has those from offsets[e] on.

    `orders`: how many words they have, ascending (one order, and those of whole examples that are shorter).
    `bits`: a bitmap of their keys. `keys`, `numbers`: open addressing, a key and its n-gram's number.
    N-gram g begins at the words places[first[g]:first[g + 1]] and has lengths[g] words.
    """

    orders: Ints
    bits: Hashes
    keys: Hashes
    numbers: Ints
    first: Ints
    places: Ints
    lengths: Ints
    example: Ints
    offsets: Ints


class Overlap(NamedTuple):
    """What `find` learned: of each document, of each pair of a document and an example, of each n-gram.

    coverage[d]: the largest share of one example's words that n-grams of document d cover; grams[d], examples[d]: how
    many n-grams and examples it shares. pairs[k]: document, example, words of it that are covered.
    frequency[g]: documents that have n-gram g.
    """

    coverage: NDArray[np.float64]
    grams: Ints
    examples: Ints
    pairs: Ints
    frequency: Ints


@inline
def key_of(value: np.uint64, order: int) -> np.uint64:
    """The key of an n-gram from its words as digits to the base GOLDEN; never 0."""
    return max(mix(value + uint64(order) * SPREAD), uint64(1))


@inline
def power(exponent: int) -> np.uint64:
    value = uint64(1)
    for _ in range(exponent):
        value *= GOLDEN
    return value


@inline
def has_bit(bits: Hashes, key: np.uint64) -> bool:
    return (bits[(key >> uint64(38)) & uint64(len(bits) - 1)] >> (key >> uint64(32) & uint64(63))) & uint64(1) != 0


@inline
def slot_of(keys: Hashes, key: np.uint64) -> np.uint64:
    """Where a key stands, or the empty slot where it would."""
    last = uint64(len(keys) - 1)
    slot = key & last
    while keys[slot] != 0 and keys[slot] != key:
        slot = (slot + uint64(1)) & last
    return slot


@kernel
def keys_at(words: Hashes, places: Ints, lengths: Ints) -> Hashes:
    """The key of the n-gram of lengths[i] words that begins at places[i]."""
    keys = np.empty(len(places), np.uint64)
    for i in range(len(places)):
        value = uint64(0)
        for word in words[places[i] : places[i] + lengths[i]]:
            value = value * GOLDEN + word
        keys[i] = key_of(value, lengths[i])
    return keys


@kernel
def fill_table(grams: Hashes, bits: Hashes, keys: Hashes, numbers: Ints) -> None:
    """Put the distinct keys into the bitmap and the table."""
    for number in range(len(grams)):
        key = grams[number]
        bits[(key >> uint64(38)) & uint64(len(bits) - 1)] |= uint64(1) << (key >> uint64(32) & uint64(63))
        slot = slot_of(keys, key)
        keys[slot], numbers[slot] = key, number


def places_of(offsets: Ints, order: int, shortest: int) -> tuple[Ints, Ints]:
    """Where n-grams begin, and their lengths: `order`, or the whole of an example of `shortest` words to order - 1."""
    counts = np.diff(offsets)
    long = np.flatnonzero(counts >= order)
    begins = [np.arange(offsets[e], offsets[e + 1] - order + 1) for e in long]
    short = np.flatnonzero((counts >= shortest) & (counts < order))
    places = np.concatenate([*begins, offsets[short]]).astype(np.int64)
    lengths = np.full(len(places), order, np.int64)
    lengths[len(places) - len(short) :] = counts[short]
    return places, lengths


def grams_of(offsets: Ints, words: Hashes, order: int, shortest: int, ignored: Sequence[Hashes] = ()) -> Grams:
    """The n-grams of examples; those of `ignored` (words of one n-gram each) count as if they were not there."""
    places, lengths = places_of(offsets, order, shortest)
    keys = keys_at(words, places, lengths)
    left_out = [keys_at(gram, np.zeros(1, np.int64), np.array([len(gram)]))[0] for gram in ignored if len(gram)]
    kept = ~np.isin(keys, np.array(left_out, np.uint64))
    places, lengths = places[kept], lengths[kept]
    distinct, inverse = np.unique(keys[kept], return_inverse=True)
    by_gram = np.argsort(inverse, kind="stable")
    first = np.searchsorted(inverse[by_gram], np.arange(len(distinct) + 1))
    size = SMALLEST
    while size < 2 * len(distinct):
        size *= 2
    bits, table = np.zeros(size * BITS_A_GRAM // 64, np.uint64), np.zeros(size, np.uint64)
    numbers = np.full(size, NONE, np.int64)
    fill_table(distinct, bits, table, numbers)
    example = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
    lengths_of_grams = np.zeros(len(distinct), np.int64)
    lengths_of_grams[inverse] = lengths
    orders = np.unique(lengths)
    return Grams(orders, bits, table, numbers, first, places[by_gram], lengths_of_grams, example, offsets)


class Marks(NamedTuple):
    """What the document at hand has met, by its number + 1: n-grams, words of examples; and the examples touched."""

    gram: Ints
    word: Ints
    example: Ints
    covered: Ints
    touched: Ints


def marks_for(grams: Grams) -> Marks:
    examples = len(grams.offsets) - 1
    words = np.zeros(len(grams.example), np.int64)
    return Marks(np.zeros(len(grams.lengths), np.int64), words, *(np.zeros(examples, np.int64) for _ in range(3)))


@inline
def mark(grams: Grams, marks: Marks, gram: int, stamp: int, touched: int) -> int:
    """Cover the words of every place where the n-gram stands; returns how many examples are touched by now."""
    for at in range(grams.first[gram], grams.first[gram + 1]):
        place = grams.places[at]
        example = grams.example[place]
        if marks.example[example] != stamp:
            marks.example[example], marks.covered[example] = stamp, 0
            marks.touched[touched] = example
            touched += 1
        for word in range(place, place + grams.lengths[gram]):
            marks.covered[example] += marks.word[word] != stamp
            marks.word[word] = stamp
    return touched


@inline
def read_document(words: Hashes, grams: Grams, marks: Marks, stamp: int, frequency: Ints) -> tuple[int, int]:
    """Every n-gram of a document once: how many of the examples' it has, how many examples are touched."""
    bits, keys, numbers = grams.bits, grams.keys, grams.numbers
    met = touched = 0
    for k in range(len(grams.orders)):
        order = grams.orders[k]
        if len(words) < order:
            break
        above, value = power(order), uint64(0)
        for i in range(order - 1):
            value = value * GOLDEN + words[i]
        for last in range(order - 1, len(words)):
            value = value * GOLDEN + words[last]
            if last >= order:
                value -= words[last - order] * above
            key = key_of(value, order)
            if not has_bit(bits, key):
                continue
            gram = int64(numbers[slot_of(keys, key)])
            if gram != NONE and marks.gram[gram] != stamp:
                marks.gram[gram] = stamp
                frequency[gram] += 1
                met += 1
                touched = mark(grams, marks, gram, stamp, touched)
    return met, touched


@kernel
def find_overlap(offsets: Ints, words: Hashes, grams: Grams, marks: Marks, found: Overlap) -> Ints:
    """Fill `found` but for its pairs, document by document; returns these, int64[m, 3]."""
    coverage, met_grams, met_examples, _, frequency = found
    pairs, filled = np.empty((64, 3), np.int64), 0
    for document in range(len(offsets) - 1):
        own = words[offsets[document] : offsets[document + 1]]
        met, touched = read_document(own, grams, marks, document + 1, frequency)
        met_grams[document], met_examples[document] = met, touched
        if filled + touched > len(pairs):
            larger = np.empty((2 * (filled + touched), 3), np.int64)
            larger[:filled] = pairs[:filled]
            pairs = larger
        for at in range(touched):
            example = marks.touched[at]
            covered = marks.covered[example]
            share = covered / (grams.offsets[example + 1] - grams.offsets[example])
            coverage[document] = max(coverage[document], share)
            pairs[filled, 0], pairs[filled, 1], pairs[filled, 2] = document, example, covered
            filled += 1
    return pairs[:filled]


def overlap(offsets: Ints, words: Hashes, grams: Grams) -> Overlap:
    """What the documents, whose words are given by their hashes, share with the examples."""
    documents = len(offsets) - 1
    empty = np.empty((0, 3), np.int64)
    met, touched, frequency = (np.zeros(count, np.int64) for count in (documents, documents, len(grams.lengths)))
    found = Overlap(np.zeros(documents), met, touched, empty, frequency)
    return found._replace(pairs=find_overlap(offsets, words, grams, marks_for(grams), found))


@kernel
def shared_spans(words: Hashes, grams: Grams) -> Ints:
    """Of one document: int64[m, 2], the first word of each n-gram that it shares and the word after its last."""
    found, filled = np.empty((len(words) * len(grams.orders), 2), np.int64), 0
    for k in range(len(grams.orders)):
        order = grams.orders[k]
        for first in range(len(words) - order + 1):
            value = uint64(0)
            for word in words[first : first + order]:
                value = value * GOLDEN + word
            if grams.keys[slot_of(grams.keys, key_of(value, order))] != 0:
                found[filled, 0], found[filled, 1] = first, first + order
                filled += 1
    return found[:filled]
