"""Punkt's words: where a token of a line ends, by the regular expression of NLTK's PunktLanguageVars."""

from pipeline.text.kernel import inline
from pipeline.text.punkt_tables import BLANK, DIGIT, LETTER, NOT_FIRST, NOT_INSIDE, Classes
from pipeline.text.utf8 import Data, decode

DOT, HYPHEN, COMMA = b".-,"
FEWEST_SPACED = 3  # dots of `. . .`


@inline
def token_stop(data: Data, at: int, stop: int, classes: Classes) -> int:
    """Where the token that begins at data[at], no blank, ends, in a line that ends at `stop`."""
    end = marks_stop(data, at, stop, classes)
    if end > at:
        return end
    code_point, width = decode(data, at)
    end = at + width
    if classes[code_point] & NOT_FIRST:
        return end
    while end < stop and not ends_word(data, end, stop, classes):
        code_point, width = decode(data, end)
        end += width
    return end


@inline
def ends_word(data: Data, at: int, stop: int, classes: Classes) -> bool:
    """Whether a word ends before data[at]: a blank, a mark of no word, --, .., or a comma before one of them."""
    if data[at] == COMMA:
        return at + 1 == stop or ends_at_mark(data, at + 1, stop, classes)
    return ends_at_mark(data, at, stop, classes)


@inline
def ends_at_mark(data: Data, at: int, stop: int, classes: Classes) -> bool:
    code_point, _ = decode(data, at)
    return classes[code_point] & (BLANK | NOT_INSIDE) != 0 or marks_stop(data, at, stop, classes) > at


@inline
def marks_stop(data: Data, at: int, stop: int, classes: Classes) -> int:
    """Where the hyphens, dots or spaced dots at data[at] end: two, three if spaced, or more; `at` for fewer."""
    mark, end = data[at], at + 1
    if mark != DOT and mark != HYPHEN:
        return at
    while end < stop and data[end] == mark:
        end += 1
    if end - at > 1:
        return end
    return spaced_stop(data, at, stop, classes) if mark == DOT else at


@inline
def spaced_stop(data: Data, at: int, stop: int, classes: Classes) -> int:
    """Where `. . .` ends, its dots one blank apart; `at` for fewer than three."""
    dots, end = 1, at + 1
    while end < stop:
        code_point, width = decode(data, end)
        if not classes[code_point] & BLANK or end + width >= stop or data[end + width] != DOT:
            break
        end += width + 1
        dots += 1
    return end if dots >= FEWEST_SPACED else at


@inline
def is_initial(data: Data, start: int, stop: int, classes: Classes) -> bool:
    """A letter and a dot: [^\\W\\d]\\.$ at the token's start."""
    code_point, width = decode(data, start)
    return classes[code_point] & LETTER != 0 and start + width + 1 == stop and data[stop - 1] == DOT


@inline
def is_number(data: Data, start: int, stop: int, classes: Classes) -> bool:
    """^-?[.,]?\\d[\\d,.-]*$"""
    at = start
    at += data[at] == HYPHEN
    at += at < stop and (data[at] == DOT or data[at] == COMMA)
    if at >= stop or not classes[decode(data, at)[0]] & DIGIT:
        return False
    while at < stop:
        code_point, width = decode(data, at)
        if not classes[code_point] & DIGIT and data[at] != DOT and data[at] != COMMA and data[at] != HYPHEN:
            return False
        at += width
    return True
