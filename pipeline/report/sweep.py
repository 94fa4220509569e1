"""What another threshold would have kept: counted from features/, without reading a text again."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.report.run import ReportError, Run, metric_names, open_run, tables
from pipeline.report.sample import has_reason
from pipeline.rules import COMPARISONS

QUANTILES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
AROUND = (-0.2, -0.1, -0.05, -0.02, -0.01, 0.01, 0.02, 0.05, 0.1, 0.2)  # shares of documents left and right of the cut
NOTES = (
    "01-refine only: what dedup and the mixture make of another selection needs a rerun",
    "the bytes of a document that comes back are those of its text as extracted",
)


@dataclass(frozen=True, eq=False)
class Judged:
    """Every judged document, for one bound: its metric, its bytes, whether it fails it and whether anything else."""

    values: NDArray[np.float64]  # NaN where the step did not ask
    text_bytes: NDArray[np.int64]
    fails: NDArray[np.bool_]
    fails_other: NDArray[np.bool_]


def _failing(dropped: pa.Table, reason: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of the dropped documents: which fail for `reason`, and which for anything else."""
    mine = has_reason(dropped["reasons"], reason)
    every = np.asarray(pc.list_value_length(dropped["reasons"]).fill_null(0))
    return mine, every > mine


def _judged_part(features: pa.Table, dropped: pa.Table, metric: str, reason: str) -> Judged:
    rows = features["row"].to_numpy()
    fails, other = np.zeros(len(rows), np.bool_), ~features["kept"].to_numpy()
    order = np.argsort(rows, kind="stable")
    place = order[np.searchsorted(rows, dropped["row"].to_numpy(), sorter=order)]
    fails[place], other[place] = _failing(dropped, reason)
    values = features[metric].fill_null(np.nan).to_numpy()
    return Judged(values, features["text_bytes"].to_numpy(), fails, other)


def judged(run: Run, metric: str, reason: str) -> Judged:
    """All documents of 01-refine; features/ and dropped/ have a part for each batch, in the same order."""
    features = tables(run, "01-refine", "features", ["row", "kept", "text_bytes", metric])
    dropped = tables(run, "01-refine", "dropped", ["row", "reasons"])
    parts = [_judged_part(one, other, metric, reason) for (_, one), (_, other) in zip(features, dropped, strict=True)]
    fields = ("values", "text_bytes", "fails", "fails_other")
    empty = Judged(np.zeros(0), np.zeros(0, np.int64), np.zeros(0, np.bool_), np.zeros(0, np.bool_))
    return Judged(*(np.concatenate([getattr(part, name) for part in [empty, *parts]]) for name in fields))


def _fails_at(documents: Judged, comparison: str, threshold: float) -> NDArray[np.bool_]:
    """Which fail the bound at another threshold; where no number was asked for, the verdict stays."""
    asked = ~np.isnan(documents.values)
    return np.where(asked, ~COMPARISONS[comparison](documents.values, threshold), documents.fails)


def _kept_at(documents: Judged, bound: Mapping[str, Any], threshold: float) -> dict[str, Any]:
    kept = ~documents.fails_other & ~_fails_at(documents, bound["comparison"], threshold)
    now = ~documents.fails_other & ~documents.fails
    return {
        "threshold": threshold,
        "documents": int(kept.sum()),
        "text_bytes": int(documents.text_bytes[kept].sum()),
        "come_back": int((kept & ~now).sum()),
        "leave": int((now & ~kept).sum()),
        "current": threshold == bound["value"],
    }


def thresholds(values: NDArray[np.float64], cut: float) -> list[float]:
    """The cut, quantiles of the metric, and the values that a few per cent of documents left and right of it have."""
    if not len(values):
        return [cut]
    here = float((values < cut).mean())
    shares = sorted({*QUANTILES, *(here + step for step in AROUND if 0 <= here + step <= 1)})
    around = np.quantile(values, shares, method="lower")
    return sorted({cut, *(float(value) for value in around)})


def _swept(run: Run, metric: str, reason: str, bound: Mapping[str, Any]) -> dict[str, Any]:
    documents = judged(run, metric, reason)
    asked = documents.values[~np.isnan(documents.values)]
    tried = [_kept_at(documents, bound, value) for value in thresholds(asked, float(bound["value"]))]
    return {"reason": reason, **bound, "asked": len(asked), "thresholds": tried}


def _quantiles(run: Run, metric: str) -> dict[str, float]:
    parts = [table[metric].drop_null().to_numpy() for _, table in tables(run, "01-refine", "features", [metric])]
    values = np.concatenate([np.zeros(0), *parts])
    values = values[~np.isnan(values)]
    return {f"{share:g}": float(np.quantile(values, share)) for share in QUANTILES} if len(values) else {}


def _bounds_on(run: Run, metric: str) -> dict[str, Mapping[str, Any]]:
    """The bounds that rest on the metric; raises, with what may be asked for, where there is none."""
    on_it = {reason: bound for reason, bound in run.bounds.items() if bound["metric"] == metric}
    if on_it:
        return on_it
    known = ", ".join(dict.fromkeys(bound["metric"] for bound in run.bounds.values())) or "none has"
    if metric not in metric_names(run):
        raise ReportError(f"{run.path}: no metric is called {metric} (metrics with a bound: {known})")
    raise ReportError(
        f"{run.path}: no bound rests on {metric}: it says what was found or edited, and a changed parameter would"
        f" change texts, which needs a rerun (metrics with a bound: {known})"
    )


def _notes(run: Run) -> list[str]:
    later = [str(step["name"]) for step in run.steps if step.get("over") == "survivors"]
    unasked = f"what comes back was not judged by {', '.join(later)}, which looked at survivors only"
    return [*NOTES, unasked] if later else list(NOTES)


def sweep(run: Path | str, metric: str) -> dict[str, Any]:
    """What 01-refine would keep at other thresholds of each bound on the metric, all other bounds as they are."""
    opened = open_run(run, needs=["01-refine"])
    bounds = _bounds_on(opened, metric)
    swept = [_swept(opened, metric, reason, bound) for reason, bound in bounds.items()]
    return {"metric": metric, "quantiles": _quantiles(opened, metric), "bounds": swept, "notes": _notes(opened)}
