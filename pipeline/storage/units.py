"""Units: how the inputs' files are cut for parallel reading, in one order that no listing changes."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow.parquet as pq

from pipeline.storage import files
from pipeline.storage.inputs import Input, InputError, bare_name, format_of
from pipeline.storage.limits import MEBIBYTE

JSONL_RANGE_BYTES = 256 * MEBIBYTE  # a few seconds of work: little is lost with a worker
ROW_GROUPS_BYTES = 128 * MEBIBYTE  # compressed, about 400 MB of text

Range = tuple[int | None, int | None]


@dataclass(frozen=True)
class Unit:
    """A whole file (start and stop None), bytes start to stop of a plain JSONL, or row groups of a Parquet file."""

    unit: int
    source: str
    path: str
    start: int | None
    stop: int | None


@dataclass(frozen=True)
class SourceFile:
    """A file of an input: `path` names it in ids and units, `address` opens it."""

    described: Input
    path: str
    address: str


def list_files(described: Input) -> list[SourceFile]:
    """The input's files, each once. `path` is below the deepest folder that the input's paths share.

    That folder comes from the paths as they were given, so that another shard under a glob changes no derived id.
    """
    found: set[str] = set()
    for pattern in described.paths:
        matched = files.list_glob(pattern)
        if not matched:
            raise InputError(f"{pattern}: no file of input {described.source} matches")
        found.update(matched)
    folder = os.path.commonpath([files.fixed_folder(pattern) for pattern in described.paths])
    named = [SourceFile(described, os.path.relpath(address, folder).replace(os.sep, "/"), address) for address in found]
    return sorted(named, key=lambda file: file.path)


def all_files(inputs: Sequence[Input]) -> dict[tuple[str, str], SourceFile]:
    """(source, path) -> file, for every input; a unit finds its input and its address here."""
    every: dict[tuple[str, str], SourceFile] = {}
    for file in (file for described in inputs for file in list_files(described)):
        other = every.setdefault((file.described.source, file.path), file)
        if other is not file:
            raise InputError(f"{file.address}: {other.address} is {file.described.source}/{file.path} already")
    return every


def list_units(
    inputs: Sequence[Input], *, range_bytes: int = JSONL_RANGE_BYTES, row_groups_bytes: int = ROW_GROUPS_BYTES
) -> list[Unit]:
    """All units in the order (source, path, start), numbered from 0."""
    units: list[Unit] = []
    for (source, path), file in sorted(all_files(inputs).items(), key=lambda item: item[0]):
        for start, stop in _ranges(file, range_bytes, row_groups_bytes):
            units.append(Unit(len(units), source, path, start, stop))
    return units


def _ranges(file: SourceFile, range_bytes: int, row_groups_bytes: int) -> Iterator[Range]:
    kind = format_of(file.described, file.path)
    if kind == "parquet":
        return _row_group_ranges(file.address, row_groups_bytes)
    if kind == "jsonl" and bare_name(file.path) == file.path:
        return _byte_ranges(files.size(file.address), range_bytes)
    return iter([(None, None)])


def _byte_ranges(size: int, range_bytes: int) -> Iterator[Range]:
    for start in range(0, max(size, 1), range_bytes):
        yield start, min(start + range_bytes, size)


def _row_group_ranges(address: str, row_groups_bytes: int) -> Iterator[Range]:
    """Neighbouring row groups up to the size; a file whose footer cannot be read is one unit, which then fails."""
    try:
        sizes = _row_group_sizes(address)
    except files.DAMAGE as error:
        files.raise_if_real(error)
        yield None, None
        return
    start, filled = 0, 0
    for group, size in enumerate(sizes):
        if filled and filled + size > row_groups_bytes:
            yield start, group
            start, filled = group, 0
        filled += size
    yield start, len(sizes)


def _row_group_sizes(address: str) -> list[int]:
    with files.open_input(address) as file:
        footer = pq.ParquetFile(file).metadata
    groups = [footer.row_group(group) for group in range(footer.num_row_groups)]
    return [sum(group.column(column).total_compressed_size for column in range(group.num_columns)) for group in groups]
