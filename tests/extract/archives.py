"""WARC bytes written by hand, for the tests of extraction."""

import gzip
import io
from collections import Counter

from pipeline.extract.failure import Failure
from pipeline.extract.pages import Page, pages
from pipeline.extract.warc import Record, records

MAX_BYTES = 100_000
HTML = b"<html><body><main><p>A page of some words, enough to be its main content.</p></main></body></html>"
TEXT = "A page of some words, enough to be its main content."


def record(block: bytes, kind: str = "response", length: int | None = None, **fields: str) -> bytes:
    """One WARC record; `length` where it should lie about its block."""
    headers = {"WARC-Type": kind, "WARC-Date": "2024-05-06T07:08:09Z", "WARC-Target-URI": "http://a.example/"}
    headers |= {name.replace("_", "-"): value for name, value in fields.items()}
    headers["Content-Length"] = str(len(block) if length is None else length)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + b"\r\n\r\n"


def http(body: bytes = HTML, status: str = "200 OK", **fields: str) -> bytes:
    """An HTTP response; it is `text/html` where `Content_Type` says nothing else."""
    headers = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def members(*parts: bytes) -> bytes:
    """Each part as a gzip member of its own."""
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def read_records(data: bytes) -> list[Record | Failure]:
    return list(records(io.BytesIO(data), file="a.warc.gz", max_bytes=MAX_BYTES))


def read_pages(data: bytes) -> tuple[list[Page | Failure], Counter[str]]:
    skipped: Counter[str] = Counter()
    return list(pages(io.BytesIO(data), file="a.warc.gz", max_bytes=MAX_BYTES, skipped=skipped)), skipped


def only_page(data: bytes) -> Page:
    [page], _ = read_pages(data)
    assert isinstance(page, Page), page
    return page


def only_failure(data: bytes) -> Failure:
    [failure], _ = read_pages(data)
    assert isinstance(failure, Failure), failure
    return failure
