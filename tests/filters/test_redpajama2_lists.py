"""RedPajama-v2's signals of lists and of lines: cases of each."""

import pytest

import pipeline.filters.redpajama2  # noqa: F401  (registers the rule)
from pipeline.rules import REGISTRY
from tests.filters.judging import judge, metrics_of
from tests.strategies import documents_of

UT1 = ("bad.example 4", "worse.example:8080 12", "plain.example")


def signal(name: str, text: str, **parameters: object) -> float:
    return metrics_of(judge("redpajama2_signals", [text], **parameters), 0)[f"rps_{name}"]


@pytest.mark.parametrize(
    ("text", "language", "fraction"),
    [
        ("the mill of the river", "en", 0.6),
        ("the mill of the river", None, 0.6),
        ("The mill Of the river", "en", 0.2),
        ("don't", "en", 0.33333333),  # don, ', t
        ("le moulin est là", "fr", 0.75),
        ("die Mühle am Fluss", "de", 0.5),
        ("the mill of the river", "ru", 0),
        ("...", "en", 0),
        ("", "en", 0),
    ],
)
def test_stop_words_are_those_of_the_documents_language(text: str, language: str | None, fraction: float) -> None:
    docs = documents_of(["the", text], language=["en", language])
    assert metrics_of(REGISTRY["redpajama2_signals"].judge(docs), 1)["rps_doc_stop_word_fraction"] == fraction


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a mill, a Water-Mill", 2),  # without its hyphen it is "watermill"
        ("a water mill", 2),  # both terms: the longer does not hide the shorter
        ("Water\n\n  MILL!", 2),
        ("a water wheel of a mill", 1),
        ("water", 0),
        ("old stone mill house", 2),
        ("s&m", 0),  # normalised, it is sm
        ("", 0),
    ],
)
def test_terms_are_runs_of_normalised_words(text: str, found: int) -> None:
    listed = ("mill", "watermill", "water mill", "s&m", "old stone mill house", "Mill")
    batch = ["a water", text, "mill"]
    verdict = judge("redpajama2_signals", batch, bad_words=listed)
    assert [metrics_of(verdict, row)["rps_doc_ldnoobw_words"] for row in range(3)] == [0, found, 1]


def test_a_document_of_a_language_without_a_list_has_no_bad_words() -> None:
    docs = documents_of(["pornography"] * 3, language=["en", "nl", None])
    verdict = REGISTRY["redpajama2_signals"].judge(docs)
    assert verdict.metrics["rps_doc_ldnoobw_words"].tolist() == [1, 0, 1]


@pytest.mark.parametrize(
    ("url", "category"),
    [
        ("https://bad.example/a?b#c", 4),
        ("//bad.example", 4),
        ("https://www.bad.example/", -1),  # the whole domain or nothing
        ("https://BAD.example/", -1),  # as it is written
        ("https://worse.example:8080/", 12),
        ("https://worse.example/", -1),
        ("http://plain.example?q", 0),
        ("bad.example/a", -1),
        ("", -1),
        (None, -1),
    ],
)
def test_ut1s_category_is_that_of_the_whole_domain(url: str | None, category: int) -> None:
    docs = documents_of(["First.", "A page."], url=["https://plain.example", url])
    verdict = REGISTRY["redpajama2_signals"].judge(docs, ut1=UT1)
    assert verdict.metrics["rps_doc_ut1_blacklist"].tolist() == [0, category]


def test_without_a_list_there_is_no_signal_of_ut1() -> None:
    assert "rps_doc_ut1_blacklist" not in judge("redpajama2_signals", ["A page."]).metrics


@pytest.mark.parametrize(
    ("name", "text", "mean"),
    [
        ("ending_with_terminal_punctution_mark", "One.\ntwo \nthree? \n\n", 0.5),
        ("javascript_counts", "Please enable JavaScript, javascript!\njavascripts\n", 1),
        ("num_words", "One, two -- three\n\nfour", 4 / 3),
        ("numerical_chars_fraction", "a½\n12.\n\n", 0.5),
        ("start_with_bulletpoint", " • one\n– two\n* three\nfour", 0.5),
        ("uppercase_letter_fraction", "ABC\nabc", 0.375),  # the newline is a character of its line
        ("uppercase_letter_fraction", "AB\n" * 3, 0.66666667),  # of rounded fractions
        ("num_words", "", 0),
    ],
)
def test_a_signal_of_lines_is_the_mean_over_the_lines(name: str, text: str, mean: float) -> None:
    assert signal(f"lines_{name}", text) == mean
