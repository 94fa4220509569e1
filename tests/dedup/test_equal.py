"""Equal keys are found by all of their bits, whatever bucket and table they share."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.dedup import equal
from pipeline.dedup.equal import equal_rows

ALIKE = st.sampled_from([0, 1, 2, 1 << 40, (1 << 40) + 1, 1 << 63, (1 << 64) - 1])
KEYS = st.lists(st.tuples(ALIKE, ALIKE), max_size=40).map(lambda keys: np.array(keys, np.uint64).reshape(-1, 2))


def plainly(keys: NDArray[np.uint64]) -> set[tuple[int, int]]:
    """(first row of a key, another row of it)."""
    rows = [tuple(key) for key in keys.tolist()]
    return {(rows.index(key), n) for n, key in enumerate(rows)} - {(n, n) for n in range(len(rows))}


def found_in(keys: NDArray[np.uint64]) -> list[tuple[int, int]]:
    head, member = equal_rows(keys)
    return [(int(one), int(other)) for one, other in zip(head, member, strict=True)]


@given(KEYS, st.integers(1, 2))
def test_rows_of_equal_keys_are_those_that_plain_python_finds(keys: NDArray[np.uint64], halves: int) -> None:
    found = found_in(np.ascontiguousarray(keys[:, :halves]))
    assert len(found) == len(set(found))
    assert set(found) == plainly(keys[:, :halves])


@pytest.mark.parametrize("strangers", [lambda i: i << 40, lambda i: i, lambda i: i * 0x9E3779B97F4A7C15 % 2**64])
def test_keys_that_differ_in_some_bits_only_stay_apart(strangers: object) -> None:
    """Upper bits, lower bits, and all of them: none of 20,000 keys meets another, each meets itself."""
    keys = np.array([strangers(i) for i in range(1, 20_001)], np.uint64)  # type: ignore[operator]
    once, twice = keys[:, None], np.concatenate([keys, keys])[:, None]
    assert found_in(once) == []
    head, member = equal_rows(twice)
    assert np.array_equal(np.sort(head), np.arange(20_000))
    assert np.array_equal(member, head + 20_000)


def test_a_key_of_every_row_fills_one_bucket() -> None:
    head, member = equal_rows(np.full((30_000, 1), 7, np.uint64))
    assert (head == 0).all()
    assert np.array_equal(member, np.arange(1, 30_000))


def test_more_rows_than_32_bits_count_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(equal, "MOST_KEYS", 4)
    with pytest.raises(ValueError, match="4 keys in one range: more ranges are needed"):
        equal_rows(np.zeros((4, 1), np.uint64))
