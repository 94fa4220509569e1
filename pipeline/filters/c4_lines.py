"""C4's view of a text: its lines stripped and without citations, and why each is dropped."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.c4_citations import CLOSE_BRACKET, without_citations
from pipeline.filters.c4_phrases import (
    BRACE,
    BRACKET,
    JAVASCRIPT_BIT,
    LOREM_IPSUM_BIT,
    OPEN_BRACE,
    PHRASE,
    PHRASES,
    POLICY_BITS,
    look_through,
)
from pipeline.filters.c4_words import has_longer_word, has_words
from pipeline.text.arrow import PADDING
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.phrases import Phrases, phrases_in
from pipeline.text.room import room
from pipeline.text.spacy_english import CharacterClasses, character_classes
from pipeline.text.utf8 import Data

KEPT, LONG_WORD, UNENDED, SHORT, JAVASCRIPT, POLICY = range(6)  # what became of a line, checked in this order
FATES = 6
LOREM_IPSUM, CURLY_BRACKET = 1, 2  # marks of a line that drop its document

END_PUNCTUATION = tuple(b".?!\"'")
STOP, APOSTROPHE = b".'"


class Checks(NamedTuple):
    """Which lines go, and which mark their document; `citations`: they are cut before all but words are looked at.

    `words_after_citations`: the words of a line are counted without them. `apostrophe`: it ends a line too.
    """

    max_word_length: int
    terminal_punctuation: bool
    min_words: int
    citations: bool
    lorem_ipsum: bool
    javascript: bool
    curly_bracket: bool
    policy: bool
    words_after_citations: bool = False
    apostrophe: bool = True


@dataclass(frozen=True, eq=False)
class JudgedLines:
    """Each line of a batch as C4 looks at it: stripped, without citations; what becomes of it, and its marks.

    Line i is source[start[i]:stop[i]]; where `is_cut`, it lost a citation and is cut[start[i]:stop[i]].
    """

    source: Data
    cut: Data
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    is_cut: NDArray[np.bool_]
    fates: NDArray[np.uint8]
    marks: NDArray[np.uint8]


def judge_lines(text: Text, checks: Checks) -> JudgedLines:
    """The lines of a batch: the first check that each fails, or KEPT."""
    lines = text.lines.stripped
    start, stop = room(len(lines), np.int64), room(len(lines), np.int64)
    start[:], stop[:] = lines.start, lines.stop
    cut = np.empty(len(text.data) + PADDING, np.uint8)  # room for all; memory that nothing is written to costs nothing
    is_cut = np.zeros(len(lines), np.bool_)
    fates, marks = np.zeros(len(lines), np.uint8), np.zeros(len(lines), np.uint8)
    judge(text.data, character_classes(), checks, PHRASES, cut, start, stop, is_cut, fates, marks)
    return JudgedLines(text.data, cut, start, stop, is_cut, fates, marks)


@kernel
def judge(
    source: Data,
    classes: CharacterClasses,
    checks: Checks,
    phrases: Phrases,
    cut: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    is_cut: NDArray[np.bool_],
    fates: NDArray[np.uint8],
    marks: NDArray[np.uint8],
) -> None:
    """A line that cannot end well is not read; words are looked at before citations are cut, all else after."""
    out = 0
    for line in range(len(start)):
        begin, end = start[line], stop[line]
        if has_longer_word(source, begin, end, checks.max_word_length, classes):
            fates[line] = LONG_WORD
            continue
        if checks.terminal_punctuation and never_ends(source, begin, end, checks.apostrophe):
            fates[line] = UNENDED
            continue
        is_short = not has_words(source, begin, end, checks.min_words, classes)
        seen = look_through(source, begin, end)
        if checks.citations and seen & BRACKET:
            after = without_citations(source, begin, end, classes, cut, out)
            if after - out < end - begin:
                begin, end, is_cut[line], out = out, after, True, after
                start[line], stop[line] = begin, end
                seen = look_through(cut, begin, end)
                if checks.words_after_citations:
                    is_short = not has_words(cut, begin, end, checks.min_words, classes)
        data = cut if is_cut[line] else source
        if checks.terminal_punctuation and not is_ended(data, begin, end, checks.apostrophe):
            fates[line] = UNENDED
        elif is_short:
            fates[line] = SHORT
        else:
            fates[line], marks[line] = read_line(data, begin, end, seen, checks, phrases)


@inline
def ends_lines(byte: int, apostrophe: bool) -> bool:
    """Whether it is a terminal punctuation mark."""
    return byte in END_PUNCTUATION and (apostrophe or byte != APOSTROPHE)


@inline
def never_ends(data: Data, start: int, stop: int, apostrophe: bool) -> bool:
    """Whether no terminal punctuation mark stands at the line's end, nor can before a citation."""
    return start == stop or (not ends_lines(data[stop - 1], apostrophe) and data[stop - 1] != CLOSE_BRACKET)


@inline
def is_ended(data: Data, start: int, stop: int, apostrophe: bool) -> bool:
    """Whether the line ends in a terminal punctuation mark, and not in "..."."""
    if stop == start or not ends_lines(data[stop - 1], apostrophe):
        return False
    return not (stop - start >= 3 and data[stop - 1] == STOP and data[stop - 2] == STOP and data[stop - 3] == STOP)


@inline
def read_line(data: Data, start: int, stop: int, seen: int, checks: Checks, phrases: Phrases) -> tuple[int, int]:
    """The fate and the marks of a line by its phrases; "javascript" goes before the curly bracket is looked for."""
    found = phrases_in(data, start, stop, OPEN_BRACE, phrases)[0] if seen & PHRASE else 0
    marks = LOREM_IPSUM if checks.lorem_ipsum and found & LOREM_IPSUM_BIT else 0
    if checks.javascript and found & JAVASCRIPT_BIT:
        return JAVASCRIPT, marks
    if checks.curly_bracket and seen & BRACE:
        marks |= CURLY_BRACKET
    return POLICY if checks.policy and found & POLICY_BITS else KEPT, marks


@kernel
def count_fates(offsets: NDArray[np.int64], fates: NDArray[np.uint8]) -> NDArray[np.int64]:
    """counts[d, f] = lines of document d that met fate f."""
    counts = np.zeros((len(offsets) - 1, FATES), np.int64)
    for document in range(len(offsets) - 1):
        for line in range(offsets[document], offsets[document + 1]):
            counts[document, fates[line]] += 1
    return counts
