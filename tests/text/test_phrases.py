"""Phrases are found as `phrase in text.lower()` finds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.layer import Text
from pipeline.text.phrases import Phrases, phrases_in
from tests.strategies import any_text

PHRASES = ("use cookies", "uses cookies", "javascript", "lorem ipsum")
PREPARED = Phrases.of(*PHRASES)
pieces = st.sampled_from(
    ["use", "uses", "Uses", " ", "cookies", "COOKIES", "coo\u212aies", "JavaScript", "java", "{", "İ"]
)
made_up = st.lists(pieces, max_size=8).map("".join)


@given(st.one_of(made_up, any_text, st.tuples(made_up, any_text).map("".join)))
def test_phrases_are_found_whatever_their_case(line: str) -> None:
    text = Text.from_strings([line])
    found, braces = phrases_in(text.data, int(text.start[0]), int(text.stop[0]), ord("{"), PREPARED)
    assert [bool(found >> i & 1) for i in range(len(PHRASES))] == [phrase in line.lower() for phrase in PHRASES]
    assert braces == line.count("{")


@pytest.mark.parametrize("phrase", ["Upper", "kelvin", "naïve"])
def test_a_phrase_that_cannot_be_looked_for_is_refused(phrase: str) -> None:
    with pytest.raises((AssertionError, UnicodeEncodeError)):
        Phrases.of(phrase)
