"""RefinedWeb's lines, and which of them go for what they are: mostly capitals, digits, a counter, one word."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import int64
from numpy.typing import NDArray

from pipeline.filters.refinedweb_counters import is_counter
from pipeline.filters.refinedweb_ranks import Ranks, note, rank, ranks_for
from pipeline.text.classes import SPACE, class_table
from pipeline.text.counting import words_begun
from pipeline.text.kernel import inline, kernel
from pipeline.text.lines import Lines
from pipeline.text.room import room
from pipeline.text.utf8 import Data, decode, last_character
from pipeline.text.word_characters import word_characters

KEPT, UPPERCASE, DIGITS, COUNTER, SHORT, CUT, BLANK = range(7)  # what became of a line, checked in this order
CASE = 32  # the bit that makes an ASCII letter lower-case
LOWER_A, LOWER_Z = b"az"


class Checks(NamedTuple):
    """Which lines go: shares of their characters, and words of str.split."""

    max_uppercase: float
    max_digits: float
    counters: bool
    min_words: int


@dataclass(frozen=True, eq=False)
class JudgedLines:
    """The lines of str.split("\\n") that are not empty, as they came (`source`) and what is left of each.

    Line i is data[start[i]:stop[i]]; `fates` says what became of it. Of documents, `carts` marks those in which "items
    in cart" may stand, `signs` those of which a line may be cut at its end or its start.
    """

    source: Lines
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    fates: NDArray[np.uint8]
    carts: NDArray[np.bool_]
    signs: NDArray[np.bool_]


class Counts(NamedTuple):
    """Of each line of one document."""

    chars: NDArray[np.int64]
    digits: NDArray[np.int64]
    words: NDArray[np.int64]


def judge_lines(source: Lines, checks: Checks) -> JudgedLines:
    """Every line's fate by its own characters and words."""
    start, stop = room(len(source), np.int64), room(len(source), np.int64)
    start[:], stop[:] = source.start, source.stop
    documents, most = len(source.offsets) - 1, int(np.diff(source.offsets).max(initial=0))
    fates, still = np.zeros(len(source), np.uint8), np.zeros(len(source), np.bool_)
    carts, signs = np.zeros(documents, np.bool_), np.zeros(documents, np.bool_)
    longest = int((stop[source.offsets[1:] - 1] - start[source.offsets[:-1]]).max(initial=0))
    counts = Counts(*(np.empty(most, np.int64) for _ in Counts._fields))
    tables = class_table(), word_characters()
    spans = source.data, source.offsets, start, stop
    judge(*spans, checks, *tables, ranks_for(longest), counts, fates, still, carts, signs)
    return JudgedLines(source, start, stop, fates, carts, signs)


@kernel
def judge(
    data: Data,
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    checks: Checks,
    classes: NDArray[np.uint8],
    words: NDArray[np.uint8],
    ranks: Ranks,
    counts: Counts,
    fates: NDArray[np.uint8],
    still: NDArray[np.bool_],
    carts: NDArray[np.bool_],
    signs: NDArray[np.bool_],
) -> None:
    """The first check that each line fails. What is left after the first is stripped: that may raise a share of digits.

    The later checks are the same for a stripped line, so they are made in one turn. No line is `moved`: `still`.
    """
    bits, before = ranks
    chars, digits, _ = counts
    for document in range(len(offsets) - 1):
        first, last = offsets[document], offsets[document + 1]
        begin = start[first]
        own = slice(first, last)
        carts[document], signs[document] = note(data, begin, stop[last - 1], classes, bits, before)
        judge_capitals(start[own], stop[own], checks.max_uppercase, bits, before, counts, fates[own])
        for line in strip_ends(data, data, still, start, stop, fates, first, last, classes):
            if line >= 0:
                _, from_digits, from_continuing, _ = rank(start[line] - begin, bits, before)
                _, to_digits, to_continuing, _ = rank(stop[line] - begin, bits, before)
                chars[line - first] = stop[line] - start[line] - (to_continuing - from_continuing)
                digits[line - first] = to_digits - from_digits
        judge_others(data, start[own], stop[own], checks, classes, words, counts, fates[own])
        strip_ends(data, data, still, start, stop, fates, first, last, classes)


@inline
def judge_capitals(
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    most: float,
    bits: NDArray[np.uint64],
    before: NDArray[np.int64],
    counts: Counts,
    fates: NDArray[np.uint8],
) -> None:
    """Count what the lines of a document have, and let those of capitals go: between two lines is nothing counted."""
    chars, digits, words = counts
    capitals_before = digits_before = continuing_before = words_before = int64(0)
    for line in range(len(start)):
        capitals_here, digits_here, continuing_here, words_here = rank(stop[line] - start[0], bits, before)
        capitals = capitals_here - capitals_before
        chars[line] = stop[line] - start[line] - (continuing_here - continuing_before)
        digits[line], words[line] = digits_here - digits_before, words_here - words_before
        capitals_before, digits_before = capitals_here, digits_here
        continuing_before, words_before = continuing_here, words_here
        if capitals > 0 and capitals / chars[line] > most:
            fates[line] = UPPERCASE


@inline
def judge_others(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    checks: Checks,
    classes: NDArray[np.uint8],
    word_characters: NDArray[np.uint8],
    counts: Counts,
    fates: NDArray[np.uint8],
) -> None:
    """The checks after the first: a counter has a digit."""
    chars, digits, words = counts
    for line in range(len(start)):
        if fates[line] != KEPT:
            continue
        if digits[line] > 0:
            if digits[line] / chars[line] > checks.max_digits:
                fates[line] = DIGITS
                continue
            if (
                checks.counters
                and not is_letter(data[start[line]])
                and is_counter(data, start[line], stop[line], classes, word_characters)
            ):
                fates[line] = COUNTER
                continue
        if words[line] < checks.min_words or words[line] == 0:
            fates[line] = SHORT if words[line] > 0 else BLANK


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
