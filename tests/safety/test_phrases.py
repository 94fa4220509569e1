"""Counting terms by hash, against the same in plain Python."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.safety.phrases import counted, fold_table, phrases, plain_words
from pipeline.text.layer import Text
from tests.strategies import batches

TERMS = ["bad", "bad word", "bad word of mouth", "Ёлка", "über-word", "word of", "s&m", "🖕"]
LISTED = phrases(TERMS)
pieces = st.sampled_from(
    "bad word of mouth BAD Word, ёлка ЁЛКА. über-WORD 🖕 s&m x badly ... İ \u3000 -bad- the".split(" ")
)
near_misses = st.lists(st.lists(pieces, max_size=30).map(" ".join), max_size=5)


def plain_count(text: str) -> tuple[int, int]:
    """From left to right, the longest term that starts at a word; the words it takes are not looked at again."""
    terms = {tuple(plain_words(term)) for term in TERMS if term != "s&m"}
    document, found, at = plain_words(text), 0, 0
    while at < len(document):
        lengths = [len(term) for term in terms if tuple(document[at : at + len(term)]) == term]
        found += bool(lengths)
        at += max(lengths, default=1)
    return found, len(document)


@given(st.one_of(near_misses, batches))
def test_terms_and_words_are_counted_as_in_plain_python(texts: list[str]) -> None:
    found, number = counted(Text.from_strings(texts), LISTED)
    assert list(zip(found.tolist(), number.tolist(), strict=True)) == [plain_count(text) for text in texts]


def test_the_longest_term_counts_once() -> None:
    texts = ["bad word of mouth", "bad word of", "a bad, BAD word!", "word of bad"]
    assert counted(Text.from_strings(texts), LISTED)[0].tolist() == [1, 1, 2, 2]


def test_a_term_does_not_go_on_in_the_next_document() -> None:
    assert counted(Text.from_strings(["über", "word", "ba", "d"]), LISTED)[0].tolist() == [0, 0, 0, 0]


def test_letters_are_folded_as_python_folds_them() -> None:
    fold = fold_table()
    characters = [chr(point) for point in range(0x20000) if not 0xD800 <= point < 0xE000 and fold[point]]
    assert all(chr(fold[ord(character)]) == character.lower()[0] for character in characters)
    assert not np.any(fold[[ord(character) for character in " .,;!?-'\"\n\t\u3000、。"]])
