"""Bytes of a file, decompressed while they are read: bounded, strict, and what came before a fault is kept.

Every decoder is fed small pieces of input, since a decoder may answer any piece with all that it expands to: 1 KiB of
zstd is at most 32 MB, 4 KiB of deflate 4 MB, 512 bytes of bzip2 about 10 MB. Fed so, zstd still gives 550 MB/s.
"""

import bz2
import zlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
import zstandard

from pipeline.storage.limits import MEBIBYTE, Limits

BLOCK_BYTES = 4 * MEBIBYTE
READ_BYTES = 256 * 1024
ZSTD_WRITE_BYTES = 1 << 14


@dataclass(frozen=True)
class Block:
    """Decompressed bytes, and the bytes of the file that they came from."""

    data: bytes
    input_at: int
    input_bytes: int

    @property
    def share(self) -> float:
        """Bytes of the file for each byte given."""
        return self.input_bytes / max(len(self.data), 1)


class StreamFault(Exception):
    """The file cannot be read further, at this byte of it."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at = at


class Decoder(Protocol):
    """What zlib, bz2 and zstandard have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, /) -> bytes: ...


@dataclass(frozen=True)
class Codec:
    """A compression: a decoder for one member or frame, and how much to feed it at a time."""

    name: str
    decoder: Callable[[], Decoder]
    piece_bytes: int


def _zstd_decoder() -> Decoder:
    decoder: Decoder = zstandard.ZstdDecompressor().decompressobj(write_size=ZSTD_WRITE_BYTES)
    return decoder


CODECS = {
    ".gz": Codec("gzip", lambda: zlib.decompressobj(zlib.MAX_WBITS | 16), 4096),
    ".bz2": Codec("bzip2", bz2.BZ2Decompressor, 512),
    ".zst": Codec("zstd", _zstd_decoder, 1024),
}
DECODE_ERRORS = (zlib.error, zstandard.ZstdError, EOFError, ValueError)


def codec_of(path: str) -> Codec | None:
    return next((codec for ending, codec in CODECS.items() if path.endswith(ending)), None)


def plain_blocks(file: pa.NativeFile, start: int = 0) -> Iterator[Block]:
    """The file's bytes from `start` on."""
    file.seek(start)
    while data := file.read(BLOCK_BYTES):
        yield Block(data, start, len(data))
        start += len(data)


def decompressed_blocks(file: pa.NativeFile, codec: Codec, limits: Limits) -> Iterator[Block]:
    """Blocks of about 4 MiB, then the end or a StreamFault; a fault in a piece does not cost what stood before it."""
    held: list[bytes] = []
    held_bytes, begin, given = 0, 0, 0
    try:
        for at, data in _members(file, codec):
            held.append(data)
            held_bytes += len(data)
            given += len(data)
            if limits.expands_too_far(given, at):
                raise StreamFault(at, f"expands to more than {limits.expansion} times its size")
            if held_bytes >= BLOCK_BYTES:
                yield Block(b"".join(held), begin, at - begin)
                held, held_bytes, begin = [], 0, at
    except StreamFault as fault:
        yield Block(b"".join(held), begin, fault.at - begin)
        raise
    if held_bytes:
        yield Block(b"".join(held), begin, file.size() - begin)


def _members(file: pa.NativeFile, codec: Codec) -> Iterator[tuple[int, bytes]]:
    """(byte of the file reached, bytes given), over all members or frames of the file."""
    at, size = 0, file.size()
    if not size:
        raise StreamFault(0, f"an empty file is no {codec.name}")
    while at < size:
        at = yield from _member(file, codec, at)
        at = _skip_padding(file, at)


def _pieces(file: pa.NativeFile, at: int, codec: Codec) -> Iterator[tuple[int, bytes]]:
    file.seek(at)
    while data := file.read(READ_BYTES):
        for start in range(0, len(data), codec.piece_bytes):
            yield at + start, data[start : start + codec.piece_bytes]
        at += len(data)


def _member(file: pa.NativeFile, codec: Codec, begin: int) -> Generator[tuple[int, bytes], None, int]:
    """One member or frame; returns where it ends."""
    decoder = codec.decoder()
    at = begin
    for at, piece in _pieces(file, begin, codec):
        try:
            data = decoder.decompress(piece)
        except (*DECODE_ERRORS, OSError) as error:
            good, data = _salvage(file, codec, begin, at, piece)
            yield at + good, data
            raise StreamFault(at + good, f"damaged {codec.name}: {error}") from error
        end = at + len(piece) - len(decoder.unused_data)
        yield end, data
        if decoder.eof:
            return end
    raise StreamFault(file.size(), f"the {codec.name} ends before its end mark: the file is cut")


def _salvage(file: pa.NativeFile, codec: Codec, begin: int, at: int, piece: bytes) -> tuple[int, bytes]:
    """Good bytes of a bad piece and what they give: the member is read again, the piece byte by byte."""
    decoder = codec.decoder()
    for place, before in _pieces(file, begin, codec):
        if place >= at:
            break
        decoder.decompress(before)
    given: list[bytes] = []
    for good in range(len(piece)):
        try:
            given.append(decoder.decompress(piece[good : good + 1]))
        except (*DECODE_ERRORS, OSError):
            return good, b"".join(given)
    return len(piece), b"".join(given)


def _skip_padding(file: pa.NativeFile, at: int) -> int:
    """Zero bytes between or after members, as tape and block writers leave them, are nothing."""
    file.seek(at)
    while data := file.read(READ_BYTES):
        rest = data.lstrip(b"\0")
        at += len(data) - len(rest)
        if rest:
            break
    return at
