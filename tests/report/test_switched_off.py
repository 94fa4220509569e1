"""Checks that are off: known by their parameters, and no findings of the linter; those that are on still are."""

from typing import Any

import pytest

from pipeline.report.evidence import Evidence, Range
from pipeline.report.lint import lint
from pipeline.report.switched_off import switched_off

OFF: list[tuple[str, Any, str]] = [
    ("phones", False, "phones"),
    ("javascript", False, "javascript_lines"),
    ("max_word_length", None, "long_word_lines"),
    ("terminal_punctuation", False, "unended_lines"),
    ("max_duplicate_lines", 1.0, "duplicate_lines"),
    ("min_stop_words", 0, "stop_words"),
    ("max_words", float("inf"), "words"),
    ("keep", [], "keep"),
]
ON: list[tuple[str, Any, str]] = [
    ("phones", True, "phones"),
    ("max_emails", 1, "emails"),
    ("max_newlines_per_word", 1.0, "newlines_per_word"),
    ("max_words", 100000, "words"),
    ("min_words", 50, "words"),
    ("seed", 0, "seed"),
    ("max_top_2_gram", None, "top_3_gram"),
]


def off(parameter: str, value: Any, metric: str, bounds: dict[str, Any] | None = None) -> bool:
    steps = [{"name": "a", "parameters": {parameter: value}}, {"name": "b", "parameters": {}}]
    found = switched_off(steps, [f"a.{metric}", f"b.{metric}"], bounds or {})
    assert found <= {f"a.{metric}"}
    return bool(found)


@pytest.mark.parametrize(("parameter", "value", "metric"), OFF)
def test_these_are_off(parameter: str, value: Any, metric: str) -> None:
    assert off(parameter, value, metric)


@pytest.mark.parametrize(("parameter", "value", "metric"), ON)
def test_these_are_on(parameter: str, value: Any, metric: str) -> None:
    assert not off(parameter, value, metric)


def test_a_metric_that_a_bound_rests_on_is_off_by_its_own_parameter_only() -> None:
    bounds = {"a.too_long": {"metric": "a.chars_per_line", "comparison": "<=", "value": 9}}
    assert not off("max_chars", None, "chars_per_line", bounds)
    assert off("max_chars", None, "chars_per_line")


def test_the_linter_is_silent_on_what_is_off_and_speaks_of_the_rest() -> None:
    bounds = {f"a.{name}": {"metric": f"a.{name}", "comparison": "<=", "value": 1} for name in ("off", "on")}
    ranges = {**{f"a.{name}": Range(99, 0, 0.5) for name in ("off", "on")}, "a.dead": Range(99, 0, 0)}
    given = Evidence(documents=99, asked={"a": 99}, failed={"a.off": 0, "a.on": 0}, ranges=ranges)
    told = [(each.kind, each.about) for each in lint(given, bounds, {"a.off"})]
    assert told == [("constant", "a.dead"), ("never", "a.on")]
    assert [each.about for each in lint(given, bounds, {"a.off", "a.dead"})] == ["a.on"]
    wrong = Evidence(documents=99, asked={"a": 99}, failed={"a.off": 99}, ranges=ranges)
    assert [each.kind for each in lint(wrong, bounds, {"a.off", "a.dead"})] == ["always"], "what strikes is not off"
