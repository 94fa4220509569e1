"""Which WARC records are documents: a response with status 200 and an HTML or text body; the rest has a kind."""

import re

from pipeline.extract.http import Response

RECORD_KINDS = frozenset(["warcinfo", "request", "metadata", "resource", "revisit", "conversion", "continuation"])
HTML_TYPES = frozenset(["text/html", "application/xhtml+xml"])
TEXT_TYPES = frozenset(["text/plain"])
UNKNOWN_TYPES = frozenset(["", "unknown/unknown", "application/unknown", "*/*"])  # WHATWG MIME sniffing, 7

SNIFFED_BYTES = 1445  # WHATWG MIME sniffing, 5.2
CONTROL = bytes([*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20)])  # never in text
MAX_CONTROL = 0.1  # a stray control byte does not make a page binary
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")  # UTF-16, full of zero bytes
HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|!--|html|head|body|title|script|meta|div|p|a|h1)", re.IGNORECASE
)
BINARY_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"GIF8",
    b"RIFF",
    b"%PDF-",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"\x00\x00\x01\x00",
    b"OggS",
    b"ID3",
    b"wOFF",
    b"wOF2",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"Rar!",
    b"CWS",
    b"FWS",
)


def kind_of_record(warc_type: str) -> str:
    """What a record that is no response is counted as; a type of a crawler's own is `unknown`."""
    return warc_type if warc_type in RECORD_KINDS else "unknown"


def kind_of_response(response: Response | None) -> str | None:
    """What a response is counted as that cannot be a document by its header; None where it can."""
    if response is None:
        return "not_http"
    if response.status != 200:
        return f"status_{response.status}"
    allowed = response.media_type in HTML_TYPES | TEXT_TYPES | UNKNOWN_TYPES
    return None if allowed else "not_html"


def is_text(body: bytes) -> bool:
    """Whether the bytes are text at all, whatever the header says."""
    head = body[:SNIFFED_BYTES]
    if head.startswith(WIDE_MARKS):
        return True
    if head.startswith(BINARY_STARTS):
        return False
    control = len(head) - len(head.translate(None, CONTROL))
    return control <= MAX_CONTROL * len(head) or _is_wide(head)


def is_html(response: Response, body: bytes) -> bool:
    """By its declared type; without one by its first bytes."""
    if response.media_type in UNKNOWN_TYPES:
        return HTML_START.match(body[:SNIFFED_BYTES]) is not None
    return response.media_type in HTML_TYPES


def _is_wide(head: bytes) -> bool:
    """UTF-16 without a mark: its markup has zeros at the even places or at the odd ones, not at both."""
    even, odd = head[:64:2].count(0), head[1:64:2].count(0)
    return b"<" in head[:64] and (even == 0) != (odd == 0)
