"""Sets of 64-bit hashes that kernels look up: word lists, stop words, blocklists."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numba import uint64
from numpy.typing import ArrayLike, NDArray

from pipeline.text.arrow import spans_from_arrow
from pipeline.text.hashing import hash_spans
from pipeline.text.kernel import inline, kernel

HashSet = NDArray[np.uint64]  # open addressing, a power of two of slots, half of them empty at least
EMPTY = uint64(0)  # an empty slot; the hash 0 itself is kept as 1, as one in 2^64 words
SMALLEST = 16


def hash_words(words: Sequence[str]) -> NDArray[np.uint64]:
    """The hash that each word has in `Words.hash`."""
    return hash_spans(*spans_from_arrow(pa.array(words, pa.large_string())))


def hash_set(hashes: ArrayLike) -> HashSet:
    """A set of these hashes, to be asked by `contains` in kernels."""
    members = np.unique(np.asarray(hashes, np.uint64))
    slots = np.zeros(max(SMALLEST, 1 << (2 * len(members)).bit_length()), np.uint64)
    insert_all(slots, members)
    return slots


@inline
def slot_of(slots: HashSet, member: np.uint64) -> int:
    """Where `member` stands, or the empty slot where it would."""
    last = uint64(len(slots) - 1)
    slot = member & last
    while slots[slot] != EMPTY and slots[slot] != member:
        slot = (slot + uint64(1)) & last
    return slot


@kernel
def insert_all(slots: HashSet, members: NDArray[np.uint64]) -> None:
    """Put each hash into the set."""
    for member in members:
        kept = max(member, uint64(1))
        slots[slot_of(slots, kept)] = kept


@inline
def contains(slots: HashSet, member: np.uint64) -> bool:
    """Whether the set has this hash."""
    kept = max(member, uint64(1))
    return slots[slot_of(slots, kept)] == kept


@kernel
def members_of(slots: HashSet, hashes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Whether the set has each hash."""
    found = np.empty(len(hashes), np.bool_)
    for i in range(len(hashes)):
        found[i] = contains(slots, hashes[i])
    return found


@kernel
def distinct_members(slots: HashSet, offsets: NDArray[np.int64], hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many different members of the set each document has."""
    counts = np.zeros(len(offsets) - 1, np.int64)
    seen_in = np.full(len(slots), -1, np.int64)
    for document in range(len(counts)):
        for i in range(offsets[document], offsets[document + 1]):
            slot = slot_of(slots, max(hashes[i], uint64(1)))
            if slots[slot] != EMPTY and seen_in[slot] != document:
                seen_in[slot] = document
                counts[document] += 1
    return counts
