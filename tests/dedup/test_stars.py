"""Rounds of large-star and small-star, by ranges of nodes, end in the components that scipy finds."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.dedup.clusters import Components, Edges, components
from pipeline.dedup.ranges import range_of
from pipeline.dedup.stars import both_ways, disagreeing, labels, large_star, small_star
from pipeline.text.hashing import GOLDEN
from tests.dedup.test_clusters import EDGES, same, scipy_labels

MOST_ROUNDS = 40
Star = Callable[[Edges], tuple[Edges, int]]


def by_ranges(star: Star, edges: Edges, ranges: int) -> tuple[Edges, int]:
    """The star of every range of first ends by itself."""
    where = range_of(edges[:, 0] * np.uint64(GOLDEN), ranges)
    made = [star(edges[where == number]) for number in range(ranges)]
    return np.concatenate([each for each, _ in made]), sum(moved for _, moved in made)


def rounds(edges: Edges, ranges: int) -> tuple[Edges, int]:
    """The stars that are left when nothing moves, and the rounds that this took."""
    for number in range(1, MOST_ROUNDS):
        large, moved = by_ranges(large_star, both_ways(edges), ranges)
        edges, moved_too = by_ranges(small_star, large, ranges)
        if moved + moved_too == 0:
            return edges, number
    raise AssertionError("no end")


def proper(edges: Edges) -> Edges:
    apart: Edges = edges[edges[:, 0] != edges[:, 1]]
    return apart


@given(EDGES, st.integers(1, 5))
def test_the_rounds_end_in_scipys_components(edges: Edges, ranges: int) -> None:
    nodes, expected = scipy_labels(proper(edges))
    stars, _ = rounds(edges, ranges)
    found, wrong = labels(stars)
    assert same(found, Components(nodes, expected))
    assert wrong == 0


@pytest.mark.parametrize(("shape", "most"), [("chain", 21), ("star", 2), ("random", 12)])
def test_a_million_nodes_are_scipys_components_both_ways(shape: str, most: int) -> None:
    nodes = np.arange(1_000_000, dtype=np.uint64)
    mixed = np.random.default_rng(1).permutation(nodes)
    ends = {
        "chain": (nodes[:-1], nodes[1:]),
        "star": (mixed[:1].repeat(len(nodes) - 1), mixed[1:]),
        "random": (np.random.default_rng(2).choice(nodes, len(nodes)), mixed),
    }
    edges = proper(np.stack(ends[shape], axis=1))
    stars, taken = rounds(edges, 2)
    graph = coo_array((np.ones(len(edges)), edges.astype(np.int64).T), shape=(len(nodes), len(nodes)))
    count, number = connected_components(graph, directed=False)
    smallest = np.full(count, len(nodes), np.uint64)
    np.minimum.at(smallest, number, nodes)
    for found in (components(edges), labels(stars)[0]):
        assert np.array_equal(found.label, smallest[number[found.address.astype(np.int64)]])
        assert len(found.address) + np.sum(np.bincount(number) == 1) == len(nodes)
    assert taken <= most


def test_larger_neighbours_move_to_the_smallest() -> None:
    """Node 5 knows 2, 7 and 9: the edges of 7 and 9 lead to 2 now, that of 2 is its own business."""
    made, moved = large_star(np.array([[5, 9], [5, 2], [5, 7], [5, 7]], np.uint64))
    assert sorted(made.tolist()) == [[7, 2], [7, 2], [9, 2]]
    assert moved == 3


def test_smaller_neighbours_move_to_the_smallest_of_them() -> None:
    made, moved = small_star(np.array([[9, 4], [9, 2], [9, 4], [8, 3]], np.uint64))
    assert sorted(made.tolist()) == [[4, 2], [4, 2], [8, 3], [9, 2]]
    assert moved == 2


@pytest.mark.parametrize(
    ("stars", "wrong"), [([[3, 1], [4, 1]], 0), ([[3, 1], [3, 2]], 1), ([[2, 1], [3, 2]], 1), ([[1, 3]], 1)]
)
def test_what_is_no_star_is_counted_as_wrong(stars: list[list[int]], wrong: int) -> None:
    """A second label, a centre that has one above it, a label larger than its node."""
    assert labels(np.array(stars, np.uint64))[1] == wrong


def test_other_labels_and_none_disagree() -> None:
    found = Components(np.array([2, 5], np.uint64), np.array([1, 2], np.uint64))
    expected = np.array([[2, 1], [5, 1], [4, 1], [9, 2], [5, 2]], np.uint64)
    assert disagreeing(found, expected) == 3
    assert disagreeing(Components(expected[:0, 0], expected[:0, 0]), expected) == 5
