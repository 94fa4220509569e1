"""Page headers of a Parquet column chunk: what each page will really expand to, whatever the footer declares.

A page header is Thrift's compact protocol (parquet-format, PageHeader): field 1 is the kind of page, 2 its
decompressed and 3 its compressed size, 5 and 8 the data page's header, whose field 1 is the number of values.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

HEADER_BYTES = 4096  # enough for most; statistics with long values take more
MAX_HEADER_BYTES = 1 << 20
DATA_PAGES = (0, 3)
DICTIONARY_PAGE = 2
COUNT_FIELDS = (5, 8)

STOP, TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(13)
NESTING = 16

Value = int | bytes | dict[int, "Value"] | None


@dataclass(frozen=True)
class Page:
    """One page: its kind, where its header starts, what it expands to, its values (of a data page)."""

    kind: int
    at: int
    expanded_bytes: int
    values: int


class BadPageError(ValueError):
    """No page header stands where one should."""


class _Compact:
    """A reader of Thrift's compact protocol that keeps whole numbers and structs, and passes by the rest."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def byte(self) -> int:
        value = self.data[self.at]
        self.at += 1
        return value

    def varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 63:
                raise BadPageError("a number without end")

    def number(self) -> int:
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def struct(self, depth: int = 0) -> dict[int, Value]:
        if depth > NESTING:
            raise BadPageError("nested too deep")
        fields: dict[int, Value] = {}
        number = 0
        while (head := self.byte()) != STOP:
            number = number + (head >> 4) if head >> 4 else self.number()
            fields[number] = self.value(head & 0x0F, depth)
        return fields

    def value(self, kind: int, depth: int) -> Value:
        if kind in (TRUE, FALSE):
            return int(kind == TRUE)
        if kind in (I16, I32, I64):
            return self.number()
        if kind == STRUCT:
            return self.struct(depth + 1)
        if kind in (LIST, SET):
            self._items(depth)
        else:
            self._pass(kind)
        return None

    def _items(self, depth: int) -> None:
        head = self.byte()
        count = head >> 4 if head >> 4 < 15 else self.varint()
        for _ in range(min(count, len(self.data))):
            self.value(head & 0x0F, depth + 1)

    def _pass(self, kind: int) -> None:
        sizes = {BYTE: 1, DOUBLE: 8}
        if kind == BINARY:
            length = self.varint()
            self.at += length
        elif kind in sizes:
            self.at += sizes[kind]
        else:
            raise BadPageError(f"a field of kind {kind}")
        if self.at > len(self.data):
            raise IndexError


def pages(file: pa.NativeFile, start: int, stop: int) -> Iterator[Page]:
    """The pages of the column chunk in these bytes of the file."""
    while start < stop:
        fields, length = _header(file, start)
        expanded, compressed = _whole(fields, 2), _whole(fields, 3)
        counted = next((fields[field] for field in COUNT_FIELDS if isinstance(fields.get(field), dict)), {})
        yield Page(_whole(fields, 1), start, expanded, _whole(counted, 1) if counted else 0)
        start += length + compressed


def _header(file: pa.NativeFile, at: int) -> tuple[dict[int, Value], int]:
    for size in (HEADER_BYTES, MAX_HEADER_BYTES):
        file.seek(at)
        reader = _Compact(bytes(file.read(size)))
        try:
            return reader.struct(), reader.at
        except IndexError:
            continue
    raise BadPageError(f"no page header at byte {at}")


def _whole(fields: Value, number: int) -> int:
    found = fields.get(number) if isinstance(fields, dict) else None
    if not isinstance(found, int) or found < 0:
        raise BadPageError(f"a page header without field {number}")
    return found
