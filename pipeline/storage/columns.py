"""Whose column is whose: an input's names become ours or travel on, and two types of one name are found."""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from pipeline.documents import FROM_INPUT, OURS
from pipeline.storage.inputs import Input, InputError

EXTRA = "extra"
LATER = ("copies", "reasons", "metrics", EXTRA)  # columns of data/ and dropped/ beside the documents' own
RESERVED = frozenset([*(field.name for field in OURS), *LATER])
JSON_TEXT = {b"gristmill": b"json"}  # metadata of a column whose values are JSON text: lists and objects of JSONL
PREFIX = "input_"


@dataclass(frozen=True)
class Mapping:
    """For one file: our column -> the file's (`ours`), and other column -> the file's (`others`)."""

    ours: dict[str, str]
    others: dict[str, str]


def other_name(name: str) -> str:
    """The name under which an input's own column travels; one to one, so `input_source` beside `source` stays apart."""
    bare = name
    while bare.startswith(PREFIX):
        bare = bare.removeprefix(PREFIX)
    return PREFIX + name if bare in RESERVED else name


def map_columns(described: Input, names: Iterable[str]) -> Mapping:
    """A column is ours if the input maps it, or if it has our name and the input maps no other one there."""
    present = list(names)
    ours = {our: theirs for our, theirs in described.columns.items() if theirs in present}
    ours |= {our: our for our in FROM_INPUT if our in present and our not in described.columns}
    taken = set(ours.values())
    return Mapping(ours, {other_name(theirs): theirs for theirs in present if theirs not in taken})


def plain_type(kind: pa.DataType) -> pa.DataType:
    """The type that travels on: dictionaries become their values, the kinds of string one."""
    if pa.types.is_dictionary(kind):
        return plain_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return pa.string()
    return kind


def is_json(field: pa.Field) -> bool:
    """Whether the column holds JSON text."""
    return bool(field.metadata) and field.metadata.get(b"gristmill") == b"json"


def _joined(one: pa.Field, other: pa.Field) -> pa.Field | None:
    """The field that takes both, or None where a name has two types. Whole numbers widen, all else must agree."""
    if pa.types.is_null(one.type):
        return other
    if pa.types.is_null(other.type):
        return one
    if one.type == other.type and is_json(one) == is_json(other):
        return one
    if pa.types.is_integer(one.type) and pa.types.is_integer(other.type):
        return pa.field(one.name, pa.int64())
    return None


class Union:
    """The other columns of all inputs, and where each was first seen."""

    def __init__(self) -> None:
        self._fields: dict[str, pa.Field] = {}
        self._seen: dict[str, tuple[str, pa.Schema]] = {}

    def add(self, field: pa.Field, where: str, schema: pa.Schema) -> None:
        if field.name not in self._fields:
            self._fields[field.name], self._seen[field.name] = field, (where, schema)
            return
        joined = _joined(self._fields[field.name], field)
        if joined is None:
            first, first_schema = self._seen[field.name]
            raise InputError(
                f"{where}: column {field.name} is {described_type(field)}, in {first} it is "
                f"{described_type(self._fields[field.name])} (here: {in_one_line(schema)}; there: "
                f"{in_one_line(first_schema)})"
            )
        self._fields[field.name] = joined

    def schema(self, *, extra: bool) -> pa.Schema:
        """By name, so that the order of inputs does not matter; `extra` last."""
        fields = [self._fields[name] for name in sorted(self._fields)]
        return pa.schema([*fields, pa.field(EXTRA, pa.string())] if extra else fields)


def described_type(field: pa.Field) -> str:
    return f"{field.type} (JSON)" if is_json(field) else str(field.type)


def in_one_line(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name}: {described_type(field)}" for field in schema)
