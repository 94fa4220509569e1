"""RUN/report.html: one page without scripts, in which nothing that a document contains can act."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report import attributed, funnel, lint, neighbours, numbers
from pipeline.report.duplicates import largest, pairs
from pipeline.report.evidence import of_run
from pipeline.report.histograms import histograms
from pipeline.report.removed import removed
from pipeline.report.run import WHOLE, Run, open_run
from pipeline.report.sample import Pick, failures, pick_dropped, pick_kept, read_picks
from pipeline.report.switched_off import off_in
from pipeline.report.visible import excerpt, one_line, visible
from pipeline.storage import files

TOP_REASONS = 10  # of which examples are shown
EXAMPLES = 2  # for each
KEPT_EXAMPLES = 4
REASONS = 7  # of a document that are named beside it
FAILED = 50  # rows listed


def _example(run: Run, pick: Pick, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": one_line(pick.id, 80),
        "where": one_line(f"{line['source']}, {run.unit(pick.unit)['path']}, row {pick.row}"),
        "language": one_line(line["language"] or ""),
        "reasons": [one_line(reason) for reason in pick.reasons[:REASONS]],
        "more_reasons": len(pick.reasons[REASONS:]),
        "text": excerpt(line["text"]),
    }


def _examples(run: Run, picks: list[Pick]) -> list[dict[str, Any]]:
    lines = read_picks(run, picks)
    return [_example(run, pick, lines[pick]) for pick in picks]


def dropped_examples(run: Run) -> list[dict[str, Any]]:
    """A few documents for each of the reasons that dropped most; none is shown twice."""
    reasons = [line["reason"] for line in funnel.reasons(run) if line["any"]][:TOP_REASONS]
    picked = pick_dropped(run, reasons, EXAMPLES * TOP_REASONS)
    groups, seen = [], set[str]()
    for reason in reasons:
        fresh = [pick for pick in picked[reason] if pick.id not in seen][:EXAMPLES]
        seen |= {pick.id for pick in fresh}
        groups.append({"reason": reason, "examples": _examples(run, fresh)})
    return [group for group in groups if group["examples"]]


def _failed(run: Run) -> list[dict[str, str]]:
    return [
        {
            "file": one_line(line["file"]),
            "place": one_line(line["place"]),
            "error": one_line(line["error"], 300),
            "payload": one_line(line["payload"], 120),
        }
        for line in failures(run, FAILED)
    ]


def _finding(found: lint.Finding) -> dict[str, str]:
    return {name: one_line(getattr(found, name), 400) for name in ("kind", "about", "says", "do")}


def view(run: Run) -> dict[str, Any]:
    """Everything that the template shows, as text that is safe to look at."""
    first, whole = run.manifests["01-refine"], run.manifests[WHOLE]
    groups = funnel.mixture(run)
    return {
        "name": one_line(run.name),
        "version": one_line(str(whole["gristmill"])),
        "fingerprint": one_line(str(whole["fingerprint"])),
        "seed": run.plan.get("seed"),
        "units": len(run.plan["units"]),
        "stages": funnel.stages(run),
        "charts": funnel.charts(run),
        "tables": [
            ("source", funnel.shown(funnel.by(run, "source"))),
            ("language", funnel.shown(funnel.by(run, "language"))),
        ],
        "taken": attributed.view(run),
        "gone": whole["documents"]["dropped"],
        "gone_bytes": whole["text_bytes"]["dropped"],
        "findings": [_finding(found) for found in lint.lint(of_run(run), run.bounds, off_in(run))],
        "histograms": histograms(run),
        "kept": _examples(run, pick_kept(run, KEPT_EXAMPLES)),
        "dropped": dropped_examples(run),
        "bytes": whole["text_bytes"],
        "removed": removed(run),
        "documents": first["documents"],
        "skipped": sorted(first.get("skipped", {}).items(), key=lambda item: (-item[1], item[0])),
        "clusters": largest(run),
        "pairs": pairs(run),
        "neighbours": neighbours.found(run),
        "groups": groups,
        "mixture_chart": funnel.mixture_chart(groups) if groups else Markup(""),
        "failed": _failed(run),
    }


def as_data(run: Path | str) -> dict[str, Any]:
    """What the report says of steps and rules, as data: `gristmill report --json`."""
    opened = open_run(run)
    return {
        "report": str(opened.path / "report.html"),
        "documents": opened.manifests[WHOLE]["documents"],
        "text_bytes": opened.manifests[WHOLE]["text_bytes"],
        "steps": attributed.steps(opened),
        "lint": lint.as_json(of_run(opened), opened.bounds, off_in(opened)),
    }


def environment() -> Environment:
    """Autoescape everywhere, and an error for a name that is not there."""
    made = Environment(
        loader=PackageLoader("pipeline.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(whole=numbers.whole, size=numbers.size, tenth=numbers.tenth, visible=visible)
    made.globals.update(share=numbers.share)
    return made


def write_report(run: Path | str) -> Path:
    """Write report.html into the run folder, from what its manifests name; the same run gives the same bytes."""
    opened = open_run(run)
    page = environment().get_template("report.html").render(view(opened))
    path = opened.path / "report.html"
    files.atomic_write(str(path), page.encode())
    return path
