"""Clusters of duplicates: edges from equal keys, spanning forests, and exact connected components."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.text.kernel import inline, kernel

Addresses = NDArray[np.uint64]
Edges = NDArray[np.uint64]  # [m, 2]: pairs of addresses


@dataclass(frozen=True, eq=False)
class Components:
    """`label[i]` is the smallest address of the component of `address[i]`; addresses ascend."""

    address: Addresses
    label: Addresses


@kernel
def sharing(packed: NDArray[np.uint64], index_bits: int) -> NDArray[np.int64]:
    """The indices (lower bits) of all numbers whose upper bits stand more than once; `packed` is sorted."""
    found = np.empty(len(packed), np.int64)
    count = 0
    mask = (uint64(1) << uint64(index_bits)) - uint64(1)
    for i in range(len(packed)):
        upper = packed[i] >> uint64(index_bits)
        if (i > 0 and packed[i - 1] >> uint64(index_bits) == upper) or (
            i + 1 < len(packed) and packed[i + 1] >> uint64(index_bits) == upper
        ):
            found[count] = int64(packed[i] & mask)
            count += 1
    return found[:count].copy()


def candidates(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where `keys` may stand more than once: one sort of numbers that hold a key's lower bits and its index.

    With 10 million keys 40 bits of each take part, and some 45 strangers slip in: the caller compares all bits.
    """
    index_bits = max(1, (len(keys) - 1).bit_length())
    packed = keys << np.uint64(index_bits)
    packed |= np.arange(len(keys), dtype=np.uint64)
    packed.sort()
    return sharing(packed, index_bits)


def edges_of_equal_keys(keys: NDArray[np.uint64], addresses: Addresses) -> Edges:
    """From each address that shares its key (of 64 bits, or [m, 2] of 128) an edge to the smallest that has it."""
    if len(keys) < 2:
        return np.empty((0, 2), np.uint64)
    halves = keys.reshape(len(keys), -1)
    near = candidates(halves[:, 0])
    halves, addresses = halves[near], addresses[near]
    order = np.lexsort((addresses, *halves.T))
    halves, addresses = halves[order], addresses[order]
    starts = np.ones(len(order), np.bool_)
    starts[1:] = (halves[1:] != halves[:-1]).any(axis=1)
    smallest = addresses[np.flatnonzero(starts)][np.cumsum(starts) - 1]
    edges = np.stack([smallest, addresses], axis=1)
    return edges[edges[:, 0] != edges[:, 1]]


@inline
def root_of(parents: NDArray[Any], node: int) -> int:
    """The root of a node's tree; the path to it is halved on the way."""
    while parents[node] != node:
        parents[node] = parents[parents[node]]
        node = parents[node]
    return node


@kernel
def join(ends: NDArray[Any], parents: NDArray[Any], spans: NDArray[np.bool_]) -> None:
    """Union by smallest node, so that a root is its tree's smallest; spans[e]: edge e joined two trees."""
    for edge in range(len(ends) // 2):
        one, other = root_of(parents, ends[2 * edge]), root_of(parents, ends[2 * edge + 1])
        spans[edge] = one != other
        parents[max(one, other)] = min(one, other)


@kernel
def flatten(parents: NDArray[Any]) -> None:
    """Every node points to its root: a parent is never larger, so one pass upwards does."""
    for node in range(len(parents)):
        parents[node] = parents[parents[node]]


def joined(edges: Edges) -> tuple[Addresses, NDArray[Any], NDArray[np.bool_]]:
    """The addresses that edges name, the union-find over their ranks, and which edges joined two trees."""
    nodes, ends = np.unique(edges.reshape(-1), return_inverse=True)
    parents = np.arange(len(nodes), dtype=np.uint32 if len(nodes) < 1 << 32 else np.uint64)
    spans = np.empty(len(edges), np.bool_)
    join(ends.astype(parents.dtype), parents, spans)
    return nodes, parents, spans


def forest(edges: Edges) -> Edges:
    """A spanning forest of these edges: the same components from at most one edge a node."""
    _, _, spans = joined(edges)
    return edges[spans]


def components(edges: Edges) -> Components:
    """The exact connected components of all addresses that an edge names."""
    nodes, parents, _ = joined(edges)
    flatten(parents)
    return Components(nodes, nodes[parents])
