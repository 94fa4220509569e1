"""The HTTP response inside a WARC record: status, header, and the body with its transfer and content codings undone."""

import re
import zlib
from dataclasses import dataclass

import brotli

from pipeline.extract.source import CHUNK_BYTES, GZIP_MAGIC, GZIP_WINDOW
from pipeline.extract.warc import END_OF_HEADER, header_fields

STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
CHUNK_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,15})[ \t]*(?:;[^\r\n]*)?\r?\n")
ZLIB_HEADERS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
PLAIN_PREFIX = re.compile(rb"\s*<")  # a body that is markup was decoded by the crawler, whatever its header says


class Undecodable(Exception):
    """The body cannot be read as its header declares."""


@dataclass(frozen=True)
class Response:
    """An HTTP response as it was sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()


def parse_response(block: bytes) -> Response | None:
    """The response in a record's block, or None where it is none (an answer to a DNS query, say)."""
    status = STATUS_LINE.match(block)
    if not status:
        return None
    end = END_OF_HEADER.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    return Response(int(status[1]), header_fields(head), body)


def decoded_body(response: Response, max_bytes: int) -> bytes:
    """The body without chunks and compression. Raises Undecodable where it is cut, corrupt or over `max_bytes`."""
    body = response.body
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    codings = response.headers.get("content-encoding", "").lower().split(",")
    for coding in reversed([name.strip() for name in codings]):
        body = _decompressed(body, coding, max_bytes)
    return body


def _without_chunks(body: bytes) -> bytes:
    """The chunks' data. Many crawlers store the joined body under the old header: that is taken as it is."""
    pieces: list[bytes] = []
    at = 0
    while at < len(body):
        line = CHUNK_SIZE.match(body, at)
        if not line and not pieces:
            return body
        if not line:
            raise Undecodable(f"no chunk size at byte {at} of the chunked body")
        size = int(line[1], 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[line.end() : line.end() + size])
        at = line.end() + size + (2 if body.startswith(b"\r\n", line.end() + size) else 0)
    raise Undecodable(f"the chunked body ends without its last chunk after {len(body)} bytes")


def _decompressed(body: bytes, coding: str, max_bytes: int) -> bytes:
    if not body or coding in ("", "identity", "none"):
        return body
    if coding in ("gzip", "x-gzip"):
        return _inflate(body, GZIP_WINDOW, max_bytes) if body.startswith(GZIP_MAGIC) else body
    if PLAIN_PREFIX.match(body):
        return body
    if coding == "deflate":
        return _inflate(body, 15 if body.startswith(ZLIB_HEADERS) else -15, max_bytes)
    if coding == "br":
        return _unbrotli(body, max_bytes)
    raise Undecodable(f"content coding {coding[:40]!r} is not known (gzip, deflate, br)")


def _inflate(body: bytes, window_bits: int, max_bytes: int) -> bytes:
    inflate = zlib.decompressobj(window_bits)
    try:
        data = inflate.decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise Undecodable(f"the compressed body is corrupt: {error}") from error
    _refuse_long(len(data), max_bytes)
    if not inflate.eof:
        raise Undecodable(f"the compressed body is cut off after {len(body)} bytes")
    return data


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    decompressor = brotli.Decompressor()
    pieces, size = [], 0
    try:
        piece = decompressor.process(body, output_buffer_limit=CHUNK_BYTES)
        while piece:  # it may say that it takes more input while output is still to come
            pieces.append(piece)
            size += len(piece)
            _refuse_long(size, max_bytes)
            piece = decompressor.process(b"", output_buffer_limit=CHUNK_BYTES)
    except brotli.error as error:
        raise Undecodable(f"the compressed body is corrupt: {error}") from error
    if not decompressor.is_finished():
        raise Undecodable(f"the compressed body is cut off after {len(body)} bytes")
    return b"".join(pieces)


def _refuse_long(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise Undecodable(f"the decompressed body is over the limit of {max_bytes} bytes")
