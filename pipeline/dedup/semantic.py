"""Pairs of documents whose embeddings point the same way: exact cosines inside each k-means cluster.

SemDeDup, Abbas et al. 2023, section 3: k-means, then all pairs of a cluster. Products of blocks in float32 only find
the pairs that may count; each of these is then computed again from the float16 vectors in float64, term by term in
one order. So what is found depends neither on the order of documents nor on the size of a block, and a pair at the
threshold is decided the same way everywhere.

Of neighbours the preferred one stays, and it stands for those only that are at or above the threshold with itself:
a chain of neighbours (563 of 3,016 web pages at 0.95, of 64 dimensions) is never dropped for one end of it. SemDeDup
drops a document for any better neighbour, also for one that is dropped itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.clusters import Addresses, root_of
from pipeline.dedup.keep import Preferences
from pipeline.text.kernel import inline, kernel

BLOCK = 1024  # vectors of a block: its products are 4 MB
ROUNDING = 2.0**-24  # half of a float32's last place: what each of a product's steps may be off by
ALONE = -1  # instead of a neighbour or a keeper
ROW = np.dtype(
    {
        "names": ["address", "tie", "length", "parent", "nearest", "cosine", "keeper", "held"],
        "formats": [np.uint64, np.uint64, np.float64, np.int64, np.int64, np.float64, np.int64, np.float64],
    }
)
PAIR = np.dtype(
    [("cosine", np.float64), ("one", np.uint64), ("other", np.uint64), ("tie", np.uint64), ("other_tie", np.uint64)]
)

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Rows = Any  # of ROW, the most preferred first; `nearest` and `keeper` are rows, at the cosines `cosine` and `held`
Pairs = Any  # of PAIR, by distance from the threshold; an empty place is infinitely far


def unit_vectors(vectors: NDArray[np.float16] | NDArray[np.float32] | NDArray[np.float64]) -> Floats:
    """Each row over its length; a row of zeros, or with a number that is not finite, becomes zeros."""
    exact = np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0).astype(np.float64)
    largest = np.abs(exact).max(axis=1, keepdims=True, initial=0.0)
    exact /= np.where(largest > 0, largest, 1)  # squares of what a float holds may overflow
    length = np.sqrt((exact * exact).sum(axis=1, keepdims=True))
    return (exact / np.where(length > 0, length, 1)).astype(np.float32)


@kernel
def fill_clusters(vectors: Floats, across: Floats, cluster: NDArray[np.int32]) -> None:
    """The centroid of the largest product with each vector. across[k, c] is dimension k of centroid c.

    All centroids' sums grow side by side, so the loop is SIMD and each sum has one order: no batch, no BLAS decides
    between two centroids that are equally near.
    """
    dimensions, clusters = across.shape
    sums = np.empty(clusters, np.float32)
    for row in range(len(vectors)):
        sums[:] = 0
        for k in range(dimensions):
            value = vectors[row, k]
            for c in range(clusters):
                sums[c] += value * across[k, c]
        cluster[row] = np.argmax(sums)


def nearest_centroids(embeddings: Halves, centroids: Floats) -> NDArray[np.int32]:
    """The cluster of each embedding, int32[n]."""
    cluster = np.empty(len(embeddings), np.int32)
    fill_clusters(embeddings.astype(np.float32), np.ascontiguousarray(centroids.T), cluster)
    return cluster


@inline
def cosine(vectors: Floats, rows: Rows, one: int, other: int) -> float:
    """Of two rows, in float64: products of float16 values are exact there, and the order of the sum is fixed."""
    total = 0.0
    for k in range(vectors.shape[1]):
        total += float(vectors[one, k]) * float(vectors[other, k])
    return total / (rows[one].length * rows[other].length)


@inline
def nearer(distance: float, tie: np.uint64, other_tie: np.uint64, than: Any, threshold: float) -> bool:
    """Whether a pair comes before another: nearer to the threshold; of equally near ones by the hashes of their ids."""
    apart = abs(than.cosine - threshold)
    if distance != apart:
        return bool(distance < apart)
    if tie != than.tie:
        return bool(tie < than.tie)
    return bool(other_tie < than.other_tie)


@inline
def offer(pairs: Pairs, found: float, rows: Rows, one: int, other: int, threshold: float) -> None:
    """Put a pair in its place among the nearest ones, where it has one."""
    if rows[other].tie < rows[one].tie:
        one, other = other, one
    distance, place = abs(found - threshold), len(pairs)
    while place > 0 and nearer(distance, rows[one].tie, rows[other].tie, pairs[place - 1], threshold):
        place -= 1
    for behind in range(len(pairs) - 1, place, -1):
        pairs[behind] = pairs[behind - 1]
    if place < len(pairs):
        pairs[place].cosine = found
        pairs[place].one, pairs[place].other = rows[one].address, rows[other].address
        pairs[place].tie, pairs[place].other_tie = rows[one].tie, rows[other].tie


@inline
def come_closer(rows: Rows, row: int, other: int, found: float) -> None:
    """Let `other` be the row's nearest neighbour if it is nearer, or as near and preferred."""
    if found > rows[row].cosine or (found == rows[row].cosine and other < rows[row].nearest):
        rows[row].nearest, rows[row].cosine = other, found


@inline
def join(rows: Rows, one: int, other: int, found: float) -> None:
    """Take in a pair above the threshold; `one` is preferred, and whether it stays is known."""
    parents = rows["parent"]
    root, other_root = root_of(parents, one), root_of(parents, other)
    parents[max(root, other_root)] = min(root, other_root)
    come_closer(rows, one, other, found)
    come_closer(rows, other, one, found)
    if rows[one].keeper == ALONE and found > rows[other].held:
        rows[other].keeper, rows[other].held = one, found


@kernel
def compare(
    products: Floats,
    begins: tuple[int, int],
    vectors: Floats,
    rows: Rows,
    threshold: float,
    margin: float,
    above: Pairs,
    below: Pairs,
) -> int:
    """Take in one block of products, those of the rows from begins[0] with those from begins[1]; counts the pairs.

    Blocks come by begins[1], then by begins[0]: when a row is the preferred one of a pair, all pairs in which it is
    the other one have been seen.
    """
    pairs, last = 0, len(below) - 1
    least = np.float32(min(threshold, below[last].cosine) - margin)
    for i in range(products.shape[0]):
        one = begins[0] + i
        for j in range(i + 1 if begins[0] == begins[1] else 0, products.shape[1]):
            if products[i, j] < least:
                continue
            other = begins[1] + j
            found = cosine(vectors, rows, one, other)
            if found < threshold:
                offer(below, found, rows, one, other, threshold)
                least = np.float32(min(threshold, below[last].cosine) - margin)
                continue
            pairs += 1
            offer(above, found, rows, one, other, threshold)
            join(rows, one, other, found)
    return pairs


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Documents that have a neighbour at or above the threshold, addresses ascending.

    `label`: the most preferred of those that pairs join with it; `nearest`: its nearest neighbour, at `cosine`;
    `keeper`: the nearest of those that stay, itself where it stays. `above`, `below`: the pairs nearest to the
    threshold on both sides. `pairs` were found among `compared`.
    """

    address: Addresses
    label: Addresses
    nearest: Addresses
    cosine: NDArray[np.float64]
    keeper: Addresses
    above: Pairs
    below: Pairs
    pairs: int
    compared: int


def no_pairs(shown: int, side: float) -> Pairs:
    """Room for the pairs nearest to the threshold; one place at least."""
    empty = np.zeros(max(shown, 1), PAIR)
    empty["cosine"] = side
    return empty


def nearest_of(pairs: Pairs, shown: int, threshold: float) -> Pairs:
    """The `shown` pairs nearest to the threshold, empty places left out."""
    there = pairs[np.isfinite(pairs["cosine"])]
    order = np.lexsort((there["other_tie"], there["tie"], np.abs(there["cosine"] - threshold)))
    return there[order[:shown]]


def drawers(
    drawer: NDArray[Any], prefer: Preferences, ties: NDArray[np.uint64], addresses: Addresses
) -> Iterator[NDArray[np.int64]]:
    """The rows of each drawer, the most preferred first, as `pipeline.dedup.keep` says."""
    order = np.lexsort((addresses, ties, *(~prefer).T[::-1], drawer))
    for rows in np.split(order, np.flatnonzero(np.diff(drawer[order])) + 1):
        if len(rows) > 1:
            yield rows


def neighbours(
    embeddings: Halves,
    drawer: NDArray[Any],
    prefer: Preferences,
    ties: NDArray[np.uint64],
    addresses: Addresses,
    threshold: float,
    shown: int = 0,
) -> Neighbours:
    """All pairs of equal `drawer` (a cluster) whose cosine is at least `threshold`; `ties` are the hashes of the ids.

    Quadratic in the largest drawer, without a limit: 100,000 documents of one are 5 * 10^9 products of vectors.
    """
    above, below = no_pairs(shown, np.inf), no_pairs(shown, -np.inf)
    members = [np.zeros(0, ROW)]
    pairs = compared = 0
    for rows in drawers(drawer, prefer, ties, addresses):
        found, count = in_drawer(embeddings[rows], ties[rows], addresses[rows], threshold, above, below)
        members.append(found)
        pairs, compared = pairs + count, compared + len(rows) * (len(rows) - 1) // 2
    every = np.concatenate(members)
    every = every[np.argsort(every["address"])]
    names = (every[name].astype(np.uint64) for name in ("address", "parent", "nearest", "keeper"))
    address, label, nearest, keeper = names
    sides = nearest_of(above, shown, threshold), nearest_of(below, shown, threshold)
    return Neighbours(address, label, nearest, every["cosine"], keeper, *sides, pairs, compared)


def in_drawer(
    embeddings: Halves, ties: NDArray[np.uint64], addresses: Addresses, threshold: float, above: Pairs, below: Pairs
) -> tuple[Rows, int]:
    """The rows that have a neighbour, their `parent`, `nearest` and `keeper` as addresses; the number of pairs."""
    vectors, units = embeddings.astype(np.float32), unit_vectors(embeddings)
    rows = np.zeros(len(vectors), ROW)
    rows["address"], rows["tie"] = addresses, ties
    rows["length"] = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1))
    rows["parent"], rows["nearest"], rows["keeper"] = np.arange(len(rows)), len(rows), ALONE
    rows["cosine"], rows["held"] = -np.inf, -np.inf
    margin = 2 * (vectors.shape[1] + 4) * ROUNDING
    pairs = 0
    for j in range(0, len(units), BLOCK):
        for i in range(0, j + 1, BLOCK):
            products = units[i : i + BLOCK] @ units[j : j + BLOCK].T
            pairs += compare(products, (i, j), vectors, rows, threshold, margin, above, below)
    return as_addresses(rows), pairs


def as_addresses(rows: Rows) -> Rows:
    """The rows that have a neighbour; what they point to by address. A parent is never a later row."""
    root = rows["parent"].copy()
    for _ in range(len(rows).bit_length()):
        root = root[root]
    own = np.arange(len(rows))
    has = rows["nearest"] < len(rows)
    found = rows[has]
    found["parent"] = rows["address"][root[has]].astype(np.int64)
    found["nearest"] = rows["address"][rows["nearest"][has]].astype(np.int64)
    found["keeper"] = rows["address"][np.where(rows["keeper"] == ALONE, own, rows["keeper"])[has]].astype(np.int64)
    return found
