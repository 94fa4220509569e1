"""Which of many keys are equal, without sorting them: buckets that fit the cache, and a small table for each."""

import numpy as np
from numba import int64, uint32, uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN
from pipeline.text.kernel import inline, kernel

Keys = NDArray[np.uint64]  # [m, k]: a key of 64 k bits, every one of which counts
Rows = NDArray[np.uint32]

MOST_KEYS = 1 << 32  # rows are numbered in 32 bits
BUCKET_BITS = 13  # a bucket of 8,192 keys, their rows and its table are 130 kB: what a core's second cache holds


@inline
def bits_of(count: int) -> int:
    """How many bits write this number."""
    bits = 0
    while count >> bits:
        bits += 1
    return bits


@kernel
def scatter(keys: Keys, bucket_bits: int, first: NDArray[np.uint64], row: Rows) -> NDArray[np.int64]:
    """Rows by the upper bits of their keys' hash: bucket b is first[stops[b]:stops[b + 1]], and row[...]; in order."""
    shift = uint64(64 - bucket_bits)
    stops = np.zeros((1 << bucket_bits) + 1, np.int64)
    for i in range(len(keys)):
        stops[int64(keys[i, 0] * GOLDEN >> shift) + 1] += 1
    for bucket in range(1, len(stops)):
        stops[bucket] += stops[bucket - 1]
    at = stops[:-1].copy()
    for i in range(len(keys)):
        bucket = int64(keys[i, 0] * GOLDEN >> shift)
        first[at[bucket]] = keys[i, 0]
        row[at[bucket]] = uint32(i)
        at[bucket] += 1
    return stops


@inline
def rest_equal(keys: Keys, one: int, other: int) -> bool:
    """Whether two keys agree behind their first 64 bits."""
    for k in range(1, keys.shape[1]):
        if keys[one, k] != keys[other, k]:
            return False
    return True


@kernel
def match(
    keys: Keys,
    first: NDArray[np.uint64],
    row: Rows,
    stops: NDArray[np.int64],
    bucket_bits: int,
    head: Rows,
    member: Rows,
) -> int:
    """head[e], member[e]: the first row of a key, and another that has it; gives how many. In the order of buckets."""
    found, largest = 0, 0
    for bucket in range(len(stops) - 1):
        largest = max(largest, stops[bucket + 1] - stops[bucket])
    table = np.empty(2 << bits_of(largest), np.uint32)  # a key's place in its bucket plus one; 0 is free
    for bucket in range(len(stops) - 1):
        start, stop = stops[bucket], stops[bucket + 1]
        bits = bits_of(stop - start) + 1
        last = (1 << bits) - 1
        table[: last + 1] = 0
        for i in range(start, stop):
            key = first[i]
            at = int64((key * GOLDEN << uint64(bucket_bits)) >> uint64(64 - bits))
            while table[at]:
                other = start + int64(table[at]) - 1
                if first[other] == key and rest_equal(keys, int64(row[other]), int64(row[i])):
                    head[found], member[found] = row[other], row[i]
                    found += 1
                    break
                at = at + 1 & last
            else:
                table[at] = uint32(i - start + 1)
    return found


def equal_rows(keys: Keys) -> tuple[Rows, Rows]:
    """For each row whose key an earlier row has too: the first row of that key, and the row itself.

    20 ns a key (8.75 million keys, a seventh of them repeated; numpy's sort of such keys alone takes 70), and 28 bytes.
    """
    if len(keys) >= MOST_KEYS:
        raise ValueError(f"{len(keys):,} keys in one range: more ranges are needed")
    bucket_bits = max(1, len(keys).bit_length() - BUCKET_BITS)
    first, row = np.empty(len(keys), np.uint64), np.empty(len(keys), np.uint32)
    stops = scatter(keys, bucket_bits, first, row)
    head, member = np.empty(len(keys), np.uint32), np.empty(len(keys), np.uint32)
    found = match(keys, first, row, stops, bucket_bits, head, member)
    return head[:found].copy(), member[:found].copy()


@kernel
def fill_stars(
    head: Rows, member: Rows, addresses: NDArray[np.uint64], least: NDArray[np.uint64], edges: NDArray[np.uint64]
) -> int:
    """edges[e]: from the smallest address that has a key to every other; gives how many. `least` is scratch, by head.

    Where the smallest is a member, the head takes its edge.
    """
    for edge in range(len(head)):
        least[head[edge]] = addresses[head[edge]]
    for edge in range(len(head)):
        least[head[edge]] = min(least[head[edge]], addresses[member[edge]])
    count = 0
    for edge in range(len(head)):
        smallest, other = least[head[edge]], addresses[member[edge]]
        if other == smallest:
            other = addresses[head[edge]]
        if other != smallest:
            edges[count, 0], edges[count, 1] = smallest, other
            count += 1
    return count


def stars_of_equal(keys: Keys, addresses: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """uint64[e, 2]: from the smallest address that has a key an edge to every other that has it."""
    head, member = equal_rows(keys)
    edges = np.empty((len(head), 2), np.uint64)
    return edges[: fill_stars(head, member, addresses, np.empty(len(keys), np.uint64), edges)]
