"""A plain or gzip file as decompressed chunks, each with its place in the file; a cut or rotten member is an error.

fastwarc and warcio end silently where a gzip file is cut; here a member counts as whole only when zlib has seen its
end and checked its CRC. Any number of members: one for each record, one for the file, or blocks of fixed size.
"""

import zlib
from typing import BinaryIO

GZIP_MAGIC = b"\x1f\x8b"
GZIP_WINDOW = 31  # zlib's wbits for a gzip header, a CRC that is checked, and a window of 32 KiB
READ_BYTES = 1 << 16  # of the file; small, because zlib copies what it left of it for each member
CHUNK_BYTES = 1 << 20  # of decompressed data; what a bomb can make us hold at once


class Damage(Exception):
    """The file cannot be decompressed from here on. `readable` is to be shown, not believed: rot is noticed late."""

    def __init__(self, error: str, readable: bytes = b"") -> None:
        super().__init__(error)
        self.readable = readable


class Source:
    """The bytes of a file in order: `open_member()` goes to the next member, `chunk()` is its next piece."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read = 0  # bytes taken from the file
        self._input = b""  # taken, not decompressed yet
        self._inflate: zlib._Decompress | None = None
        self._inflated = False  # something of this member
        self._refill()
        self.is_gzip = self._input.startswith(GZIP_MAGIC)
        self._plain_opened = False

    @property
    def place(self) -> int:
        """Bytes of the file that all chunks so far were made of."""
        return self._read - len(self._input)

    def open_member(self) -> bool:
        """Start the next member; False at the end of the file. A plain file is one member."""
        if not self._refill():
            return False
        if self.is_gzip:
            self._inflate, self._inflated = zlib.decompressobj(GZIP_WINDOW), False
            return True
        opened, self._plain_opened = not self._plain_opened, True
        return opened

    def chunk(self) -> bytes:
        """The next bytes of the open member, b"" at its verified end."""
        if self.is_gzip:
            return self._gzip_chunk()
        self._refill()
        data, self._input = self._input, b""
        return data

    def close(self) -> int:
        """Read to the end without looking, since nothing there can be trusted; the size of the file."""
        while data := self._stream.read(READ_BYTES):
            self._read += len(data)
        self._input, self._inflate = b"", None
        return self._read

    def _refill(self) -> bool:
        if not self._input:
            self._input = self._stream.read(READ_BYTES)
            self._read += len(self._input)
        return bool(self._input)

    def _gzip_chunk(self) -> bytes:
        while self._inflate is not None:
            if not self._refill():
                raise Damage("the gzip member is cut off by the end of the file")
            if data := self._inflate_some(self._inflate):
                return data
        return b""

    def _inflate_some(self, inflate: "zlib._Decompress") -> bytes:
        before = inflate.copy() if self._inflated else zlib.decompressobj(GZIP_WINDOW)  # a copy takes about 10 us
        try:
            data = inflate.decompress(self._input, CHUNK_BYTES)
        except zlib.error as error:
            raise Damage(f"the gzip member is corrupt: {error}", _readable(before, self._input)) from error
        self._input = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        self._inflated = True
        if inflate.eof:
            self._inflate = None
        return data


def _readable(inflate: "zlib._Decompress", data: bytes) -> bytes:
    """What can be read before the fault: zlib drops the output of the call that fails."""
    readable = bytearray()
    try:
        for at in range(len(data)):
            readable += inflate.decompress(data[at : at + 1], CHUNK_BYTES)
    except zlib.error:
        pass
    return bytes(readable)
