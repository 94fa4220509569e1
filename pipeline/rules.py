"""What a rule is: `Verdict`, `@rule` and the registry. A rule's keyword-only arguments are its config keys."""

import inspect
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Annotated, Any

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
class Within:
    """What numbers a parameter takes, the ends among them; stands in its annotation: `Annotated[int, Within(1)]`."""

    low: float
    high: float | None = None


Percentile = Annotated[float, Within(0, 100)]
Order = Annotated[int, Within(1)]  # words of an n-gram


@dataclass(frozen=True)
class Bound:
    """What a document must satisfy: metric, comparison, number. A document that does not has the bound's reason."""

    metric: str
    comparison: str
    value: float


@dataclass(frozen=True)
class BoundBy:
    """A bound whose number differs from document to document: `of` its key, else `otherwise`; None asks nothing.

    `by` says what the key is: the document's `language`, or its file's `extension`.
    """

    metric: str
    comparison: str
    by: str
    of: Mapping[str, float | None]
    otherwise: float | None


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
    `bounds`: reason -> the bound it comes from; `bounds_by`: where that differs between documents. `edit`: new texts,
    if the rule edits.
    `columns`: document columns that the rule sets (language, quality), Arrow arrays of n. A rule says alike for any
    batch, an empty one too, which metrics, reasons and columns it has and whether it edits.
    """

    metrics: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    failed: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    edit: Edit | None = None
    columns: Mapping[str, pa.Array] = field(default_factory=dict)
    bounds_by: Mapping[str, BoundBy] = field(default_factory=dict)

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

    `resources`: argument -> kind of file (pipeline/resources.py). The config holds its address; the function is given
    what was loaded from it. An argument without a default is in `needs`.
    `variant`: whose formula it is where peers differ under one name; a config asks for it with `as:`.
    """

    name: str
    judge: Callable[..., Verdict]
    cites: str
    resources: Mapping[str, str] = field(default_factory=dict)
    variant: str = ""

    @property
    def key(self) -> str:
        """`gopher_quality`, or `gopher_quality@dolma`: where it stands in the registry."""
        return f"{self.name}@{self.variant}" if self.variant else self.name

    @property
    def parameters(self) -> dict[str, inspect.Parameter]:
        every = inspect.signature(self.judge, eval_str=True).parameters
        return {name: p for name, p in every.items() if p.kind is inspect.Parameter.KEYWORD_ONLY}

    @property
    def needs(self) -> Sequence[str]:
        return [name for name, p in self.parameters.items() if p.default is inspect.Parameter.empty]


REGISTRY: dict[str, Rule] = {}


def register(new: Rule) -> None:
    if new.key in REGISTRY:
        modules = f"{REGISTRY[new.key].judge.__module__} and {new.judge.__module__}"
        raise ValueError(f"two rules are called {new.key}: {modules}")
    REGISTRY[new.key] = new


def rule(
    name: str, *, cites: str, resources: Mapping[str, str] | None = None, variant: str = ""
) -> Callable[[Callable[..., Verdict]], Callable[..., Verdict]]:
    """Register `judge(docs, *, parameters...) -> Verdict` under `name`, or as what `name: {as: variant}` means."""

    def registered(judge: Callable[..., Verdict]) -> Callable[..., Verdict]:
        register(Rule(name, judge, cites, resources or {}, variant))
        return judge

    return registered


def variant(
    name: str,
    called: str,
    judge: Callable[..., Verdict],
    *,
    cites: str,
    resources: Mapping[str, str] | None = None,
    **defaults: Any,
) -> None:
    """Register the same formulas with other defaults: `name: {as: called}`."""
    changed = partial(judge, **defaults)
    changed.__doc__, changed.__module__ = judge.__doc__, judge.__module__
    register(Rule(name, changed, cites, resources or {}, called))
