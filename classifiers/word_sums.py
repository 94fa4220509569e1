"""The mean of a document's input rows, each distinct word resolved once: fastText's hidden layer.

A memo holds the sum of each word's rows, between documents and calls, and is emptied when it is full. A word's sum does
not depend on what else is there, so no result depends on batches or their order.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from classifiers.subwords import SLOT, Floats, Places, Subwords, Table, add_row, own_row, slot_of, sum_word
from classifiers.tokens import END_KEY, find_spans, keep_words, longest
from pipeline.text.bits import ONE
from pipeline.text.hashing import hash_span
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data

MEMO_FLOATS = 1 << 22  # 16 MB: 262,144 words of 16 dimensions; of more dimensions
MEMO_WORDS = 1 << 16  # at least these: 64 MB for the 256 of GlotLID
CHUNK = 1 << 10  # tokens that are looked up before any is summed


class Memo(NamedTuple):
    """Word number `place` has the sum `sums[place]` of `rows[place]` rows; `used[0]` words are known."""

    slots: Table
    sums: Floats
    rows: Places
    used: Places

    @classmethod
    def of(cls, columns: int) -> "Memo":
        words = max(2 * CHUNK, MEMO_WORDS, MEMO_FLOATS // columns)
        slots = np.zeros(1 << (2 * words - 1).bit_length(), SLOT)
        return cls(slots, np.zeros((words, columns), np.float32), np.zeros(words, np.int64), np.zeros(1, np.int64))


def document_means(text: Text, model: Subwords, memo: Memo) -> tuple[Floats, Places]:
    """float32[documents, columns]: the mean of each one's rows, 0 where it has none; and how many it has."""
    totals, counts = np.zeros((len(text), model.rows.shape[1]), np.float32), np.zeros(len(text), np.int64)
    sum_documents(text.data, text.start, text.stop, model, memo, totals, counts)
    totals /= np.maximum(counts, 1)[:, None]
    return totals, counts


@kernel
def look_up(keys: NDArray[np.uint64], memo: Memo, places: Places, fresh: Places) -> int:
    """The place of each token's word; returns how many are new, and which tokens these are in `fresh`."""
    new, used = 0, memo.used[0]
    for token in range(len(keys)):
        slot = slot_of(memo.slots, keys[token])
        if memo.slots[slot].key == 0:
            memo.slots[slot].key, memo.slots[slot].place = keys[token], used + new
            fresh[new] = token
            new += 1
        places[token] = memo.slots[slot].place
    return new


@kernel
def add_words(
    data: Data, begins: Places, ends: Places, model: Subwords, memo: Memo, total: Floats, space: tuple[Places, Places]
) -> int:
    """Add the rows of at most CHUNK tokens to `total`; returns how many rows."""
    places, fresh = space
    keys, spelled = np.empty(len(begins), np.uint64), np.empty(longest(begins, ends) + 2, np.uint8)
    for token in range(len(begins)):
        keys[token] = max(hash_span(data, begins[token], ends[token]), ONE)
    if memo.used[0] + len(keys) > len(memo.rows):
        for slot in range(len(memo.slots)):
            memo.slots[slot].key = 0
        memo.used[0] = 0
    new = look_up(keys, memo, places, fresh)
    for token in fresh[:new]:
        place = places[token]
        memo.rows[place] = sum_word(model, data, begins[token], ends[token], keys[token], spelled, memo.sums[place])
    memo.used[0] += new
    count = 0
    for place in places[: len(keys)]:
        add_row(memo.sums, place, total)
        count += memo.rows[place]
    return count


@kernel
def sum_documents(
    data: Data, start: Places, stop: Places, model: Subwords, memo: Memo, totals: Floats, counts: Places
) -> None:
    """totals[d] = the sum of the rows of document d, counts[d] = how many; `</s>`, always the last, has no n-grams."""
    most = longest(start, stop) // 2 + 2
    begins, ends = np.empty(most, np.int64), np.empty(most, np.int64)
    space = (np.empty(CHUNK, np.int64), np.empty(CHUNK, np.int64))
    end = own_row(model, END_KEY)
    for document in range(len(start)):
        found = find_spans(data, start[document], stop[document], begins, ends)
        tokens = keep_words(data, found, begins, ends)
        total = totals[document]
        for first in range(0, tokens, CHUNK):
            last = min(first + CHUNK, tokens)
            counts[document] += add_words(data, begins[first:last], ends[first:last], model, memo, total, space)
        if end >= 0:
            add_row(model.rows, end, total)
            counts[document] += 1
