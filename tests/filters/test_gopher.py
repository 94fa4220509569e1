"""gopher_quality: datatrove's formulas, its bounds, and a reason for each."""

import pytest
from hypothesis import given

import pipeline.filters.gopher  # noqa: F401  (registers the rule)
from tests.filters.datatrove_formulas import gopher_quality
from tests.filters.judging import judge, metrics_of, reasons_of
from tests.strategies import batches

PROSE = "The river and the mill have been here longer than the road that leads to the village. " * 8


@given(batches)
def test_every_metric_is_datatroves(batch: list[str]) -> None:
    verdict = judge("gopher_quality", batch)
    assert [metrics_of(verdict, i) for i in range(len(batch))] == [gopher_quality(text) for text in batch]


def test_prose_is_kept() -> None:
    assert reasons_of(judge("gopher_quality", [PROSE])) == set()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The end of the story and that is that.", "too_few_words"),
        (PROSE + "and " * 100_000, "too_many_words"),
        ("of to be a I " * 30, "words_too_short"),
        (PROSE + "incomprehensibilities-" * 60, "words_too_long"),
        (PROSE + "#" * 20, "too_many_hashes"),
        (PROSE + "... " * 20, "too_many_ellipses"),
        (PROSE + "…" * 20, "too_many_ellipses"),
        (" \u3000- " + PROSE.replace(". ", ".\n • "), "too_many_bullet_lines"),
        (PROSE.replace(". ", "...\u2003\n"), "too_many_ellipsis_lines"),
        (PROSE + "1984 " * 60, "too_few_alphabetic_words"),
        ("The Mill Of The Village Stands Beside The River. " * 10, "too_few_stop_words"),
    ],
)
def test_a_document_fails_for_its_reason(text: str, reason: str) -> None:
    assert reason in reasons_of(judge("gopher_quality", [text]))


@pytest.mark.parametrize(("words", "kept"), [(49, False), (50, True)])
def test_fifty_words_are_enough(words: int, kept: bool) -> None:
    text = " ".join(["the", "and", *["mill"] * (words - 2), "-", "--"])
    assert ("too_few_words" not in reasons_of(judge("gopher_quality", [text]))) == kept


def test_a_bound_is_the_callers() -> None:
    text = "the mill and river"
    assert reasons_of(judge("gopher_quality", [text], min_words=4)) == set()
    assert reasons_of(judge("gopher_quality", [text], min_words=4, stop_words=("der", "die"))) == {"too_few_stop_words"}


def test_nothing_has_metrics_of_zero_and_fails_without_an_error() -> None:
    verdict = judge("gopher_quality", ["", " \n\t", "\u3000"])
    assert {tuple(values.tolist()) for values in verdict.metrics.values()} == {(0.0, 0.0, 0.0)}
    assert reasons_of(verdict) == {
        "too_few_words", "words_too_short", "too_few_alphabetic_words", "too_few_stop_words"
    }  # fmt: skip
