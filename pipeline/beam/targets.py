"""The mixture's budgets, from the tokens that documents tallied by source, language and script have."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from pipeline.config import Config, MixtureConfig
from pipeline.mixture.budget import budgets
from pipeline.mixture.groups import assign
from pipeline.storage.tally import KINDS


def available_tokens(mixture: MixtureConfig, by: Sequence[Mapping[str, Any]]) -> list[int]:
    """The tokens of each group, before any is repeated."""
    columns = {kind: pa.array([row[kind] for row in by], pa.string()) for kind in KINDS}
    number = assign(mixture.groups, columns, len(by)).tolist()
    sums = [0] * (len(mixture.groups) + 1)
    for row, group in zip(by, number, strict=True):
        sums[group] += row["tokens"]
    return sums[:-1]


def budgets_of(config: Config, by: Sequence[Mapping[str, Any]]) -> tuple[int, ...]:
    """Tokens to draw of each group, and 0 for what is in none; raises OutOfReach before anything is published."""
    mixture = config.mixture
    if mixture is None:
        return ()
    available = available_tokens(mixture, by)
    whole = budgets(mixture.groups, available, mixture.tokens, mixture.max_epochs, mixture.on_short)
    return (*(int(budget) for budget in whole), 0)
