"""What another threshold would have kept: counted from features/, without reading a text again."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.attribution import step_of
from pipeline.report.run import ReportError, Run, changed_later, metric_names, open_run, tables
from pipeline.report.swept import Judged, judged, waits
from pipeline.rules import COMPARISONS

QUANTILES = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0)
AROUND = (-0.2, -0.1, -0.05, -0.02, -0.01, 0.01, 0.02, 0.05, 0.1, 0.2)  # shares of documents left and right of the cut
RERUN = "01-refine only: what dedup and the mixture make of another selection needs a rerun"

Bools = NDArray[np.bool_]


def fails_at(documents: Judged, comparison: str, threshold: float) -> Bools:
    """Which fail the bound at another threshold; where no number was asked for, the verdict stays."""
    asked = ~np.isnan(documents.values)
    return np.where(asked, ~COMPARISONS[comparison](documents.values, threshold), documents.fails)


def kept_at(documents: Judged, bound: Mapping[str, Any], threshold: float) -> dict[str, Any]:
    """The documents and bytes that 01-refine keeps at the threshold, [lowest, highest], and who comes and goes.

    The two differ by the documents that come back to a later step which asks survivors only: it has not judged them.
    """
    now = ~documents.fails_other & ~documents.fails
    then = ~documents.fails_other & ~fails_at(documents, bound["comparison"], threshold)
    back, unsure = then & ~now, then & ~now & documents.unsure
    bytes_then, bytes_unsure = (int(documents.edited_bytes[rows].sum()) for rows in (then, unsure))
    return {
        "threshold": threshold,
        "current": threshold == bound["value"],
        "exact": not unsure.any(),
        "documents": [int(then.sum() - unsure.sum()), int(then.sum())],
        "text_bytes": [bytes_then - bytes_unsure, bytes_then],
        "come_back": {**moved(documents, back), "unjudged": int(unsure.sum())},
        "leave": moved(documents, now & ~then),
    }


def moved(documents: Judged, rows: Bools) -> dict[str, Any]:
    """How many, how large, how good: the mean quality of those that were scored, and their share."""
    quality = documents.quality[rows]
    scored = quality[~np.isnan(quality)]
    return {
        "documents": int(rows.sum()),
        "text_bytes": int(documents.edited_bytes[rows].sum()),
        "quality": float(scored.mean()) if len(scored) else None,
        "scored": len(scored) / len(quality) if len(quality) else None,
    }


def thresholds(values: NDArray[np.float64], cut: float) -> list[float]:
    """The cut, quantiles of the metric, and the values that a few per cent of documents left and right of it have."""
    if not len(values):
        return [cut]
    here = float((values < cut).mean())
    shares = sorted({*QUANTILES, *(here + step for step in AROUND if 0 <= here + step <= 1)})
    around = np.quantile(values, shares, method="lower")
    return sorted({cut, *(float(value) for value in around)})


def says(reason: str, bound: Mapping[str, Any], line: Mapping[str, Any]) -> str:
    """One threshold as a sentence."""
    back, leave = line["come_back"], line["leave"]
    told = f"{reason}: {bound['value']:g} -> {line['threshold']:g} "
    if not back["documents"] and not leave["documents"]:
        return told + "changes nothing"
    parts = []
    if back["documents"]:
        low = back["documents"] - back["unjudged"]
        counted = f"{back['documents']:,}" if not back["unjudged"] else f"{low:,} to +{back['documents']:,}"
        parts.append(f"keeps +{counted} documents, {described(back, '+', 'at most ' * bool(back['unjudged']))}")
    if leave["documents"]:
        parts.append(f"drops {leave['documents']:,} documents, {described(leave, '')}")
    unjudged = f" ({back['unjudged']:,} were not judged by a later step)" if back["unjudged"] else ""
    return told + "; ".join(parts) + unjudged


def described(counts: Mapping[str, Any], sign: str, most: str = "") -> str:
    told = f"{most}{sign}{counts['text_bytes']:,} bytes"
    if counts["quality"] is None:
        return told + ", none of them scored"
    return told + f", of mean quality {counts['quality']:.3f} over the {counts['scored']:.0%} that are scored"


def swept(run: Run, reason: str, bound: Mapping[str, Any], to: Sequence[float]) -> dict[str, Any]:
    """The bound at every threshold asked for, or at a grid of its own."""
    return counted(run, judged(run, bound["metric"], reason), reason, bound, to)


def swept_by_language(run: Run, reason: str, bound: Mapping[str, Any], to: Sequence[float]) -> list[dict[str, Any]]:
    """The bound of each language that the documents have, all other languages' as they are; None: of all the rest."""
    documents, of = judged(run, bound["metric"], reason), bound["of"]
    there = [*sorted({*documents.language.tolist()} & {*of}), None]
    found = []
    for language in there:
        value = bound["otherwise"] if language is None else of[language]
        own = documents.of_language(list(of), language)
        if value is not None and not np.isnan(own.values).all():
            one = {"metric": bound["metric"], "comparison": bound["comparison"], "value": value, "language": language}
            found.append(counted(run, own, reason, one, to))
    return found


def counted(run: Run, documents: Judged, reason: str, bound: Mapping[str, Any], to: Sequence[float]) -> dict[str, Any]:
    """Who comes and goes at each threshold; ReportError where the verdicts are not the bound's."""
    other = documents.fails != fails_at(documents, bound["comparison"], bound["value"])
    if other.any():
        raise ReportError(
            f"{run.path}: {int(other.sum())} verdicts of {reason} do not follow from {bound['metric']} and its bound,"
            " so another bound cannot be counted (run with it instead)"
        )
    asked = documents.values[~np.isnan(documents.values)]
    tried = [float(value) for value in to] or thresholds(asked, float(bound["value"]))
    lines = [kept_at(documents, bound, value) for value in tried]
    now = kept_at(documents, bound, float(bound["value"]))
    whose = f" [{bound['language'] or 'other'}]" if "language" in bound else ""
    return {
        "reason": reason,
        **bound,
        "asked": len(asked),
        "now": {"documents": now["documents"][0], "text_bytes": now["text_bytes"][0]},
        "thresholds": [{**line, "says": says(reason + whose, bound, line)} for line in lines],
    }


def quantiles(run: Run, metric: str) -> dict[str, float]:
    parts = [table[metric].drop_null().to_numpy() for _, table in tables(run, "01-refine", "features", [metric])]
    values = np.concatenate([np.zeros(0), *parts])
    values = values[~np.isnan(values)]
    return {f"{share:g}": float(np.quantile(values, share)) for share in QUANTILES} if len(values) else {}


def bounds_on(run: Run, name: str) -> dict[str, Mapping[str, Any]]:
    """The bounds that rest on the metric, or the one of the reason; where there is none, what may be asked for."""
    every = {**run.bounds, **run.bounds_by}
    found = {reason: bound for reason, bound in every.items() if name in (reason, bound["metric"])}
    edits = {step["name"] for step in run.steps if step.get("edits")}
    free = dict.fromkeys(b["metric"] for reason, b in every.items() if step_of(reason) not in edits)
    known = ", ".join(free) or "none has"
    reasons = {f"{step['name']}.{reason}" for step in run.steps for reason in step.get("reasons", [])}
    if not found and name not in reasons.union(metric_names(run)):
        raise ReportError(f"{run.path}: no metric is called {name} (metrics with a bound: {known})")
    if not found:
        why = (
            "it says what was found or edited, and a changed parameter would change texts"
            if step_of(name) in edits
            else "nothing is asked of it, or not the same of every document (`as: language`)"
        )
        raise ReportError(
            f"{run.path}: no one bound rests on {name}: {why}, which needs a rerun (metrics with a bound: {known})"
        )
    if step_of(name) in edits:
        raise ReportError(
            f"{run.path}: {step_of(name)} edits the texts that it keeps: at another threshold the steps below"
            f" would read other texts, which needs a rerun (metrics whose bounds change no text: {known})"
        )
    for reason, bound in found.items():
        if "by" in bound:
            check_key(run, reason, bound["by"])
    return found


def check_key(run: Run, reason: str, by: str) -> None:
    """Raise ReportError where features/ does not say which of a reason's bounds judged a document."""
    why = f"the bound of {reason} differs by the document's {by}"
    if by != "language":
        raise ReportError(f"{run.path}: {why}, which features/ does not hold: another bound needs a rerun")
    if changed_later(run, step_of(reason), by):
        raise ReportError(f"{run.path}: {why}, and a later step sets that anew: another bound needs a rerun")


def notes(run: Run, bounds: Mapping[str, Any]) -> list[str]:
    """What the numbers do not say."""
    names = [str(step["name"]) for step in run.steps]
    first = min((names.index(step_of(reason)) for reason in bounds), default=0)
    later = [run.steps[place] for place in range(first + 1, len(names)) if waits(run, place)]
    told = [RERUN]
    if later:
        listed = ", ".join(str(step["name"]) for step in later)
        told.append(f"what comes back was not judged by {listed}, which looked at survivors only: counts are ranges")
    edits = ", ".join(str(step["name"]) for step in later if step.get("edits"))
    if edits:
        told.append(f"the highest bytes are before {edits} has edited what comes back")
    return told


def sweep(run: Path | str, metric: str, to: Sequence[float] = ()) -> dict[str, Any]:
    """What 01-refine would keep at other thresholds of each bound on the metric, all other bounds as they are."""
    opened = open_run(run, needs=["01-refine"])
    bounds = bounds_on(opened, metric)
    found = []
    for reason, bound in bounds.items():
        found += swept_by_language(opened, reason, bound, to) if "by" in bound else [swept(opened, reason, bound, to)]
    measured = next(iter(bounds.values()))["metric"]
    return {
        "metric": measured,
        "quantiles": quantiles(opened, measured),
        "bounds": found,
        "notes": notes(opened, bounds),
    }
