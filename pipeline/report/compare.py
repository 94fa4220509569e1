"""Two runs beside each other: counts, reasons, published ids, and what a new crawl displaced and joined."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.dedup.keys import id_hash
from pipeline.dedup_index import IndexRefused, open_index
from pipeline.report.run import WHOLE, Run, open_run, tables
from pipeline.storage.run_folder import DEDUP, EARLIER

COUNTED = ("documents", "text_bytes", "tokens")


def compare(one: Path | str, other: Path | str, most: int = 10) -> dict[str, Any]:
    """`published` counts by ids (64 bits of each). `against`: where one run was held against the other; else None."""
    runs = open_run(one), open_run(other)
    return {
        "runs": [summary(run) for run in runs],
        "reasons": reasons(*runs),
        "published": published(*runs),
        "against": held_against(runs[1], runs[0], most) or held_against(runs[0], runs[1], most),
    }


def summary(run: Run) -> dict[str, Any]:
    whole = run.manifests[WHOLE]
    return {"run": str(run.path), "fingerprint": whole["fingerprint"], **{name: whole[name] for name in COUNTED}}


def reasons(one: Run, other: Run) -> list[dict[str, Any]]:
    """How many documents each reason took, and its share of the documents that came in; in the runs' order."""
    takes = [{name: taken["any"] for name, taken in run.manifests[WHOLE]["reasons"].items()} for run in (one, other)]
    given = [max(run.manifests[WHOLE]["documents"]["in"], 1) for run in (one, other)]
    return [
        {
            "reason": name,
            "documents": [each.get(name, 0) for each in takes],
            "shares": [round(each.get(name, 0) / count, 6) for each, count in zip(takes, given, strict=True)],
        }
        for name in {**takes[0], **takes[1]}
    ]


def published_ids(run: Run) -> NDArray[np.uint64]:
    """The hashes of the ids in data/, 8 bytes each."""
    found = [id_hash(table["id"]) for _, table in tables(run, WHOLE, "data", ["id"])]
    return np.concatenate([np.zeros(0, np.uint64), *found])


def published(one: Run, other: Run) -> dict[str, int]:
    sides = published_ids(one), published_ids(other)
    both = len(np.intersect1d(*sides))
    return {"both": both, "only_first": len(sides[0]) - both, "only_second": len(sides[1]) - both}


def held_against(new: Run, old: Run, most: int) -> dict[str, Any] | None:
    """What the dedup pass of `new` says of the documents of `old`; None where it was not held against that run."""
    said = new.manifests[DEDUP].get("against")
    fingerprint = old.manifests[DEDUP]["fingerprint"]
    if said is None or fingerprint not in [run["fingerprint"] for run in said["runs"]]:
        return None
    rows = pa.concat_tables([table for _, table in tables(new, DEDUP, EARLIER)])
    rows = rows.filter(pc.equal(rows["run"], fingerprint)).combine_chunks()
    gone = rows.filter(pc.and_(rows["was_kept"], pc.invert(rows["keep"])))
    back = rows.filter(pc.and_(rows["keep"], pc.invert(rows["was_kept"])))
    return {
        "earlier": str(old.path),
        "later": str(new.path),
        "flip": said["flip"],
        "changed": has_changed(said, old),
        "new_dropped_for_earlier": said["dropped_for_earlier"],
        "clusters_joined": len(rows["cluster"].unique()),
        "displaced": len(gone),
        "restored": len(back),
        "joined_old": said["joined_old"],
        "examples": {
            "displaced": shown(gone, ("id", "reason", "keeper"), most),
            "restored": shown(back, ("id", "cluster"), most),
            "joined": joined(rows, most),
        },
    }


def has_changed(said: Mapping[str, Any], old: Run) -> bool:
    """Whether the earlier run is another than the new one read."""
    try:
        return open_index(old.path).as_decided() not in [
            {name: run[name] for name in ("fingerprint", "digest")} for run in said["runs"]
        ]
    except IndexRefused:
        return True


def shown(rows: pa.Table, names: tuple[str, ...], most: int) -> list[dict[str, Any]]:
    """The first by their ids."""
    return list(rows.sort_by("id").select(list(names)).slice(0, most).to_pylist())


def joined(rows: pa.Table, most: int) -> list[dict[str, Any]]:
    """Clusters that hold two or more of the earlier survivors now: the largest ones, with these survivors."""
    survivors: dict[str, list[str]] = {}
    sizes: dict[str, int] = {}
    for row in rows.filter(rows["was_kept"]).select(["id", "cluster", "cluster_size"]).to_pylist():
        survivors.setdefault(row["cluster"], []).append(row["id"])
        sizes[row["cluster"]] = row["cluster_size"]
    several = sorted((-sizes[name], name) for name, ids in survivors.items() if len(ids) > 1)[:most]
    return [{"cluster": name, "size": -size, "survivors": sorted(survivors[name])[:most]} for size, name in several]
