"""What a small sample of each kind of file stands for: by the rows that Parquet counts, else by bytes of the files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.beam.plan import Plan
from pipeline.report.evidence import Evidence
from pipeline.storage import files
from pipeline.storage.batch import Batch
from pipeline.storage.inputs import format_of
from pipeline.storage.units import Unit

Kind = tuple[str, str]  # source, ending of the file
GUESS = 0.5  # of what one file alone says of what was not read: nothing tells how files differ


@dataclass
class Sampled:
    """What was seen of one kind of file: sums over its sampled batches, and how much of its input they are.

    `weight`: of all its units, `sampled`: of what was read. `units`: (weight read, documents there) of each
    sampled one. `counted`: the weight is the number of documents.
    """

    input_bytes: int = 0
    weight: float = 0.0
    sampled: float = 0.0
    counted: bool = False
    seconds: float = 0.0
    documents: int = 0
    kept: int = 0
    text_bytes: int = 0
    written_bytes: int = 0
    units: list[tuple[float, int]] = field(default_factory=list)
    by: list[list[dict[str, Any]]] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)

    @property
    def scale(self) -> float:
        """What one sampled document stands for."""
        return self.weight / self.sampled if self.sampled else 0.0

    @property
    def error(self) -> float:
        """The standard error of `documents * scale`: that of a ratio estimator over units (Cochran 1977, section 6.4).

        0 where all was read or the files say how many documents they hold.
        """
        if self.counted or not self.sampled or self.scale <= 1:
            return 0.0
        rate, many = self.documents / self.sampled, len(self.units)
        if many == 1:
            return GUESS * rate * (self.weight - self.sampled)
        spread = sum((documents - rate * read) ** 2 for read, documents in self.units) * many / (many - 1)
        return self.scale * sqrt(spread * (1 - 1 / self.scale))


def kind_of(unit: Unit) -> Kind:
    """Source and ending: a byte of .jsonl.zst holds other things than one of .jsonl."""
    return unit.source, "".join(Path(unit.path).suffixes[-2:])


def has_footer(plan: Plan, unit: Unit) -> bool:
    return format_of(plan.files[unit.source, unit.path].described, unit.path) == "parquet"


def weight(plan: Plan, unit: Unit) -> float:
    """The documents of a Parquet unit, by its footer; of any other file the bytes."""
    if not has_footer(plan, unit):
        return float(plan.input_bytes(unit))
    groups = rows_of_groups(plan.files[unit.source, unit.path].address)
    return float(sum(groups[unit.start : unit.stop]))


def rows_of_groups(address: str) -> tuple[int, ...]:
    """How many rows each row group has; one in all where the file is damaged: its failed row."""
    try:
        with files.open_input(address) as file:
            footer = pq.ParquetFile(file).metadata
            return tuple(footer.row_group(group).num_rows for group in range(footer.num_row_groups))
    except files.DAMAGE as error:
        files.raise_if_real(error)
        return (1,)


def weight_read(plan: Plan, unit: Unit, batch: Batch) -> float:
    """How much of the unit's weight its first batch is; of compressed files by the bytes that its records took."""
    whole = weight(plan, unit)
    if batch.last:
        return whole
    read = float(len(batch.documents) + len(batch.failed)) if has_footer(plan, unit) else batch.input_bytes
    return min(max(read, 1e-9 * whole), whole)


def give_or_take(seen: Mapping[Kind, Sampled]) -> int:
    """Two standard errors of the number of documents: 95 of 100 such samples are that near."""
    return round(2 * sqrt(sum(sums.error**2 for sums in seen.values())))
