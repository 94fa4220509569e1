"""Budgets: how many tokens each group gives to the corpus."""

from collections.abc import Sequence
from math import fsum

import numpy as np
from numpy.typing import NDArray

from pipeline.mixture.groups import Group

TOLERANCE = 1e-6  # of the targets' sum: thirds written with seven digits pass, a forgotten group does not


class OutOfReach(ValueError):
    """A target that the tokens at hand cannot fill."""


def check_targets(groups: Sequence[Group]) -> None:
    """Raise unless the targets are shares of one whole."""
    negative = [group for group in groups if not group.target >= 0]
    if negative:
        raise ValueError(f"mixture: the target of {negative[0].name} is {negative[0].target} (0 to 1)")
    total = fsum(group.target for group in groups)
    if abs(total - 1) > TOLERANCE:
        raise ValueError(f"mixture: the targets sum to {total:.6g} (they must sum to 1)")


def largest(groups: Sequence[Group], available: Sequence[int], max_epochs: float) -> float:
    """The tokens of the largest corpus in which no group is read more than `max_epochs` times."""
    return min(
        max_epochs * tokens / group.target for group, tokens in zip(groups, available, strict=True) if group.target
    )


def short_groups(groups: Sequence[Group], available: Sequence[int], tokens: float, max_epochs: float) -> list[str]:
    """A sentence for each group that cannot fill its share of `tokens`; without tokens, for each that has none."""
    return [
        f"{group.name} needs {round(tokens * group.target):,} tokens, {have:,} are available"
        f" ({int(have * max_epochs):,} in {max_epochs:g} epochs)"
        for group, have in zip(groups, available, strict=True)
        if group.target and (have == 0 or have * max_epochs < tokens * group.target)
    ]


def corpus_tokens(
    groups: Sequence[Group], available: Sequence[int], tokens: int | None, max_epochs: float, on_short: str
) -> float:
    """The size of the corpus: as asked for, or with `tokens` null or `on_short: scale` as large as the caps allow."""
    reachable = largest(groups, available, max_epochs)
    if reachable and (tokens is None or (tokens > reachable and on_short == "scale")):
        return reachable
    if reachable and tokens is not None and tokens <= reachable:
        return tokens
    raise OutOfReach("mixture: " + "; ".join(short_groups(groups, available, tokens or 0, max_epochs)))


def budgets(
    groups: Sequence[Group],
    available: Sequence[int],
    tokens: int | None = None,
    max_epochs: float = 4,
    on_short: str = "error",
) -> NDArray[np.int64]:
    """The tokens to draw of each group, copies included; never more than `max_epochs` times what it has."""
    check_targets(groups)
    size = corpus_tokens(groups, available, tokens, max_epochs, on_short)
    whole = [
        min(round(size * group.target), int(max_epochs * have)) for group, have in zip(groups, available, strict=True)
    ]
    return np.array(whole, np.int64)
