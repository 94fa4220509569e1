"""Which documents an edit of 02-dedup left too short: by the bounds that the run's own steps set on lengths."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.rules import Bound, BoundBy, Verdict
from pipeline.step_config import StepConfig
from pipeline.steps import asked, is_empty, load_step, start

# A reason is a length rule's where it demands at least so many of these: removing text can only lower them.
LENGTHS = frozenset(["words", "sentences", "lines", "kept_lines", "long_lines", "chars"])
AT_LEAST = (">=", ">")

Judging = tuple[StepConfig, tuple[str, ...]]  # a step, and those of its reasons that are length rules


def length_rules(steps: Sequence[StepConfig], silent: Mapping[str, Verdict]) -> tuple[Judging, ...]:
    """The config's steps that bound a length from below, in order, with these reasons. `silent`: what each can say."""
    found = []
    for step in steps:
        bounds: dict[str, Bound | BoundBy] = {**silent[step.name].bounds, **silent[step.name].bounds_by}
        reasons = tuple(r for r, bound in bounds.items() if bound.metric in LENGTHS and bound.comparison in AT_LEAST)
        found += [(step, reasons)] if reasons else []
    return tuple(found)


def too_short(documents: Documents, rules: Sequence[Judging]) -> NDArray[np.bool_]:
    """Documents without a word, or that a length rule which looks at them would drop."""
    short = is_empty(documents)
    judged = start(documents)
    for config, reasons in rules:
        step = load_step(config)
        rows = asked(judged, step)
        verdict = step.judge(documents.take(rows))
        for reason in reasons:
            short[rows] |= verdict.failed[reason]
    return short
