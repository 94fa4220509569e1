"""Repeated n-grams of words, n = 2 to 10, in one walk by cascade: an n-gram can repeat only if both its halves do.

The halves of an n-gram are its first and its last n - 1 words. So each order looks only at the places that the
order before left over: in running prose few are left after n = 3. Measured with words ready: 300 MB/s, 2 R.

An n-gram is a sequence of words. datatrove glues the words of n = 5 to 10 before it compares them, so that `ab c` is
`a bc` there. Of 3,708 real documents a metric differed in 8, by 0.016 at most; none was kept or dropped for it. No
cascade can be as exact: tried with a filter by the first sixteen glued bytes, 130 MB/s.
"""

from typing import NamedTuple

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel

SHORTEST_TOP, LONGEST_TOP = 2, 4
SHORTEST_DUPLICATE, LONGEST_DUPLICATE = 5, 10
ORDERS = LONGEST_DUPLICATE - SHORTEST_TOP + 1
SMALLEST_TABLE = 16
EMPTY = uint64(0)


class Scratch(NamedTuple):
    """Room for the longest document. Kernels unpack it once: a field read inside a loop makes it three times slower."""

    keys: NDArray[np.uint64]  # the table, open addressing: an n-gram's hash
    counts: NDArray[np.int32]  # of a slot; negative once the greedy scan has passed the n-gram
    first: NDArray[np.int32]  # of a slot: where its n-gram occurred first
    rolling: NDArray[np.uint64]  # of a word: the hash of the n-gram that begins there
    before: NDArray[np.int64]  # characters of the words before word i
    places: NDArray[np.int32]  # words at which an n-gram that may repeat begins, ascending
    slots: NDArray[np.int32]  # of a place: its n-gram's slot


def scratch_for(words: int) -> Scratch:
    """Room for a document of that many words."""
    size = table_size(words)
    return Scratch(
        np.zeros(size, np.uint64),
        np.zeros(size, np.int32),
        np.zeros(size, np.int32),
        np.empty(words, np.uint64),
        np.zeros(words + 1, np.int64),
        np.empty(words, np.int32),
        np.empty(words, np.int32),
    )


@kernel
def table_size(entries: int) -> int:
    """A power of two that leaves half of the table empty."""
    size = SMALLEST_TABLE
    while size < 2 * entries:
        size *= 2
    return size


def ngram_characters(
    offsets: NDArray[np.int64], hashes: NDArray[np.uint64], chars: NDArray[np.int32]
) -> NDArray[np.int64]:
    """For each document, characters of the top n-gram (n = 2 to 4) and of duplicate n-grams (n = 5 to 10)."""
    found = np.zeros((len(offsets) - 1, ORDERS), np.int64)
    longest = int(np.diff(offsets).max(initial=0))
    measure_documents(offsets, hashes, chars, scratch_for(longest), found)
    return found


@kernel
def measure_documents(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    chars: NDArray[np.int32],
    room: Scratch,
    found: NDArray[np.int64],
) -> None:
    """Fill `found`, one row for each document."""
    for document in range(len(offsets) - 1):
        begin, end = offsets[document], offsets[document + 1]
        measure_document(hashes[begin:end], chars[begin:end], room, found[document])


@inline
def measure_document(
    hashes: NDArray[np.uint64], chars: NDArray[np.int32], room: Scratch, found: NDArray[np.int64]
) -> None:
    """One order after another, each at the places that the one before left."""
    words = len(hashes)
    for i in range(words):
        room.rolling[i] = hashes[i]
        room.before[i + 1] = room.before[i] + chars[i]
        room.places[i] = i
    left = max(words - 1, 0)
    for order in range(SHORTEST_TOP, min(LONGEST_DUPLICATE, words) + 1):
        best = count_ngrams(hashes, order, left, room)
        if order <= LONGEST_TOP:
            found[order - SHORTEST_TOP] = top_characters(order, best, room)
        else:
            found[order - SHORTEST_TOP] = duplicate_characters(order, left, room)
        left = places_of_next_order(left, room)


@inline
def count_ngrams(hashes: NDArray[np.uint64], order: int, left: int, room: Scratch) -> int:
    """Count the n-grams at the places left; the slot of the most frequent, the first of equals, -1 if none repeats."""
    keys, counts, first, rolling, _, places, slots = room
    size = table_size(left)
    keys[:size] = EMPTY
    best, most = -1, 1
    for candidate in range(left):
        place = places[candidate]
        rolled = rolling[place] * GOLDEN + hashes[place + order - 1]
        rolling[place] = rolled
        slot, is_new = slot_of(keys, size, max(mix(rolled), uint64(1)))
        slots[candidate] = slot
        if is_new:
            counts[slot], first[slot] = 1, place
            continue
        counts[slot] += 1
        if counts[slot] > most or (counts[slot] == most and first[slot] < first[best]):
            best, most = slot, counts[slot]
    return best


@inline
def slot_of(keys: NDArray[np.uint64], size: int, key: np.uint64) -> tuple[int, bool]:
    """The slot of an n-gram among the first `size`, and whether it has just been given it."""
    last = size - 1
    slot = int64(key) & last
    while keys[slot] != EMPTY:
        if keys[slot] == key:
            return slot, False
        slot = (slot + 1) & last
    keys[slot] = key
    return slot, True


@inline
def top_characters(order: int, best: int, room: Scratch) -> int:
    """Length of the most frequent n-gram, joined by spaces, times its count; where none repeats, of the first one."""
    first, count = (int64(room.first[best]), int64(room.counts[best])) if best >= 0 else (0, 1)
    return (room.before[first + order] - room.before[first] + order - 1) * count


@inline
def duplicate_characters(order: int, left: int, room: Scratch) -> int:
    """Read from the left: an n-gram seen before counts its characters and is jumped over; a new one is remembered."""
    _, counts, _, _, before, places, slots = room
    characters, free = 0, 0
    for candidate in range(left):
        place, slot = places[candidate], slots[candidate]
        if counts[slot] == 1 or place < free:
            continue
        if counts[slot] < 0:
            characters += before[place + order] - before[place]
            free = place + order
        else:
            counts[slot] = -counts[slot]
    return characters


@inline
def places_of_next_order(left: int, room: Scratch) -> int:
    """Keep the places whose n-gram repeats and whose next place's does; returns how many are left."""
    _, counts, _, _, _, places, slots = room
    kept, earlier = 0, -2
    for candidate in range(left):
        if counts[slots[candidate]] == 1:
            continue
        place = places[candidate]
        if place == earlier + 1:
            places[kept] = earlier
            kept += 1
        earlier = place
    return kept
