"""The class table says of every code point what Python says."""

from collections.abc import Callable

import pytest

from pipeline.text.classes import (
    ALPHA,
    BREAK,
    DIGIT,
    PUNCTUATION,
    SPACE,
    SURROGATES,
    TERMINAL,
    UNICODE,
    UPPER,
    class_table,
    code_points,
)

CHARACTERS = [chr(c) for c in range(UNICODE) if not SURROGATES.start <= c < SURROGATES.stop]


@pytest.mark.parametrize(
    ("bit", "predicate"), [(SPACE, str.isspace), (ALPHA, str.isalpha), (UPPER, str.isupper), (DIGIT, str.isdigit)]
)
def test_a_class_bit_is_pythons_predicate(bit: int, predicate: Callable[[str], bool]) -> None:
    table = class_table()
    assert [c for c in CHARACTERS if predicate(c) != bool(table[ord(c)] & bit)] == []


def test_a_break_is_where_splitlines_breaks() -> None:
    table = class_table()
    assert [c for c in CHARACTERS if (len(f"a{c}b".splitlines()) > 1) != bool(table[ord(c)] & BREAK)] == []


def test_every_ascii_character_but_letters_digits_and_spaces_is_punctuation() -> None:
    """The tokeniser's bitmaps rely on it: no space is in a word, so spaces do not matter."""
    table = class_table()
    solid = {chr(c) for c in range(128) if not table[c] & (PUNCTUATION | SPACE)}
    assert solid == set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_datatroves_sets_are_as_they_were_published() -> None:
    punctuation, terminal = code_points("punctuation"), code_points("terminal_punctuation")
    assert (len(punctuation), len(terminal)) == (281, 159)
    assert set(terminal) < set(punctuation)
    assert {ord(c) for c in ".!?…。？।"} <= set(punctuation)
    assert {ord(c) for c in ".!?。？।"} <= set(terminal)


def test_surrogates_have_no_class() -> None:
    assert not class_table()[SURROGATES].any()
    assert class_table()[ord(".")] & TERMINAL
