"""Which of many keys are equal, without sorting them: buckets that fit the cache, and a small table for each."""

from collections.abc import Callable, Iterable

import numpy as np
from numba import int64, uint32, uint64
from numpy.typing import NDArray

from pipeline.text.hashing import GOLDEN
from pipeline.text.kernel import inline, kernel

Keys = NDArray[np.uint64]  # [m, k]: a key of 64 k bits, every one of which counts
Addresses = NDArray[np.uint64]
Places = NDArray[np.int64]

MOST_KEYS = 1 << 32  # places in a bucket are numbered in 32 bits
BUCKET_BITS = 13  # 8,192 keys, their addresses and their table are 160 kB: what a core's second cache holds


@inline
def bits_of(count: int) -> int:
    """How many bits write this number."""
    bits = 0
    while count >> bits:
        bits += 1
    return bits


@kernel
def count_keys(keys: Keys, counts: Places) -> None:
    """counts[b]: how many keys have a hash with the upper bits b; as many buckets as there are counts."""
    shift = uint64(65 - bits_of(len(counts)))
    for i in range(len(keys)):
        counts[int64(keys[i, 0] * GOLDEN >> shift)] += 1


@kernel
def scatter(keys: Keys, addresses: Addresses, at: Places, key: Keys, address: Addresses) -> None:
    """Each row to the next place of its bucket, at[b], which moves on."""
    shift = uint64(65 - bits_of(len(at)))
    for i in range(len(keys)):
        bucket = int64(keys[i, 0] * GOLDEN >> shift)
        for k in range(keys.shape[1]):
            key[at[bucket], k] = keys[i, k]
        address[at[bucket]] = addresses[i]
        at[bucket] += 1


@inline
def equal(key: Keys, one: int, other: int) -> bool:
    """Whether two keys agree in all bits."""
    for k in range(key.shape[1]):
        if key[one, k] != key[other, k]:
            return False
    return True


@kernel
def match(key: Keys, address: Addresses, stops: Places, edges: NDArray[np.uint64]) -> int:
    """edges[e]: from the smallest address that has a key to another one; gives how many. `address` is used up.

    The first row of a key holds the smallest of its addresses so far; while a bucket is gone through, an edge holds
    that row's place instead, since a smaller address may follow.
    """
    found, start = 0, 0
    bucket_bits = bits_of(len(stops)) - 1
    table = np.empty(2, np.uint32)  # a key's place in its bucket plus one; 0 is free
    for bucket in range(len(stops)):
        stop, before = stops[bucket], found
        bits = bits_of(stop - start) + 1
        last = (1 << bits) - 1
        if len(table) <= last:
            table = np.empty(last + 1, np.uint32)
        table[: last + 1] = 0
        for i in range(start, stop):
            at = int64((key[i, 0] * GOLDEN << uint64(bucket_bits)) >> uint64(64 - bits))
            while table[at] and not equal(key, start + int64(table[at]) - 1, i):
                at = at + 1 & last
            if not table[at]:
                table[at] = uint32(i - start + 1)
                continue
            first = start + int64(table[at]) - 1
            if address[first] != address[i]:
                edges[found, 0], edges[found, 1] = uint64(first), max(address[first], address[i])
                address[first] = min(address[first], address[i])
                found += 1
        for edge in range(before, found):
            edges[edge, 0] = address[int64(edges[edge, 0])]
        start = stop
    return found


def stars_of_equal(parts: Callable[[], Iterable[tuple[Keys, Addresses]]]) -> NDArray[np.uint64]:
    """uint64[e, 2]: from the smallest address that has a key an edge to every other that has it.

    `parts()`, which is asked for three times, gives (keys, addresses). Beside parts and edges it takes 16 bytes a key
    (24 of 128 bits), and 25 ns (8.8 million keys, a seventh of them repeated: numpy's sort of them alone takes 70).
    """
    shapes = [keys.shape for keys, _ in parts()]
    total, columns = sum(shape[0] for shape in shapes), max((shape[1] for shape in shapes), default=1)
    if total >= MOST_KEYS:
        raise ValueError(f"{total:,} keys in one range: more ranges are needed")
    counts = np.zeros(1 << max(1, total.bit_length() - BUCKET_BITS), np.int64)
    for keys, _ in parts():
        count_keys(keys, counts)
    stops = np.cumsum(counts)
    at, key, address = stops - counts, np.empty((total, columns), np.uint64), np.empty(total, np.uint64)
    for keys, addresses in parts():
        scatter(keys, addresses, at, key, address)
    edges = np.empty((total, 2), np.uint64)
    return edges[: match(key, address, stops, edges)].copy()
