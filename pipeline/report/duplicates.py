"""The clusters that 02-dedup found: the largest, and pairs of a dropped document beside the one that stays."""

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.report.run import Run, documents, tables
from pipeline.report.sample import Pick, pick_dropped, read_picks
from pipeline.report.visible import excerpt, one_line

LARGEST = 8
PAIRS = 2  # for each reason
COLUMNS = ["id", "unit", "row", "keep", "cluster", "cluster_size", "keeper"]


def _decisions(run: Run) -> Iterator[pa.Table]:
    for _, table in tables(run, "02-dedup", "decisions", COLUMNS):
        yield table


def largest(run: Run) -> list[dict[str, Any]]:
    """The largest clusters: the survivor's id, the size, where the survivor stands."""
    found: dict[str, dict[str, Any]] = {}
    for table in _decisions(run):
        clustered = table.filter(pc.fill_null(pc.greater(table["cluster_size"], 1), False))
        best = clustered.take(pc.sort_indices(clustered, [("cluster_size", "descending"), ("cluster", "ascending")]))
        for line in _first_of_each(best):
            if line["cluster"] not in found or line["keep"]:
                found[line["cluster"]] = line
    ranked = sorted(found.values(), key=lambda line: (-line["cluster_size"], line["cluster"]))[:LARGEST]
    return [{"size": line["cluster_size"], "survivor": one_line(line["keeper"] or line["id"], 80)} for line in ranked]


def _first_of_each(ordered: pa.Table) -> Iterator[dict[str, Any]]:
    """A line for each of the first clusters, that of the survivor where it stands in this part."""
    names = ordered["cluster"].unique().slice(0, LARGEST)
    lines = ordered.filter(pc.is_in(ordered["cluster"], names)).to_pylist()
    yield from {line["cluster"]: line for line in sorted(lines, key=lambda line: line["keep"])}.values()


def _addresses(run: Run, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Where these documents stand, among those that dedup was given."""
    found: dict[str, tuple[int, int]] = {}
    for _, table in tables(run, "01-refine", "kept", ["id", "unit", "row"]):
        here = table.filter(pc.is_in(table["id"], pa.array(ids, pa.string())))
        found |= {line["id"]: (line["unit"], line["row"]) for line in here.to_pylist()}
    return found


def pairs(run: Run) -> list[dict[str, Any]]:
    """For each reason of 02-dedup a few dropped documents, each beside its keeper."""
    reasons = list(run.manifests["02-dedup"].get("reasons", {}))
    picked = pick_dropped(run, reasons, PAIRS)
    picks = [pick for reason in reasons for pick in picked[reason]]
    dropped = read_picks(run, picks)
    where = _addresses(run, [pick.keeper for pick in picks])
    keepers = documents(run, ("01-refine", "kept"), list(where.values()), ["id", "text"])
    return [
        {
            "reason": pick.reasons[0],
            "dropped": _side(pick.id, dropped[pick]["text"]),
            "keeper": _keeper(pick, where, keepers, "against" in run.manifests["02-dedup"]),
        }
        for pick in picks
    ]


def _side(document: str, text: str) -> dict[str, str]:
    return {"id": one_line(document, 80), "text": excerpt(text, 500)}


def _keeper(
    pick: Pick, where: dict[str, tuple[int, int]], keepers: dict[tuple[int, int], Any], against: bool
) -> dict[str, str]:
    if pick.keeper not in where:  # with `over: all` a keeper may itself be a document that 01-refine dropped
        told = "stands in an earlier run" if against else "dropped itself in 01-refine"
        return {"id": one_line(pick.keeper, 80), "text": told}
    return _side(pick.keeper, keepers[where[pick.keeper]]["text"])
