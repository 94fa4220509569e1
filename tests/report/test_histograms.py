"""Histograms: every document is counted once, and a bound divides those that pass from those that fail."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.histograms import axis_of, count, histograms, separator
from pipeline.report.run import open_run
from pipeline.rules import COMPARISONS
from tests.report.small_run import RATIO, WORDS

SHAPES = [
    np.arange(200.0),
    np.concatenate([np.zeros(500), np.arange(30.0)]),
    np.geomspace(1, 1e6, 300).round(),
    np.linspace(0, 1, 333),
    np.full(9, 0.25),
    np.array([3.0]),
]


def bound(comparison: str, value: float) -> dict[str, Any]:
    return {"metric": "m", "comparison": comparison, "value": value}


@pytest.mark.parametrize("values", SHAPES)
@given(comparison=st.sampled_from(sorted(COMPARISONS)), share=st.floats(0, 1))
def test_the_bound_is_an_edge(values: "np.ndarray[Any, np.dtype[np.float64]]", comparison: str, share: float) -> None:
    cut = float(np.quantile(values, share, method="lower"))
    axis = axis_of(values, [bound(comparison, cut)])
    edge = separator(bound(comparison, cut), axis.integers)
    assert edge in axis.edges
    assert (np.diff(axis.edges) > 0).all()
    if axis.integers:
        passes = COMPARISONS[comparison](values, cut)
        assert (passes == COMPARISONS[comparison](values, edge)).all()


def test_a_far_bound_does_not_squeeze_the_picture() -> None:
    axis = axis_of(np.linspace(0, 10, 100), [bound("<=", 100000)])
    assert axis.edges[-1] < 11


def test_every_document_is_counted_once(run: Path) -> None:
    opened = open_run(run)
    axes = {metric: axis_of(np.array([10.0, 60, 300]), []) for metric in (WORDS, RATIO)}
    for kept, dropped in count(opened, axes).values():
        assert (kept.sum(), dropped.sum()) == (5, 4)


def test_a_metric_says_of_how_many_it_was_asked(run: Path) -> None:
    drawn = {line["metric"]: line for line in histograms(open_run(run))}
    assert drawn[WORDS]["asked"] == 9
    assert drawn[WORDS]["bounded"] and not drawn["c4_quality.lines_removed"]["bounded"]
    assert "≥ 50" in drawn[WORDS]["picture"]
