"""A column of the user's becomes vectors whatever kind of list it is, and says what is wrong with it."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.dedup.given_embedding import given_vectors

NUMBERS = [[1.0, 2.0], None, [0.5, -1.5], [3.0, None]]
VECTORS = [[1, 2], [0, 0], [0.5, -1.5], [0, 0]]


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.float32()),
        pa.large_list(pa.float64()),
        pa.list_(pa.float16()),
        pa.list_(pa.float32(), 2),
    ],
)
def test_lists_of_every_kind_are_read(kind: pa.DataType) -> None:
    column = pa.array(NUMBERS, kind)
    assert given_vectors(column, "v").tolist() == VECTORS
    assert given_vectors(pa.chunked_array([column[2:], column[:1]]), "v").tolist() == [*VECTORS[2:], VECTORS[0]]


def test_a_column_of_json_is_read_as_jsonl_leaves_it() -> None:
    assert given_vectors(pa.array(["[1, 2]", None, "[0.5, -1.5]", "[3, null]"]), "v").tolist() == VECTORS


def test_what_is_not_finite_points_nowhere() -> None:
    column = pa.array([[np.nan, 1.0], [np.inf, 1.0], [1.0, 1.0]])
    assert given_vectors(column, "v").tolist() == [[0, 0], [0, 0], [1, 1]]


@pytest.mark.parametrize("column", [pa.array([], pa.list_(pa.float32())), pa.nulls(2, pa.list_(pa.float32()))])
def test_a_column_of_nothing_has_no_dimensions(column: pa.Array) -> None:
    assert given_vectors(column, "v").shape == (len(column), 0)


@pytest.mark.parametrize(
    ("column", "says"),
    [
        (pa.array([[1.0], [1.0, 2.0]]), "v: vectors of 1 and of 2 numbers"),
        (pa.array([1.0]), "v: is double, no lists of numbers"),
        (pa.array(["one"]), "v: is string, no lists of numbers"),
        (pa.array(['{"a": 1}']), "v: is string, no lists of numbers"),
        (pa.array([["a"]]), "v: is list"),
    ],
)
def test_a_column_that_holds_no_vectors_is_named(column: pa.Array, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        given_vectors(column, "v")
