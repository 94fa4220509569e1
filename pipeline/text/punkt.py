"""Sentences by a Punkt model: the spans of NLTK's PunktSentenceTokenizer.span_tokenize, version 3.10.

Kiss and Strunk 2006, "Unsupervised Multilingual Sentence Boundary Detection"; nltk/tokenize/punkt.py. Only where . ? or
! stands before a blank or a closing mark is anything asked, of the word around it and of the next one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.text.bits import BLOCK, bytes_equal, first_bits, lowest, without_lowest
from pipeline.text.classes import class_table
from pipeline.text.kernel import inline, kernel
from pipeline.text.line_edges import strip_spans
from pipeline.text.punkt_ends import holds_end
from pipeline.text.punkt_tables import BLANK, CLOSING, NOT_INSIDE, Classes, Tables
from pipeline.text.uax29_sentences import without_blank
from pipeline.text.utf8 import Data, decode
from pipeline.text.words import Spans

Places = NDArray[np.int64]
STOP, EXCLAMATION, QUESTION, SPACE, HYPHEN = b".!? -"
TAB, RETURN = 9, 13  # the first and the last of ASCII's other white space


@dataclass(frozen=True, eq=False)
class Punkt:
    """A model that finds sentences."""

    tables: Tables

    def sentences(self, data: Data, start: Places, stop: Places) -> Spans:
        """Offsets, starts and stops of the sentences of each data[start:stop], without the white space around them."""
        most = int((stop - start).sum()) + len(start)
        offsets, begins, ends = np.zeros(len(start) + 1, np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
        _, solid = strip_spans(data, start, stop, class_table())
        find_sentences(data, start, stop, solid, self.tables, self.tables.room(), offsets, begins, ends)
        return without_blank(data, offsets, begins[: offsets[-1]], ends[: offsets[-1]])


@kernel
def find_sentences(
    data: Data,
    starts: Places,
    stops: Places,
    solid: Places,
    tables: Tables,
    room: Data,
    offsets: Places,
    begins: Places,
    ends: Places,
) -> None:
    """Fill the spans of the sentences, document by document; `solid`: where each ends without blanks."""
    count = 0
    for document in range(len(starts)):
        first = count
        count = cut(data, starts[document], stops[document], solid[document], tables, room, begins, ends, count)
        count = move_closers(data, first, count, tables.classes, begins, ends)
        offsets[document + 1] = count


@inline
def cut(
    data: Data, start: int, stop: int, solid: int, tables: Tables, room: Data, begins: Places, ends: Places, count: int
) -> int:
    """Write the slices between the ends of data[start:stop], closing marks still before the next; their number.

    Of several ends in one word the last is asked, with the whole word: an end waits until the next one is found.
    """
    begin, word, waiting, after = start, start, start - 1, start
    at = next_end(data, start, stop, tables.classes)
    while waiting < at:
        since = stop if at == stop else word_begin(data, word, max(waiting, start), at)
        if waiting >= start and waiting <= since and holds_end(data, word, after, tables, room):
            begins[count], ends[count] = begin, waiting + 1
            begin = behind_blanks(data, waiting + 1, stop, tables.classes)
            count += 1
        waiting, word = at, since
        if at < stop:
            after = context_stop(data, at + 1, stop, tables.classes)
            at = next_end(data, at + 1, stop, tables.classes)
    begins[count], ends[count] = begin, solid
    return count + 1


@inline
def next_end(data: Data, start: int, stop: int, classes: Classes) -> int:
    """Where the first . ? or ! of data[start:stop] stands that may end a sentence; `stop` without."""
    for at in range(start, stop, BLOCK):
        marks = bytes_equal(data, at, STOP) | bytes_equal(data, at, EXCLAMATION) | bytes_equal(data, at, QUESTION)
        marks &= first_bits(stop - at)
        while marks:
            here = at + lowest(marks)
            if context_stop(data, here + 1, stop, classes) > here:
                return here
            marks = without_lowest(marks)
    return stop


@inline
def context_stop(data: Data, at: int, stop: int, classes: Classes) -> int:
    """Where what is read behind an end stops: a mark that is in no word, or blanks and what follows; 0 for neither."""
    if at >= stop:
        return 0
    code_point, width = decode(data, at)
    if classes[code_point] & NOT_INSIDE:
        return at + width
    if not classes[code_point] & BLANK:
        return 0
    at = behind_blanks(data, at, stop, classes)
    if at == stop:
        return 0
    while at < stop:
        code_point, width = decode(data, at)
        if classes[code_point] & BLANK:
            break
        at += width
    return at


@inline
def behind_blanks(data: Data, at: int, stop: int, classes: Classes) -> int:
    """Where the first character of data[at:stop] that is no blank stands."""
    while at < stop:
        code_point, width = decode(data, at)
        if not classes[code_point] & BLANK:
            break
        at += width
    return at


@inline
def word_begin(data: Data, word: int, start: int, at: int) -> int:
    """Where the word that ends at data[at] begins: behind the last of ASCII's blanks after `start`, else at `word`."""
    before = at
    while before > start + 1:
        before -= 1
        if data[before] == SPACE or TAB <= data[before] <= RETURN:
            return before + 1
    return word


@inline
def move_closers(data: Data, first: int, count: int, classes: Classes, begins: Places, ends: Places) -> int:
    """Give the closing marks at a slice's front, and the blanks after them, to the one before; the number left."""
    kept, moved = first, 0
    for i in range(first, count):
        begin, end, moved_before = begins[i], ends[i], moved
        moved = 0
        if i + 1 < count:
            closed = closers_stop(data, begins[i + 1], ends[i + 1], classes)
            if closed > begins[i + 1]:
                end = closed
                moved = behind_blanks(data, closed, ends[i + 1], classes) - begins[i + 1]
        begin += moved_before
        if begin < end:
            begins[kept], ends[kept] = begin, end
            kept += 1
    return kept


@inline
def closers_stop(data: Data, start: int, stop: int, classes: Classes) -> int:
    """Where the closing marks at the front of data[start:stop] end, if a blank, -- or nothing follows; else `start`."""
    at = start
    while at < stop:
        code_point, width = decode(data, at)
        if not classes[code_point] & CLOSING:
            dashes = data[at] == HYPHEN and at + 1 < stop and data[at + 1] == HYPHEN
            return at if dashes or classes[code_point] & BLANK else start
        at += width
    return max(at, start)
