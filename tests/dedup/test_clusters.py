"""Components are scipy's, forests span them, and equal keys become stars."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.dedup.clusters import Components, Edges, components, components_of, edges_of_equal_keys, forest, ranked
from pipeline.dedup.ranges import address_of

NODES = st.integers(0, 15) | st.sampled_from([1 << 32, (1 << 64) - 1, (7 << 32) + 3])
EDGES = st.lists(st.tuples(NODES, NODES), max_size=30).map(lambda pairs: np.array(pairs, np.uint64).reshape(-1, 2))
FIELDS = ("address", "label")
KEYS = st.sampled_from([0, 1, 2, 1 << 40, (1 << 40) + 1, 1 << 63, (1 << 64) - 1])


def scipy_labels(edges: Edges) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Each address beside the smallest of its component, by scipy."""
    nodes, ends = np.unique(edges, return_inverse=True)
    ends = ends.reshape(-1, 2)
    graph = coo_array((np.ones(len(edges)), (ends[:, 0], ends[:, 1])), shape=(len(nodes), len(nodes)))
    count, number = connected_components(graph, directed=False)
    smallest = np.array([nodes[number == n].min() for n in range(count)], np.uint64)
    return nodes, smallest[number] if count else nodes


def same(one: Components, other: Components) -> bool:
    return np.array_equal(one.address, other.address) and np.array_equal(one.label, other.label)


@given(EDGES)
def test_components_are_scipys(edges: Edges) -> None:
    nodes, labels = scipy_labels(edges)
    assert same(components(edges), Components(nodes, labels))


@given(EDGES, st.randoms(use_true_random=False))
def test_components_do_not_depend_on_the_order_or_direction_of_edges(edges: Edges, random: object) -> None:
    order = np.random.default_rng(len(edges)).permutation(len(edges))
    assert same(components(edges[order][:, ::-1]), components(edges))


@given(EDGES)
def test_a_forest_has_the_same_components_and_no_edge_too_many(edges: Edges) -> None:
    spanning = forest(edges)
    whole = components(edges)
    assert len(spanning) == len(whole.address) - len(np.unique(whole.label))
    alone = np.setdiff1d(whole.address, spanning)
    assert np.array_equal(whole.label[np.isin(whole.address, alone)], alone)
    assert same(components(np.concatenate([spanning, np.stack([alone, alone], axis=1)])), whole)


@given(EDGES, EDGES)
def test_forests_of_parts_have_the_components_of_the_whole(one: Edges, other: Edges) -> None:
    loops = np.repeat(np.unique(np.concatenate([one, other]))[:, None], 2, axis=1)
    parts = np.concatenate([forest(one), forest(other), loops])
    assert same(components(parts), components(np.concatenate([one, other, loops])))


@given(st.lists(KEYS, max_size=20), st.randoms(use_true_random=False))
def test_equal_keys_lead_to_the_smallest_address_that_has_them(keys: list[int], random: object) -> None:
    addresses = np.random.default_rng(len(keys)).permutation(len(keys)).astype(np.uint64) << np.uint64(31)
    holders: dict[int, list[int]] = {}
    for key, address in zip(keys, addresses.tolist(), strict=True):
        holders.setdefault(key, []).append(address)
    expected = {(min(all_of), other) for all_of in holders.values() for other in all_of if other != min(all_of)}
    edges = edges_of_equal_keys(np.array(keys, np.uint64), addresses)
    assert len(edges) == len(expected)
    assert {(int(a), int(b)) for a, b in edges} == expected


@given(st.lists(st.tuples(KEYS, KEYS), max_size=20))
def test_of_a_128_bit_key_both_halves_must_be_equal(keys: list[tuple[int, int]]) -> None:
    edges = edges_of_equal_keys(np.array(keys, np.uint64).reshape(-1, 2), np.arange(len(keys), dtype=np.uint64))
    assert {(int(a), int(b)) for a, b in edges} == {(keys.index(key), n) for n, key in enumerate(keys)} - {
        (n, n) for n in range(len(keys))
    }


def test_one_document_twice_in_a_key_is_no_edge() -> None:
    edges = edges_of_equal_keys(np.array([5, 5], np.uint64), np.array([1, 1], np.uint64))
    assert edges.shape == (0, 2)


@given(EDGES, EDGES, EDGES)
def test_components_of_parts_come_unit_by_unit_and_are_those_of_the_whole(one: Edges, two: Edges, three: Edges) -> None:
    parts = [address_of(part % np.uint64(5), part >> np.uint64(2) & np.uint64(255)) for part in (one, two, three)]
    found = list(components_of(lambda: parts))
    whole = components(np.concatenate(parts))
    empty = np.zeros(0, np.uint64)
    joined = Components(*(np.concatenate([empty, *(getattr(each, name) for each in found)]) for name in FIELDS))
    assert same(joined, whole)
    assert [len(np.unique(each.address >> np.uint64(32))) for each in found] == [1] * len(found)


def test_components_of_parts_refuse_units_beyond_any_plan() -> None:
    with pytest.raises(ValueError, match="more than 16,777,216 units"):
        list(components_of(lambda: [np.array([[0, 1 << 63]], np.uint64)]))


@given(EDGES)
def test_dense_and_sparse_addresses_are_ranked_alike(edges: Edges) -> None:
    dense = edges % np.uint64(1 << 12)
    nodes, places = ranked(dense)
    expected, inverse = np.unique(dense, return_inverse=True)
    assert np.array_equal(nodes, expected)
    assert np.array_equal(places, inverse.reshape(-1))
