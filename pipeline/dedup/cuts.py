"""Spans of bytes that go out of texts: found by whichever step, cut in one way, counted span by span."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.rules import Edit
from pipeline.text.arrow import PADDING
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.ragged import offsets_of
from pipeline.text.utf8 import Data

Places = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cuts:
    """Document d loses its bytes start[i]:stop[i], counted from its first, for offsets[d] <= i < offsets[d + 1].

    The spans of a document ascend and do not overlap; they begin and end between characters.
    """

    offsets: Places
    start: Places
    stop: Places

    @property
    def rows(self) -> Places:
        """The documents that lose something."""
        return np.flatnonzero(np.diff(self.offsets))

    @property
    def lengths(self) -> Places:
        return self.stop - self.start


@kernel
def count_runs(offsets: Places, gone: NDArray[np.bool_], counts: Places) -> None:
    """How many runs of neighbouring pieces go out of each document."""
    for document in range(len(offsets) - 1):
        before = False
        for piece in range(offsets[document], offsets[document + 1]):
            counts[document] += gone[piece] and not before
            before = gone[piece]


@kernel
def fill_runs(
    offsets: Places, start: Places, stop: Places, text_start: Places, text_stop: Places, gone: NDArray[np.bool_],
    cut_start: Places, cut_stop: Places,
) -> None:  # fmt: skip
    """A run goes from the end of the piece before it to its own end; at a text's begin, up to the next piece."""
    cut = 0
    for document in range(len(offsets) - 1):
        first, end = offsets[document], offsets[document + 1]
        piece = first
        while piece < end:
            if not gone[piece]:
                piece += 1
                continue
            last = piece
            while last + 1 < end and gone[last + 1]:
                last += 1
            begin, finish = (stop[piece - 1] if piece > first else text_start[document]), stop[last]
            if piece == first:
                finish = start[last + 1] if last + 1 < end else text_stop[document]
            cut_start[cut], cut_stop[cut] = begin - text_start[document], finish - text_start[document]
            cut += 1
            piece = last + 1


def cut_pieces(text: Text, offsets: Places, start: Places, stop: Places, gone: NDArray[np.bool_]) -> Cuts:
    """The cuts that take pieces (lines, sentences) out, with what stood between them and the piece before.

    Of lines of one kind of break it is "break".join(the others); nothing is left where all go.
    """
    counts = np.zeros(len(text), np.int64)
    count_runs(offsets, gone, counts)
    cuts = Cuts(offsets_of(counts), *(np.empty(int(counts.sum()), np.int64) for _ in range(2)))
    fill_runs(offsets, start, stop, text.start, text.stop, gone, cuts.start, cuts.stop)
    return cuts


def no_cuts(documents: int) -> Cuts:
    """Every text stays whole."""
    return Cuts(np.zeros(documents + 1, np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64))


def from_lists(lists: pa.ListArray) -> Cuts:
    """Of a column in which each document has start, stop, start, stop, ..."""
    ends = lists.flatten().to_numpy().astype(np.int64)
    sizes = pc.fill_null(pc.list_value_length(lists), 0).to_numpy().astype(np.int64)
    return Cuts(offsets_of(sizes // 2), ends[0::2].copy(), ends[1::2].copy())


def to_lists(cuts: Cuts) -> pa.ListArray:
    """A column in which each document has start, stop, start, stop, ..."""
    ends = np.stack([cuts.start, cuts.stop], axis=1).reshape(-1)
    return pa.ListArray.from_arrays(pa.array((2 * cuts.offsets).astype(np.int32)), pa.array(ends))


@kernel
def fill_both(
    earlier: tuple[Places, Places, Places], later: tuple[Places, Places, Places],
    offsets: Places, start: Places, stop: Places,
) -> None:  # fmt: skip
    """Earlier and later cuts of each document, in the places of the text before both; those that touch are one."""
    count = 0
    for document in range(len(offsets) - 1):
        first, at, end = count, earlier[0][document], earlier[0][document + 1]
        lost = 0  # bytes that earlier cuts took before here
        for cut in range(later[0][document], later[0][document + 1]):
            while at < end and earlier[1][at] - lost <= later[1][cut]:
                start[count], stop[count] = earlier[1][at], earlier[2][at]
                lost += earlier[2][at] - earlier[1][at]
                count, at = count + 1, at + 1
            begin = later[1][cut] + lost
            while at < end and earlier[1][at] - lost < later[2][cut]:
                lost += earlier[2][at] - earlier[1][at]
                at += 1
            start[count], stop[count] = begin, later[2][cut] + lost
            count += 1
        while at < end:
            start[count], stop[count] = earlier[1][at], earlier[2][at]
            count, at = count + 1, at + 1
        merged = first
        for cut in range(first + 1, count):
            if start[cut] == stop[merged]:
                stop[merged] = stop[cut]
            else:
                merged += 1
                start[merged], stop[merged] = start[cut], stop[cut]
        count = merged + 1 if count > first else first
        offsets[document + 1] = count


def both(earlier: Cuts, later: Cuts) -> Cuts:
    """One cutting that does what `earlier` and then, in the texts that it leaves, `later` does."""
    most = len(earlier.start) + len(later.start)
    offsets, start, stop = np.zeros(len(earlier.offsets), np.int64), np.zeros(most, np.int64), np.zeros(most, np.int64)
    one, other = ((cuts.offsets, cuts.start, cuts.stop) for cuts in (earlier, later))
    fill_both(one, other, offsets, start, stop)
    return Cuts(offsets, start[: offsets[-1]], stop[: offsets[-1]])


@kernel
def copy_between(
    source: Data, text_start: Places, text_stop: Places, rows: Places, cuts: tuple[Places, Places, Places],
    data: Data, start: Places, stop: Places, removed: Places,
) -> None:  # fmt: skip
    """Copy what stands between the cuts; count the bytes of each cut."""
    offsets, cut_start, cut_stop = cuts
    out = 0
    for i in range(len(rows)):
        begin = text_start[rows[i]]
        start[i], at = out, begin
        for cut in range(offsets[rows[i]], offsets[rows[i] + 1]):
            length = begin + cut_start[cut] - at
            data[out : out + length] = source[at : at + length]
            out, at = out + length, begin + cut_stop[cut]
            removed[i] += cut_stop[cut] - cut_start[cut]
        length = text_stop[rows[i]] - at
        data[out : out + length] = source[at : at + length]
        out += length
        stop[i] = out


def without(text: Text, cuts: Cuts) -> Edit:
    """The texts of the documents that lose something, and how many bytes each lost."""
    rows = cuts.rows
    data = np.zeros(int(text.bytes[rows].sum()) + PADDING, np.uint8)
    start, stop, removed = (np.zeros(len(rows), np.int64) for _ in range(3))
    where = (cuts.offsets, cuts.start, cuts.stop)
    copy_between(text.data, text.start, text.stop, rows, where, data, start, stop, removed)
    return Edit(rows, Text(data, start, stop), removed, np.zeros(len(rows), np.int64))
