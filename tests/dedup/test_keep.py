"""Survivors: the policy decides, then the id's hash; never the order of the input."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.keep import DEFAULTS, by_date, by_number, choose, columns_of, follow, preferences

FLOATS = st.floats(allow_nan=True) | st.none() | st.integers(-3, 3)


def uints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    return np.array(values, np.uint64)


@given(st.lists(FLOATS, min_size=1, max_size=20))
def test_numbers_keep_their_order_and_missing_ones_are_worst(values: list[float | None]) -> None:
    found = by_number(pa.array([None if v is None else float(v) for v in values], pa.float64()))
    worth = [-math.inf if v is None or v != v else v for v in values]
    missing = [v is None or v != v for v in values]
    for i in range(len(values)):
        assert (found[i] == 0) == missing[i]
        for j in range(len(values)):
            if not missing[i] and not missing[j]:
                assert (found[i] < found[j]) == (worth[i] < worth[j])


def test_dates_are_ordered_at_any_precision() -> None:
    ascending = [
        None, "0999", "2023", "2023-01-02", "2023-01-02T03:04:05Z", "2023-01-02T03:04:05.25Z", "2023-01-02T03:04:06Z",
        "2024-01-01T00:00:00+00:00",
    ]  # fmt: skip
    found = by_date(pa.array(ascending))
    assert found.tolist() == sorted(set(found.tolist()))
    assert by_date(pa.array([None, "", "unknown", "12"])).tolist() == [0, 0, 0, 0]
    assert len(set(by_date(pa.array(["2023-01-02", "2023-01-02T00:00:00Z", "2023-01-02T00:00:00.000+00:00"])))) == 1


def test_preferences_stand_in_the_policys_order() -> None:
    columns = {
        "quality": pa.array([0.5, None], pa.float32()),
        "date": pa.array(["2024", "2025"]),
        "text_bytes": pa.array([1, 2]),
    }
    prefer = preferences(["newest", "quality", "longest"], columns, 2)
    assert (prefer[0] < prefer[1]).tolist() == [True, False, True]
    assert preferences([], columns, 2).shape == (2, 0)


def test_an_unknown_policy_is_named_with_the_known_ones() -> None:
    assert columns_of(DEFAULTS["minhash"]) == ["quality", "text_bytes"]
    with pytest.raises(ValueError, match=r"called best \(quality, newest, longest, source, licence\)"):
        columns_of(["quality", "best"])


@pytest.mark.parametrize(
    ("prefer", "ties", "keeper"),
    [
        ([[1], [2], [3]], [1, 2, 3], 30),
        ([[1], [3], [3]], [1, 9, 2], 30),
        ([[3, 1], [3, 2], [2, 9]], [1, 2, 3], 20),
        ([[], [], []], [5, 4, 6], 20),
        ([[], [], []], [5, 5, 5], 10),
    ],
)
def test_the_survivor_is(prefer: list[list[int]], ties: list[int], keeper: int) -> None:
    found = choose(uints(10, 10, 10), np.array(prefer, np.uint64), uints(*ties), uints(10, 20, 30))
    assert found.tolist() == [keeper] * 3


MEMBERS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=20)


@given(MEMBERS, st.integers(0, 99))
def test_survivors_are_pythons_in_any_order(members: list[tuple[int, int, int]], shuffle: int) -> None:
    cluster, first, tie = (np.array(column, np.uint64) for column in zip(*members, strict=True))
    address = np.arange(len(members), dtype=np.uint64) + np.uint64(100)
    expected = [
        max(range(len(members)), key=lambda i: (members[i][0] == label, members[i][1], -members[i][2], -i)) + 100
        for label, _, _ in members
    ]
    order = np.random.default_rng(shuffle).permutation(len(members))
    found = choose(cluster[order], first[order, None], tie[order], address[order])
    assert found.tolist() == [expected[i] for i in order]


@given(st.permutations(range(12)), st.lists(st.integers(0, 11), min_size=12, max_size=12))
def test_keepers_are_followed_to_the_end(order: list[int], chosen: list[int]) -> None:
    """Document n is dropped for a smaller one; document 0 is never dropped."""
    keeper = {n: chosen[n] % n for n in order if n}

    def end(document: int) -> int:
        return end(keeper[document]) if document in keeper else document

    found = follow(uints(*keeper), uints(*keeper.values()))
    assert found.tolist() == [end(document) for document in keeper]


def test_a_long_chain_has_one_end() -> None:
    dropped = np.arange(1, 100_001, dtype=np.uint64)
    assert (follow(dropped, dropped - np.uint64(1)) == 0).all()


def test_nothing_dropped_nothing_followed() -> None:
    assert len(follow(uints(), uints())) == 0


@pytest.mark.parametrize(("dropped", "keeper"), [([1], [1]), ([1, 2], [2, 1]), ([1, 2, 3, 4], [9, 3, 4, 2])])
def test_a_circle_of_keepers_is_an_error(dropped: list[int], keeper: list[int]) -> None:
    with pytest.raises(ValueError, match="circle"):
        follow(uints(*dropped), uints(*keeper))


def test_a_document_dropped_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="twice"):
        follow(uints(1, 1), uints(2, 3))
