"""The input rows of a word in a fastText model with character n-grams: its own, and one for each n-gram of `<word>`.

Truth: Dictionary::addSubwords, computeSubwords and pushHash in facebookresearch/fastText, src/dictionary.cc.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.fasttext_file import FastTextModel
from classifiers.tokens import HASH_PRIME, HASH_START
from pipeline.text.bits import ONE, below, copy_bytes, count_ones
from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data

LANES = 16  # rows are padded to a multiple of it: one vector register of AVX-512, two of AVX2
OPENING, CLOSING = ord("<"), ord(">")

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Table = NDArray[np.void]  # of SLOT: open addressing, a power of two of slots

SLOT = np.dtype([("key", np.uint64), ("place", np.int64)])  # key 0: empty; side by side, so that a hit is one miss


class Subwords(NamedTuple):
    """A model's input side, as kernels take it.

    `vocabulary`: a word's key -> its row. `rows` float32[words + buckets kept, dimensions padded to LANES].
    `kept`: a bit for each bucket that was not pruned; `before[i]`: how many are kept before bucket 64 i. Both empty
    where nothing was pruned. N-grams of `shortest` to `longest` characters; `longest` 0: none.
    """

    vocabulary: Table
    words: int
    rows: Floats
    kept: NDArray[np.uint64]
    before: Places
    buckets: int
    shortest: int
    longest: int

    @classmethod
    def of(cls, model: FastTextModel) -> "Subwords":
        words, arguments = len(model.word_keys), model.arguments
        vocabulary = np.zeros(1 << max(4, (4 * words).bit_length()), SLOT)
        insert(vocabulary, model.word_keys)
        longest = arguments.max_characters
        kept, before = np.zeros(0, np.uint64), np.zeros(0, np.int64)
        if model.kept is not None:
            kept, before = bitmap(model.kept, arguments.buckets)
            longest = longest if len(model.kept) else 0
        rows = padded_rows(model.rows)
        return cls(vocabulary, words, rows, kept, before, arguments.buckets, arguments.min_characters, longest)


def padded_rows(rows: Floats) -> Floats:
    """The same rows, with zeros up to a multiple of LANES; not copied where none are missing (GlotLID: 1.6 GB)."""
    columns = rows.shape[1]
    if columns % LANES == 0:
        return rows
    padded = np.zeros((len(rows), -(-columns // LANES) * LANES), np.float32)
    padded[:, :columns] = rows
    return padded


def bitmap(kept: Places, buckets: int) -> tuple[NDArray[np.uint64], Places]:
    """A bit for each of `buckets`, set for those in `kept`; and how many are set before each 64 of them."""
    bits = np.zeros(buckets // 64 + 1, np.uint64)
    np.bitwise_or.at(bits, kept // 64, np.uint64(1) << (kept % 64).astype(np.uint64))
    ones = np.bitwise_count(bits).astype(np.int64)
    return bits, np.cumsum(ones) - ones


@inline
def slot_of(table: Table, key: np.uint64) -> np.uint64:
    """Where `key`, which is not 0, stands in the table, or the empty slot where it would."""
    last = np.uint64(len(table) - 1)
    slot = key & last
    while table[slot].key != key and table[slot].key != 0:
        slot = (slot + ONE) & last
    return slot


@kernel
def insert(table: Table, keys: NDArray[np.uint64]) -> None:
    """Number the keys in their order; the most frequent words come first, and sit in their first slot."""
    for number in range(len(keys)):
        key = max(keys[number], ONE)
        slot = slot_of(table, key)
        table[slot].key, table[slot].place = key, number


@inline
def own_row(model: Subwords, key: np.uint64) -> int:
    """The row of a word of the vocabulary; -1 for any other."""
    slot = slot_of(model.vocabulary, key)
    return model.vocabulary[slot].place if model.vocabulary[slot].key != 0 else -1


@inline
def bucket_row(model: Subwords, bucket: np.uint64) -> int:
    """The row of an n-gram's bucket; -1 where it was pruned."""
    if len(model.kept) == 0:
        return model.words + int(bucket)
    block, bit = bucket >> np.uint64(6), bucket & np.uint64(63)
    if model.kept[block] >> bit & ONE == 0:
        return -1
    return model.words + model.before[block] + count_ones(model.kept[block] & below(bit))


@inline
def add_row(rows: Floats, row: int, total: Floats) -> None:
    """total += rows[row]; for narrow rows in one step whose length the compiler knows."""
    added = rows[row]
    if len(total) == LANES:
        for lane in range(LANES):
            total[lane] += added[lane]
    else:
        for lane in range(len(total)):
            total[lane] += added[lane]


@kernel
def add_ngrams(model: Subwords, spelled: Data, size: int, total: Floats) -> int:
    """Add the rows of all n-grams of spelled[:size] to `total`; return how many rows these are.

    An n-gram begins at each character and grows by one; `<` or `>` alone is none. The hash is FNV-1a of signed bytes.
    """
    count = 0
    for first in range(size):
        if spelled[first] & 0xC0 == 0x80:
            continue  # inside a character
        value, at, characters = HASH_START, first, 0
        while at < size and characters < model.longest:
            value = np.uint32((value ^ np.uint32(np.int32(np.int8(spelled[at])))) * HASH_PRIME)
            at += 1
            while at < size and spelled[at] & 0xC0 == 0x80:
                value = np.uint32((value ^ np.uint32(np.int32(np.int8(spelled[at])))) * HASH_PRIME)
                at += 1
            characters += 1
            if characters >= model.shortest and not (characters == 1 and (first == 0 or at == size)):
                row = bucket_row(model, np.uint64(value % np.uint32(model.buckets)))
                if row >= 0:
                    add_row(model.rows, row, total)
                    count += 1
    return count


@kernel
def sum_word(model: Subwords, data: Data, begin: int, end: int, key: np.uint64, spelled: Data, total: Floats) -> int:
    """total = the sum of the rows of the word data[begin:end]; returns how many. `spelled` has room for `<word>`."""
    total[:] = 0
    count = 0
    row = own_row(model, key)
    if row >= 0:
        add_row(model.rows, row, total)
        count = 1
    if model.longest > 0:
        size = end - begin
        spelled[0], spelled[size + 1] = OPENING, CLOSING
        copy_bytes(spelled, 1, data, begin, size)
        count += add_ngrams(model, spelled, size + 2, total)
    return count
