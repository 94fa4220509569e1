"""WARC files record by record, strictly: what cannot be read whole becomes a failed row that names its place.

Our own framing instead of fastwarc's: fastwarc and warcio end silently where a file is cut or a Content-Length is
wrong. The cost is small, since zlib takes most of the time.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pipeline.extract.failure import Failure
from pipeline.extract.source import Damage, Source
from pipeline.extract.window import Window

VERSION = b"WARC/"
MAX_HEADER_BYTES = 1 << 16  # real ones stay under 4 KiB
SNIFFED_BYTES = 1 << 16  # of a record over the limit: enough to tell a page from an image by its HTTP header
END_OF_HEADER = re.compile(rb"\r?\n\r?\n")
FOLDED = re.compile(r"\r?\n[ \t]+")
KEPT_WHOLE = "response"  # only such a record can be a document


@dataclass(frozen=True)
class Record:
    """One record. `block` is empty unless it is a response; `oversized` says that it holds the beginning only."""

    row: int
    place: int
    input_bytes: int
    headers: dict[str, str]
    length: int
    block: bytes
    oversized: bool

    @property
    def kind(self) -> str:
        return self.headers.get("warc-type", "").lower()


class Misframed(Exception):
    """This is no record, or not of its declared length; the next one is beyond the member's end."""


class Short(Exception):
    """The record ended before its declared length, and another one or the file's end stands here."""


def records(stream: BinaryIO, *, file: str, max_bytes: int) -> Iterator[Record | Failure]:
    """The records of a .warc or .warc.gz in order; a failed row for each stretch that is none."""
    window = Window(Source(stream))
    row = 0
    while True:
        start = window.place
        window.mark()
        try:
            if not _at_record(window):
                return
            found: Record | Failure = _record(window, row, start, max_bytes)
        except (Misframed, Short, Damage) as fault:
            found = _set_aside(window, fault, file, start, whole_file=row == 0)
        yield found
        row += 1


def header_fields(header: bytes) -> dict[str, str]:
    """Field names in lower case with their values; the first line is no field, the first of equal names counts."""
    lines = FOLDED.sub(" ", header.decode("utf-8", "replace")).splitlines()[1:]
    fields: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return fields


def _at_record(window: Window) -> bool:
    """Go to the next byte that is no line break, in this member or a later one; False at the file's end."""
    while True:
        window.skip_newlines()
        if window.ahead(1):
            return True
        if not window.next_member():
            return False


def _record(window: Window, row: int, start: int, max_bytes: int) -> Record:
    headers = header_fields(_take_header(window))
    length = _content_length(headers)
    is_response = headers.get("warc-type", "").lower() == KEPT_WHOLE
    oversized = length > max_bytes
    wanted = 0 if not is_response else SNIFFED_BYTES if oversized else length
    block = _across_members(window, min(wanted, length), length)
    _skip_across_members(window, length - len(block), length)
    _expect_end(window, length)
    return Record(row, start, window.place - start, headers, length, block, oversized)


def _expect_end(window: Window, length: int) -> None:
    """Line breaks, then in gzip the member's verified end or another record: rot shifts what it does not destroy."""
    line_breaks = window.skip_newlines()
    if not window.ahead(1):
        return
    is_record = window.ahead(len(VERSION)) == VERSION
    if not line_breaks or (window.source.is_gzip and not is_record):
        raise Misframed(f"Content-Length {length} does not end where a record can end")


def _take_header(window: Window) -> bytes:
    """The header up to its empty line."""
    if window.ahead(len(VERSION)) != VERSION:
        raise Misframed("no WARC record starts here")
    if header := window.take_until(END_OF_HEADER, MAX_HEADER_BYTES):
        return header
    raise Misframed(f"no end of the WARC header in {MAX_HEADER_BYTES} bytes")


def _content_length(headers: dict[str, str]) -> int:
    declared = headers.get("content-length", "")
    if not (declared.isascii() and declared.isdigit() and len(declared) <= 18):
        raise Misframed(f"Content-Length is {declared[:40]!r}, not a number of bytes")
    return int(declared)


def _across_members(window: Window, count: int, length: int) -> bytes:
    """`count` bytes, also where compressed blocks of fixed size split a record."""
    taken = window.take(count)
    while len(taken) < count:
        _continue_record(window, len(taken), length)
        taken += window.take(count - len(taken))
    return taken


def _skip_across_members(window: Window, count: int, length: int) -> None:
    skipped = window.skip(count)
    while skipped < count:
        _continue_record(window, length - count + skipped, length)
        skipped += window.skip(count - skipped)


def _continue_record(window: Window, got: int, length: int) -> None:
    if not window.next_member():
        raise Short(f"the file ends after {got} of the record's {length} bytes")
    if window.ahead(len(VERSION)) == VERSION:
        raise Short(f"the record ends after {got} of its {length} bytes")


def _set_aside(window: Window, fault: Exception, file: str, start: int, whole_file: bool) -> Failure:
    """One failed row for the record, the rest of its member, or the rest of the file."""
    readable = fault.readable if isinstance(fault, Damage) else b""
    payload, error = window.payload + readable, str(fault)
    try:
        if isinstance(fault, Misframed):
            window.skip_member()
        rest_is_lost = isinstance(fault, Damage) or (whole_file and isinstance(fault, Misframed))
    except Damage as damage:
        error, rest_is_lost = f"{error}; {damage}", True
    end = window.end_of_file() if rest_is_lost else window.place
    return Failure(file, f"byte {start}", error, payload, end - start)
