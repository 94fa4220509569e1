"""Publication: every unit's survivors, in their rows' order, one part of `data/` for each batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.storage.run_folder import DEDUP, EDITS, MIXTURE, REFINE, part_name, read_part, read_unit, unit_parts
from pipeline.storage.tally import lengths
from pipeline.storage.write import read_about, write_part

BEFORE_COPIES = "quality"


@dataclass(frozen=True)
class PublishJob:
    """What the workers need. `edits`: 02-dedup changed texts."""

    run: str
    fingerprint: str
    edits: bool = False


def copies_of(run: str, unit: int) -> pa.Array:
    """How often each of the unit's documents that 01-refine kept goes in: 0 where a later pass dropped it."""
    kept = read_unit(run, DEDUP, "decisions", unit, ["keep"]).column("keep").combine_chunks()
    drawn = read_unit(run, MIXTURE, "decisions", unit, ["copies"]).column("copies").combine_chunks().cast(pa.int64())
    return pc.replace_with_mask(pa.array([0] * len(kept), pa.int64()), kept, drawn)


def with_copies(rows: pa.Table, copies: pa.Array) -> pa.Table:
    """The documents that go in, with the column `copies` at its place."""
    at = rows.schema.get_field_index(BEFORE_COPIES) + 1
    whole = rows.add_column(at, pa.field("copies", pa.int64(), nullable=False), copies)
    return whole.filter(pc.greater(copies, 0))


def with_edits(rows: pa.Table, edits: pa.Table) -> pa.Table:
    """The rows of a batch, `text` and `tokens` of the edited ones replaced; rows are told apart by their `row`."""
    place = pc.index_in(rows["row"], edits["row"].combine_chunks()).to_numpy()
    which = np.where(np.isnan(place), np.arange(len(rows)), len(rows) + np.nan_to_num(place)).astype(np.int64)
    for name in ("text", "tokens"):
        at, field = rows.schema.get_field_index(name), rows.schema.field(name)
        both = pa.chunked_array([*rows[name].chunks, *edits[name].cast(field.type).chunks], field.type)
        rows = rows.set_column(at, field, both.take(pa.array(which)))
    return rows


class Publish(beam.DoFn):
    """Write the unit's parts of `data/`."""

    def __init__(self, job: PublishJob) -> None:
        self.job = job

    def process(self, unit: int) -> Iterator[dict[str, Any]]:
        copies = copies_of(self.job.run, unit)
        start = 0
        for batch, path in enumerate(unit_parts(self.job.run, REFINE, "kept", unit)):
            rows = self.edited(read_part(path), unit, batch)
            published = with_copies(rows, copies.slice(start, len(rows)))
            start += len(rows)
            yield vars(self.write(unit, batch, bool((read_about(path) or {})["last"]), published))

    def edited(self, rows: pa.Table, unit: int, batch: int) -> pa.Table:
        """The documents of a batch, with text and tokens of those that 02-dedup changed."""
        if not self.job.edits:
            return rows
        edits = read_part(Path(self.job.run) / DEDUP / EDITS / part_name(unit, batch), ["row", "text", "tokens"])
        return with_edits(rows, edits)

    def write(self, unit: int, batch: int, last: bool, rows: pa.Table) -> Any:
        about = {
            "fingerprint": self.job.fingerprint,
            "unit": unit,
            "batch": batch,
            "last": last,
            "documents": rows.num_rows,
            "text_bytes": int(pc.sum(lengths(rows.column("text"))).as_py() or 0),
            "tokens": int(pc.sum(rows.column("tokens")).as_py() or 0),
        }
        return write_part(Path(self.job.run) / "data" / part_name(unit, batch), rows, about)
