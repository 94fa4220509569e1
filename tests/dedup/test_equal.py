"""Equal keys are found by all of their bits, whatever bucket and table they share."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.dedup import equal
from pipeline.dedup.equal import stars_of_equal

ALIKE = st.sampled_from([0, 1, 2, 1 << 40, (1 << 40) + 1, 1 << 63, (1 << 64) - 1])
KEYS = st.lists(st.tuples(ALIKE, ALIKE), max_size=40).map(lambda keys: np.array(keys, np.uint64).reshape(-1, 2))


def plainly(keys: NDArray[np.uint64]) -> set[tuple[int, int]]:
    """(first row of a key, another row of it)."""
    rows = [tuple(key) for key in keys.tolist()]
    return {(rows.index(key), n) for n, key in enumerate(rows)} - {(n, n) for n in range(len(rows))}


def found_in(keys: NDArray[np.uint64], parts: int = 1) -> list[tuple[int, int]]:
    """The edges between rows, which are given in parts."""
    rows = np.arange(len(keys), dtype=np.uint64)
    given = list(zip(np.array_split(keys, parts), np.array_split(rows, parts), strict=True))
    return [(int(one), int(other)) for one, other in stars_of_equal(lambda: given)]


@given(KEYS, st.integers(1, 2), st.integers(1, 3))
def test_rows_of_equal_keys_are_those_that_plain_python_finds(
    keys: NDArray[np.uint64], halves: int, parts: int
) -> None:
    found = found_in(np.ascontiguousarray(keys[:, :halves]), parts)
    assert len(found) == len(set(found))
    assert set(found) == plainly(keys[:, :halves])


@pytest.mark.parametrize("strangers", [lambda i: i << 40, lambda i: i, lambda i: i * 0x9E3779B97F4A7C15 % 2**64])
def test_keys_that_differ_in_some_bits_only_stay_apart(strangers: Callable[[int], int]) -> None:
    """Upper bits, lower bits, and all of them: none of 20,000 keys meets another, each meets itself."""
    keys = np.array([strangers(i) for i in range(1, 20_001)], np.uint64)
    assert found_in(keys[:, None]) == []
    assert set(found_in(np.concatenate([keys, keys])[:, None])) == {(i, i + 20_000) for i in range(20_000)}


def test_a_key_of_every_row_fills_one_bucket() -> None:
    assert set(found_in(np.full((30_000, 1), 7, np.uint64), 4)) == {(0, i) for i in range(1, 30_000)}


def test_edges_lead_to_the_smallest_address_in_whatever_order_they_come() -> None:
    addresses = np.array([5, 3, 9, 1, 3], np.uint64)
    edges = stars_of_equal(lambda: [(np.zeros((5, 1), np.uint64), addresses)])
    assert {(int(one), int(other)) for one, other in edges} == {(1, 3), (1, 5), (1, 9)}


def test_more_keys_than_32_bits_count_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equal, "MOST_KEYS", 4)
    with pytest.raises(ValueError, match="4 keys in one range: more ranges are needed"):
        found_in(np.zeros((4, 1), np.uint64))
