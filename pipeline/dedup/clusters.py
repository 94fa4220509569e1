"""Clusters of duplicates: edges from equal keys, spanning forests, and exact connected components."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.equal import stars_of_equal
from pipeline.dedup.numbering import MOST_UNITS, Numbering, numbering, words_of
from pipeline.text.kernel import inline, kernel

Addresses = NDArray[np.uint64]
Edges = NDArray[np.uint64]  # [m, 2]: pairs of addresses

FEW_WORDS = 1024  # 8 kB: of bits that any graph may take


@dataclass(frozen=True, eq=False)
class Components:
    """`label[i]` is the smallest address of the component of `address[i]`; addresses ascend."""

    address: Addresses
    label: Addresses


def edges_of_equal_keys(keys: NDArray[np.uint64], addresses: Addresses) -> Edges:
    """From each address that shares its key (of 64 bits, or [m, 2] of 128) an edge to the smallest that has it.

    All bits are compared: a colliding key would merge strangers.
    """
    if len(keys) < 2:
        return np.empty((0, 2), np.uint64)
    rows = np.ascontiguousarray(keys).reshape(len(keys), -1)
    return stars_of_equal(lambda: [(rows, addresses)])


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


def ranked(edges: Edges) -> tuple[Addresses, NDArray[np.int64]]:
    """The addresses that edges name, ascending, and the place among them of every end.

    Where a bit for each document of their units takes less than the edges themselves, nothing is sorted.
    """
    ends = np.ascontiguousarray(edges).reshape(-1)
    words = words_of([ends])
    if words is None or words.sum() > len(ends) + FEW_WORDS:
        nodes, places = np.unique(ends, return_inverse=True)
        return nodes, places.astype(np.int64)
    dense = numbering(words, [ends])
    return dense.addresses(np.arange(len(dense))), dense.numbers(ends)


def apart(nodes: int) -> NDArray[Any]:
    """A union-find in which every node stands alone: 4 bytes a node, 8 beyond 2^32 nodes."""
    return np.arange(nodes, dtype=np.uint32 if nodes < 1 << 32 else np.int64)


def joined(edges: Edges) -> tuple[Addresses, NDArray[Any], NDArray[np.bool_]]:
    """The addresses that edges name, the union-find over their ranks, and which edges joined two trees."""
    nodes, ends = ranked(edges)
    parents = apart(len(nodes))
    spans = np.empty(len(edges), np.bool_)
    join(ends, parents, spans)
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


def numbered(parts: Callable[[], Iterable[Edges]]) -> Numbering:
    """The documents that any part names; `parts()` is asked for twice."""
    words = words_of(part.reshape(-1) for part in parts())
    if words is None:
        raise ValueError(f"more than {MOST_UNITS:,} units")
    return numbering(words, (part.reshape(-1) for part in parts()))


def components_of(parts: Callable[[], Iterable[Edges]]) -> Iterator[Components]:
    """The components of all parts together, unit by unit, while one part at a time is in memory.

    `parts()` is asked for four times: for the extent of the units, the documents named, the edges, and the proof that
    both ends of each have one label: ValueError where not (the parts changed meanwhile). Beside a part it takes a
    quarter of a byte for each document of the units, and 4 bytes (8 beyond 2^32) for each document in an edge.
    """
    named = numbered(parts)
    parents = apart(len(named))
    for part in parts():
        join(named.numbers(part.reshape(-1)), parents, np.empty(len(part), np.bool_))
    flatten(parents)
    for part in parts():
        found = parents[named.numbers(part.reshape(-1))].reshape(-1, 2)
        if (found[:, 0] != found[:, 1]).any():
            raise ValueError("an edge with two labels")
    for unit in range(len(named.first) - 1):
        start, stop = named.of_unit(unit)
        if start < stop:
            own = named.addresses(np.arange(start, stop))
            yield Components(own, named.addresses(parents[start:stop].astype(np.int64)))
