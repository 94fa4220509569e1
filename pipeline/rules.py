"""What a rule is: `Verdict`, `@rule` and the registry. A rule's keyword-only arguments are its config keys."""

import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.layer import Text
from pipeline.text.measure import Measure

COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}

Test = tuple[Measure, str, float | None]


@dataclass(frozen=True)
class Bound:
    """What a document must satisfy: metric, comparison, number. A document that does not has the bound's reason."""

    metric: str
    comparison: str
    value: float


@dataclass(frozen=True, eq=False)
class Edit:
    """New texts for `rows` (positions in the batch), and the bytes each lost and gained, counted span by span."""

    rows: NDArray[np.int64]
    text: Text
    removed: NDArray[np.int64]
    added: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Verdict:
    """A rule's answer for a batch of n documents.

    `metrics`: name -> float64[n]. `failed`: reason -> bool[n], True where the document fails.
    `bounds`: reason -> the bound it comes from. `edit`: new texts, if the rule edits.
    `columns`: document columns that the rule sets (language, quality), Arrow arrays of n.
    """

    metrics: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    failed: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    edit: Edit | None = None
    columns: Mapping[str, pa.Array] = field(default_factory=dict)

    @classmethod
    def all_of(cls, *measured: Measure, **tests: Test) -> "Verdict":
        """A document is kept if it passes every test `reason=(measure, comparison, bound)`; a bound of None is off.

        `measured` are stored as metrics without judging anything.
        """
        metrics = {m.name: m.values for m in measured}
        failed, bounds = {}, {}
        for reason, (measure, comparison, value) in tests.items():
            metrics[measure.name] = measure.values
            if value is not None:
                failed[reason] = ~COMPARISONS[comparison](measure.values, value)
                bounds[reason] = Bound(measure.name, comparison, float(value))
        return cls(metrics, failed, bounds)

    def editing(self, edit: Edit) -> "Verdict":
        return replace(self, edit=edit)

    def setting(self, **columns: pa.Array) -> "Verdict":
        return replace(self, columns={**self.columns, **columns})


@dataclass(frozen=True)
class Rule:
    """A registered rule: the function, where it is published, and which arguments stand for files.

    `resources`: argument -> kind of file ("lines", "fasttext", "classifier"). The config holds its
    address; the function is given what was loaded from it. An argument without a default is in `needs`.
    """

    name: str
    judge: Callable[..., Verdict]
    cites: str
    resources: Mapping[str, str] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        every = inspect.signature(self.judge, eval_str=True).parameters
        return {name: p for name, p in every.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}

    @property
    def needs(self) -> Sequence[str]:
        return [name for name, p in self.parameters.items() if p.default is inspect.Parameter.empty]


REGISTRY: dict[str, Rule] = {}


def rule(
    name: str, *, cites: str, resources: Mapping[str, str] | None = None
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Register `judge(docs, *, parameters...) -> Verdict` under `name`."""

    def register(judge: Callable[..., Verdict]) -> Callable[..., Verdict]:
        if name in REGISTRY:
            raise ValueError(f"two rules are called {name}: {REGISTRY[name].judge.__module__} and {judge.__module__}")
        REGISTRY[name] = Rule(name, judge, cites, resources or {})
        return judge

    return register
