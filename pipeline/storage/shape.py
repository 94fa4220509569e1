"""A reader's columns become documents: ids, source, normal language and date, nulls for what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.documents import derived_id, schema
from pipeline.storage.dates import rfc3339_column
from pipeline.storage.inputs import Input
from pipeline.storage.units import Unit

REGION = "[-_.@].*"  # pt-BR, zh_TW, en_US.UTF-8, sr@latin
LANGUAGE = "^[a-z]{2,3}$"  # ISO 639-1 or -3; `Python` or `English` in a column of this name is no language code


@dataclass(frozen=True)
class Shape:
    """What all documents of a unit share: where they stand and the schema they get."""

    unit: Unit
    described: Input
    others: pa.Schema

    @property
    def schema(self) -> pa.Schema:
        return schema(self.others)

    @property
    def file(self) -> str:
        """How failed rows name the file: the same on every machine."""
        return f"{self.unit.source}/{self.unit.path}"

    def documents(self, columns: Mapping[str, pa.Array], rows: NDArray[np.int64]) -> pa.RecordBatch:
        """Documents of these columns (ours and others by their final names); `rows` are places in the file."""
        count = len(rows)
        made = {
            "id": self._ids(columns.get("id"), rows),
            "source": pa.repeat(pa.scalar(self.unit.source), count),
            "url": _present(columns.get("url")),
            "language": _language(_present(columns.get("language"))),
            "script": _present(columns.get("script")),
            "licence": _present(columns.get("licence")),
            "date": _date(columns.get("date")),
            "unit": pa.repeat(pa.scalar(self.unit.unit, pa.int32()), count),
            "row": pa.array(rows, pa.int64()),
        }
        whole = {**columns, **made}
        return pa.RecordBatch.from_arrays(
            [_typed(whole.get(field.name), field.type, count) for field in self.schema], schema=self.schema
        )

    def empty(self) -> pa.RecordBatch:
        return pa.RecordBatch.from_pylist([], schema=self.schema)

    def _ids(self, given: pa.Array | None, rows: NDArray[np.int64]) -> pa.Array:
        """The user's ids; a missing one is derived from where the document stands."""
        ids = _present(given)
        if ids is None or pa.types.is_null(ids.type):
            return pa.array([self._derived(row) for row in rows.tolist()], pa.string())
        if self.described.ids == "namespace":
            ids = pc.binary_join_element_wise(f"{self.file}#", ids, "")
        if not ids.null_count:
            return ids
        missing = ids.is_null()
        derived = [self._derived(row) for row in rows[missing.to_numpy(zero_copy_only=False)].tolist()]
        return pc.replace_with_mask(ids, missing, pa.array(derived, pa.string()))

    def _derived(self, row: int) -> str:
        return derived_id(self.unit.source, self.unit.path, row)


def _typed(values: pa.Array | None, kind: pa.DataType, count: int) -> pa.Array:
    if values is None:
        return pa.nulls(count, kind)
    return values if values.type == kind else values.cast(kind)


def _present(values: pa.Array | None) -> pa.Array | None:
    """An empty string is a missing value: null."""
    if values is None or pa.types.is_null(values.type):
        return None
    values = values.cast(pa.string())
    return pc.if_else(pc.equal(pc.binary_length(values), 0), pa.scalar(None, pa.string()), values)


def _language(values: pa.Array | None) -> pa.Array | None:
    """The code alone, in lower case; null where there is none."""
    if values is None:
        return None
    codes = pc.utf8_lower(pc.replace_substring_regex(values, REGION, ""))
    return pc.if_else(pc.match_substring_regex(codes, LANGUAGE), codes, pa.scalar(None, pa.string()))


def _date(values: pa.Array | None) -> pa.Array | None:
    return None if values is None or pa.types.is_null(values.type) else rfc3339_column(values)
