"""Before any work: footers and first records tell whether every file has a text, and which other columns travel on."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.documents import FROM_INPUT
from pipeline.storage import files
from pipeline.storage.columns import JSON_TEXT, Union, in_one_line, map_columns, plain_type
from pipeline.storage.inputs import Input, InputError, format_of
from pipeline.storage.limits import Limits
from pipeline.storage.lines import Lines, split_lines
from pipeline.storage.streams import codec_of, decompressed_blocks, plain_blocks
from pipeline.storage.units import SourceFile, list_files

FIRST_RECORDS = 100
WANTED = pa.schema([pa.field(name, pa.string()) for name in FROM_INPUT])
JSON_TYPES = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), str: pa.string()}


def inspect_inputs(inputs: Sequence[Input]) -> pa.Schema:
    """The inputs' other columns, in one schema; raises InputError for what cannot be read as described.

    A file that is too damaged to tell is left to its reader, which sets it aside.
    """
    union, any_jsonl = Union(), False
    for described in inputs:
        listed = list_files(described)
        kinds = {file.path: format_of(described, file.path) for file in listed}
        any_jsonl = any_jsonl or "jsonl" in kinds.values()
        schemas = {file.address: _schema_of(file, kinds[file.path]) for file in listed}
        _check_mapped(described, [schema for schema in schemas.values() if schema is not None])
        for address, schema in schemas.items():
            if schema is not None:
                _check(described, address, schema)
                _add(union, described, address, schema)
    return union.schema(extra=any_jsonl)


def _schema_of(file: SourceFile, kind: str) -> pa.Schema | None:
    """The file's columns; None for an archive (its columns are ours), for no record, and for damage."""
    if kind == "parquet":
        return _footer_schema(file.address)
    return _first_records_schema(file) if kind == "jsonl" else None


def _footer_schema(address: str) -> pa.Schema | None:
    try:
        with files.open_input(address) as file:
            return pq.ParquetFile(file).schema_arrow.remove_metadata()
    except files.DAMAGE as error:
        files.raise_if_real(error)
        return None


def _first_records_schema(file: SourceFile) -> pa.Schema | None:
    records = first_records(file.address)
    return infer_schema(records) if records else None


def first_records(address: str) -> list[dict[str, Any]]:
    """The first objects of a JSONL file; lines that are none are the reader's to set aside."""
    found: list[dict[str, Any]] = []
    limits, codec = Limits(), codec_of(address)
    with files.open_input(address) as file:
        blocks = decompressed_blocks(file, codec, limits) if codec else plain_blocks(file)
        for lines in split_lines(islice(blocks, 2), limits.line_bytes, file.size()):
            found.extend(_objects(lines.lines if isinstance(lines, Lines) else []))
            if len(found) >= FIRST_RECORDS:
                break
    return found[:FIRST_RECORDS]


def _objects(lines: Iterable[bytes]) -> Iterable[dict[str, Any]]:
    for line in islice(lines, 2 * FIRST_RECORDS):
        try:
            value = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
        except orjson.JSONDecodeError:
            continue
        if isinstance(value, dict):
            yield value


def infer_schema(records: Iterable[Mapping[str, Any]]) -> pa.Schema:
    """A name's type is that of its first value that is not null; whole and broken numbers together are broken.

    Lists and objects travel as JSON text: their inner types change from line to line. A name that was only null is
    typed null here.
    """
    fields: dict[str, pa.Field] = {}
    for record in records:
        for name, value in record.items():
            field = _json_field(name, value)
            known = fields.get(name)
            if known is None or pa.types.is_null(known.type) or (known.type == pa.int64() and type(value) is float):
                fields[name] = field
    return pa.schema(list(fields.values()))


def _json_field(name: str, value: Any) -> pa.Field:
    if value is None:
        return pa.field(name, pa.null())
    if type(value) in JSON_TYPES:
        return pa.field(name, JSON_TYPES[type(value)])
    return pa.field(name, pa.string(), metadata=JSON_TEXT)


def _check_mapped(described: Input, schemas: Sequence[pa.Schema]) -> None:
    """A mapped column that no file of the input has is a slip of the pen."""
    for our, theirs in described.columns.items():
        if schemas and not any(theirs in schema.names for schema in schemas):
            raise InputError(
                f"input {described.source}: no column {theirs} for {our} in any of its files (there are: "
                f"{in_one_line(schemas[0])})"
            )


def _check(described: Input, address: str, schema: pa.Schema) -> None:
    """Every file has a text; our columns are strings, a date may be a time."""
    ours = map_columns(described, schema.names).ours
    if "text" not in ours:
        wanted = described.columns.get("text", "text")
        raise InputError(
            f"{address}: no column {wanted} for the text (here: {in_one_line(schema)}; wanted: {in_one_line(WANTED)}; "
            f"say columns: {{text: NAME}})"
        )
    for our, theirs in ours.items():
        kind = plain_type(schema.field(theirs).type)
        fits = pa.types.is_string(kind) or pa.types.is_null(kind)
        is_time = our == "date" and (pa.types.is_timestamp(kind) or pa.types.is_date(kind))
        if not fits and not is_time:
            raise InputError(
                f"{address}: column {theirs} is {kind}, ours is string: {our} (here: {in_one_line(schema)}; wanted: "
                f"{in_one_line(WANTED)})"
            )


def _add(union: Union, described: Input, address: str, schema: pa.Schema) -> None:
    for name, theirs in map_columns(described, schema.names).others.items():
        field = schema.field(theirs)
        metadata = JSON_TEXT if field.metadata == JSON_TEXT else None
        is_json_null = pa.types.is_null(field.type)
        if not is_json_null:
            union.add(pa.field(name, plain_type(field.type), metadata=metadata), address, schema)


def others_to_json(others: pa.Schema) -> list[dict[str, str]]:
    """For plan.json: every column's name and type for people, and its exact description for `others_from_json`."""
    return [
        {
            "name": field.name,
            "type": str(field.type),
            "arrow": base64.b64encode(pa.schema([field]).serialize().to_pybytes()).decode(),
        }
        for field in others
    ]


def others_from_json(described: Iterable[Mapping[str, str]]) -> pa.Schema:
    fields = [pa.ipc.read_schema(pa.py_buffer(base64.b64decode(entry["arrow"]))).field(0) for entry in described]
    return pa.schema(fields)
