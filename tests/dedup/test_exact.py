"""Exact keys: equal for equal words in equal order, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.exact import exact_keys
from pipeline.text.layer import Text


def keys(*texts: str) -> list[tuple[int, ...]]:
    return [tuple(map(int, key)) for key in exact_keys(Text.from_strings(texts))]


@pytest.mark.parametrize("other", ["  one\ttwo \n", "one\u00a0two", "one two", "one\r\n\r\n two"])
def test_white_space_does_not_count(other: str) -> None:
    assert len(set(keys("one two", other))) == 1


@pytest.mark.parametrize("other", ["One two", "onetwo", "two one", "one two.", "one tw o", "one", "one two two", ""])
def test_all_else_counts(other: str) -> None:
    assert len(set(keys("one two", other))) == 2


@pytest.mark.parametrize(("one", "other"), [("é", "e\u0301"), ("a\u0000", "a"), ("a", "a\u0000\u0000")])
def test_code_points_are_as_they_are(one: str, other: str) -> None:
    assert len(set(keys(one, other))) == 2


@given(st.lists(st.text("ab \n", max_size=8) | st.text(max_size=30), max_size=12))
def test_texts_share_a_key_exactly_where_they_share_their_words(texts: list[str]) -> None:
    found = keys(*texts)
    folded = [" ".join(text.split()) for text in texts]
    assert [found.index(key) for key in found] == [folded.index(text) for text in folded]


def test_a_key_does_not_depend_on_the_batch() -> None:
    assert keys("x", "y z")[1] == keys("y z")[0]


def test_both_halves_of_the_key_tell_texts_apart() -> None:
    found = keys(*(f"word {n}" for n in range(20_000)))
    assert [len({key[half] for key in found}) for half in (0, 1)] == [20_000, 20_000]
    assert len({key[0] & 0xFFFFFFFF ^ key[1] & 0xFFFFFFFF for key in found}) > 19_900
