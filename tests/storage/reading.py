"""Shards made for the tests of storage, and everything that a reader says of them."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.extract.failure import Failure
from pipeline.storage.batch import Batch
from pipeline.storage.inputs import Input
from pipeline.storage.inspect import inspect_inputs
from pipeline.storage.limits import Limits
from pipeline.storage.read import read_batches
from pipeline.storage.units import all_files, list_units

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Everything:
    """All batches of all units of some inputs."""

    batches: list[Batch]

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [row for batch in self.batches for row in batch.documents.to_pylist()]

    @property
    def ids(self) -> list[str]:
        return [row["id"] for row in self.rows]

    @property
    def failed(self) -> list[Failure]:
        return [failure for batch in self.batches for failure in batch.failed]


def web(*paths: Path | str, **described: Any) -> Input:
    return Input("web", tuple(map(str, paths)), **described)


def read_all(
    *inputs: Input, limits: Limits | None = None, range_bytes: int = 1 << 28, row_groups_bytes: int = 1 << 27
) -> Everything:
    """What a run would read: units listed, inputs inspected, every batch validated."""
    others, files = inspect_inputs(inputs), all_files(inputs)
    batches: list[Batch] = []
    for unit in list_units(inputs, range_bytes=range_bytes, row_groups_bytes=row_groups_bytes):
        file = files[unit.source, unit.path]
        batches += read_batches(unit, file.described, others, limits or Limits(), file.address)
    for batch in batches:
        batch.documents.validate(full=True)
    return Everything(batches)


def documents(count: int, start: int = 0) -> list[dict[str, str]]:
    return [
        {"id": f"d{number}", "text": f"text {number} " + "é" * (number % 7)} for number in range(start, start + count)
    ]


def lines(records: Iterable[Record]) -> bytes:
    return b"".join(json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records)


def write_jsonl(path: Path, records: Iterable[Record]) -> Path:
    """Plain, or gzip by the name's ending."""
    data = lines(records)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


def write_parquet(path: Path, columns: Mapping[str, Any], **options: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(dict(columns)), path, write_page_checksum=True, **options)
    return path


def small_batches(**changed: int) -> Limits:
    return replace(Limits(batch_bytes=2000), **changed)
