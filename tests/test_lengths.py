"""Texts that an edit shortened are judged again by the lengths that the config's own steps demand, and nothing else."""

import numpy as np
import pyarrow as pa
import pytest

from pipeline.documents import Documents, schema
from pipeline.lengths import length_rules, too_short
from pipeline.stage import documents_of
from pipeline.step_config import StepConfig
from pipeline.steps import load_step, silent_verdict

GOPHER = StepConfig("gopher_quality", "gopher_quality", {"min_words": 4})
FRENCH = StepConfig("short_french", "gopher_quality", {"min_words": 3}, when={"language": ("fr",)})
C4 = StepConfig("c4_quality", "c4_quality", {"min_sentences": 2})
PII = StepConfig("pii", "pii")


def rules(*steps: StepConfig) -> tuple[tuple[StepConfig, tuple[str, ...]], ...]:
    return length_rules(steps, {step.name: silent_verdict(load_step(step), schema()) for step in steps})


def test_length_rules_are_the_bounds_on_words_sentences_lines_and_characters_from_below() -> None:
    found = [(step.name, reasons) for step, reasons in rules(GOPHER, PII, C4, FRENCH)]
    assert found == [
        ("gopher_quality", ("too_few_words",)),
        ("c4_quality", ("too_few_sentences",)),
        ("short_french", ("too_few_words",)),
    ]


CASES = {
    "": True,
    " \n ": True,
    "one two three": True,
    "one two three four": False,
    "1 2 3 # ... ? 4": False,  # no prose at all, but long enough: other reasons were judged before the edit
    "the the the the the the": False,
}


def test_bounds_that_differ_by_language_are_length_rules_too() -> None:
    step = StepConfig("gopher_quality", "gopher_quality", variant="language")
    assert rules(step) == ((step, ("too_few_words",)),)


def test_only_what_is_too_short_is_dropped() -> None:
    documents = documents_of(list(CASES))
    assert too_short(documents, rules(GOPHER)).tolist() == list(CASES.values())
    assert too_short(documents, ()).tolist() == [not text.strip() for text in CASES]


@pytest.mark.parametrize(("language", "short"), [("fr", True), ("de", False), (None, False)])
def test_a_step_judges_again_what_it_looks_at(language: str | None, short: bool) -> None:
    documents = documents_of(["un deux"])
    documents = Documents(documents.with_columns({"language": pa.array([language], pa.string())}).batch)
    assert np.array_equal(too_short(documents, rules(FRENCH)), [short])
