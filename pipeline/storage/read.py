"""The door in: the batches of a unit, whatever its format."""

from collections.abc import Callable, Iterator

import pyarrow as pa

from pipeline.storage.batch import Batch, Piece, pack
from pipeline.storage.inputs import Input, format_of
from pipeline.storage.jsonl import JsonReader
from pipeline.storage.limits import Limits
from pipeline.storage.parquet import ParquetReader
from pipeline.storage.shape import Shape
from pipeline.storage.units import Unit
from pipeline.storage.warc import WarcReader

READERS: dict[str, Callable[[Shape, Limits], JsonReader | ParquetReader | WarcReader]] = {
    "jsonl": JsonReader,
    "parquet": ParquetReader,
    "warc": WarcReader,
}


def read_batches(unit: Unit, described: Input, others: pa.Schema, limits: Limits, address: str) -> Iterator[Batch]:
    """The unit's batches in order, one at least; `documents` has `pipeline.documents.schema(others)`.

    Bad records and damaged stretches are failed rows; what the system refuses (a missing file) is raised.
    """
    shape = Shape(unit, described, others)
    yield from pack(_pieces(shape, limits, address), shape.schema, limits.batch_bytes)


def _pieces(shape: Shape, limits: Limits, address: str) -> Iterator[Piece]:
    reader = READERS[format_of(shape.described, shape.unit.path)]
    return reader(shape, limits).pieces(address)
