"""Where the parts of a run stand, and reading one unit's rows of a pass."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage import files

REFINE, DEDUP, MIXTURE = PASSES = ("01-refine", "02-dedup", "03-mixture")
EDITS = "edits"  # of 02-dedup: the documents whose text it changed, as its last edit left them
EARLIER = "earlier"  # of 02-dedup: documents of earlier runs of which it says something new


def part_name(unit: int, batch: int | None = None) -> str:
    """`part-00003-0001.parquet` for a batch of unit 3; a pass with one part for each unit leaves the batch out."""
    return f"part-{unit:05}.parquet" if batch is None else f"part-{unit:05}-{batch:04}.parquet"


def unit_parts(run: str | Path, stage: str, kind: str, unit: int) -> list[Path]:
    """The unit's parts in one folder of a pass (`data` of the run itself with stage "."), in the batches' order."""
    return sorted((Path(run) / stage / kind).glob(f"part-{unit:05}[-.]*parquet"), key=numbers_of)


def numbers_of(part: Path) -> tuple[int, int]:
    """(unit, batch) of a part's name: names alone would sort batch 10000 before 9999. What is no number is -1."""
    unit, _, batch = part.name.removesuffix(".parquet").removeprefix("part-").partition("-")
    return _number(unit), _number(batch)


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() else -1


def read_unit(run: str | Path, stage: str, kind: str, unit: int, columns: Sequence[str] | None = None) -> pa.Table:
    """All rows of the unit, batches in order, page checksums verified.

    Raises FileNotFoundError where the unit has no part there: a pass reads only what the one before it finished.
    """
    tables = [read_part(path, columns) for path in unit_parts(run, stage, kind, unit)]
    if not tables:
        raise FileNotFoundError(f"{Path(run) / stage / kind / part_name(unit)}: unit {unit} has no part here")
    return pa.concat_tables(tables)


def read_part(path: str | Path, columns: Sequence[str] | None = None) -> pa.Table:
    """One part, its page checksums verified."""
    with files.open_input(str(path)) as file:
        return pq.read_table(file, columns=columns, page_checksum_verification=True)
