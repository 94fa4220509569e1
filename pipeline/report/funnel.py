"""Documents, bytes and tokens after each pass, in all, by source and by language; and the reasons of what went."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from pipeline.report.charts import Bar, bars
from pipeline.report.numbers import share, size, whole
from pipeline.report.run import PASSES, WHOLE, Run
from pipeline.report.visible import one_line

MOST_ROWS = 24  # of a table by language; the rest is summed in its last line
STAGES = (
    ("read", "01-refine", "in"),
    ("refined", "01-refine", "kept"),
    ("deduplicated", "02-dedup", "kept"),
    ("published", "03-mixture", "kept"),
)
COUNTED = ("documents", "text_bytes", "tokens")


def stages(run: Run) -> list[dict[str, Any]]:
    """What each stage left: name, documents, text_bytes, tokens (None where not counted)."""
    return [
        {
            "name": name,
            "documents": run.manifests[of_pass]["documents"][what],
            "text_bytes": run.manifests[of_pass]["text_bytes"][what],
            "tokens": None if what == "in" else (run.manifests[of_pass].get("tokens") or {}).get("kept") or None,
        }
        for name, of_pass, what in STAGES
    ]


def _bars(rows: Sequence[Mapping[str, Any]], column: str, figure: Callable[[float | None], str]) -> Markup:
    counted = [row for row in rows if row[column] is not None]
    most = max((row[column] for row in counted), default=0) or 1
    drawn = [Bar(row["name"], row[column] / most, figure(row[column])) for row in counted]
    return bars(drawn, f"{column} after each stage", wide=360, label=90, text=82)


def charts(run: Run) -> list[tuple[str, Markup]]:
    """One chart for each thing that is counted."""
    rows = stages(run)
    drawn = [("Documents", _bars(rows, "documents", whole)), ("Text", _bars(rows, "text_bytes", size))]
    if any(row["tokens"] for row in rows):
        drawn.append(("Tokens", _bars(rows, "tokens", whole)))
    return drawn


def _sums(run: Run, of_pass: str, kinds: Sequence[str], key: str) -> dict[str, dict[str, int]]:
    """By a column of the manifest's `by`: documents, bytes and tokens."""
    sums: dict[str, dict[str, int]] = {}
    by = run.manifests[of_pass].get("by") or {}
    for line in [line for kind in kinds for line in by.get(kind, [])]:
        mine = sums.setdefault(str(line.get(key) or ""), dict.fromkeys(COUNTED, 0))
        for column in COUNTED:
            mine[column] += line.get(column) or 0
    return sums


def by(run: Run, key: str) -> list[dict[str, Any]]:
    """A line for each source, or each language: what was judged, and what each pass left of it."""
    judged = _sums(run, "01-refine", ("kept", "dropped"), key)
    after = {of_pass: _sums(run, of_pass, ("kept",), key) for of_pass in PASSES}
    none = dict.fromkeys(COUNTED, 0)
    lines = [
        {
            "name": one_line(name, 60) or "unknown",
            "judged": counts,
            "after": [after[of_pass].get(name, none) for of_pass in PASSES],
        }
        for name, counts in judged.items()
    ]
    return sorted(lines, key=lambda line: (-line["judged"]["documents"], line["name"]))


def shown(lines: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The largest lines, and the rest as one."""
    rest = lines[MOST_ROWS:]
    if not rest:
        return list(lines)
    judged = {column: sum(line["judged"][column] for line in rest) for column in COUNTED}
    after = [{c: sum(line["after"][at][c] for line in rest) for c in COUNTED} for at in range(len(PASSES))]
    return [*lines[:MOST_ROWS], {"name": f"{len(rest)} more", "judged": judged, "after": after}]


def reasons(run: Run) -> list[dict[str, Any]]:
    """Each reason with its pass and counts, the one that dropped most first."""
    lines = [
        {"reason": one_line(reason), "pass": of_pass, **counts, "share": share(counts["any"], seen)}
        for of_pass, seen in ((name, run.manifests[name]["documents"]["in"]) for name in PASSES)
        for reason, counts in run.manifests[of_pass].get("reasons", {}).items()
    ]
    return sorted(lines, key=lambda line: (-line["any"], line["reason"]))


def mixture(run: Run) -> list[dict[str, Any]]:
    """The groups, in the config's order: target, achieved, documents, tokens, epochs."""
    groups: Mapping[str, Mapping[str, Any]] = run.manifests[WHOLE].get("mixture") or {}
    return [{"name": one_line(name, 60), **group} for name, group in groups.items()]


def mixture_chart(groups: Sequence[Mapping[str, Any]]) -> Markup:
    """What each group is of the corpus's tokens, and a mark where it should be."""
    most = max((max(group["target"] or 0, group["achieved"] or 0) for group in groups), default=0) or 1
    drawn = [
        Bar(
            group["name"],
            (group["achieved"] or 0) / most,
            f"{share(group['achieved'] or 0, 1)} of {share(group['target'] or 0, 1)}",
            (group["target"] or 0) / most,
        )
        for group in groups
    ]
    return bars(drawn, "share of tokens by group against its target", wide=720, label=150, text=150)
