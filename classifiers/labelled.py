"""Labelled sets: texts and labels out of JSONL (plain, gz, zst) or Parquet files."""

import gzip
import hashlib
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import zstandard

Row = Mapping[str, Any]


class LabelledError(ValueError):
    """A labelled set that cannot be used; the message names the file and the row."""


@dataclass(frozen=True)
class Example:
    text: str
    label: str


@dataclass(frozen=True)
class Source:
    """One labelled file: which columns hold text and label, or the one `label` of all its rows.

    `where` keeps the rows whose columns have these values.
    """

    path: Path
    text: str = "text"
    column: str = "label"
    label: str | None = None
    where: Mapping[str, Any] | None = None


def read(source: Source) -> list[Example]:
    """The examples of a file in its order. A row without text or label is an error: a label is never guessed."""
    examples = []
    for number, row in enumerate(rows(source.path), 1):
        if any(row.get(name) != value for name, value in (source.where or {}).items()):
            continue
        text = row.get(source.text)
        label = source.label if source.label is not None else row.get(source.column)
        if not isinstance(text, str) or label is None:
            missing = source.column if isinstance(text, str) else source.text
            raise LabelledError(f"{source.path}:{number}: no {missing}")
        examples.append(Example(text, str(label)))
    if not examples:
        raise LabelledError(f"{source.path}: no row" + (f" where {dict(source.where)}" if source.where else ""))
    return examples


def rows(path: Path) -> Iterator[Row]:
    """The rows of a file by its ending."""
    if not path.is_file():
        raise LabelledError(f"{path}: no such file")
    if path.name.endswith(".parquet"):
        yield from pq.read_table(path).to_pylist()
    elif path.name.endswith((".jsonl", ".jsonl.gz", ".jsonl.zst")):
        yield from json_rows(path)
    else:
        raise LabelledError(f"{path}: unknown ending (.parquet, .jsonl, .jsonl.gz, .jsonl.zst)")


def json_rows(path: Path) -> Iterator[Row]:
    with io.TextIOWrapper(opened(path), encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise LabelledError(f"{path}:{number}: not JSON: {error}") from error
            if not isinstance(row, dict):
                raise LabelledError(f"{path}:{number}: not an object")
            yield row


def opened(path: Path) -> Any:
    if path.suffix == ".gz":
        return gzip.open(path, "rb")
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(path.open("rb"), read_across_frames=True, closefd=True)
    return path.open("rb")


def digest(path: Path) -> str:
    """SHA-256 of the file, for the model's description."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
