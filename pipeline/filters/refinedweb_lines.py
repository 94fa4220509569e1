"""RefinedWeb's lines, and which of them go for what they are: mostly capitals, digits, a counter, one word."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.refinedweb_counters import is_counter
from pipeline.filters.refinedweb_signs import any_sign
from pipeline.text.bits import BLOCK, NONE, bytes_between, count_ones, first_bits, lowest, without_lowest
from pipeline.text.classes import DIGIT, SPACE, UPPER, class_table
from pipeline.text.counting import words_begun
from pipeline.text.kernel import inline, kernel
from pipeline.text.lines import Lines
from pipeline.text.utf8 import Data, decode, last_character
from pipeline.text.word_characters import word_characters

KEPT, UPPERCASE, DIGITS, COUNTER, SHORT, CUT, BLANK = range(7)  # what became of a line, checked in this order
CASE = 32  # the bit that makes an ASCII letter lower-case
LOWER_A, LOWER_Z = b"az"
LETTER_T, LETTER_E, LETTER_M = b"tem"  # of "items in cart": letters that no character but themselves folds to


class Checks(NamedTuple):
    """Which lines go: shares of their characters, and words of str.split."""

    max_uppercase: float
    max_digits: float
    counters: bool
    min_words: int


@dataclass(frozen=True, eq=False)
class JudgedLines:
    """The lines of str.split("\\n") that are not empty, as they came (`source`) and what is left of each.

    Line i is data[start[i]:stop[i]]; `fates` says what became of it; `item` marks lines in which "tem" stands,
    `signs` documents of which a line may be cut at its end or its start.
    """

    source: Lines
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    fates: NDArray[np.uint8]
    item: NDArray[np.bool_]
    signs: NDArray[np.bool_]


def judge_lines(source: Lines, checks: Checks) -> JudgedLines:
    """Every line's fate by its own characters and words."""
    lines = JudgedLines(
        source,
        source.start.copy(),
        source.stop.copy(),
        np.zeros(len(source), np.uint8),
        np.zeros(len(source), np.bool_),
        np.zeros(len(source.offsets) - 1, np.bool_),
    )
    room = np.empty(len(source), np.int64), np.empty(len(source), np.int64)
    tables = class_table(), word_characters()
    judge(
        source.data,
        source.offsets,
        lines.start,
        lines.stop,
        checks,
        *tables,
        *room,
        lines.fates,
        lines.item,
        lines.signs,
    )
    return lines


@kernel
def judge(
    data: Data,
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    checks: Checks,
    classes: NDArray[np.uint8],
    words: NDArray[np.uint8],
    chars: NDArray[np.int64],
    digits: NDArray[np.int64],
    fates: NDArray[np.uint8],
    item: NDArray[np.bool_],
    signs: NDArray[np.bool_],
) -> None:
    """The first check that each line fails. What is left after the first is stripped: that may raise a share of digits.

    The later checks are the same for a stripped line, so they are made in one turn.
    """
    for document in range(len(offsets) - 1):
        first, last = offsets[document], offsets[document + 1]
        for line in range(first, last):
            chars[line], digits[line], upper, item[line] = measure(data, start[line], stop[line], classes)
            if upper > 0 and upper / chars[line] > checks.max_uppercase:
                fates[line] = UPPERCASE
        for line in strip_ends(data, data, item, start, stop, fates, first, last, classes):
            if line >= 0:
                chars[line], digits[line], _, _ = measure(data, start[line], stop[line], classes)
        for line in range(first, last):
            if fates[line] != KEPT:
                continue
            if digits[line] > 0 and digits[line] / chars[line] > checks.max_digits:
                fates[line] = DIGITS
            elif (
                checks.counters
                and not is_letter(data[start[line]])
                and is_counter(data, start[line], stop[line], classes, words)
            ):
                fates[line] = COUNTER
            else:
                found = words_up_to(data, start[line], stop[line], max(checks.min_words, 1), classes)
                if found < checks.min_words or found == 0:
                    fates[line] = SHORT if found > 0 else BLANK
        strip_ends(data, data, item, start, stop, fates, first, last, classes)
        signs[document] = any_sign(data, start[first:last], stop[first:last], fates[first:last], KEPT)


@inline
def measure(data: Data, start: int, stop: int, classes: NDArray[np.uint8]) -> tuple[int, int, int, bool]:
    """Characters, digits and capitals of data[start:stop], and whether "tem" stands in it."""
    continued = digits = upper = 0
    item = NONE
    for at in range(start, stop, BLOCK):
        here = first_bits(stop - at)
        upper += count_ones(bytes_between(data, at, 65, 25, 0) & here)
        digits += count_ones(bytes_between(data, at, 48, 9, 0) & here)
        wide = bytes_between(data, at, 0x80, 0x7F, 0) & here
        if wide:
            following = bytes_between(data, at, 0x80, 0x3F, 0) & here
            continued += count_ones(following)
            leads = wide & ~following
            while leads:
                code_point, _ = decode(data, at + lowest(leads))
                leads = without_lowest(leads)
                upper += classes[code_point] & UPPER != 0
                digits += classes[code_point] & DIGIT != 0
        te = bytes_between(data, at, LETTER_T, 0, CASE) & bytes_between(data, at + 1, LETTER_E, 0, CASE)
        item |= te & bytes_between(data, at + 2, LETTER_M, 0, CASE) & here
    return stop - start - continued, digits, upper, item != NONE


@inline
def strip_ends(
    data: Data,
    spare: Data,
    moved: NDArray[np.bool_],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    fates: NDArray[np.uint8],
    first: int,
    last: int,
    classes: NDArray[np.uint8],
) -> tuple[int, int]:
    """str.strip() of the text that the kept lines make: its first and its last line, -1 where nothing is left.

    Lines that are `moved` stand in `spare`.
    """
    line = first
    while line < last:
        if fates[line] == KEPT:
            start[line] = after_space(spare if moved[line] else data, start[line], stop[line], classes)
            if start[line] < stop[line]:
                break
            fates[line] = BLANK
        line += 1
    if line == last:
        return -1, -1
    end = last - 1
    while True:
        if fates[end] == KEPT:
            stop[end] = before_space(spare if moved[end] else data, start[end], stop[end], classes)
            if start[end] < stop[end]:
                return line, end
            fates[end] = BLANK
        end -= 1


@inline
def after_space(data: Data, start: int, stop: int, classes: NDArray[np.uint8]) -> int:
    """Where data[start:stop].lstrip() begins."""
    while start < stop:
        code_point, width = decode(data, start)
        if not classes[code_point] & SPACE:
            break
        start += width
    return start


@inline
def before_space(data: Data, start: int, stop: int, classes: NDArray[np.uint8]) -> int:
    """Where data[start:stop].rstrip() ends."""
    while start < stop:
        code_point, at = last_character(data, start, stop)
        if not classes[code_point] & SPACE:
            break
        stop = at
    return stop


@inline
def is_letter(byte: int) -> bool:
    """Whether this is an ASCII letter: with one no counter begins."""
    return LOWER_A <= byte | CASE <= LOWER_Z


@inline
def words_up_to(data: Data, start: int, stop: int, most: int, classes: NDArray[np.uint8]) -> int:
    """len(data[start:stop].split()), or `most` where there are more."""
    if words_begun(data, start, stop) >= most:
        return most
    found, inside = 0, False
    while start < stop:
        code_point, width = decode(data, start)
        space = classes[code_point] & SPACE != 0
        if not space and not inside:
            found += 1
            if found == most:
                break
        inside = not space
        start += width
    return found
