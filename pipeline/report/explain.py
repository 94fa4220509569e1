"""The whole story of one document: where it stood, what every step measured, who kept or dropped it, and why."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.attribution import step_of
from pipeline.documents import Documents
from pipeline.filters.code_files import PATHS, extensions
from pipeline.filters.language_presets import code_of
from pipeline.report.removed import cut_from
from pipeline.report.run import Address, ReportError, Run, changed_later, documents, open_run, tables
from pipeline.report.visible import one_line
from pipeline.rules import COMPARISONS

MEMBERS = 20  # of its cluster that are named
ABOUT = ("source", "url", "language", "script", "language_score", "licence", "date", "tokens", "quality")


def _find(run: Run, document: str) -> list[Address]:
    """The addresses of the documents of this id; only ids that dedup is not given may stand twice."""
    found: list[Address] = []
    for _, table in tables(run, "01-refine", "features", ["id", "unit", "row"]):
        here = table.filter(pc.equal(table["id"], document))
        found += zip(here["unit"].to_pylist(), here["row"].to_pylist(), strict=True)
    return found


def _decision(run: Run, of_pass: str, address: Address) -> dict[str, Any] | None:
    if of_pass not in run.manifests:
        return None
    return documents(run, (of_pass, "decisions"), [address]).get(address)


def _members(run: Run, cluster: str) -> Iterator[dict[str, Any]]:
    """The documents of a cluster, the survivor among them."""
    for _, table in tables(run, "02-dedup", "decisions", ["id", "unit", "row", "keep", "reason", "cluster"]):
        yield from table.filter(pc.equal(table["cluster"], pa.scalar(cluster))).drop_columns("cluster").to_pylist()


def _own_bounds(run: Run, document: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The bounds that judged this document: those of all, and those of its language or of its file's extension."""
    keys = {"language": code_of(document.get("language") or ""), "extension": extension_of(document)}
    own: dict[str, Mapping[str, Any]] = dict(run.bounds)
    for reason, bound in run.bounds_by.items():
        key = keys[bound["by"]]
        value = bound["of"].get(key, bound["otherwise"])
        if value is not None and not changed_later(run, step_of(reason), bound["by"]):
            known = key if key in bound["of"] else "other"
            own[reason] = {
                **{name: bound[name] for name in ("metric", "comparison", "by")},
                "of": known,
                "value": value,
            }
    return own


def extension_of(document: Mapping[str, Any]) -> str:
    """As rules of code find it in the document's columns."""
    columns = {name: pa.array([document[name]], pa.string()) for name in PATHS if name in document}
    return str(extensions(Documents(pa.RecordBatch.from_pydict(columns)))[0]) if columns else ""


def _bound_lines(bounds: Mapping[str, Mapping[str, Any]], metric: str, value: float) -> list[dict[str, Any]]:
    on_it = [(reason, bound) for reason, bound in bounds.items() if bound["metric"] == metric]
    return [
        {
            "reason": reason,
            "comparison": bound["comparison"],
            "value": bound["value"],
            **({bound["by"]: bound["of"]} if "by" in bound else {}),
            "passed": bool(COMPARISONS[bound["comparison"]](value, bound["value"])),
        }
        for reason, bound in on_it
    ]


def _steps(run: Run, features: Mapping[str, Any], document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each step that asked: its metrics with their bounds, and the reasons it gave."""
    metrics = {name: v for name, v in features.items() if "." in name and v is not None and v == v}  # NaN: not asked
    reasons, bounds = list(document.get("reasons") or []), _own_bounds(run, document)
    names = dict.fromkeys(name.split(".")[0] for name in [*metrics, *reasons])
    return [
        {
            "step": step,
            "metrics": [
                {"metric": name, "value": value, "bounds": _bound_lines(bounds, name, value)}
                for name, value in metrics.items()
                if name.split(".")[0] == step
            ],
            "reasons": [reason for reason in reasons if reason.split(".")[0] == step],
        }
        for step in names
    ]


def _outcome(reasons: list[str], dedup: Mapping[str, Any] | None, mixture: Mapping[str, Any] | None) -> str:
    if reasons:
        return "dropped in 01-refine"
    for of_pass, decision in (("02-dedup", dedup), ("03-mixture", mixture)):
        if decision is None:
            return f"kept so far; {of_pass} has not finished"
        if not decision["keep"]:
            return f"dropped in {of_pass}"
    return "published"


def _dedup(run: Run, decision: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The decision, and the first of its cluster's documents, with where each stood."""
    if decision is None:
        return None
    told = {name: decision[name] for name in ("keep", "reason", "cluster", "cluster_size", "keeper")}
    if decision["cluster"] is None or not (decision["cluster_size"] or 0) > 1:
        return {**told, "members": []}
    members = sorted(_members(run, decision["cluster"]), key=lambda member: (not member["keep"], member["id"]))[
        :MEMBERS
    ]
    return {**told, "members": [{**member, "path": run.unit(member["unit"])["path"]} for member in members]}


def _semantic(run: Run, address: Address) -> dict[str, Any] | None:
    """Its nearest neighbour at or above the threshold, and who stays for it; None where it has none."""
    if "02-dedup" not in run.manifests:
        return None
    found = documents(run, ("02-dedup", "semantic"), [address]).get(address)
    return found and {name: found[name] for name in ("group", "group_size", "nearest", "cosine", "keeper")}


def _told(run: Run, address: Address) -> dict[str, Any]:
    features = documents(run, ("01-refine", "features"), [address])[address]
    kind = "kept" if features["kept"] else "dropped"
    document = documents(run, ("01-refine", kind), [address])[address]
    reasons = list(document.get("reasons") or [])
    dedup, mixture = (_decision(run, of_pass, address) for of_pass in ("02-dedup", "03-mixture"))
    return {
        "id": features["id"],
        "outcome": _outcome(reasons, dedup, mixture),
        "where": {**run.unit(address[0]), "unit": address[0], "row": address[1]},
        **{name: document.get(name) for name in ABOUT},
        "text_bytes": features["text_bytes"],
        "edit": {name: features[name] for name in ("removed", "added") if name in features},
        "reasons": reasons,
        "steps": _steps(run, features, document),
        "dedup": _dedup(run, dedup),
        "cut": cut_from(run, address, document["text"]) if not reasons else [],
        "semantic": _semantic(run, address),
        "mixture": mixture and {name: mixture[name] for name in ("keep", "reason", "copies")},
        "text": document["text"],
    }


def explain(run: Path | str, document: str) -> dict[str, Any]:
    """Everything the run folder knows of the document with this id."""
    opened = open_run(run, needs=["01-refine"])
    found = _find(opened, document)
    if not found:
        raise ReportError(
            f"{opened.path}: no judged document has the id {one_line(document)} (ids stand in data/ and features/;"
            " `gristmill sample` prints some, `gristmill sample --failed` what never became a document)"
        )
    also = [{"unit": unit, "row": row, "path": opened.unit(unit)["path"]} for unit, row in found[1:]]
    return _told(opened, found[0]) | ({"same_id": also} if also else {})
