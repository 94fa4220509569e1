"""Explain: the whole story of a document, as data and as text."""

from pathlib import Path

import pytest

from pipeline.report.explain import explain
from pipeline.report.run import ReportError
from pipeline.report.story import story
from tests.report.examples import SHORT, STOP

OUTCOMES = [
    ("kept", "published"),
    ("short", "dropped in 01-refine"),
    ("copy", "dropped in 02-dedup"),
    ("left-out", "dropped in 03-mixture"),
]


@pytest.mark.parametrize(("document", "outcome"), OUTCOMES)
def test_the_outcome_names_the_pass(run: Path, document: str, outcome: str) -> None:
    told = explain(run, document)
    assert told["outcome"] == outcome
    assert story(told).startswith(f"{document}: {outcome}\n")


def test_a_step_shows_each_metric_with_its_bounds(run: Path) -> None:
    (gopher, _) = explain(run, "both")["steps"]
    assert gopher["reasons"] == [SHORT, STOP]
    assert gopher["metrics"][0]["value"] == 20
    assert [bound["passed"] for bound in gopher["metrics"][0]["bounds"]] == [False, True]


def test_where_it_stood(run: Path) -> None:
    where = explain(run, "elsewhere")["where"]
    assert (where["path"], where["unit"], where["row"]) == ("web/1.jsonl", 1, 0)


def test_a_cluster_names_who_stays(run: Path) -> None:
    dedup = explain(run, "copy")["dedup"]
    assert (dedup["reason"], dedup["keeper"], dedup["cluster_size"]) == ("minhash.duplicate", "twice", 2)
    assert [(member["id"], member["keep"]) for member in dedup["members"]] == [("twice", True), ("copy", False)]


def test_copies_are_the_mixtures(run: Path) -> None:
    assert explain(run, "twice")["mixture"] == {"keep": True, "reason": None, "copies": 2}
    assert "03-mixture takes it 2 times" in story(explain(run, "twice"))


def test_a_step_that_did_not_ask_is_not_told(run: Path) -> None:
    assert explain(run, "unasked")["steps"] == []


def test_an_unknown_id_says_what_to_do(run: Path) -> None:
    with pytest.raises(ReportError, match=r"no judged document has the id nonsense .*gristmill sample"):
        explain(run, "nonsense")
