"""c4_quality as C4's own code and as its paper have it, c4_paragraphs: what differs from datatrove's, and the laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.filters.c4 import c4_quality
from pipeline.filters.c4_original import c4_original, c4_paper
from pipeline.filters.c4_paragraphs import c4_paragraphs
from pipeline.rules import Verdict
from pipeline.text.punkt import Punkt
from pipeline.text.punkt_tables import tables_of
from tests.filters.judging import reasons_of
from tests.filters.plain_c4 import ORIGINAL, PAPER, plain_c4
from tests.filters.test_c4 import pages
from tests.strategies import documents_of, texts

THREE = "One is one here now. Two is two here now. Three is three here."
more = st.sampled_from(["", THREE + "\n", "It is 'so'\n", "Three words 'here.'\n", "Four words [1] [2] here.\n"])


def left(verdict: Verdict, text: str) -> str:
    """The text of the only document."""
    assert verdict.edit is not None
    edited: list[str] = verdict.edit.text.to_arrow().to_pylist()
    return edited[0] if edited else text


@pytest.mark.parametrize(
    ("line", "original", "paper"),
    [
        ("It has only four words.", True, True),
        ("It has four words.", False, True),
        ("An apostrophe ends no 'line'", False, False),
        ('A quotation mark ends "one"', True, True),
        ("Words are counted without [1] citations.", True, True),
        ("Four words are [1] [2].", False, True),
        ("x" * 1001 + " is one very long word.", False, True),
        ("Two [1] [2].", False, False),
    ],
)
def test_lines_that_the_code_and_the_paper_keep(line: str, original: bool, paper: bool) -> None:
    text = f"{THREE}\n{THREE}\n{line}"
    for rule, kept in ((c4_original, original), (c4_paper, paper)):
        assert (left(rule(documents_of([text])), text).count("\n") == 2) is kept


@pytest.mark.parametrize(
    ("text", "original", "paper"),
    [
        (THREE, set(), {"too_few_sentences"}),
        (f"{THREE}\n{THREE}", set(), set()),
        ("No line of it has an end", {"too_few_sentences"}, {"too_few_sentences"}),
        (f"{THREE} {THREE}" + " x" * 95_000, {"too_few_sentences", "too_many_chars"}, {"too_few_sentences"}),
    ],
)
def test_every_reason_is_given(text: str, original: set[str], paper: set[str]) -> None:
    docs = documents_of([text])
    assert (reasons_of(c4_original(docs)), reasons_of(c4_paper(docs))) == (original, paper)


@given(text=st.one_of(st.tuples(more, pages, more, more).map("".join), texts))
def test_they_are_the_plain_loops(text: str) -> None:
    for rule, formula in ((c4_original, ORIGINAL), (c4_paper, PAPER)):
        verdict, expected = rule(documents_of([text])), plain_c4(text, formula)
        assert reasons_of(verdict) == expected.reasons
        assert verdict.metrics["sentences"][0] == expected.sentences
        assert left(verdict, text) == expected.text


@pytest.mark.parametrize(
    ("lengths", "kept"),
    [([200, 200, 200], True), ([200, 200, 199], False), ([1000], False), ([], False), ([0, 300, 5, 200, 0, 250], True)],
)
def test_mc4_wants_three_lines_of_200_characters(lengths: list[int], kept: bool) -> None:
    verdict = c4_paragraphs(documents_of(["\n".join("é" * length for length in lengths)]))
    assert (reasons_of(verdict) == set()) is kept
    assert verdict.metrics["long_lines"][0] == np.sum(np.array(lengths) >= 200)


def test_other_sentences_are_counted_where_asked() -> None:
    docs = documents_of(["He said it to Mr. Smith of the mill. [1] And Dr. No said it to him."])
    taught = [Punkt(tables_of(words, [], [], {})) for words in ((), ("mr",), ("mr", "dr"))]
    for rule in (c4_original, c4_paper, c4_quality):
        counts = [rule(docs, sentences=kind).metrics["sentences"][0] for kind in ("spacy", "uax29")]
        counts += [rule(docs, sentences="punkt", punkt=model).metrics["sentences"][0] for model in taught]
        assert counts == [2, 4, 4, 3, 2]
