"""Budgets: the targets' shares, under the cap of epochs, or an error that says what is missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.mixture.budget import OutOfReach, budgets
from pipeline.mixture.groups import Group


def groups(*targets: float) -> list[Group]:
    return [Group("abcdefgh"[i], target) for i, target in enumerate(targets)]


@pytest.mark.parametrize(
    ("targets", "available", "tokens", "max_epochs", "expected"),
    [
        ([1.0], [100], None, 4, [400]),
        ([1.0], [100], 40, 4, [40]),
        ([0.5, 0.5], [100, 1000], None, 4, [400, 400]),
        ([0.5, 0.5], [100, 1000], None, 1, [100, 100]),
        ([0.75, 0.25], [100, 1000], 200, 2, [150, 50]),
        ([1.0, 0.0], [100, 1000], None, 1, [100, 0]),
        ([1.0, 0.0], [100, 0], None, 1, [100, 0]),
        ([0.5, 0.5], [100, 100], 300, 1.5, [150, 150]),
        ([0.17, 0.75, 0.08], [170, 750, 80], None, 1, [170, 750, 80]),
    ],
)
def test_the_budgets_are(
    targets: list[float], available: list[int], tokens: int | None, max_epochs: float, expected: list[int]
) -> None:
    assert budgets(groups(*targets), available, tokens, max_epochs).tolist() == expected


@pytest.mark.parametrize("targets", [[0.5], [0.5, 0.6], [], [1 / 3, 1 / 3, 0.33]])
def test_targets_that_are_no_whole_are_refused(targets: list[float]) -> None:
    with pytest.raises(ValueError, match=r"sum to .* \(they must sum to 1\)"):
        budgets(groups(*targets), [100] * len(targets))


@pytest.mark.parametrize("target", [-0.5, float("nan")])
def test_a_target_that_is_no_share_is_refused(target: float) -> None:
    with pytest.raises(ValueError, match=r"the target of a is .* \(0 to 1\)"):
        budgets(groups(target, 1.5), [1, 1])


def test_thirds_of_seven_digits_are_a_whole() -> None:
    assert budgets(groups(0.3333333, 0.3333333, 0.3333333), [9, 9, 9], max_epochs=1).tolist() == [9, 9, 9]


def test_a_group_out_of_reach_is_named_with_what_it_needs_and_has() -> None:
    with pytest.raises(OutOfReach, match=r"^mixture: b needs 500 tokens, 100 are available \(400 in 4 epochs\)$"):
        budgets(groups(0.5, 0.5), [1000, 100], 1000, 4)


def test_every_group_out_of_reach_is_named() -> None:
    with pytest.raises(OutOfReach, match=r"a needs 500 .*; b needs 500 "):
        budgets(groups(0.5, 0.5), [1, 100], 1000, 4)


@pytest.mark.parametrize("on_short", ["error", "scale"])
@pytest.mark.parametrize("tokens", [None, 1000])
def test_a_group_without_tokens_is_an_error_even_where_the_corpus_may_shrink(on_short: str, tokens: int | None) -> None:
    with pytest.raises(OutOfReach, match=r"^mixture: b needs [0-9]+ tokens, 0 are available"):
        budgets(groups(0.5, 0.5), [1000, 0], tokens, 4, on_short)


def test_a_short_group_scales_the_whole_corpus_where_that_is_allowed() -> None:
    assert budgets(groups(0.5, 0.5), [1000, 100], 1000, 4, "scale").tolist() == [400, 400]


AVAILABLE = st.lists(st.integers(1, 10**13), min_size=1, max_size=6)


@given(AVAILABLE, st.data(), st.floats(0.1, 20), st.none() | st.integers(1, 10**14))
def test_budgets_keep_the_targets_and_the_cap(
    available: list[int], data: st.DataObject, max_epochs: float, tokens: int | None
) -> None:
    weights = np.array(data.draw(st.lists(st.integers(1, 100), min_size=len(available), max_size=len(available))))
    targets = weights / weights.sum()
    found = budgets(groups(*targets.tolist()), available, tokens, max_epochs, "scale")
    assert (found <= max_epochs * np.array(available)).all()
    assert np.abs(found - targets * found.sum()).max() <= len(available) + 1
    if tokens is None:
        assert (found + 1 >= max_epochs * np.array(available) * (1 - 1e-9)).any()
    else:
        assert found.sum() <= tokens + len(available)
