"""Samples: the documents asked for, always the same ones."""

from pathlib import Path

import pytest

from pipeline.report.run import ReportError
from pipeline.report.sample import Which, sample
from tests.report.examples import SHORT, STOP

CASES: list[tuple[Which, str | None, set[str]]] = [
    ("kept", None, {"kept", "twice", "elsewhere", "unasked"}),
    ("dropped", None, {"short", "shorter", "both", "no-prose", "copy", "left-out"}),
    ("dropped", SHORT, {"short", "shorter", "both"}),
    ("dropped", STOP, {"both", "no-prose"}),
    ("dropped", "gopher_quality", {"short", "shorter", "both", "no-prose"}),
    ("dropped", "minhash.duplicate", {"copy"}),
    ("dropped", "mixture", {"left-out"}),
]


@pytest.mark.parametrize(("which", "reason", "ids"), CASES)
def test_the_documents_asked_for(run: Path, which: Which, reason: str | None, ids: set[str]) -> None:
    assert {line["id"] for line in sample(run, which, reason)} == ids


def test_fewer_are_the_first_of_more(run: Path) -> None:
    many = sample(run, "dropped", n=6)
    assert sample(run, "dropped", n=2) == many[:2]


def test_a_dropped_document_says_why_and_where(run: Path) -> None:
    (both,) = [line for line in sample(run, "dropped", SHORT) if line["id"] == "both"]
    assert both["reasons"] == [SHORT, STOP]
    assert both["metrics"]["gopher_quality.words"] == 20
    assert (both["path"], both["row"]) == ("web/0.jsonl", 5)
    assert both["text"].startswith("both0 both1")


def test_a_duplicate_names_its_keeper(run: Path) -> None:
    assert sample(run, "dropped", "minhash.duplicate")[0]["keeper"] == "twice"


def test_failed_rows_are_text(run: Path) -> None:
    assert sample(run, "failed") == [
        {"file": "web/0.jsonl", "place": "line 7", "error": "invalid UTF-8", "payload": "\\xff\\xfe{"}
    ]


def test_an_unknown_reason_is_answered_with_the_known_ones(run: Path) -> None:
    with pytest.raises(ReportError, match=r"nothing was dropped for nonsense \(gopher_quality, gopher_quality.no_stop"):
        sample(run, "dropped", "nonsense")
