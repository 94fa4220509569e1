"""C4's view of a text: its lines stripped and without citations, why each is dropped, and what is left of the text."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.arrow import PADDING
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.phrases import Phrases, phrases_in
from pipeline.text.spacy_english import DIGIT, CharacterClasses, character_classes
from pipeline.text.utf8 import Data, decode

KEPT, LONG_WORD, UNENDED, SHORT, JAVASCRIPT, POLICY = range(6)  # what became of a line, checked in this order
LOREM_IPSUM, CURLY_BRACKET = 1, 2  # marks of a line that drop its document

PHRASES = Phrases.of(
    "lorem ipsum",
    "javascript",
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
LOREM_IPSUM_BIT, JAVASCRIPT_BIT, POLICY_BITS = 1, 2, 0b11111100  # of the phrases above

END_PUNCTUATION = tuple(b".?!\"'")
OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, STOP = b"[]{."
EDIT = np.frombuffer(b"[edit]", np.uint8)
CITATION_NEEDED = np.frombuffer(b"[citation needed]", np.uint8)


@dataclass(frozen=True, eq=False)
class CleanLines:
    """Each line of a batch as C4 looks at it: stripped, without citations; its words and longest word before that."""

    data: Data
    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    words: NDArray[np.int64]
    longest_word: NDArray[np.int64]


class Checks(NamedTuple):
    """Which lines go, and which mark their document."""

    max_word_length: int
    terminal_punctuation: bool
    min_words: int
    lorem_ipsum: bool
    javascript: bool
    curly_bracket: bool
    policy: bool


def clean_lines(text: Text, *, citations: bool, ended_only: bool) -> CleanLines:
    """The lines of a batch, stripped, and with `citations` without [1], [edit] and [citation needed].

    With `ended_only`, lines that cannot end in a terminal punctuation mark are left empty, not copied.
    """
    lines, words = text.lines, text.words
    data = np.zeros(int((lines.stop - lines.start).sum()) + PADDING, np.uint8)
    columns = [np.empty(len(lines), np.int64) for _ in range(4)]
    spans = (lines.offsets, lines.stop, words.offsets, words.start, words.stop, words.chars)
    copy_lines(text.data, *spans, character_classes(), citations, ended_only, data, *columns)
    return CleanLines(data, *columns)


@kernel
def copy_lines(
    source: Data,
    line_offsets: NDArray[np.int64],
    line_stop: NDArray[np.int64],
    word_offsets: NDArray[np.int64],
    word_start: NDArray[np.int64],
    word_stop: NDArray[np.int64],
    word_chars: NDArray[np.int32],
    classes: CharacterClasses,
    citations: bool,
    ended_only: bool,
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    words: NDArray[np.int64],
    longest: NDArray[np.int64],
) -> None:
    """Copy each line from its first word to its last, and count its words."""
    out = 0
    for document in range(len(line_offsets) - 1):
        word, end = word_offsets[document], word_offsets[document + 1]
        for line in range(line_offsets[document], line_offsets[document + 1]):
            first, longest[line] = word, 0
            while word < end and word_start[word] < line_stop[line]:
                longest[line] = max(longest[line], word_chars[word])
                word += 1
            words[line] = word - first
            start[line] = out
            if word > first and not (ended_only and never_ends(source[word_stop[word - 1] - 1])):
                out = copy_span(source, word_start[first], word_stop[word - 1], classes, citations, data, out)
            stop[line] = out


@inline
def never_ends(last: int) -> bool:
    """Whether no terminal punctuation mark can stand at the end of a line with this last byte, or before a citation."""
    return last not in END_PUNCTUATION and last != CLOSE_BRACKET


@inline
def copy_span(
    source: Data, start: int, stop: int, classes: CharacterClasses, citations: bool, data: Data, out: int
) -> int:
    """Copy source[start:stop] to data[out:], without citations; returns where the copy ends."""
    at = start
    while at < stop:
        width = citation_width(source, at, stop, classes) if citations and source[at] == OPEN_BRACKET else 0
        if width == 0:
            data[out] = source[at]
            out += 1
            width = 1
        at += width
    return out


@inline
def begins_with(data: Data, at: int, stop: int, wanted: Data) -> bool:
    """Whether data[at:stop] begins with the bytes wanted."""
    if stop - at < len(wanted):
        return False
    for i in range(len(wanted)):
        if data[at + i] != wanted[i]:
            return False
    return True


@inline
def citation_width(data: Data, at: int, stop: int, classes: CharacterClasses) -> int:
    r"""Bytes of the citation at data[at], a bracket: `\\[\\d*]|\\[edit]|\\[citation needed]`; 0 where there is none."""
    end = at + 1
    while end < stop:
        code_point, width = decode(data, end)
        if not classes[code_point] & DIGIT:
            break
        end += width
    if end < stop and data[end] == CLOSE_BRACKET:
        return end + 1 - at
    if begins_with(data, at, stop, EDIT):
        return len(EDIT)
    return len(CITATION_NEEDED) if begins_with(data, at, stop, CITATION_NEEDED) else 0


def judge_lines(lines: CleanLines, checks: Checks) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """What becomes of each line (KEPT or why it goes), and the marks that drop its document."""
    fates, marks = np.zeros(len(lines.start), np.uint8), np.zeros(len(lines.start), np.uint8)
    judge(lines.data, lines.start, lines.stop, lines.words, lines.longest_word, checks, PHRASES, fates, marks)
    return fates, marks


@kernel
def judge(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    words: NDArray[np.int64],
    longest: NDArray[np.int64],
    checks: Checks,
    phrases: Phrases,
    fates: NDArray[np.uint8],
    marks: NDArray[np.uint8],
) -> None:
    """The first check that a line fails; a line that fails one of the first three is not read for phrases."""
    for line in range(len(start)):
        if longest[line] > checks.max_word_length:
            fates[line] = LONG_WORD
        elif checks.terminal_punctuation and not is_ended(data, start[line], stop[line]):
            fates[line] = UNENDED
        elif words[line] < checks.min_words:
            fates[line] = SHORT
        else:
            fates[line], marks[line] = read_line(data, start[line], stop[line], checks, phrases)


@inline
def is_ended(data: Data, start: int, stop: int) -> bool:
    """Whether the line ends in a terminal punctuation mark, and not in "..."."""
    if stop == start or data[stop - 1] not in END_PUNCTUATION:
        return False
    return not (stop - start >= 3 and data[stop - 1] == STOP and data[stop - 2] == STOP and data[stop - 3] == STOP)


@inline
def read_line(data: Data, start: int, stop: int, checks: Checks, phrases: Phrases) -> tuple[int, int]:
    """The fate and the marks of a line by its phrases; "javascript" goes before the curly bracket is looked for."""
    found, braces = phrases_in(data, start, stop, OPEN_BRACE, phrases)
    marks = LOREM_IPSUM if checks.lorem_ipsum and found & LOREM_IPSUM_BIT else 0
    if checks.javascript and found & JAVASCRIPT_BIT:
        return JAVASCRIPT, marks
    if checks.curly_bracket and braces:
        marks |= CURLY_BRACKET
    return POLICY if checks.policy and found & POLICY_BITS else KEPT, marks
