"""The documents of a WARC file: page by page its text, or the failed row in its place."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from pipeline.extract.charset import MAX_REPLACED, decode_page
from pipeline.extract.failure import MAX_PAYLOAD_BYTES, Failure
from pipeline.extract.html import Extractor, by_resiliparse, html_to_text
from pipeline.extract.http import Response, Undecodable, decoded_body, parse_response
from pipeline.extract.kinds import is_html, is_text, kind_of_record, kind_of_response
from pipeline.extract.warc import KEPT_WHOLE, Record, records


@dataclass(frozen=True)
class Page:
    """One document. WARC-Record-ID is no id: each crawl of a page has another one."""

    row: int
    url: str | None
    date: str | None
    text: str
    html_bytes: int
    input_bytes: int


class Unreadable(Exception):
    """The page's bytes are no text in its charset."""


def pages(
    stream: BinaryIO, *, file: str, max_bytes: int, skipped: Counter[str], extract: Extractor = by_resiliparse
) -> Iterator[Page | Failure]:
    """A WARC's documents in order. Records that are none are counted in `skipped`, by kind."""
    for record in records(stream, file=file, max_bytes=max_bytes):
        if isinstance(record, Failure):
            yield record
            continue
        response = parse_response(record.block) if record.kind == KEPT_WHOLE else None
        kind = kind_of_response(response) if record.kind == KEPT_WHOLE else kind_of_record(record.kind)
        if kind is not None or response is None:
            skipped[kind or "not_http"] += 1
            continue
        found = _page_or_failure(record, response, file, max_bytes, extract)
        if found is None:
            skipped["not_text"] += 1
        else:
            yield found


def rfc3339(warc_date: str | None) -> str | None:
    """WARC-Date in UTC; None where it is no date (some crawlers wrote 2008-10-294T...)."""
    try:
        date = datetime.fromisoformat((warc_date or "").strip())
        if date.tzinfo is None:
            return None
        date = date.astimezone(UTC)
    except (ValueError, OverflowError):  # the years 1 and 9999 can leave the calendar on the way to UTC
        return None
    digits = "microseconds" if date.microsecond else "seconds"
    return date.isoformat(timespec=digits).replace("+00:00", "Z")


def _page_or_failure(
    record: Record, response: Response, file: str, max_bytes: int, extract: Extractor
) -> Page | Failure | None:
    """None where the body is no text. An extractor may raise whatever its parser does: it costs this page only."""
    try:
        return _page(record, response, max_bytes, extract)
    except Exception as error:
        said = str(error) if isinstance(error, (Undecodable, Unreadable)) else f"{type(error).__name__}: {error}"
        payload = response.body[:MAX_PAYLOAD_BYTES]
        return Failure(file, f"byte {record.place}", said, payload, record.input_bytes)


def _page(record: Record, response: Response, max_bytes: int, extract: Extractor) -> Page | None:
    if record.oversized:
        raise Undecodable(f"a record of {record.length} bytes (limit: {max_bytes})")
    body = decoded_body(response, max_bytes)
    if not is_text(body):
        return None
    text = _text(body, response, extract)
    return Page(record.row, _url(record), rfc3339(record.headers.get("warc-date")), text, len(body), record.input_bytes)


def _text(body: bytes, response: Response, extract: Extractor) -> str:
    html = is_html(response, body)
    decoded = decode_page(body, response.content_type, is_html=html)
    if decoded.replaced > MAX_REPLACED:
        share = f"{decoded.replaced:.1%} of its characters"
        raise Unreadable(f"{share} are not {decoded.encoding} (told by {decoded.told_by}; limit: {MAX_REPLACED:.0%})")
    return html_to_text(decoded.text, extract) if html else decoded.text.replace("\0", "")


def _url(record: Record) -> str | None:
    """The address without the angle brackets that wget and the standard's first edition put around it."""
    return record.headers.get("warc-target-uri", "").strip().removeprefix("<").removesuffix(">") or None
