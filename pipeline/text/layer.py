"""`Text`: the texts of a batch as UTF-8 bytes, with the words and lines found in them, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.arrow import PADDING, arrow_from_spans, padded, spans_from_arrow
from pipeline.text.classes import class_table
from pipeline.text.lines import Lines, lines_of
from pipeline.text.utf8 import Data, count_characters
from pipeline.text.words import Words, words_of


@dataclass(frozen=True, eq=False)
class Text:
    """Document d is data[start[d]:stop[d]]; documents need not be contiguous or in order.

    After the last document stand at least 64 readable zero bytes: kernels read past the end.
    """

    data: Data
    start: NDArray[np.int64]
    stop: NDArray[np.int64]

    @classmethod
    def from_arrow(cls, array: pa.Array | pa.ChunkedArray) -> "Text":
        """From strings of any offset width, sliced or chunked; a null is an empty text."""
        return cls(*spans_from_arrow(array))

    @classmethod
    def from_strings(cls, texts: Sequence[str]) -> "Text":
        return cls.from_arrow(pa.array(texts, pa.large_string()))

    def to_arrow(self) -> pa.LargeStringArray:
        return arrow_from_spans(self.data, self.start, self.stop)

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def bytes(self) -> NDArray[np.int64]:
        """UTF-8 bytes of each document."""
        return self.stop - self.start

    @cached_property
    def chars(self) -> NDArray[np.int64]:
        """len() of each document."""
        return count_characters(self.data, self.start, self.stop)

    @cached_property
    def words(self) -> Words:
        """str.split() of each document."""
        return words_of(self.data, self.start, self.stop, class_table())

    @cached_property
    def lines(self) -> Lines:
        """str.splitlines() of each document."""
        return lines_of(self.data, self.start, self.stop, class_table())

    def take(self, rows: NDArray[np.int64]) -> "Text":
        """These documents, in this order, with the words and lines already found."""
        taken = Text(self.data, self.start[rows], self.stop[rows])
        for name in self._found():
            taken.__dict__[name] = getattr(self, name).take(rows)
        return taken

    def replace(self, rows: NDArray[np.int64], other: "Text") -> "Text":
        """The documents of `other` in the place of `rows`; only these are looked at again."""
        order = np.arange(len(self))
        order[rows] = len(self) + np.arange(len(other))
        both = self._then(other)
        return both.take(order)

    def _then(self, other: "Text") -> "Text":
        """These documents, then those of `other`."""
        moved = len(self.data) - PADDING
        data = padded([self.data[:moved], other.data[: len(other.data) - PADDING]])
        both = Text(
            data, np.concatenate([self.start, other.start + moved]), np.concatenate([self.stop, other.stop + moved])
        )
        if "words" in self.__dict__:
            both.__dict__["words"] = self.words.then(other.words, moved)
        if "lines" in self.__dict__:
            both.__dict__["lines"] = self.lines.then(other.lines, data, moved)
        return both

    def _found(self) -> list[str]:
        return [name for name in ("words", "lines") if name in self.__dict__]
