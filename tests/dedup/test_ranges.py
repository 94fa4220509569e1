"""What crosses a shuffle comes back as it was; every key falls into one range."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from pipeline.dedup.ranges import KINDS, address_of, ordinal_of, pack, range_of, split, unit_of, unpack

ARRAYS = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: arrays(kind, st.tuples(st.integers(0, 5)) | st.tuples(st.integers(0, 5), st.integers(0, 3)))
)
NAMES = st.text(min_size=1, max_size=20)


@given(st.dictionaries(NAMES, ARRAYS, max_size=4))
def test_arrays_come_back_as_they_were(packed: dict[str, NDArray[Any]]) -> None:
    again = unpack(pack(**packed))
    assert list(again) == list(packed)
    for name, array in packed.items():
        assert again[name].dtype == array.dtype
        assert again[name].shape == array.shape
        assert again[name].tobytes() == array.tobytes()
        assert again[name].flags.aligned
        assert again[name].flags.writeable


def test_the_same_arrays_are_the_same_bytes() -> None:
    keys = np.arange(6, dtype=np.uint64).reshape(3, 2)
    assert pack(keys=keys) == pack(keys=np.asfortranarray(keys)) == pack(keys=keys[::-1][::-1])


def test_an_array_costs_at_most_32_bytes_more() -> None:
    assert len(pack(address=np.zeros(50, np.uint64))) <= 400 + 32


@given(st.lists(st.integers(0, (1 << 64) - 1), min_size=1), st.integers(1, 1000))
def test_ranges_follow_the_order_of_keys(keys: list[int], ranges: int) -> None:
    found = range_of(np.array(sorted(keys), np.uint64), ranges)
    assert found.tolist() == sorted(found.tolist())
    assert 0 <= found[0] <= found[-1] < ranges
    assert range_of(np.array([[keys[0], 1], [keys[0], 2]], np.uint64), ranges).tolist() == [keys[0] * ranges >> 64] * 2


def test_ranges_are_equal_in_size() -> None:
    keys = np.arange(1 << 16, dtype=np.uint64) << np.uint64(48)
    assert set(np.bincount(range_of(keys, 8))) == {1 << 13}


@given(st.lists(st.integers(0, 4), max_size=30))
def test_a_split_loses_and_moves_nothing(ranges: list[int]) -> None:
    numbers = np.array(ranges, np.int64)
    parts = dict(split(numbers, place=np.arange(len(ranges)), pair=np.zeros((len(ranges), 2), np.uint64)))
    assert list(parts) == sorted(set(ranges))
    for number, part in parts.items():
        assert part["place"].tolist() == [place for place, value in enumerate(ranges) if value == number]
        assert part["pair"].shape == (len(part["place"]), 2)


@pytest.mark.parametrize(("unit", "ordinal"), [(0, 0), (1, 2), ((1 << 31) - 1, (1 << 32) - 1)])
def test_an_address_is_a_unit_and_a_place_in_it(unit: int, ordinal: int) -> None:
    address = address_of(unit, np.array([ordinal]))
    assert (unit_of(address).tolist(), ordinal_of(address).tolist()) == ([unit], [ordinal])
    assert address.tolist() == address_of(np.array([unit], np.int32), np.array([ordinal])).tolist()
