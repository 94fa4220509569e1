"""The door out: one part, whole or not at all, that says in its footer what it is."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage import files

ABOUT = b"gristmill"
UNIQUE = frozenset(["id", "text", "url", "payload", "signature"])  # a dictionary of these costs time and saves nothing
LONG = frozenset(["text", "payload", "signature"])  # whose least and greatest value nobody asks for
ZSTD_LEVEL = 3  # 1 writes 1.3 times as fast and 6 % larger


@dataclass(frozen=True)
class PartRecord:
    """What a manifest says of a part. `path` starts at the manifest's folder: `kept/part-00000-0000.parquet`."""

    path: str
    rows: int
    bytes: int
    sha256: str


def write_part(path: Path | str, rows: pa.Table | pa.RecordBatch, about: Mapping[str, Any]) -> PartRecord:
    """Write `rows` as zstd Parquet with page checksums and `about` in its footer; equal rows give equal bytes.

    A part is one batch, so that it is made in memory, hashed there and put whole under its name.
    """
    table = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
    noted = json.dumps(dict(about), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    table = table.replace_schema_metadata({ABOUT: noted.encode()})
    made = pa.BufferOutputStream()
    pq.write_table(
        table,
        made,
        compression="zstd",
        compression_level=ZSTD_LEVEL,
        write_page_checksum=True,
        use_dictionary=[name for name in _leaves(table) if name.split(".")[0] not in UNIQUE],
        write_statistics=[name for name in _leaves(table) if name.split(".")[0] not in LONG],
        row_group_size=max(table.num_rows, 1),
    )
    buffer = made.getvalue()
    files.atomic_write(str(path), buffer)
    return PartRecord(_below_manifest(path), table.num_rows, buffer.size, hashlib.sha256(buffer).hexdigest())


def part_entry(path: Path | str) -> PartRecord:
    """The record of a part that stands already, from its bytes."""
    data = files.read_bytes(str(path))
    rows = pq.read_metadata(pa.BufferReader(data)).num_rows
    return PartRecord(_below_manifest(path), rows, len(data), hashlib.sha256(data).hexdigest())


def read_about(path: Path | str) -> dict[str, Any] | None:
    """What the part says of itself, from its footer alone; None where there is no such part, or no whole one."""
    try:
        with files.open_input(str(path)) as file:
            noted = (pq.read_metadata(file).metadata or {}).get(ABOUT)
        about = None if noted is None else json.loads(noted)
    except (FileNotFoundError, pa.ArrowException, ValueError):
        return None
    except OSError as error:
        files.raise_if_real(error)
        return None
    return about if isinstance(about, dict) else None


def _below_manifest(path: Path | str) -> str:
    return "/".join(Path(path).parts[-2:])


def _leaves(table: pa.Table) -> list[str]:
    """The Parquet paths of all columns: `metrics.key_value.key` for the keys of a map."""
    return [path for field in table.schema for path in _leaf_paths(field.name, field.type)]


def _leaf_paths(name: str, kind: pa.DataType) -> list[str]:
    if pa.types.is_map(kind):
        keys = _leaf_paths(f"{name}.key_value.key", kind.key_type)
        return keys + _leaf_paths(f"{name}.key_value.value", kind.item_type)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _leaf_paths(f"{name}.list.element", kind.value_type)
    if pa.types.is_struct(kind):
        return [path for field in kind for path in _leaf_paths(f"{name}.{field.name}", field.type)]
    return [name]
