"""What the dedup pass says anew of earlier runs' documents: `earlier/`, a part for each unit of the plan."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.beam.dedup_decisions import told
from pipeline.beam.dedup_job import KEPT, Arrays, DedupJob, Element, one
from pipeline.beam.dedup_keys import column, standing
from pipeline.beam.edits import features_before
from pipeline.beam.elements import MARKER
from pipeline.dedup.ranges import pack, unpack
from pipeline.dedup_config import REASONS
from pipeline.earlier import DROPPED, OUT, SAID, SURVIVOR, EarlierRuns
from pipeline.storage.run_folder import DEDUP, EARLIER, part_name, read_part
from pipeline.storage.write import write_part

SCHEMA = pa.schema(
    [
        pa.field("run", pa.string(), nullable=False),  # the fingerprint of the earlier run
        pa.field("unit", pa.int32(), nullable=False),  # there
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("was_kept", pa.bool_(), nullable=False),
        pa.field("keep", pa.bool_(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("cluster", pa.string(), nullable=False),
        pa.field("cluster_size", pa.int64(), nullable=False),
        pa.field("keeper", pa.string()),
    ]
)


def to_its_writer(element: Element, earlier: EarlierRuns) -> Iterator[Element]:
    """What is said of an earlier run's unit, to the own unit that writes it down."""
    unit, packed = element
    if not earlier.is_own(unit):
        yield earlier.written_by(unit), pack(whose=one(unit, np.int32), **unpack(packed))


def is_own(element: tuple[Any, Any], earlier: EarlierRuns) -> bool:
    """Of an element, or of a group of them."""
    return earlier.is_own(int(element[0]))


def write_earlier(unit: int, values: Sequence[bytes], job: DedupJob) -> Iterator[int]:
    """The part of one own unit: whoever of the earlier units in its care is said something new of."""
    if MARKER not in values:
        return
    elements = [unpack(value) for value in values if value != MARKER]
    by_unit: dict[int, list[Arrays]] = {}
    for element in elements:
        by_unit.setdefault(int(element["whose"][0]), []).append(element)
    mine = [other for other in job.earlier.units if job.earlier.written_by(other) == unit]
    found = [SCHEMA.empty_table(), *(said_anew(job, other, by_unit.get(other, [])) for other in mine)]
    about = {"fingerprint": job.fingerprint, "unit": unit, "batch": 0, "last": True}
    write_part(Path(job.run) / DEDUP / EARLIER / part_name(unit), pa.concat_tables(found).combine_chunks(), about)
    yield unit


def said_anew(job: DedupJob, unit: int, elements: Sequence[Arrays]) -> pa.Table:
    """The documents of a unit whose decision or cluster is not what it was."""
    run, own = job.earlier.at(unit)
    if not elements and not job.earlier.flip:
        return SCHEMA.empty_table()
    judged = features_before(job, unit, ["id", "kept", "unit"], len(job.steps))
    kept, stands = np.array(judged["kept"]), standing(job, unit)
    found = told(column(judged, "id"), elements)
    before = run.decisions(own)
    now = {name: rows.filter(pa.array(kept)) for name, rows in as_said(job, found, stands).items()}
    whole = pa.table(
        {
            "run": pa.array([run.fingerprint] * len(before), pa.string()),
            "unit": judged["unit"].filter(pa.array(kept)),
            "row": before["row"],
            "id": before["id"],
            "was_kept": before["keep"],
            **now,
        }
    )
    alone = np.array(whole["cluster_size"]) == 1
    took_part = (stands[kept] != OUT) & ~(alone & (not job.earlier.flip))
    return whole.cast(SCHEMA).filter(pa.array(took_part & differs(before, whole)))


def as_said(job: DedupJob, found: dict[str, Any], stands: NDArray[np.int8]) -> dict[str, pa.Array]:
    """The new decisions. Unless they may flip, survivors stay, and nothing that was dropped comes back."""
    dropped = found["step"] != KEPT
    if job.earlier.protects:
        keep = stands == SURVIVOR
        lost = dropped & (stands == DROPPED)
    else:
        keep, lost = ~dropped, dropped
    reasons = pa.array([REASONS[step.kind] for step in job.steps], pa.string())
    none = pa.nulls(len(keep), pa.string())
    return {
        "keep": pa.array(keep),
        "reason": reasons.take(pa.array(np.where(lost, found["step"], 0), mask=~lost)) if len(reasons) else none,
        "cluster": found["cluster"],
        "cluster_size": pa.array(found["size"]),
        "keeper": found["keeper"].take(pa.array(np.arange(len(keep)), mask=~lost)),
    }


def differs(before: pa.Table, now: pa.Table) -> NDArray[np.bool_]:
    """Where any of the columns says something else; a null is a value."""
    apart = np.zeros(len(now), np.bool_)
    for name in SAID:
        sides = (np.array(table[name].to_pylist(), object) for table in (before, now))
        apart |= np.not_equal(*sides).astype(np.bool_)
    return apart


def counted(job: DedupJob, units: Sequence[int]) -> dict[str, Any]:
    """What the manifest says of the earlier runs, from all parts."""
    tables = (read_part(Path(job.run) / DEDUP / EARLIER / part_name(unit)) for unit in units)
    counts: Counter[str] = Counter(said=0, displaced=0, restored=0)
    survivors: Counter[str] = Counter()
    for table in tables:
        was, keep = np.array(table["was_kept"]), np.array(table["keep"])
        counts += Counter(said=len(table), displaced=int((was & ~keep).sum()), restored=int((keep & ~was).sum()))
        survivors.update(table["cluster"].filter(table["was_kept"]).to_pylist())
    joined = sum(1 for each in survivors.values() if each > 1)
    return {**{name: counts[name] for name in ("said", "displaced", "restored")}, "joined_old": joined}
