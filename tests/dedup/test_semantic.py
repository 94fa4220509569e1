"""Semantic neighbours are those of every cosine computed one by one, in any order and any block."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.dedup import semantic
from pipeline.dedup.semantic import Halves, Neighbours, nearest_centroids, neighbours, unit_vectors


def crowd(count: int, seed: int, dimensions: int = 8, spread: float = 0.3) -> Halves:
    """Vectors around a few directions, so that some are near and some are not."""
    chance = np.random.default_rng(seed)
    directions = chance.normal(size=(max(count // 6, 1), dimensions))
    near = directions[chance.integers(0, len(directions), count)] + spread * chance.normal(size=(count, dimensions))
    return unit_vectors(near).astype(np.float16)


def plain_cosines(embeddings: Halves) -> NDArray[np.float64]:
    """Every cosine, in float64."""
    exact = embeddings.astype(np.float64)
    exact /= np.linalg.norm(exact, axis=1, keepdims=True)
    products: NDArray[np.float64] = np.einsum("ik,jk->ij", exact, exact)
    return products


def found(embeddings: Halves, drawer: NDArray[np.int32], threshold: float, shown: int = 0) -> Neighbours:
    """With addresses and hashes of ids that say nothing of the order; the longest of ten lengths is preferred."""
    chance = np.random.default_rng(9)
    addresses = np.arange(len(embeddings), dtype=np.uint64) * 5 + 3
    prefer = chance.integers(0, 10, (len(embeddings), 1)).astype(np.uint64)
    ties = chance.permutation(len(embeddings)).astype(np.uint64)
    return neighbours(embeddings, drawer, prefer, ties, addresses, threshold, shown)


def plain_ranks(count: int) -> list[int]:
    """The rows in the order of preference that `found` gives them."""
    chance = np.random.default_rng(9)
    prefer, ties = chance.integers(0, 10, (count, 1)), chance.permutation(count)
    return sorted(range(count), key=lambda row: (-prefer[row, 0], ties[row]))


def plain_keepers(near: NDArray[np.bool_], cosines: NDArray[np.float64]) -> list[int]:
    """Each row's keeper: rows are asked in the order of preference, and what has a kept neighbour goes."""
    keeper = list(range(len(near)))
    kept: list[int] = []
    for row in plain_ranks(len(near)):
        beside = [other for other in kept if near[row, other]]
        if beside:
            keeper[row] = max(beside, key=lambda other: cosines[row, other])
        else:
            kept.append(row)
    return keeper


@given(st.integers(0, 40), st.integers(0, 1000), st.integers(1, 4), st.sampled_from([0.8, 0.95]))
@settings(max_examples=30, deadline=None)
def test_pairs_groups_and_nearest_are_those_of_all_cosines(count: int, seed: int, drawers: int, least: float) -> None:
    embeddings = crowd(count, seed)
    cluster = np.random.default_rng(seed).integers(0, drawers, count).astype(np.int32)
    cosines = plain_cosines(embeddings)
    near = (cosines >= least) & (cluster[:, None] == cluster[None])
    np.fill_diagonal(near, False)
    got = found(embeddings, cluster, least)
    rows = np.flatnonzero(near.any(axis=1))
    assert got.pairs == near.sum() // 2
    assert got.address.tolist() == (rows * 5 + 3).tolist()
    assert got.cosine == pytest.approx(np.where(near, cosines, -1).max(axis=1, initial=-1)[rows], abs=1e-12)
    _, number = connected_components(coo_array(near), directed=False) if count else (0, np.zeros(0, int))
    ranks = plain_ranks(count)
    best = [next(other for other in ranks if number[other] == number[row]) for row in rows]
    assert got.label.tolist() == [row * 5 + 3 for row in best]
    keepers = plain_keepers(near, cosines)
    assert got.keeper.tolist() == [keepers[row] * 5 + 3 for row in rows]


def test_the_pairs_shown_are_the_nearest_to_the_threshold_on_both_sides() -> None:
    embeddings = crowd(60, 4)
    got = found(embeddings, np.zeros(60, np.int32), 0.9, shown=7)
    cosines = np.sort(plain_cosines(embeddings)[np.triu_indices(60, 1)])
    assert got.above["cosine"] == pytest.approx(cosines[cosines >= 0.9][:7], abs=1e-12)
    assert got.below["cosine"] == pytest.approx(cosines[cosines < 0.9][::-1][:7], abs=1e-12)
    pair = got.above[0]
    rows = (pair["one"] - 3) // 5, (pair["other"] - 3) // 5
    assert plain_cosines(embeddings)[int(rows[0]), int(rows[1])] == pytest.approx(pair["cosine"], abs=1e-12)


def test_fewer_pairs_than_places_leave_places_empty() -> None:
    got = found(crowd(3, 1), np.zeros(3, np.int32), 2.0, shown=7)
    assert (len(got.above), len(got.below), len(got.address)) == (0, 3, 0)


def as_told(got: Neighbours) -> list[Any]:
    """Everything that is found, to the last bit."""
    arrays = (got.address, got.label, got.nearest, got.cosine, got.keeper, got.above, got.below)
    return [array.tobytes() for array in arrays] + [got.pairs, got.compared]


@pytest.mark.parametrize("block", [7, 64, 1024])
def test_nothing_depends_on_the_order_of_documents_or_the_size_of_a_block(
    block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    embeddings, chance = crowd(200, 2, dimensions=32), np.random.default_rng(5)
    embeddings[20:30] = embeddings[10]  # equal cosines: the hash of the id decides
    cluster = chance.integers(0, 3, 200).astype(np.int32)
    addresses, ties = chance.permutation(200).astype(np.uint64), chance.integers(0, 1 << 60, 200).astype(np.uint64)
    prefer = chance.integers(0, 3, (200, 2)).astype(np.uint64)
    whole = neighbours(embeddings, cluster, prefer, ties, addresses, 0.9, 10)
    assert len(whole.address) > 50
    monkeypatch.setattr(semantic, "BLOCK", block)
    order = chance.permutation(200)
    given_so = embeddings[order], cluster[order], prefer[order], ties[order], addresses[order]
    assert as_told(neighbours(*given_so, 0.9, 10)) == as_told(whole)


def test_a_chain_is_not_dropped_for_one_end_of_it() -> None:
    turns = np.arange(5) * np.arccos(0.96)
    chain = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float16)
    numbers = np.arange(5, dtype=np.uint64)
    got = neighbours(chain, np.zeros(5, np.int32), ~numbers[:, None], numbers, numbers, 0.95)
    assert got.label.tolist() == [0] * 5
    assert got.keeper.tolist() == [0, 0, 2, 2, 4]


def test_a_cosine_at_the_threshold_is_a_pair_and_the_next_number_above_it_is_none() -> None:
    embeddings = crowd(2, 3, dimensions=64)
    exact = float(found(embeddings, np.zeros(2, np.int32), -1.0).cosine[0])
    assert found(embeddings, np.zeros(2, np.int32), exact).pairs == 1
    assert found(embeddings, np.zeros(2, np.int32), float(np.nextafter(exact, 2))).pairs == 0


def test_the_nearest_centroid_is_that_of_the_largest_product_whatever_stands_beside() -> None:
    embeddings, centroids = crowd(100, 6, dimensions=16), unit_vectors(np.random.default_rng(7).normal(size=(9, 16)))
    cluster = nearest_centroids(embeddings, centroids)
    products = embeddings.astype(np.float64) @ centroids.astype(np.float64).T
    assert cluster.tolist() == products.argmax(axis=1).tolist()
    assert np.concatenate([nearest_centroids(row[None], centroids) for row in embeddings]).tolist() == cluster.tolist()


@pytest.mark.parametrize(
    ("vector", "unit"),
    [
        ([3.0, 4.0], [0.6, 0.8]),
        ([0.0, 0.0], [0.0, 0.0]),
        ([np.nan, 1.0], [0.0, 0.0]),
        ([np.inf, 1.0], [0.0, 0.0]),
        ([3e300, 4e300], [0.6, 0.8]),
        ([3e-320, 4e-320], [0.6, 0.8]),
    ],
)
def test_unit_vectors_point_where_the_vector_does_or_nowhere(vector: list[float], unit: list[float]) -> None:
    assert unit_vectors(np.array([vector]))[0].tolist() == pytest.approx(unit, rel=1e-4)
