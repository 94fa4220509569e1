"""A reading position in a `Source`: takes and skips bytes, and knows its place in the file."""

import re

from pipeline.extract.failure import MAX_PAYLOAD_BYTES
from pipeline.extract.source import Source

NEWLINES = re.compile(rb"[\r\n]*")


class Window:
    """What is decompressed and not yet taken, of the open member."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._data = b""
        self._at = 0
        self._data_place = 0  # of `_data`'s first byte: exact in a plain file; in gzip, where its chunk began
        self._marked = b""  # taken since `mark()`, as far as a payload shows it

    @property
    def place(self) -> int:
        """The byte of the file that stands here; inside a gzip member, the byte where its chunk began."""
        if self._at == len(self._data):
            return self.source.place
        return self._data_place if self.source.is_gzip else self._data_place + self._at

    def mark(self) -> None:
        """What is taken from here on is the payload of a failed row, if it comes to one."""
        self._marked = b""

    @property
    def payload(self) -> bytes:
        """The first bytes since the mark, taken or not."""
        ahead = self._data[self._at : self._at + MAX_PAYLOAD_BYTES]
        return (self._marked + ahead)[:MAX_PAYLOAD_BYTES]

    def ahead(self, count: int) -> bytes:
        """Up to `count` bytes, without taking them; fewer at the end of the member."""
        while len(self._data) - self._at < count and self._fill():
            pass
        return self._data[self._at : self._at + count]

    def take_until(self, end: re.Pattern[bytes], limit: int) -> bytes | None:
        """Up to and with the first match of `end`; None where `limit` bytes, or the member's rest, have none."""
        while not (found := end.search(self._data, self._at, self._at + limit)):
            if len(self._data) - self._at >= limit or not self._fill():
                return None
        return self.take(found.end() - self._at)

    def next_member(self) -> bool:
        """Go to the next member's first bytes, over empty ones; False at the end of the file."""
        while self.source.open_member():
            if self._fill():
                return True
        return False

    def skip_newlines(self) -> int:
        """Take line breaks up to something else or the member's end; how many bytes."""
        skipped = 0
        while self.ahead(1):
            found = NEWLINES.match(self._data, self._at)
            count = found.end() - self._at if found else 0
            if not count:
                break
            self._at += count
            skipped += count
        return skipped

    def take(self, count: int) -> bytes:
        """Up to `count` bytes of this member; fewer at its end."""
        pieces, missing = [], count
        while missing and self.ahead(1):
            piece = self._data[self._at : self._at + missing]
            self._advance(piece)
            pieces.append(piece)
            missing -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def skip(self, count: int) -> int:
        """Like `take`, but nothing is kept; how many bytes."""
        missing = count
        while missing and self.ahead(1):
            step = min(missing, len(self._data) - self._at)
            self._advance(self._data[self._at : self._at + min(step, MAX_PAYLOAD_BYTES)], step)
            missing -= step
        return count - missing

    def skip_member(self) -> None:
        """Take what is left of this member."""
        while self.ahead(1):
            self.skip(len(self._data) - self._at)

    def end_of_file(self) -> int:
        """The size of the file; nothing is left to take."""
        self._data, self._at = b"", 0
        return self.source.close()

    def _advance(self, piece: bytes, count: int | None = None) -> None:
        if len(self._marked) < MAX_PAYLOAD_BYTES:
            self._marked += piece[: MAX_PAYLOAD_BYTES - len(self._marked)]
        self._at += len(piece) if count is None else count

    def _fill(self) -> bool:
        place, rest = self.place, self._data[self._at :]
        data = self.source.chunk()
        if data:
            self._data, self._at, self._data_place = rest + data, 0, place
        return bool(data)
