"""A unit's part of the dedup pass: a decision for each document it was given, and what the part says of itself."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.attribution import alone
from pipeline.beam.dedup_groups import REPORTED
from pipeline.beam.dedup_job import KEPT, KEY_BYTES, Arrays, DedupJob, annotators, unpack_strings
from pipeline.beam.dedup_keys import FEATURES, column, features
from pipeline.beam.dedup_semantic import write_neighbours
from pipeline.beam.edits import said_of_edits
from pipeline.beam.elements import MARKER
from pipeline.dedup.ranges import ordinal_of, unit_of, unpack
from pipeline.dedup_config import REASONS
from pipeline.storage.features import read_edits
from pipeline.storage.run_folder import DEDUP, EDITS, part_name, read_unit
from pipeline.storage.tally import tally
from pipeline.storage.write import write_part

READ = ("id", "unit", "row", "kept", "source", "language", "script", "text_bytes", "tokens")
KIND = "decisions"
NOBODY = -1
SCHEMA = pa.schema(
    [
        pa.field("unit", pa.int32(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("keep", pa.bool_(), nullable=False),
        pa.field("reason", pa.string()),
        pa.field("cluster", pa.string(), nullable=False),
        pa.field("cluster_size", pa.int64(), nullable=False),
        pa.field("keeper", pa.string()),
        pa.field("copies", pa.int64(), nullable=False),
    ]
)


def told(ids: pa.Array, verdicts: Sequence[Arrays]) -> dict[str, Any]:
    """For each judged document: the step that dropped it, and its cluster's name, size and keeper.

    One that no verdict names stands alone: a cluster of itself.
    """
    documents = len(ids)
    step, size = np.full(documents, KEPT, np.uint8), np.ones(documents, np.int64)
    cluster, keeper = np.arange(documents), np.full(documents, NOBODY)
    pool = [ids.cast(pa.large_string())]
    strings = documents
    for verdict in verdicts:
        rows = verdict["ordinal"]
        step[rows], size[rows] = verdict["step"], verdict["size"]
        cluster[rows] = strings + verdict["cluster"].astype(np.int64)
        keeper[rows] = np.where(verdict["step"] == KEPT, NOBODY, strings + verdict["keeper"].astype(np.int64))
        pool.append(unpack_strings(verdict))
        strings += len(pool[-1])
    names = pa.concat_arrays(pool)
    keepers = names.take(pa.array(keeper, mask=keeper == NOBODY))
    return {"step": step, "size": size, "cluster": names.take(pa.array(cluster)), "keeper": keepers}


def decided(table: pa.Table, elements: Sequence[Arrays], job: DedupJob) -> pa.Table:
    """The decisions of all judged documents, in the order of the features.

    What an edit left too short has no keeper; its cluster, if it kept one, keeps its name.
    """
    found = told(column(table, "id"), [each for each in elements if "cluster" in each])
    for shortened in (each for each in elements if "ordinal" in each and "cluster" not in each):
        found["step"][shortened["ordinal"]] = shortened["step"]
    keep = found["step"] == KEPT
    reasons = pa.array([REASONS[step.kind] for step in job.steps], pa.string())
    columns = {
        "unit": table["unit"],
        "row": table["row"],
        "id": table["id"],
        "keep": pa.array(keep),
        "reason": reasons.take(pa.array(found["step"], mask=keep)),
        "cluster": found["cluster"],
        "cluster_size": pa.array(found["size"]),
        "keeper": found["keeper"],
        "copies": pa.array(keep.astype(np.int64)),
    }
    return pa.table([columns[field.name] for field in SCHEMA], names=SCHEMA.names).cast(SCHEMA)


def total(values: pa.ChunkedArray, mask: NDArray[np.bool_]) -> int:
    return int(pc.sum(values.filter(pa.array(mask))).as_py() or 0)


def counts(table: pa.Table, decisions: pa.Table, edited: pa.Table | None = None) -> dict[str, Any]:
    """What the manifest sums over the parts. `edited`: bytes `given` and `removed` of each document, where some are.

    A dropped document counts as it was given, whatever was cut from it before.
    """
    keep = np.array(decisions["keep"])
    every = np.ones(len(keep), np.bool_)
    given = table["text_bytes"] if edited is None else edited["given"]
    removed = 0 if edited is None else total(edited["removed"], keep)
    dropped = pa.table({"reason": decisions["reason"], "text_bytes": given}).filter(pa.array(~keep))
    at = table.schema.get_field_index("text_bytes")
    reasons = dropped.group_by("reason").aggregate([([], "count_all"), ("text_bytes", "sum")]).to_pylist()
    return {
        "documents": len(keep),
        "kept": int(keep.sum()),
        "dropped": int((~keep).sum()),
        "text_bytes": {
            "in": total(given, every),
            "kept": total(table["text_bytes"], keep),
            "dropped": total(given, ~keep),
            "removed": removed,
        },
        "tokens": {"kept": total(table["tokens"], keep)},
        "reasons": {
            each["reason"]: alone(each["count_all"], each["text_bytes_sum"])
            for each in sorted(reasons, key=lambda each: each["reason"])
        },
        "by": {
            "kept": tally(table.filter(pa.array(keep))),
            "dropped": tally(table.set_column(at, "text_bytes", given).filter(pa.array(~keep))),
        },
    }


def place(job: DedupJob, address: NDArray[np.uint64]) -> list[int]:
    """[unit, row] of one address; the row stands in the features of its unit."""
    unit, ordinal = int(unit_of(address)), int(ordinal_of(address))
    run, own, _ = job.folder_of(unit, 0)
    return [unit, read_unit(run, *FEATURES, own, ["row"])["row"][ordinal].as_py()]


def duplicate_ids(job: DedupJob, unit: int, ids: pa.ChunkedArray, pairs: NDArray[np.uint64]) -> list[dict[str, Any]]:
    """The first pairs of documents of one id, which nothing after this pass could tell apart; one is of the unit."""
    pairs = pairs[np.lexsort((pairs[:, 0], pairs[:, 1]))][:REPORTED]
    own = [other if int(unit_of(other)) == unit else first for first, other in pairs]
    return [
        {"id": ids[int(ordinal_of(here))].as_py(), "addresses": [place(job, first), place(job, other)]}
        for here, (first, other) in zip(own, pairs, strict=True)
    ]


def bytes_cut(job: DedupJob, unit: int, documents: int) -> pa.Table:
    """Of each judged document: the bytes that 01-refine left, and those that all edits cut."""
    removed = np.zeros(documents, np.int64)
    edits = read_edits(job.run, unit, EDITS, ["removed"])
    if edits is not None:
        removed[edits["ordinal"].to_numpy()] = edits["removed"].to_numpy()
    return features(job, unit, ["text_bytes"]).rename_columns(["given"]).append_column("removed", pa.array(removed))


def for_earlier(elements: Sequence[Arrays], kept: NDArray[np.bool_]) -> int:
    """How many of the unit's documents were dropped for one of an earlier run; what an engine repeats counts once."""
    gone = np.zeros(len(kept), np.bool_)
    for each in (each for each in elements if "elsewhere" in each):
        gone[each["ordinal"]] = each["elsewhere"] & (each["step"] != KEPT)
    return int((gone & kept).sum())


def write_decisions(unit: int, values: Sequence[bytes], job: DedupJob) -> Iterator[int]:
    """Write the unit's part. What brings no marker is no unit of the run: the counts of an empty one."""
    if MARKER not in values:
        return
    elements = [unpack(value) for value in values]
    table = features(job, unit, READ, len(job.steps))
    kept = pa.array(np.array(table["kept"]))
    decisions = decided(table, elements, job).filter(kept)
    edited = bytes_cut(job, unit, len(table)).filter(kept) if job.edits else None
    pairs = [np.empty((0, 2), np.uint64), *(each["equal"] for each in elements if "equal" in each)]
    spent = [(int(each["spender"][0]), int(each["shuffled"][0])) for each in elements if "shuffled" in each]
    about = {
        "fingerprint": job.fingerprint,
        "unit": unit,
        "batch": 0,
        "last": True,
        "shuffled_bytes": sum(size for _, size in spent) + sum(len(value) + KEY_BYTES for value in values),
        "shuffled": {
            step.kind: sum(size for spender, size in spent if spender == number)
            for number, step in enumerate(job.steps)
        },
        "duplicate_ids": duplicate_ids(job, unit, table["id"], np.concatenate(pairs)),
        **counts(table.filter(kept), decisions, edited),
        "edits": said_of_edits(job, unit),
        **({"for_earlier": for_earlier(elements, np.array(table["kept"]))} if job.earlier else {}),
    }
    write_part(Path(job.run) / DEDUP / KIND / part_name(unit), decisions, about)
    if annotators(job.steps):
        write_neighbours(unit, elements, job)
    yield unit
