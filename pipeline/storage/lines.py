"""Lines of a stream of bytes, with the byte where each starts; a line too long for memory is passed by."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.extract.failure import MAX_PAYLOAD_BYTES
from pipeline.storage.streams import Block, StreamFault

NEWLINE = b"\n"


@dataclass(frozen=True, eq=False)
class Lines:
    """Neighbouring whole lines without their breaks. `share`: bytes of the file for each byte of the stream."""

    lines: list[bytes]
    starts: NDArray[np.int64]
    share: float


@dataclass(frozen=True)
class Unread:
    """A line over the limit, or what a fault cut: its place in words, and the bytes of the file that it took."""

    start: int
    place: str
    error: str
    payload: bytes
    input_bytes: int


class _Held:
    """The line that the blocks so far have not ended."""

    def __init__(self, start: int, input_at: int) -> None:
        self.start = start
        self.input_at = input_at
        self.length = 0
        self.pieces: list[bytes] = []
        self.head = b""

    def add(self, data: bytes, limit: int) -> None:
        self.length += len(data)
        if len(self.head) < MAX_PAYLOAD_BYTES:
            self.head += data[: MAX_PAYLOAD_BYTES - len(self.head)]
        if self.length <= limit:
            self.pieces.append(data)
        else:
            self.pieces.clear()

    def finish(self, limit: int, share: float) -> "Lines | Unread":
        if self.length <= limit:
            return Lines([b"".join(self.pieces)], np.array([self.start]), share)
        why = f"a line of {self.length:,} bytes is over the limit of {limit:,}"
        return Unread(self.start, f"line at byte {self.start}", why, self.head, int(self.length * share))


def split_lines(blocks: Iterable[Block], limit: int, size: int, origin: int = 0) -> Iterator[Lines | Unread]:
    """All lines of a stream whose first byte is `origin`; a StreamFault ends them with one Unread.

    `size` is the file's: a fault sets aside all from where the cut line starts (as the block's mean share says).
    """
    held, share = _Held(origin, 0), 1.0
    try:
        for block in blocks:
            share = block.share
            first = block.data.find(NEWLINE)
            if first < 0:
                held.add(block.data, limit)
                continue
            held.add(block.data[:first], limit)
            yield held.finish(limit, share)
            start = held.start + held.length + 1
            last = block.data.rfind(NEWLINE)
            if last > first:
                yield _whole(block.data[first + 1 : last], start, share)
            held = _Held(start + last - first, block.input_at + int((last + 1) * share))
            held.add(block.data[last + 1 :], limit)
    except StreamFault as fault:
        taken = max(size - (held.input_at if held.length else fault.at), 0)
        yield Unread(held.start, f"byte {fault.at}", str(fault), held.head, taken)
        return
    if held.length:
        yield held.finish(limit, share)


def _whole(data: bytes, start: int, share: float) -> Lines:
    lines = data.split(NEWLINE)
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    starts = start + np.concatenate(([0], np.cumsum(lengths[:-1] + 1)))
    return Lines(lines, starts, share)
