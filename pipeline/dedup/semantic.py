"""Pairs of documents whose embeddings point the same way: exact cosines inside each k-means cluster.

SemDeDup, Abbas et al. 2023, section 3: k-means, then all pairs of a cluster. Products of blocks in float32 only find
the pairs that may count; each of these is then computed again from the float16 vectors in float64, term by term in
one order. So what is found depends neither on the order of documents nor on the size of a block, and a pair at the
threshold is decided the same way everywhere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.clusters import Addresses, flatten, root_of
from pipeline.text.kernel import inline, kernel

BLOCK = 1024  # vectors of a block: its products are 4 MB
ROUNDING = 2.0**-24  # half of a float32's last place: what each of a product's steps may be off by
ALONE = -1  # a document without a neighbour above the threshold
PAIR = np.dtype(
    [("cosine", np.float64), ("one", np.uint64), ("other", np.uint64), ("tie", np.uint64), ("other_tie", np.uint64)]
)

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Pairs = NDArray[np.void]  # of PAIR, by distance from the threshold; an empty place is infinitely far
Rows = NDArray[np.int64]


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
def cosine(vectors: Floats, lengths: NDArray[np.float64], one: int, other: int) -> float:
    """Of two rows, in float64: products of float16 values are exact there, and the order of the sum is fixed."""
    total = 0.0
    for k in range(vectors.shape[1]):
        total += float(vectors[one, k]) * float(vectors[other, k])
    return total / (lengths[one] * lengths[other])


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
def offer(
    pairs: Pairs, found: float, addresses: Addresses, ties: NDArray[np.uint64], one: int, other: int, threshold: float
) -> None:
    """Put a pair in its place among the nearest ones, where it has one."""
    if ties[other] < ties[one]:
        one, other = other, one
    distance, place = abs(found - threshold), len(pairs)
    while place > 0 and nearer(distance, ties[one], ties[other], pairs[place - 1], threshold):
        place -= 1
    for behind in range(len(pairs) - 1, place, -1):
        pairs[behind] = pairs[behind - 1]
    if place < len(pairs):
        pairs[place].cosine = found
        pairs[place].one, pairs[place].other = addresses[one], addresses[other]
        pairs[place].tie, pairs[place].other_tie = ties[one], ties[other]


@kernel
def compare(
    products: Floats,
    begins: tuple[int, int],
    vectors: Floats,
    lengths: NDArray[np.float64],
    addresses: Addresses,
    ties: NDArray[np.uint64],
    threshold: float,
    margin: float,
    parents: Rows,
    nearest: Rows,
    best: NDArray[np.float64],
    above: Pairs,
    below: Pairs,
) -> int:
    """Take in one block of products, those of the rows from begins[0] with those from begins[1]; counts the pairs.

    `parents` is the union-find of pairs above the threshold, `nearest` and `best` each row's nearest neighbour there.
    """
    pairs = 0
    last = len(below) - 1
    least = np.float32(min(threshold, below[last].cosine) - margin)
    for i in range(products.shape[0]):
        one = begins[0] + i
        for j in range(i + 1 if begins[0] == begins[1] else 0, products.shape[1]):
            if products[i, j] < least:
                continue
            other = begins[1] + j
            found = cosine(vectors, lengths, one, other)
            if found < threshold:
                offer(below, found, addresses, ties, one, other, threshold)
                least = np.float32(min(threshold, below[last].cosine) - margin)
                continue
            pairs += 1
            offer(above, found, addresses, ties, one, other, threshold)
            root, other_root = root_of(parents, one), root_of(parents, other)
            parents[max(root, other_root)] = min(root, other_root)
            closer(one, other, found, addresses, ties, nearest, best)
            closer(other, one, found, addresses, ties, nearest, best)
    return pairs


@inline
def closer(
    row: int,
    other: int,
    found: float,
    addresses: Addresses,
    ties: NDArray[np.uint64],
    nearest: Rows,
    best: NDArray[np.float64],
) -> None:
    """Let `other` be the row's nearest neighbour if it is nearer, or as near with a smaller hash of its id."""
    held = nearest[row]
    if found < best[row]:
        return
    if held >= 0 and found == best[row] and (ties[held], addresses[held]) < (ties[other], addresses[other]):
        return
    nearest[row], best[row] = other, found


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Documents that have a neighbour at or above the threshold, addresses ascending.

    `label`: the smallest address of those that pairs join with it; `nearest`: its nearest neighbour, at `cosine`.
    `above`, `below`: the pairs nearest to the threshold on both sides. `pairs` were found among `compared`.
    """

    address: Addresses
    label: Addresses
    nearest: Addresses
    cosine: NDArray[np.float64]
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


def drawers(cluster: NDArray[np.int32], addresses: Addresses) -> Iterator[Rows]:
    """The rows of each cluster, by address."""
    order = np.lexsort((addresses, cluster))
    for rows in np.split(order, np.flatnonzero(np.diff(cluster[order])) + 1):
        if len(rows) > 1:
            yield rows


def neighbours(
    embeddings: Halves,
    cluster: NDArray[np.int32],
    addresses: Addresses,
    ties: NDArray[np.uint64],
    threshold: float,
    shown: int = 0,
) -> Neighbours:
    """All pairs of equal `cluster` whose cosine is at least `threshold`; `ties` are the hashes of the ids.

    Quadratic in the largest cluster, without a limit: 100,000 documents of one are 5 * 10^9 products of 64 terms.
    """
    above, below = no_pairs(shown, np.inf), no_pairs(shown, -np.inf)
    members: list[tuple[Addresses, Addresses, Addresses, NDArray[np.float64]]] = []
    pairs = compared = 0
    for rows in drawers(cluster, addresses):
        found, count = in_drawer(embeddings[rows], addresses[rows], ties[rows], threshold, above, below)
        members.append(found)
        pairs, compared = pairs + count, compared + len(rows) * (len(rows) - 1) // 2
    columns = [np.concatenate(column) for column in zip(*members, strict=True)] or [
        *(np.zeros(0, np.uint64) for _ in range(3)),
        np.zeros(0, np.float64),
    ]
    order = np.argsort(columns[0])
    address, label, nearest, best = (column[order] for column in columns)
    sides = nearest_of(above, shown, threshold), nearest_of(below, shown, threshold)
    return Neighbours(address, label, nearest, best, *sides, pairs, compared)


def in_drawer(
    embeddings: Halves,
    addresses: Addresses,
    ties: NDArray[np.uint64],
    threshold: float,
    above: Pairs,
    below: Pairs,
) -> tuple[tuple[Addresses, Addresses, Addresses, NDArray[np.float64]], int]:
    """The members, labels, nearest neighbours and cosines of one cluster, addresses ascending; the number of pairs."""
    vectors, units = embeddings.astype(np.float32), unit_vectors(embeddings)
    lengths = np.sqrt((vectors.astype(np.float64) ** 2).sum(axis=1))
    parents, nearest = np.arange(len(vectors)), np.full(len(vectors), ALONE)
    best = np.full(len(vectors), -np.inf)
    margin = 2 * (vectors.shape[1] + 4) * ROUNDING
    pairs = 0
    for i in range(0, len(units), BLOCK):
        for j in range(i, len(units), BLOCK):
            products = units[i : i + BLOCK] @ units[j : j + BLOCK].T
            told = (products, (i, j), vectors, lengths, addresses, ties, threshold, margin)
            pairs += compare(*told, parents, nearest, best, above, below)
    flatten(parents)
    has = nearest != ALONE
    return (addresses[has], addresses[parents[has]], addresses[nearest[has]], best[has]), pairs
