"""The script of a text, against names that Unicode gives its letters."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.filters.script import count_scripts, script_table, scripts
from pipeline.text.layer import Text

TEXTS = {
    "plain English, 2024": "Latn",
    "Съешь же ещё этих мягких булок, OK": "Cyrl",
    "καλημέρα": "Grek",
    "中文漢字 and": "Hani",
    "日本語のテキスト": "Jpan",
    "カタカナ": "Jpan",
    "한국어 텍스트": "Kore",
    "大韓民國의 憲法": "Hani",
    "สวัสดี": "Thai",
    "हिन्दी": "Deva",
    "עברית": "Hebr",
    "\U00010400\U00010401": "Dsrt",
    "12, 34!": None,
    "": None,
}


@pytest.mark.parametrize(("text", "script"), TEXTS.items())
def test_the_script_is_that_of_most_letters(text: str, script: str | None) -> None:
    assert scripts(Text.from_strings([text])).to_pylist() == [script]


def test_the_script_does_not_depend_on_neighbours() -> None:
    assert scripts(Text.from_strings(list(TEXTS))).to_pylist() == list(TEXTS.values())


@given(st.lists(st.text(st.sampled_from("abZ@[`{0 \n\u007féßжЖ中の한\U00010400")), max_size=5))
def test_letters_are_counted_as_one_by_one(pieces: list[str]) -> None:
    table, codes = script_table()
    written = [" river mill " * size + piece * (1 + size) for size, piece in enumerate(pieces)]
    text = Text.from_strings(written)
    counts = np.zeros((len(text), len(codes)), np.int64)
    count_scripts(text.data, text.start, text.stop, table, counts)
    for each, counted in zip(written, counts, strict=True):
        expected = np.bincount(table[[ord(character) for character in each]], minlength=len(codes))
        assert counted[1:].tolist() == expected[1:].tolist()


@pytest.mark.parametrize(
    ("name", "code"),
    [("LATIN", "Latn"), ("CYRILLIC", "Cyrl"), ("ARABIC", "Arab"), ("HANGUL", "Hang"), ("THAI", "Thai")],
)
def test_letters_have_the_script_of_their_names(name: str, code: str) -> None:
    table, codes = script_table()
    named = [i for i in range(0x10000) if unicodedata.name(chr(i), "").startswith(name + " ") and chr(i).isalpha()]
    assert named
    assert {codes[number] for number in np.unique(table[named])} - {""} == {code}  # the tatweel belongs to many
