"""Intervals and tails beside scipy's own and beside every outcome written out."""

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pipeline.report.chance import counts, deviations, interval, tail

probabilities = st.lists(st.floats(0, 1), max_size=7)


@given(st.integers(1, 400), st.data())
def test_the_interval_is_clopper_and_pearsons(of: int, data: st.DataObject) -> None:
    found = data.draw(st.integers(0, of))
    theirs = binomtest(found, of).proportion_ci(method="exact")
    assert interval(found, of) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_nothing_tried_says_nothing() -> None:
    assert interval(0, 0) == (0, 1)


@given(probabilities)
def test_counts_are_those_of_every_outcome(chances: list[float]) -> None:
    whole = [0.0] * (len(chances) + 1)
    for outcome in product([False, True], repeat=len(chances)):
        whole[sum(outcome)] += prod(p if hit else 1 - p for p, hit in zip(chances, outcome, strict=True))
    assert counts(chances).tolist() == pytest.approx(whole, abs=1e-12)
    for found in range(len(whole)):
        ends = 2 * min(sum(whole[: found + 1]), sum(whole[found:]))
        assert tail(found, chances) == pytest.approx(min(1, ends), abs=1e-12)


def test_deviations_are_those_of_the_binomial_distribution() -> None:
    assert deviations(60, np.full(100, 0.5)) == pytest.approx(2)
    assert deviations(3, [1.0, 1.0, 1.0]) == 0
