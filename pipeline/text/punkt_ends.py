"""Whether a sentence ends among a few words: Punkt's two passes over tokens (Kiss and Strunk 2006, 3 and 4)."""

from numba import uint64

from pipeline.text.hashing import hash_span
from pipeline.text.hashset import contains
from pipeline.text.kernel import inline, kernel
from pipeline.text.lower import lower
from pipeline.text.punkt_tables import (
    ABBREVIATION,
    BEGIN_LOWER,
    BLANK,
    COLLOCATED,
    EVER_LOWER,
    EVER_UPPER,
    INSIDE_UPPER,
    LOWER,
    STARTER,
    UPPER,
    WHITE,
    Classes,
    Tables,
    marks_of,
    pair_of,
)
from pipeline.text.punkt_words import DOT, HYPHEN, is_initial, is_number, token_stop
from pipeline.text.utf8 import Data, decode

NEWLINE, EXCLAMATION, QUESTION = b"\n!?"
PUNCTUATION = tuple(b";:,.!?")  # no sentence begins with it
GOES_ON, UNSURE, BEGINS = range(3)  # what a word's capital says of it
UNKNOWN = uint64(0)  # the hash of a word too long to be in any table


@kernel
def holds_end(data: Data, start: int, stop: int, tables: Tables, room: Data) -> bool:
    """Whether a token of data[start:stop] other than the last ends a sentence; tokens cross no newline."""
    before, before_stop = start, start
    line = start
    while line < stop:
        end = line
        while end < stop and data[end] != NEWLINE:
            end += 1
        at = first_token(data, line, end, tables.classes)
        while at < end:
            token = token_stop(data, at, end, tables.classes)
            if before_stop > before and ends_sentence(data, before, before_stop, at, token, tables, room):
                return True
            before, before_stop = at, token
            at = behind(data, token, end, BLANK, tables.classes)
        line = end + 1
    return False


@inline
def first_token(data: Data, start: int, stop: int, classes: Classes) -> int:
    """Where a line's tokens begin; `stop` where str.strip leaves nothing of it."""
    if behind(data, start, stop, WHITE, classes) == stop:
        return stop
    return behind(data, start, stop, BLANK, classes)


@inline
def behind(data: Data, at: int, stop: int, blank: int, classes: Classes) -> int:
    """Where the first character of data[at:stop] that is not of this class stands."""
    while at < stop:
        code_point, width = decode(data, at)
        if not classes[code_point] & blank:
            break
        at += width
    return at


@inline
def ends_sentence(
    data: Data, start: int, stop: int, next_start: int, next_stop: int, tables: Tables, room: Data
) -> bool:
    """Whether the token data[start:stop] ends a sentence, with the next one behind it.

    Of most words with a stop it is enough to know that they are no abbreviation; the next word is looked up for others.
    """
    last, single = data[stop - 1], stop - start == 1
    if last != DOT:
        return single and (last == EXCLAMATION or last == QUESTION)
    number, initial = is_number(data, start, stop, tables.classes), is_initial(data, start, stop, tables.classes)
    ellipsis = is_ellipsis(data, start, stop)
    word = type_hash(data, start, stop if single else stop - 1, tables, room)
    abbreviation = not single and not ellipsis and is_abbreviation(data, start, stop - 1, word, tables, room)
    word = tables.number if number else word
    unclear = number or initial or abbreviation or ellipsis
    if not unclear and not marks_of(word, tables) & COLLOCATED:
        return True
    follower = next_type(data, next_start, next_stop, tables, room)
    if contains(tables.pairs, pair_of(word, follower)):
        return False
    upper = tables.classes[decode(data, next_start)[0]] & UPPER != 0
    seen = marks_of(follower, tables)
    verdict = by_capital(data, next_start, next_stop, seen, tables.classes)
    ends = not abbreviation and not ellipsis
    if not ends and not initial and (verdict == BEGINS or (upper and seen & STARTER)):
        return True
    if (initial or number) and verdict == GOES_ON:
        return False
    if initial and verdict == UNSURE and upper and not seen & EVER_LOWER:
        return False
    return ends


@inline
def is_ellipsis(data: Data, start: int, stop: int) -> bool:
    """Dots only, two or more; `. . .` is none."""
    return stop - start > 1 and data[start] == DOT and data[start + 1] == DOT


@kernel
def type_hash(data: Data, start: int, stop: int, tables: Tables, room: Data) -> uint64:
    """The hash of data[start:stop].lower(), as the tables' words have it."""
    if stop - start > tables.longest:
        return UNKNOWN
    length = lower(data, start, stop, tables.lower, room)
    return hash_span(room, 0, length)


@inline
def is_abbreviation(data: Data, start: int, stop: int, word: uint64, tables: Tables, room: Data) -> bool:
    """Whether the word, its final stop left out, is one, or what stands behind its last hyphen."""
    if marks_of(word, tables) & ABBREVIATION:
        return True
    at = stop
    while at > start and data[at - 1] != HYPHEN:
        at -= 1
    return at > start and marks_of(type_hash(data, at, stop, tables, room), tables) & ABBREVIATION != 0


@inline
def next_type(data: Data, start: int, stop: int, tables: Tables, room: Data) -> uint64:
    """The hash of a token's type: without the stop that ends a sentence, as far as the token alone tells."""
    if is_number(data, start, stop, tables.classes):
        return tables.number
    if data[stop - 1] == DOT and stop - start > 1 and not is_ellipsis(data, start, stop):
        word = type_hash(data, start, stop - 1, tables, room)
        if not is_abbreviation(data, start, stop - 1, word, tables, room):
            return word
    return type_hash(data, start, stop, tables, room)


@inline
def by_capital(data: Data, start: int, stop: int, seen: int, classes: Classes) -> int:
    """What the first letter's case says, beside the contexts in which the word was seen: section 4.1.1."""
    if stop - start == 1:
        for mark in PUNCTUATION:
            if data[start] == mark:
                return GOES_ON
    letter = classes[decode(data, start)[0]]
    if letter & UPPER and seen & EVER_LOWER and not seen & INSIDE_UPPER:
        return BEGINS
    if letter & LOWER and (seen & EVER_UPPER or not seen & BEGIN_LOWER):
        return GOES_ON
    return UNSURE
