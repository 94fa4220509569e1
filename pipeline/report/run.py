"""A finished run, opened for reading: its plan, its manifests and the parts that they name, column by column."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage import files
from pipeline.storage.manifest import ManifestError, named_parts, read_manifest, read_parts

PASSES = ("01-refine", "02-dedup", "03-mixture")
WHOLE = "."  # the run itself, whose manifest names data/

Address = tuple[int, int]  # unit, row
Place = tuple[str, str]  # pass, kind of part: where a document's text stands


class ReportError(Exception):
    """A question that this run cannot answer; says what to ask or to do instead."""


@dataclass(frozen=True)
class Run:
    """`manifests`: of each pass that finished, and of WHOLE, the run."""

    path: Path
    plan: Mapping[str, Any]
    manifests: Mapping[str, Mapping[str, Any]]

    @property
    def name(self) -> str:
        return str(self.plan.get("name") or self.path.name)

    def unit(self, number: int) -> Mapping[str, Any]:
        """The plan's entry of a unit: source, path, start, stop."""
        units: Sequence[Mapping[str, Any]] = self.plan["units"]
        return units[number]

    @property
    def steps(self) -> Sequence[Mapping[str, Any]]:
        """The steps in order: name, rule, when, over."""
        steps: Sequence[Mapping[str, Any]] = self.plan.get("steps") or []
        return steps

    @property
    def bounds(self) -> Mapping[str, Mapping[str, Any]]:
        """reason -> {metric, comparison, value}, in the order of the steps."""
        known: Mapping[str, Mapping[str, Any]] = self.plan.get("bounds") or {}
        return known

    @property
    def bounds_by(self) -> Mapping[str, Mapping[str, Any]]:
        """reason -> {metric, comparison, by, of, otherwise}: bounds that differ between documents."""
        known: Mapping[str, Mapping[str, Any]] = self.plan.get("bounds_by") or {}
        return known


def changed_later(run: Run, step: str, column: str) -> bool:
    """Whether a step below this one sets the column: then features/ does not hold what the step was given."""
    names = [each["name"] for each in run.steps]
    return step in names and any(column in each.get("sets", []) for each in run.steps[names.index(step) + 1 :])


def open_run(path: Path | str, needs: Sequence[str] = (*PASSES, WHOLE)) -> Run:
    """The run in the folder; `needs` are the passes that must have finished."""
    folder = Path(path)
    if not (folder / "plan.json").is_file():
        raise ReportError(
            f"{folder}: not a run folder: it has no plan.json (give the folder that `gristmill run` made)"
        )
    plan = json.loads(files.read_bytes(str(folder / "plan.json")))
    manifests = {name: read_manifest(folder / name) for name in (*PASSES, WHOLE) if _finished(folder / name)}
    missing = [name for name in needs if name not in manifests]
    if missing:
        what = "the run" if missing[0] == WHOLE else missing[0]
        raise ReportError(f"{folder}: {what} has not finished (`gristmill run` with its config goes on with it)")
    return Run(folder, plan, manifests)


def _finished(folder: Path) -> bool:
    return (folder / "manifest.json").is_file()


def tables(run: Run, of_pass: str, kind: str, columns: Sequence[str] | None = None) -> Iterator[tuple[Path, pa.Table]]:
    """Each named part of the kind, and these columns of it; one part in memory at a time."""
    folder = run.path / of_pass
    try:
        yield from zip(named_parts(folder, kind), read_parts(folder, kind, columns), strict=True)
    except ManifestError as error:
        raise ReportError(str(error)) from error


def column_names(run: Run, of_pass: str, kind: str) -> list[str]:
    """The columns of a kind of part; none where there is no part."""
    for path in named_parts(run.path / of_pass, kind)[:1]:
        with files.open_input(str(path)) as file:
            return [str(name) for name in pq.read_schema(file).names]
    return []


def metric_names(run: Run) -> list[str]:
    """The metrics that features/ holds, in the order of the steps."""
    return [name for name in column_names(run, "01-refine", "features") if "." in name]


def unit_of(part: Path) -> int:
    """The unit that a part is named after: part-00012-0003.parquet is of unit 12."""
    return int(part.name.split("-")[1].split(".")[0])


def documents(
    run: Run, place: Place, addresses: Collection[Address], columns: Sequence[str] | None = None
) -> dict[Address, dict[str, Any]]:
    """The rows at these addresses. Only parts that hold one are read beyond their `row` column."""
    found: dict[Address, dict[str, Any]] = {}
    wanted: dict[int, list[int]] = {}
    for unit, row in addresses:
        wanted.setdefault(unit, []).append(row)
    for part in named_parts(run.path / place[0], place[1]):
        if unit_of(part) in wanted:
            found |= _rows_of(part, wanted[unit_of(part)], columns)
    return found


def _rows_of(part: Path, rows: Sequence[int], columns: Sequence[str] | None) -> dict[Address, dict[str, Any]]:
    with files.open_input(str(part)) as file:
        held = pq.read_table(file, columns=["row"])["row"]
    hits = pa.array(np.flatnonzero(np.isin(held.to_numpy(), rows)))  # pc.indices_nonzero of no chunk ends the process
    if not len(hits):
        return {}
    asked = None if columns is None else list(dict.fromkeys([*columns, "unit", "row"]))
    with files.open_input(str(part)) as file:
        table = pq.read_table(file, columns=asked, page_checksum_verification=True)
    return {(line["unit"], line["row"]): line for line in table.take(hits).to_pylist()}
