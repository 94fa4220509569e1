"""Documents, bytes and tokens by source, language and script: what a part says of itself, and sums of that."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

KINDS = ("source", "language", "script")
COUNTS = ("documents", "text_bytes", "tokens")

Tally = list[dict[str, Any]]


def tally(table: pa.Table) -> Tally:
    """Rows of (source, language, script, documents, text_bytes, tokens), sorted.

    `table` has the three kinds, and `text_bytes` and `tokens` as numbers (a null counts 0).
    """
    ones = table.select([*KINDS, "text_bytes", "tokens"]).append_column(
        "documents", pa.array([1] * len(table), pa.int64())
    )
    grouped = ones.group_by(list(KINDS)).aggregate([(name, "sum") for name in COUNTS])
    named = grouped.rename_columns([name.removesuffix("_sum") for name in grouped.column_names])
    return in_order(named.select([*KINDS, *COUNTS]).to_pylist())


def in_order(rows: Iterable[Mapping[str, Any]]) -> Tally:
    """By source, language, script, nulls first; every count a number."""
    filled = [{**row, **{name: int(row.get(name) or 0) for name in COUNTS}} for row in rows]
    return sorted(filled, key=lambda row: tuple(row[kind] or "" for kind in KINDS))


def sum_of(tallies: Iterable[Sequence[Mapping[str, Any]]]) -> Tally:
    """The tally of all parts together."""
    whole: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in (row for one in tallies for row in one):
        key = tuple(row[kind] for kind in KINDS)
        sums = whole.setdefault(key, {**dict(zip(KINDS, key, strict=True)), **dict.fromkeys(COUNTS, 0)})
        for name in COUNTS:
            sums[name] += row[name]
    return in_order(whole.values())


def lengths(texts: pa.Array | pa.ChunkedArray) -> pa.Array:
    """UTF-8 bytes of each text, int64."""
    return pc.fill_null(pc.binary_length(texts), 0).cast(pa.int64())
