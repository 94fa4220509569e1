"""Checks that a config turned off: that they find nothing is what it asked for, and no finding of the linter."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.report.run import Run, metric_names

OTHERWISE_CALLED = {  # parameters whose metric does not have their name
    "max_word_length": "long_word_lines",
    "min_words_per_line": "short_lines",
    "terminal_punctuation": "unended_lines",
}


def switched_off(
    steps: Sequence[Mapping[str, Any]], metrics: Iterable[str], bounds: Mapping[str, Mapping[str, Any]]
) -> frozenset[str]:
    """`step.metric` of every check that is off. `steps`: `name` and all `parameters` of each, as plan.json decides.

    Off is `null`, `false`, no list, a highest share of 1 or a lowest number of 0. A metric with a bound on it is off by
    the parameter of its very name only.
    """
    bounded = {bound["metric"] for bound in bounds.values()}
    found = set()
    for step in steps:
        own = [metric for metric in metrics if metric.split(".")[0] == step["name"]]
        for parameter, value in step["parameters"].items():
            if is_off(parameter, value):
                found |= {metric for metric in own if is_of(parameter, metric, exactly=metric in bounded)}
    return frozenset(found)


def off_in(run: Run) -> frozenset[str]:
    """`step.metric` of every check that is off in a finished run."""
    steps = run.plan.get("decided_by", {}).get("steps", [])
    return switched_off(steps, metric_names(run), run.bounds)


def is_off(parameter: str, value: Any) -> bool:
    """Whether nothing can fail the check. A share is given as a broken number: a count of 1 is a count."""
    if value is None or value is False or value == []:
        return True
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    is_share = isinstance(value, float) and "_per_" not in parameter
    return (
        value == float("inf")
        or (parameter.startswith("min_") and value == 0)
        or (parameter.startswith("max_") and is_share and value == 1)
    )


def is_of(parameter: str, metric: str, *, exactly: bool) -> bool:
    """Whether the parameter is about the metric: max_words and words, javascript and javascript_lines."""
    name, about = metric.split(".", 1)[1], parameter.removeprefix("min_").removeprefix("max_")
    if name in (about, OTHERWISE_CALLED.get(parameter)):
        return True
    return not exactly and name.startswith(f"{about}_")
