"""`Text`: the texts of a batch as UTF-8 bytes, with the words and lines found in them, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.arrow import PADDING, arrow_from_spans, padded, spans_from_arrow
from pipeline.text.classes import class_table
from pipeline.text.counting import count_byte, count_characters
from pipeline.text.line_edges import Edges, strip_spans
from pipeline.text.line_spans import NEWLINE, line_spans, paragraph_spans, piece_spans
from pipeline.text.lines import Lines
from pipeline.text.measure import Measure
from pipeline.text.patterns import count_string
from pipeline.text.punkt import Punkt
from pipeline.text.ragged import Rows
from pipeline.text.utf8 import Data
from pipeline.text.word_kinds import SentenceKind, WordKind, sentence_finder, words_by
from pipeline.text.words import Spans, Words, spans_of, words_of


@dataclass(frozen=True, eq=False)
class Text:
    """Document d is data[start[d]:stop[d]]; documents need not be contiguous or in order.

    After the last document stand PADDING readable zero bytes: kernels read past the end.
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
    def chars(self) -> Measure:
        """len() of each document."""
        return Measure.of(count_characters(self.data, self.start, self.stop))

    def count(self, string: str) -> Measure:
        """str.count of each document."""
        if string == "\n":
            return Measure.of(self.newlines)
        return Measure.of(count_string(self.data, self.start, self.stop, string))

    @cached_property
    def newlines(self) -> NDArray[np.int64]:
        """Newlines of each document: counted once, for those who count them and who split at them."""
        return count_byte(self.data, self.start, self.stop, NEWLINE)

    @cached_property
    def words(self) -> Words:
        """str.split() of each document."""
        return words_of(self.data, self.start, self.stop, class_table())

    @property
    def word_spans(self) -> Spans:
        """Where the words are: of those already found, or found without hashing them."""
        if "words" in self.__dict__:
            return self.words.offsets, self.words.start, self.words.stop
        return spans_of(self.data, self.start, self.stop, class_table())

    @cached_property
    def _words_by(self) -> dict[str, Words]:
        return {}

    def words_by(self, kind: WordKind) -> Words:
        """The words of each document in the sense of a rule set; found once for each kind."""
        if kind == "whitespace":
            return self.words
        if kind not in self._words_by:
            self._words_by[kind] = words_by(kind, self.data, self.start, self.stop)
        return self._words_by[kind]

    def sentences_by(self, kind: SentenceKind, punkt: Punkt | None = None) -> Lines:
        """The sentences of each document, without the white space around them; `punkt`: the model of that kind."""
        return Lines(self.data, *sentence_finder(kind, punkt)(self.data, self.start, self.stop))

    @cached_property
    def lines(self) -> Lines:
        """str.splitlines() of each document."""
        return Lines.edged(self.data, *line_spans(self.data, self.start, self.stop, class_table()))

    @cached_property
    def newline_lines(self) -> Lines:
        """re.split("\\n+", text) of each document: one at least, empty ones at its ends only."""
        return Lines.edged(self.data, *piece_spans(self.data, self.start, self.stop, 1, newlines=self.newlines))

    @cached_property
    def written_lines(self) -> Lines:
        """The lines of str.split("\\n") that are not blank."""
        every = self.newline_lines
        written = every.only(~every.blank)
        written.__dict__["edges"] = Edges(*(edge[~every.blank] for edge in every.edges))
        if "repeated" in every.__dict__:  # blank or not depends on the bytes: what a line repeats is written too
            written.__dict__["repeated"] = every.repeated[~every.blank]
        return written

    @cached_property
    def paragraphs(self) -> Lines:
        """re.split("\\n{2,}", text.strip()) of each document: one at least."""
        lines, stripped = self.newline_lines, strip_spans(self.data, self.start, self.stop, class_table())
        return Lines(self.data, *paragraph_spans(lines.offsets, lines.start, lines.stop, *stripped))

    def take(self, rows: NDArray[np.int64]) -> "Text":
        """These documents, in this order, with the words and lines already found."""
        return self._pick(rows, Text.from_strings([]), self.data)

    def replace(self, rows: NDArray[np.int64], other: "Text") -> "Text":
        """The documents of `other` in the place of `rows`; only these are looked at again."""
        picked = np.arange(len(self))
        picked[rows] = len(self) + np.arange(len(other))
        ours, theirs = self.data[: len(self.data) - PADDING], other.data[: len(other.data) - PADDING]
        return self._pick(picked, other, padded([ours, theirs]))

    def _pick(self, rows: NDArray[np.int64], other: "Text", data: Data) -> "Text":
        """Our documents, and from len(self) on those of `other`, whose bytes follow ours in `data`."""
        moved = len(self.data) - PADDING
        start, stop = np.concatenate([self.start, other.start + moved]), np.concatenate([self.stop, other.stop + moved])
        picked = Text(data, start[rows], stop[rows])
        if "words" in self.__dict__:
            of_words = Rows.of(rows, self.words.offsets, other.words.offsets)
            picked.__dict__["words"] = self.words.pick(of_words, other.words, moved)
        if "lines" in self.__dict__:
            of_lines = Rows.of(rows, self.lines.offsets, other.lines.offsets)
            picked.__dict__["lines"] = self.lines.pick(of_lines, other.lines, data, moved)
        return picked
