"""Folded words: the kernel beside five lines of Python that say the same."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.folding import CASED, folded_words, lower_table
from pipeline.text.classes import PUNCTUATION, class_table
from pipeline.text.layer import Text


def lower(character: str) -> str:
    low = character.lower().replace("ς", "σ")
    return low if len(low) == 1 and (character.isascii() or not low.isascii()) else character


def fold(word: str) -> str:
    """The plain truth: lower case, character by character, between the outermost that are no punctuation."""
    inside = [i for i, character in enumerate(word) if not class_table()[ord(character)] & PUNCTUATION]
    return "".join(map(lower, word[inside[0] : inside[-1] + 1])) if inside else ""


SPACELESS = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af])"
)


def pieces(text: str) -> list[str]:
    """Words, cut around every character of a script without spaces."""
    return [piece for word in text.split() for piece in SPACELESS.split(word) if piece]


def hashes(text: str) -> list[int]:
    offsets, found = folded_words(Text.from_strings([text]))
    assert list(offsets) == [0, len(found)]
    return [int(value) for value in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hello, World!", "hello world"),
        ("“Quoted” (text)", "quoted text"),
        ("ÜBUNG macht", "übung macht"),
        ("a - b", "a b"),
        ("*** x ***", "x"),
        ("ПРИВЕТ, мир…", "привет мир"),
        ("Internationalisation,", "internationalisation"),
        ("(Internationalisation)", "INTERNATIONALISATION"),
        ("--------------word--------------", "word"),
        ("、日本語。", "日本語"),
        ("ΟΔΟΣ", "οδος"),
    ],
)
def test_case_and_outer_punctuation_do_not_count(one: str, other: str) -> None:
    assert hashes(one) == hashes(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("日本語", "日 本 語"),
        ("v2を使う。", "v2 を 使 う"),
        ("ภาษา", "ภ า ษ า"),
        ("読む。書く", "読 む 書 く"),
        ("한국어 말", "한국어 말"),
    ],
)
def test_each_character_of_a_script_without_spaces_is_a_word(text: str, words: str) -> None:
    assert hashes(text) == hashes(words)


@pytest.mark.parametrize(
    ("one", "other"),
    [("don't", "dont"), ("a1", "a2"), ("3.14", "3.15"), ("12345678", "12345679"), ("ab", "ba"), ("a", "aa")],
)
def test_inner_punctuation_and_digits_count(one: str, other: str) -> None:
    assert hashes(one) != hashes(other)


@given(st.text(max_size=60) | st.text("abzAZ'.,-_ \t09éÉİK\u00a0", max_size=60))
def test_words_have_one_hash_exactly_where_python_folds_them_to_one(text: str) -> None:
    folded = [word for word in map(fold, pieces(text)) if word]
    found = hashes(text)
    assert len(found) == len(folded)
    assert len(set(found)) == len(set(folded))
    assert found == hashes(" ".join(folded))


def test_documents_keep_their_own_words() -> None:
    offsets, found = folded_words(Text.from_strings(["a b", "", "...", "B a"]))
    assert list(offsets) == [0, 2, 2, 2, 4]
    assert list(found[2:]) == list(found[:2][::-1])


def test_no_character_above_the_table_has_another_case() -> None:
    assert all(chr(point).lower() == chr(point) for point in range(CASED, 0x110000))


def test_lower_case_never_leads_into_ascii() -> None:
    assert (lower_table()[0x80:] >= 0x80).all()
    assert np.array_equal(lower_table()[:0x80], [ord(chr(point).lower()) for point in range(0x80)])
