"""How spaCy's English tokeniser cuts a word without white space, as far as the ends of sentences depend on it.

After spacy.tokenizer 3.8: openers and closers are taken off, one of each a turn, until an abbreviation or nothing
to take is left; what remains is a web address or is cut at its infixes; at last, abbreviations that the cuts took
apart are put together again. Left out, since they move no sentence end: currencies, "+" and longer units behind a
digit (taken off, they leave a digit, which closes nothing), and most exceptions without a sentence end.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.infixes import ELLIPSIS, STOP, Cuts, cut_infixes, is_digit, previous, stops_from
from pipeline.text.kernel import inline
from pipeline.text.spacy_english import (
    BEFORE_STOP,
    CLOSER,
    CUT_BITS,
    LONGEST_ABBREVIATION,
    NOT_ABBREVIATION,
    OPENER,
    TOKEN_BITS,
    UPPER,
    Abbreviations,
    CharacterClasses,
    abbreviation,
)
from pipeline.text.utf8 import Data, decode

MOST_PIECES = 5  # of an abbreviation that was cut: (._.)
PLUS, DOLLAR, APOSTROPHE = b"+$'"
DEGREE, RIGHT_QUOTE = 0xB0, 0x2019
DEGREE_LEAD = 0xC2  # the first byte of the degree sign; no other abbreviation begins with it
ELLIPSIS_BYTES = 3
CURRENCY_LETTERS, POSSESSIVE_LETTERS = tuple(b"AC"), tuple(b"sS")  # A$ C$; 's 'S
UPPER_S, UPPER_U = b"SU"
UNITS = tuple(b"gmt")  # of all units only these are with a full stop an abbreviation: 5m. is 5 and m.
DEGREE_LETTERS, UPPER_DEGREE_LETTERS = tuple(b"CFKcfk"), tuple(b"CFK")
DEGREES_BYTES = 4  # °C.
SEEN, JOINED = 1, 2


class Scratch(NamedTuple):
    """Room for the cuts of one word, as many as it has bytes and one."""

    cuts: NDArray[np.int64]  # where each piece begins, and at the end where the last one stops
    closers: NDArray[np.int64]  # where each closer begins, the last one first
    marks: NDArray[np.uint8]


def scratch(longest_word: int) -> Scratch:
    room = longest_word + 2
    return Scratch(np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.uint8))


@inline
def opener_width(data: Data, start: int, stop: int, classes: CharacterClasses) -> int:
    """Bytes of the opener that data[start:stop] begins with; 0 without."""
    if start >= stop:
        return 0
    lead = data[start]
    if lead == STOP:
        stops = stops_from(data, start, stop)
        return stops if stops > 1 else 0
    if lead == PLUS:
        return 0 if start + 1 < stop and is_digit(data[start + 1]) else 1
    if lead in CURRENCY_LETTERS and start + 1 < stop and data[start + 1] == DOLLAR:
        return 2
    if lead == UPPER_U and start + 2 < stop and data[start + 1] == UPPER_S and data[start + 2] == DOLLAR:
        return 3
    code_point, width = decode(data, start)
    return width if classes[code_point] & OPENER else 0


@inline
def stop_closes(data: Data, start: int, at: int, classes: CharacterClasses) -> bool:
    """Whether the full stop at data[at], the last character, is a piece of its own."""
    if at <= start:
        return False
    before = previous(data, at)
    last, _ = decode(data, before)
    if classes[last] & BEFORE_STOP:
        return True
    if before <= start:
        return False
    second, _ = decode(data, previous(data, before))
    both_upper = classes[last] & UPPER and classes[second] & UPPER
    return bool(both_upper) or (second == DEGREE and last in DEGREE_LETTERS)


@inline
def ending_width(data: Data, start: int, stop: int) -> int:
    """Bytes of the 's, the ’s or the unit that data[start:stop] ends in; 0 without."""
    if stop - start < 2:
        return 0
    if is_digit(data[stop - 2]) and data[stop - 1] in UNITS:
        return 1
    if data[stop - 1] in POSSESSIVE_LETTERS:
        before = previous(data, stop - 1)
        code_point, _ = decode(data, before)
        if before >= start and (code_point == APOSTROPHE or code_point == RIGHT_QUOTE):
            return stop - before
    return 0


@inline
def closer_width(data: Data, start: int, stop: int, classes: CharacterClasses) -> int:
    """Bytes of the closer that data[start:stop] ends in, the longest; 0 without."""
    if start >= stop:
        return 0
    at = previous(data, stop)
    code_point, width = decode(data, at)
    if code_point == STOP:
        first = at
        while first > start and data[first - 1] == STOP:
            first -= 1
        return stop - first if stop - first > 1 else int(stop_closes(data, start, at, classes))
    if code_point == ELLIPSIS and at > start:
        before, _ = decode(data, previous(data, at))
        return 2 * ELLIPSIS_BYTES if before == ELLIPSIS else ELLIPSIS_BYTES
    return width if classes[code_point] & CLOSER else ending_width(data, start, stop)


@inline
def cut_middle(
    data: Data, start: int, stop: int, classes: CharacterClasses, known: Abbreviations, cuts: Cuts, count: int
) -> int:
    """Append the pieces of what openers and closers left; returns the number of pieces so far."""
    if start >= stop:
        return count
    bits = abbreviation(data, start, stop, known)
    if bits == NOT_ABBREVIATION:
        return cut_infixes(data, start, stop, classes, cuts, count)
    for at in range(start, stop):
        if at == start or bits >> (TOKEN_BITS + at - start) & 1:
            cuts[count] = at
            count += 1
    return count


@inline
def pieces_of(data: Data, start: int, stop: int, classes: CharacterClasses, known: Abbreviations, room: Scratch) -> int:
    """Write where the pieces of data[start:stop] begin to `room.cuts`; returns their number."""
    count = closers = 0
    end = stop
    while start < end and abbreviation(data, start, end, known) == NOT_ABBREVIATION:
        opener = opener_width(data, start, end, classes)
        if opener and abbreviation(data, start + opener, end, known) != NOT_ABBREVIATION:
            closer = 0
        else:
            closer = closer_width(data, start + opener, end, classes)
            if closer and abbreviation(data, start, end - closer, known) != NOT_ABBREVIATION:
                opener = 0
        if opener:
            room.cuts[count] = start
            count += 1
        if closer:
            room.closers[closers] = end - closer
            closers += 1
        if opener + closer == 0:
            break
        start += opener
        end -= closer
    count = cut_middle(data, start, end, classes, known, room.cuts, count)
    for i in range(closers):
        room.cuts[count + i] = room.closers[closers - 1 - i]
    room.cuts[count + closers] = stop
    return count + closers


@inline
def is_cut_abbreviation(data: Data, first: int, size: int, known: Abbreviations, cuts: Cuts) -> bool:
    """Whether the pieces first to first + size are an abbreviation, cut just where the tokeniser would cut it."""
    start = cuts[first]
    bits = 0
    if cuts[first + size] - start > LONGEST_ABBREVIATION:
        return False
    for piece in range(first + 1, first + size):
        bits |= 1 << (cuts[piece] - start)
    found = abbreviation(data, start, cuts[first + size], known)
    return found != NOT_ABBREVIATION and found & CUT_BITS == bits


@inline
def mark_abbreviations(data: Data, count: int, known: Abbreviations, room: Scratch) -> int:
    """Mark the pieces to be joined to the one before, longest abbreviations first; returns how many."""
    room.marks[:count] = 0
    joined = 0
    for size in range(min(MOST_PIECES, count), 1, -1):
        for first in range(count - size + 1):
            if is_cut_abbreviation(data, first, size, known, room.cuts):
                free = room.marks[first] == 0 and room.marks[first + size - 1] == 0
                free = free and data[room.cuts[first]] != DEGREE_LEAD  # °C. stays apart: `ends_degrees`
                joined += size - 1 if free else 0
                for piece in range(first, first + size):
                    room.marks[piece] = JOINED if free and piece > first else max(room.marks[piece], SEEN)
    return joined


@inline
def ends_degrees(data: Data, start: int, piece: int, stop: int) -> bool:
    """Whether data[piece:stop] of the word at data[start] ends in °C. or its like, three tokens, the last a full stop.

    An exception of its own (°C. and °c.) is one piece here; where the tokeniser puts it together again (°C.) it is two.
    """
    degree = stop - DEGREES_BYTES
    if degree < start or data[stop - 1] != STOP or data[degree] != DEGREE_LEAD or decode(data, degree)[0] != DEGREE:
        return False
    return (piece == degree and data[stop - 2] in DEGREE_LETTERS) or (
        piece == stop - 2 and data[stop - 2] in UPPER_DEGREE_LETTERS
    )


@inline
def cut_word(data: Data, start: int, stop: int, classes: CharacterClasses, known: Abbreviations, room: Scratch) -> int:
    """Write where the pieces of the word data[start:stop] begin, and its stop, to `room.cuts`; returns their number."""
    count = pieces_of(data, start, stop, classes, known, room)
    if count < 3 or mark_abbreviations(data, count, known, room) == 0:  # two pieces are the word, which was looked up
        return count
    kept = 0
    for piece in range(count):
        if room.marks[piece] != JOINED:
            room.cuts[kept] = room.cuts[piece]
            kept += 1
    room.cuts[kept] = stop
    return kept
