"""Each metric's histogram over all judged documents, kept and dropped, with the bounds marked; from features/ alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from markupsafe import Markup
from numpy.typing import NDArray

from pipeline.report.charts import Bins, Cut, histogram
from pipeline.report.numbers import short
from pipeline.report.run import Run, metric_names, tables

COLUMNS = 48  # of a histogram
SMALL = 20  # up to here log(1 + x) is hardly bent
FEWEST = 8  # of whole numbers
SURVEYED = 200_000  # values that decide where a histogram begins and ends; the counts are of all
TAILS = (0.002, 0.998)  # what lies beyond is counted in the first and last column
LOGARITHMIC = 8  # above this ratio of the 98th percentile to the median, the axis is one of powers

SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Axis:
    """Where the columns' edges lie; `edges` are in the metric's own unit."""

    edges: Floats
    logarithmic: bool
    integers: bool

    def place(self, value: float) -> float:
        """Where a value stands on the axis: edge k is at k / (edges - 1), between them in proportion."""
        return float(np.interp(value, self.edges, np.linspace(0, 1, len(self.edges))))


def _values(table: pa.Table, metric: str) -> Floats:
    return np.asarray(table[metric].fill_null(np.nan).to_numpy(), np.float64)


def survey(run: Run, metrics: Sequence[str]) -> dict[str, Floats]:
    """Some values of each metric, every part giving its share."""
    judged = run.manifests["01-refine"]["documents"]["in"]
    stride = max(1, judged // SURVEYED)
    found: dict[str, list[Floats]] = {metric: [] for metric in metrics}
    for _, table in tables(run, "01-refine", "features", metrics):
        for metric in metrics:
            values = _values(table, metric)
            found[metric].append(values[np.isfinite(values)][::stride])
    return {metric: np.concatenate([np.zeros(0), *parts]) for metric, parts in found.items()}


def separator(bound: Mapping[str, Any], integers: bool) -> float:
    """The value between those that pass and those that fail: for whole numbers, half-way between two."""
    value = float(bound["value"])
    if not integers:
        return value
    return value - 0.5 if bound["comparison"] in (">=", "<") else value + 0.5


def axis_of(values: Floats, bounds: Sequence[Mapping[str, Any]]) -> Axis:
    """Edges over all but the tails; a bound within them, or close by, has an edge of its own."""
    whole = np.concatenate([values, [float(bound["value"]) for bound in bounds]])
    integers = bool((whole == np.floor(whole)).all())
    low, high = (float(v) for v in np.quantile(values, TAILS))
    cuts = [separator(bound, integers) for bound in bounds]
    span = high - low
    near = [cut for cut in cuts if low - span <= cut <= high + span]
    low, high = min([low, *near]), max([high, *near])
    median, upper = (float(v) for v in np.quantile(values, (0.5, 0.98)))
    logarithmic = low >= 0 and median > 0 and upper > max(LOGARITHMIC * median, SMALL)
    edges = _with_cuts(_edges(low, high, logarithmic, integers), near)
    return Axis(edges, logarithmic, integers)


def _with_cuts(edges: Floats, cuts: Sequence[float]) -> Floats:
    """The cuts among the edges, each in the place of the inner edge nearest to it."""
    inner = edges[1:-1].copy()
    for cut in cuts:
        if len(inner) and edges[0] < cut < edges[-1]:
            inner[np.abs(inner - cut).argmin()] = cut
    return np.unique(np.concatenate([edges[[0, -1]], inner, np.array(cuts, np.float64)]))


def _edges(low: float, high: float, logarithmic: bool, integers: bool) -> Floats:
    if logarithmic:
        powers = np.expm1(np.linspace(np.log1p(low), np.log1p(high), COLUMNS + 1))
        return np.unique(np.append(np.floor(powers), np.floor(high) + 1)) - 0.5 if integers else powers
    if integers:
        high = max(high, low + FEWEST - 1)
        step = max(1, int(np.ceil((high - low + 1) / COLUMNS)))
        return np.arange(np.floor(low), np.ceil(high) + step + 1, step) - 0.5
    return np.linspace(low, high if high > low else low + 1, COLUMNS + 1)


def count(run: Run, axes: Mapping[str, Axis]) -> dict[str, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """For each metric the kept and the dropped documents in each column; all documents, one part at a time."""
    counts = {m: (np.zeros(len(a.edges) - 1, np.int64), np.zeros(len(a.edges) - 1, np.int64)) for m, a in axes.items()}
    for _, table in tables(run, "01-refine", "features", ["kept", *axes]):
        kept = table["kept"].to_numpy()
        for metric, axis in axes.items():
            values = _values(table, metric)
            for fate, chosen in zip(counts[metric], (kept, ~kept), strict=True):
                fate += _counted(values[chosen & ~np.isnan(values)], axis)
    return counts


def _counted(values: Floats, axis: Axis) -> NDArray[np.int64]:
    columns = len(axis.edges) - 1
    places = np.clip(np.searchsorted(axis.edges, values, side="right") - 1, 0, columns - 1)
    return np.bincount(places, minlength=columns)


def _ticks(axis: Axis) -> list[tuple[float, str]]:
    """Five labels; between whole numbers an edge stands half-way, and its label is the number right of it."""
    at = np.linspace(0, len(axis.edges) - 1, 5).round().astype(np.int64)
    moved = 0.5 if axis.integers else 0.0
    return [(place / (len(axis.edges) - 1), short(float(axis.edges[place]) + moved)) for place in at]


def _cuts(axis: Axis, bounds: Sequence[Mapping[str, Any]]) -> Iterator[Cut]:
    for bound in bounds:
        at = separator(bound, axis.integers)
        beyond = not axis.edges[0] <= at <= axis.edges[-1]
        yield Cut(axis.place(at), f"{SIGNS[bound['comparison']]} {short(bound['value'])}", beyond)


def _drawn(metric: str, axis: Axis, bounds: Sequence[Mapping[str, Any]], counts: Sequence[NDArray[np.int64]]) -> Markup:
    kept, dropped = ([int(value) for value in column] for column in counts)
    bins = Bins(kept, dropped, _ticks(axis), list(_cuts(axis, bounds)))
    return histogram(bins, f"{metric}: {sum(kept)} kept and {sum(dropped)} dropped documents")


def histograms(run: Run) -> list[dict[str, Any]]:
    """metric, its picture, its quartiles, how many documents it was asked of; in the order of the steps."""
    surveyed = {metric: values for metric, values in survey(run, metric_names(run)).items() if len(values)}
    bounds = {m: [b for b in run.bounds.values() if b["metric"] == m] for m in surveyed}
    axes = {metric: axis_of(values, bounds[metric]) for metric, values in surveyed.items()}
    counts = count(run, axes) if axes else {}
    return [
        {
            "metric": metric,
            "picture": _drawn(metric, axis, bounds[metric], counts[metric]),
            "quartiles": [short(float(v)) for v in np.quantile(surveyed[metric], (0.25, 0.5, 0.75))],
            "asked": int(sum(column.sum() for column in counts[metric])),
            "logarithmic": axis.logarithmic,
            "bounded": bool(bounds[metric]),
        }
        for metric, axis in axes.items()
    ]
