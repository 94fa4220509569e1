"""Sentences by UAX #29 (Unicode Text Segmentation, rules SB1 to SB998), without the white space around them."""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.classes import class_table
from pipeline.text.kernel import inline, kernel
from pipeline.text.line_edges import strip_spans
from pipeline.text.ragged import offsets_of, totals
from pipeline.text.uax29 import (
    S_ATERM,
    S_CLOSE,
    S_CONTINUE,
    S_CR,
    S_EXTEND,
    S_FORMAT,
    S_LF,
    S_LOWER,
    S_NUMERIC,
    S_OLETTER,
    S_OTHER,
    S_SEP,
    S_SP,
    S_STERM,
    S_UPPER,
    Table,
    sentence_breaks,
)
from pipeline.text.utf8 import Data, decode
from pipeline.text.words import Spans

Places = NDArray[np.int64]
NOTHING, TERM, CLOSES, BLANKS, SEPARATOR = range(5)  # how much of an end has been read: ! ” and so on


def uax29_sentences(data: Data, start: Places, stop: Places) -> Spans:
    """Offsets, starts and stops of the sentences of each data[start:stop]; white space alone is none."""
    offsets, room = np.zeros(len(start) + 1, np.int64), int((stop - start).sum())
    begins, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    find_sentences(data, start, stop, sentence_breaks(), offsets, begins, ends)
    return without_blank(data, offsets, begins[: offsets[-1]], ends[: offsets[-1]])


def without_blank(data: Data, offsets: Places, start: Places, stop: Places) -> Spans:
    """Each span stripped, and the empty ones left out."""
    start, stop = strip_spans(data, start, stop, class_table())
    solid = start < stop
    return offsets_of(totals(offsets, solid)), start[solid], stop[solid]


@inline
def is_separator(value: int) -> bool:
    return value == S_SEP or value == S_CR or value == S_LF


@inline
def leads_to_lower(data: Data, at: int, stop: int, table: Table) -> bool:
    """SB8: whether a lower-case letter comes before any other letter, separator or end of a sentence."""
    while at < stop:
        code_point, width = decode(data, at)
        value = table[code_point]
        if value == S_LOWER:
            return True
        if value == S_OLETTER or value == S_UPPER or value == S_ATERM or value == S_STERM or is_separator(value):
            return False
        at += width
    return False


@inline
def goes_on(
    value: int, ended: int, by_stop: bool, letter_before: bool, data: Data, at: int, stop: int, table: Table
) -> bool:
    """SB6 to SB10: whether the character at data[at], of this class, belongs to the sentence whose end was read."""
    if by_stop and ended == TERM and (value == S_NUMERIC or (value == S_UPPER and letter_before)):
        return True
    if ended != SEPARATOR and by_stop and leads_to_lower(data, at, stop, table):
        return True
    if ended != SEPARATOR and (value == S_CONTINUE or value == S_ATERM or value == S_STERM):
        return True
    if (ended == TERM or ended == CLOSES) and value == S_CLOSE:
        return True
    return ended != SEPARATOR and (value == S_SP or is_separator(value))


@kernel
def find_sentences(
    data: Data, starts: Places, stops: Places, table: Table, offsets: Places, start: Places, stop: Places
) -> None:
    """Fill the spans of the sentences, document by document."""
    count = 0
    for document in range(len(starts)):
        at = begin = starts[document]
        end = stops[document]
        ended, by_stop, letter, letter_before = NOTHING, False, False, False
        previous = S_OTHER
        while at < end:
            code_point, width = decode(data, at)
            value = table[code_point]
            breaks = is_separator(previous) and not (previous == S_CR and value == S_LF)
            if not breaks and (value == S_EXTEND or value == S_FORMAT):
                previous = value
                at += width
                continue
            if not breaks and ended != NOTHING and not (previous == S_CR and value == S_LF):
                breaks = not goes_on(value, ended, by_stop, letter_before, data, at, end, table)
            if breaks:
                start[count], stop[count] = begin, at
                count += 1
                begin, ended = at, NOTHING
            if value == S_ATERM or value == S_STERM:
                ended, by_stop, letter_before = TERM, value == S_ATERM, letter
            elif ended != NOTHING:
                if is_separator(value):
                    ended = SEPARATOR
                elif value == S_SP:
                    ended = BLANKS
                elif value == S_CLOSE and ended != BLANKS:
                    ended = CLOSES
                else:
                    ended = NOTHING
            letter = value == S_UPPER or value == S_LOWER
            previous = value
            at += width
        if begin < end:
            start[count], stop[count] = begin, end
            count += 1
        offsets[document + 1] = count
