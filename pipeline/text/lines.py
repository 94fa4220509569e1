"""`Lines`: the lines of a batch, or other pieces of its texts, and what is counted in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.text.classes import TERMINAL, class_table
from pipeline.text.counting import count_characters
from pipeline.text.hashing import hash_spans
from pipeline.text.line_edges import Edges, blank_lines, edges_of, last_classes, strip_lines
from pipeline.text.measure import Measure
from pipeline.text.patterns import ends_with, starts_with
from pipeline.text.ragged import Rows, offsets_of, totals, totals_where
from pipeline.text.repeats import mark_repeated_spans
from pipeline.text.room import room
from pipeline.text.utf8 import Data


@dataclass(frozen=True, eq=False)
class Lines:
    """Document d has the lines offsets[d] to offsets[d + 1]; `stop` is before the line's break."""

    data: Data
    offsets: NDArray[np.int64]
    start: NDArray[np.int64]
    stop: NDArray[np.int64]

    @classmethod
    def edged(
        cls, data: Data, offsets: NDArray[np.int64], start: NDArray[np.int64], stop: NDArray[np.int64], edges: Edges
    ) -> "Lines":
        """Lines of which the outermost bytes were noted when they were found."""
        lines = cls(data, offsets, start, stop)
        lines.__dict__["edges"] = edges
        return lines

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def edges(self) -> Edges:
        """The first and the last byte of each line."""
        return Edges(*edges_of(self.data, self.start, self.stop))

    @cached_property
    def hash(self) -> NDArray[np.uint64]:
        """64 bits that depend on the line's bytes only."""
        return hash_spans(self.data, self.start, self.stop)

    @cached_property
    def chars(self) -> NDArray[np.int64]:
        """Characters of each line, without its break."""
        return count_characters(self.data, self.start, self.stop)

    @cached_property
    def stripped(self) -> "Lines":
        """str.strip() of each line; some may be empty."""
        start, stop = room(len(self), np.int64), room(len(self), np.int64)
        start[:], stop[:] = self.start, self.stop
        edges = Edges(self.edges.first.copy(), self.edges.last.copy())
        strip_lines(self.data, start, stop, *edges, class_table())
        return Lines.edged(self.data, self.offsets, start, stop, edges)

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """Lines of nothing but white space."""
        if "stripped" in self.__dict__:
            return self.stripped.start == self.stripped.stop
        return blank_lines(self.data, self.start, self.stop, self.edges.first, class_table())

    @cached_property
    def repeated(self) -> NDArray[np.bool_]:
        """Lines that stand earlier in the same document too."""
        return mark_repeated_spans(self.data, self.offsets, self.start, self.stop)

    @cached_property
    def ended(self) -> NDArray[np.bool_]:
        """Lines whose last character is in datatrove's TERMINAL_PUNCTUATION."""
        return (last_classes(self.data, self.start, self.stop, self.edges.last, class_table()) & TERMINAL) != 0

    def starting_with(self, strings: Sequence[str]) -> NDArray[np.bool_]:
        return starts_with(self.data, self.start, self.stop, self.edges.first, strings)

    def ending_with(self, strings: Sequence[str]) -> NDArray[np.bool_]:
        return ends_with(self.data, self.start, self.stop, self.edges.last, strings)

    def count(self, where: NDArray[np.bool_] | None = None) -> Measure:
        """Lines of each document, all or those of a mask."""
        return Measure.of(np.diff(self.offsets) if where is None else totals(self.offsets, where))

    def total_chars(self, where: NDArray[np.bool_] | None = None) -> Measure:
        """Characters of the lines of each document, all or those of a mask; only these are counted."""
        if where is not None and "chars" not in self.__dict__:
            return self.only(where).total_chars()
        if where is None:
            return Measure.of(totals(self.offsets, self.chars))
        return Measure.of(totals_where(self.offsets, self.chars, where))

    def only(self, where: NDArray[np.bool_]) -> "Lines":
        """The lines of a mask."""
        return Lines(self.data, offsets_of(totals(self.offsets, where)), self.start[where], self.stop[where])

    def pick(self, rows: Rows, other: "Lines", data: Data, moved: int) -> "Lines":
        """These documents of ours and of `other`, whose bytes now stand `moved` further, all of them in `data`."""
        start, stop = rows.pick(self.start, other.start + moved), rows.pick(self.stop, other.stop + moved)
        return Lines(data, rows.offsets, start, stop)
