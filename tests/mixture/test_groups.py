"""Groups: the first whose `when` matches, `other` where none does."""

import pyarrow as pa
import pytest

from pipeline.mixture.groups import Group, assign, columns_of

COLUMNS = {
    "source": pa.array(["code", "web", "web", "wiki", None]),
    "language": pa.array(["en", "en", "de", None, "en"]),
}
CODE = Group("code", 0.2, {"source": ["code"]})
ENGLISH = Group("english", 0.5, {"source": ["web", "code"], "language": ["en"]})
REST = Group("multilingual", 0.3)


@pytest.mark.parametrize(
    ("groups", "numbers"),
    [
        ([CODE, ENGLISH, REST], [0, 1, 2, 2, 2]),
        ([ENGLISH, CODE, REST], [0, 0, 2, 2, 2]),
        ([REST, CODE, ENGLISH], [0, 0, 0, 0, 0]),
        ([CODE, ENGLISH], [0, 1, 2, 2, 2]),
        ([Group("none", 1, {"language": []})], [1, 1, 1, 1, 1]),
        ([], [0, 0, 0, 0, 0]),
    ],
)
def test_the_first_match_wins(groups: list[Group], numbers: list[int]) -> None:
    assert assign(groups, COLUMNS, 5).tolist() == numbers


def test_large_strings_match_too() -> None:
    columns = {"source": COLUMNS["source"].cast(pa.large_string()), "language": COLUMNS["language"]}
    assert assign([CODE, ENGLISH, REST], columns, 5).tolist() == [0, 1, 2, 2, 2]


def test_an_empty_batch_has_no_groups() -> None:
    assert assign([CODE], {"source": pa.array([], pa.string())}, 0).tolist() == []


def test_only_the_columns_that_a_group_names_are_read() -> None:
    assert columns_of([CODE, ENGLISH, REST]) == ["language", "source"]
