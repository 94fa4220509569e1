"""Documents to look at: kept, dropped for a reason, or failed; chosen by a hash of the id, so always the same ones."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.mixture.draw import rank
from pipeline.report.run import PASSES, Place, ReportError, Run, documents, open_run, tables
from pipeline.report.visible import payload

SAMPLE_SEED = 0x5A3B1E  # not the run's: the mixture draws by that order, and a sample of it would show its favourites
ADDRESS = ["id", "unit", "row"]
SHOWN = ["id", "source", "url", "language", "licence", "tokens", "quality", "text"]

Which = Literal["kept", "dropped", "failed"]


@dataclass(frozen=True, order=True)
class Pick:
    """A document that was chosen: its rank, and the place where its text stands."""

    rank: int
    id: str
    unit: int
    row: int
    place: Place
    reasons: tuple[str, ...] = ()
    keeper: str = ""


def drops(run: Run) -> Iterator[tuple[Place, pa.Table]]:
    """Every dropped document of every pass: id, unit, row, reasons, keeper; without text."""
    for _, table in tables(run, "01-refine", "dropped", [*ADDRESS, "reasons"]):
        yield ("01-refine", "dropped"), table.append_column("keeper", pa.nulls(table.num_rows, pa.string()))
    for of_pass in PASSES[1:]:
        for _, table in tables(run, of_pass, "decisions", [*ADDRESS, "keep", "reason", "keeper"]):
            gone = table.filter(pc.invert(table["keep"])).combine_chunks()
            reasons = _as_lists(gone["reason"])
            yield ("01-refine", "kept"), gone.select([*ADDRESS, "keeper"]).append_column("reasons", reasons)


def _as_lists(values: pa.ChunkedArray) -> pa.ListArray:
    """Each value as a list of one."""
    flat = values.combine_chunks() if values.num_chunks != 1 else values.chunk(0)
    return pa.ListArray.from_arrays(pa.array(np.arange(len(flat) + 1), pa.int32()), flat)


def has_reason(reasons: pa.ChunkedArray, reason: str) -> NDArray[np.bool_]:
    """Which rows fail for `reason`; a step's name stands for all of its reasons."""
    flat = pc.list_flatten(reasons)
    same = pc.or_(pc.equal(flat, reason), pc.starts_with(flat, reason + "."))
    mask = np.zeros(len(reasons), np.bool_)
    mask[np.asarray(pc.list_parent_indices(reasons))[np.asarray(same.fill_null(False))]] = True
    return mask


def lowest(table: pa.Table, place: Place, mask: NDArray[np.bool_] | None, n: int) -> list[Pick]:
    """The n documents of lowest rank among the masked ones."""
    rows = np.arange(table.num_rows) if mask is None else np.flatnonzero(mask)
    ranks = rank(SAMPLE_SEED, table["id"].take(pa.array(rows)))
    best = np.argsort(ranks, kind="stable")[:n]
    lines = table.take(pa.array(rows[best])).to_pylist()
    return [_pick(int(ranks[at]), place, line) for at, line in zip(best, lines, strict=True)]


def _pick(at: int, place: Place, line: Mapping[str, Any]) -> Pick:
    reasons = tuple(line.get("reasons") or ())
    return Pick(at, line["id"], line["unit"], line["row"], place, reasons, line.get("keeper") or "")


def pick_dropped(run: Run, reasons: Sequence[str | None], n: int) -> dict[str | None, list[Pick]]:
    """For each reason (None: any) its n dropped documents of lowest rank; one pass over all drops."""
    picked: dict[str | None, list[Pick]] = {reason: [] for reason in reasons}
    for place, table in drops(run):
        for reason, best in picked.items():
            mask = None if reason is None else has_reason(table["reasons"], reason)
            picked[reason] = heapq.nsmallest(n, best + lowest(table, place, mask, n))
    return picked


def pick_kept(run: Run, n: int) -> list[Pick]:
    """The n published documents of lowest rank."""
    picked: list[Pick] = []
    for _, table in tables(run, ".", "data", ADDRESS):
        picked = heapq.nsmallest(n, picked + lowest(table, (".", "data"), None, n))
    return picked


def read_picks(run: Run, picks: Sequence[Pick]) -> dict[Pick, dict[str, Any]]:
    """The documents, with text; from 01-refine/dropped with their metrics."""
    found: dict[Pick, dict[str, Any]] = {}
    for place in sorted({pick.place for pick in picks}):
        here = [pick for pick in picks if pick.place == place]
        columns = [*SHOWN, "metrics"] if place[1] == "dropped" else SHOWN
        lines = documents(run, place, {(pick.unit, pick.row) for pick in here}, columns)
        found |= {pick: lines[pick.unit, pick.row] for pick in here}
    return found


def _described(run: Run, pick: Pick, line: Mapping[str, Any]) -> dict[str, Any]:
    metrics = dict(line.get("metrics") or [])
    shown = {**line, "metrics": metrics, "path": run.unit(pick.unit)["path"], "reasons": list(pick.reasons)}
    return shown | ({"keeper": pick.keeper} if pick.keeper else {})


def failures(run: Run, n: int | None = None) -> list[dict[str, Any]]:
    """The failed rows in reading order: file, place, error, payload as text."""
    listed: list[dict[str, Any]] = []
    for _, table in tables(run, "01-refine", "failed", ["file", "place", "error", "payload"]):
        listed += [{**line, "payload": payload(line["payload"])} for line in table.to_pylist()]
        if n is not None and len(listed) >= n:
            return listed[:n]
    return listed


def known_reasons(run: Run) -> list[str]:
    """Every reason that dropped a document, and their steps."""
    reasons = [reason for manifest in run.manifests.values() for reason in manifest.get("reasons", {})]
    return sorted({*reasons, *(reason.split(".")[0] for reason in reasons)})


def _check_reason(run: Run, reason: str) -> None:
    if reason not in known_reasons(run):
        known = ", ".join(known_reasons(run)) or "nothing was dropped"
        raise ReportError(f"{run.path}: nothing was dropped for {reason} ({known})")


def _picked(run: Run, which: Which, reason: str | None, n: int) -> list[Pick]:
    return pick_kept(run, n) if which == "kept" else pick_dropped(run, [reason], n)[reason]


def sample(run: Path | str, which: Which, reason: str | None = None, n: int = 10) -> list[dict[str, Any]]:
    """`n` documents (failed: the first n failed rows); `reason` may be a step, for all of its reasons."""
    opened = open_run(run)
    if which == "failed":
        return failures(opened, n)
    if reason is not None:
        _check_reason(opened, reason)
    picks = _picked(opened, which, reason, n)
    lines = read_picks(opened, picks)
    return [_described(opened, pick, lines[pick]) for pick in picks]
