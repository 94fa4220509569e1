"""Pairs looked at again: the components are those of plain Python over every pair that shares a band."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import Components, components, edges_of_equal_keys
from pipeline.dedup.minhash import Scheme, shingles, sign
from pipeline.dedup.verify import ESTIMATE, EXACT, distinct_shingles, taken, verified
from pipeline.text.layer import Text

LOOSE = Scheme("loose", bands=20, rows=1, shingle_words=1)  # nearly all that share a word share a band
WORDS = st.sampled_from("alpha beta gamma delta epsilon zeta eta".split())
TEXTS = st.lists(st.lists(WORDS, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=12)


def sets_of(texts: list[str]) -> list[set[int]]:
    offsets, hashes = shingles(Text.from_strings(texts), LOOSE)
    return [set(hashes[first:last].tolist()) for first, last in pairwise(offsets)]


def plainly(texts: list[str], verify: str, threshold: float) -> dict[int, int]:
    """Document -> the smallest of its cluster, by looking at every pair."""
    signatures, sets = sign(Text.from_strings(texts), LOOSE), sets_of(texts)
    keys = band_keys(signatures, LOOSE)
    label = list(range(len(texts)))
    for one, other in combinations(range(len(texts)), 2):
        jaccard = len(sets[one] & sets[other]) / len(sets[one] | sets[other])
        similar = jaccard if verify == EXACT else float(np.mean(signatures[one] == signatures[other]))
        if (keys[one] == keys[other]).any() and similar >= threshold - 1e-9:
            low, high = sorted((label[one], label[other]))
            label = [low if each == high else each for each in label]
    return {i: name for i, name in enumerate(label) if label.count(name) > 1}


def looked_at(texts: list[str], verify: str, threshold: float) -> dict[int, int]:
    text = Text.from_strings(texts)
    signatures = sign(text, LOOSE)
    addresses = np.repeat(np.arange(len(texts), dtype=np.uint64), LOOSE.bands)
    near = components(edges_of_equal_keys(band_keys(signatures, LOOSE).reshape(-1), addresses))
    places = near.address.astype(np.int64)
    if verify == EXACT:
        offsets, distinct = distinct_shingles(*shingles(text, LOOSE))
        compared = taken(np.diff(offsets), distinct, places)
    else:
        compared = np.arange(len(places) + 1) * LOOSE.hashes, signatures[places].reshape(-1)
    found = verified(near, *compared, LOOSE, verify, threshold)
    return dict(zip(found.address.tolist(), found.label.tolist(), strict=True))


@given(TEXTS, st.sampled_from([ESTIMATE, EXACT]), st.sampled_from([0.0, 0.4, 0.5, 0.8, 1.0]))
@settings(deadline=None)
def test_clusters_are_those_of_every_similar_pair(texts: list[str], verify: str, threshold: float) -> None:
    assert looked_at(texts, verify, threshold) == plainly(texts, verify, threshold)


def test_four_of_five_shingles_meet_a_threshold_of_four_fifths() -> None:
    assert looked_at(["a b c d", "a b c d e"], EXACT, 0.8) == {0: 0, 1: 0}
    assert looked_at(["a b c d", "a b c d e"], EXACT, 0.81) == {}


def test_documents_of_two_clusters_are_not_compared_although_they_share_bands() -> None:
    """They were kept apart before, by a scope."""
    offsets, hashes = distinct_shingles(*shingles(Text.from_strings(["a b"] * 4), LOOSE))
    apart = Components(np.arange(4, dtype=np.uint64), np.array([0, 1, 0, 1], np.uint64))
    assert verified(apart, offsets, hashes, LOOSE, EXACT, 0.5).label.tolist() == [0, 1, 0, 1]


@given(st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=6))
def test_distinct_shingles_are_sets_in_order(documents: list[list[int]]) -> None:
    offsets = np.concatenate([[0], np.cumsum([len(each) for each in documents])]).astype(np.int64)
    flat = np.array([value for each in documents for value in each], np.uint32)
    found, values = distinct_shingles(offsets, flat)
    assert lists(found, values) == [sorted(set(each)) for each in documents]


def lists(offsets: NDArray[np.int64], values: NDArray[np.uint32]) -> list[list[int]]:
    return [values[a:b].tolist() for a, b in pairwise(offsets)]


@pytest.mark.parametrize("places", [[], [2], [2, 0, 0], [1, 0, 2]])
def test_lists_are_taken_in_any_order(places: list[int]) -> None:
    sizes, values = np.array([2, 0, 3]), np.array([1, 2, 7, 8, 9], np.uint32)
    whole = [[1, 2], [], [7, 8, 9]]
    assert lists(*taken(sizes, values, np.array(places, np.int64))) == [whole[i] for i in places]


@pytest.mark.parametrize("places", [[], [1], [2, 0, 0]])
def test_lists_of_one_length_are_taken_as_rows(places: list[int]) -> None:
    values = np.arange(6, dtype=np.uint32)
    found = taken(np.array([2, 2, 2]), values, np.array(places, np.int64))
    assert lists(*found) == [[2 * i, 2 * i + 1] for i in places]
    assert found[0].dtype == np.int64
