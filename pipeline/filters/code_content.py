"""What OpenCoder measures in documents of code beside their words: lines, strings and comments, each found once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pipeline.documents import Documents
from pipeline.filters.code_comments import Separated, separated
from pipeline.filters.code_files import in_languages
from pipeline.filters.code_lines import lowered
from pipeline.filters.code_strings import hex_word_chars, strings_of
from pipeline.filters.code_tokens import token_counts
from pipeline.filters.python_source import parsed, prose_chars
from pipeline.text.arrow import PADDING
from pipeline.text.classes import SPACE, class_table
from pipeline.text.hashset import hash_words
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.line_spans import piece_spans
from pipeline.text.lines import Lines
from pipeline.text.measure import Measure
from pipeline.text.patterns import count_string
from pipeline.text.ragged import totals
from pipeline.text.repeated import mark_repeated
from pipeline.text.utf8 import Data, decode

PROMPTS = ("your code here", "fixme", "todo")
LONG_WORD, LONG_STRING = 20, 20  # characters of a word, tokens of a line of a string
ADDRESSES = ("http://", "https://")
NEWLINE, NO_CODE = ord("\n"), "},"


def lines_with(lines: Lines, *strings: str) -> NDArray[np.bool_]:
    """Lines that hold one of these strings."""
    found = [count_string(lines.data, lines.start, lines.stop, string) > 0 for string in strings]
    return np.asarray(np.logical_or.reduce(found))


@kernel
def squeeze(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], table: NDArray[np.uint8], squeezed: Data
) -> NDArray[np.int64]:
    """Write each document from where it stands without white space but newlines; where it now ends."""
    ends = start.copy()
    for i in range(len(start)):
        at, out = start[i], start[i]
        while at < stop[i]:
            point, width = decode(data, at)
            if point == NEWLINE or not table[point] & SPACE:
                for byte in range(width):
                    squeezed[out + byte] = data[at + byte]
                out += width
            at += width
        ends[i] = out
    return ends


@dataclass(frozen=True, eq=False)
class Code:
    """The documents with their code and comments apart, and lines of each that are not blank."""

    docs: Documents

    @cached_property
    def parts(self) -> Separated:
        return separated(self.docs)

    @cached_property
    def lines(self) -> Lines:
        """The lines of code."""
        return self.parts.code.written_lines

    @cached_property
    def low_lines(self) -> Lines:
        """The lines of code in lower case."""
        return lowered(self.parts.code).written_lines

    def share_of_lines(self, where: NDArray[np.bool_]) -> Measure:
        """Lines of a mask, of all lines of code."""
        return self.lines.count(where).per(self.lines.count())

    @cached_property
    def chars(self) -> Measure:
        return self.parts.code.chars

    def repeated_lines(self) -> Measure:
        """Lines of code that stand there twice or more, each occurrence; not those of one character, nor `},`."""
        code = self.parts.code
        data = np.zeros(len(code.data) + PADDING, np.uint8)
        stop = squeeze(code.data, code.start, code.stop, class_table(), data)
        lines = Text(data, code.start, stop).written_lines
        code_lines = (lines.chars != 1) & (lines.hash != hash_words([NO_CODE])[0])
        return lines.count(mark_repeated(lines.offsets, lines.hash) & code_lines).per(lines.count())

    def prompting_lines(self) -> Measure:
        """Lines of comments that ask for code (TODO), of all lines."""
        lines = lowered(self.parts.comments).written_lines
        return lines.count(lines_with(lines, *PROMPTS)).per(raw_lines(self.docs.text))

    def comments(self) -> Measure:
        """Characters of comments, of all; in Python those of docstrings and comments without their marks."""
        counts = self.parts.comments.chars.values.copy()
        for row in np.flatnonzero(in_languages(self.docs, "python")).tolist():
            text = self.docs.column("text")[row].as_py()
            counts[row] = prose_chars(text, parsed(text))
        return Measure(counts).per(self.docs.text.chars)

    def string_chars(self) -> Measure:
        """Characters between quotes, of those of the code."""
        return self.strings.total_chars().per(self.chars)

    @cached_property
    def strings(self) -> Lines:
        return strings_of(self.parts.code, across_lines=False)

    def long_words(self) -> Measure:
        """Characters of long words between quotes, addresses left out, of those of the code."""
        words = Text(self.strings.data, self.strings.start, self.strings.stop).words
        long = np.flatnonzero(words.chars > LONG_WORD)
        start, stop = words.start[long], words.stop[long]
        address = np.zeros(len(long), np.bool_)
        for begin in ADDRESSES:  # something must follow
            address |= count_string(self.strings.data, start, np.maximum(start, stop - 1), begin) > 0
        chars = np.zeros(len(words), np.int64)
        chars[long] = words.chars[long] * ~address
        return Measure.of(totals(self.strings.offsets, totals(words.offsets, chars))).per(self.chars)

    def long_strings(self) -> Measure:
        """Lines of strings with many tokens, for each line of code."""
        strings = strings_of(self.parts.code, across_lines=True)
        offsets, start, stop, _ = piece_spans(strings.data, strings.start, strings.stop, 1)
        long = token_counts(strings.data, start, stop).values > LONG_STRING
        return Measure.of(totals(strings.offsets, totals(offsets, long))).per(self.lines.count())

    def hex_words(self) -> Measure:
        """Characters of hexadecimal numbers, of those of the code."""
        return Measure.of(hex_word_chars(self.parts.code)).per(self.chars)


def raw_lines(text: Text) -> Measure:
    """The lines of each document: what ends with a newline, and what is left behind the last."""
    last = np.where(text.bytes > 0, text.data[np.maximum(text.stop - 1, 0)] != NEWLINE, False)
    return text.count("\n") + Measure.of(last)
