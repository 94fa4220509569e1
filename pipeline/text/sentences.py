"""The sentences of a text, as spaCy's blank English pipeline with its sentencizer counts them (datatrove's C4)."""

from typing import NamedTuple

import numpy as np
from numba import int64
from numpy.typing import NDArray

from pipeline.text.affixes import cut_word
from pipeline.text.bits import BLOCK, bytes_between, bytes_equal, first_bits, lowest, without_lowest
from pipeline.text.infixes import previous
from pipeline.text.kernel import inline, kernel
from pipeline.text.plain_ends import ENDS, UNTOLD, plain_word
from pipeline.text.rejoin import has_changing, rejoin
from pipeline.text.spacy_english import (
    NOT_EXCEPTION,
    PUNCTUATION,
    SENTENCE_END,
    WHITE,
    CharacterClasses,
    Exceptions,
    character_classes,
    exception,
    exceptions,
)
from pipeline.text.utf8 import Data, decode

SPACE, STOP, EXCLAMATION, QUESTION = b" .!?"
LOWER_A, LOWER_Z = b"az"
CASE = 32  # the bit that makes an ASCII letter lower-case
FIRST_WIDE, LAST_BYTE = 0x80, 0xFF
FIRST_WIDE_END = 0xD6  # the lead byte of U+0589, the first sentence end beyond ASCII


class Scratch(NamedTuple):
    """Room for the pieces of one word, as many as it has bytes and one."""

    start: NDArray[np.int64]
    stop: NDArray[np.int64]
    closers: NDArray[np.int64]


def scratch(longest_word: int) -> Scratch:
    room = longest_word + 2
    return Scratch(np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64))


def count_sentences(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of sentences of each data[start:stop], a text without line breaks; one at least."""
    longest = int((stop - start).max(initial=0))
    return sentences_of_spans(data, start, stop, character_classes(), exceptions(), scratch(longest))


@kernel
def sentences_of_spans(
    data: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    classes: CharacterClasses,
    known: Exceptions,
    room: Scratch,
) -> NDArray[np.int64]:
    """A sentence begins at each piece that is no punctuation after one that ends a sentence.

    Between sentence ends nothing is read: in 12 MB of lines that C4 keeps there are 120,000 words with an end, found in
    5 ms; what four of five do is told by bitmaps (`plain_word`), the others are cut. 17 ms in all, 31 without bitmaps.
    """
    counts = np.ones(len(start), np.int64)
    for i in range(len(start)):
        at, ended = start[i], bool(0)  # False itself is a type of its own, for which all would be compiled again
        while at < stop[i]:
            if ended:
                if begins_sentence(data, at, stop[i], classes):
                    at, ended = at + 1, bool(0)
                    counts[i] += 1
                else:
                    begun, ended, at = feed(data, at, stop[i], classes, known, room, ended)
                    counts[i] += begun
                    continue
            end = next_end(data, at, stop[i], classes)
            if end == stop[i]:
                break
            plain, _, after = plain_word(data, end, at, stop[i], classes, known)
            if plain == UNTOLD:
                at = word_at(data, at, end, classes)
                begun, ended, at = feed(data, at, stop[i], classes, known, room, ended)
                counts[i] += begun
            else:
                at, ended = after, plain == ENDS
    return counts


@inline
def begins_sentence(data: Data, at: int, stop: int, classes: CharacterClasses) -> bool:
    """Whether a single blank stands at data[at], and then a word whose first token cannot be punctuation."""
    if data[at] != SPACE or at + 1 == stop:
        return False
    return not classes[decode(data, at + 1)[0]] & (WHITE | PUNCTUATION | SENTENCE_END)


@inline
def word_at(data: Data, start: int, at: int, classes: CharacterClasses) -> int:
    """Where the word of data[start:] that holds the character at data[at] begins."""
    while at > start:
        before = at - 1 if data[at - 1] < FIRST_WIDE else previous(data, at)
        if classes[decode(data, before)[0]] & WHITE:
            break
        at = before
    return at


@inline
def next_end(data: Data, start: int, stop: int, classes: CharacterClasses) -> int:
    """Where the first sentence end of data[start:stop] stands; `stop` without."""
    for at in range(start, stop, BLOCK):
        ends = bytes_equal(data, at, STOP) | bytes_equal(data, at, EXCLAMATION) | bytes_equal(data, at, QUESTION)
        candidates = (ends | bytes_between(data, at, FIRST_WIDE_END, LAST_BYTE - FIRST_WIDE_END, 0)) & first_bits(
            stop - at
        )
        while candidates:
            here = at + lowest(candidates)
            if data[here] < FIRST_WIDE or classes[decode(data, here)[0]] & SENTENCE_END:
                return here
            candidates = without_lowest(candidates)
    return stop


@inline
def feed(
    data: Data, at: int, stop: int, classes: CharacterClasses, known: Exceptions, room: Scratch, ended: bool
) -> tuple[int, bool, int]:
    """Read the word or the white space at data[at]: the sentences that begin in it, whether one has ended, its stop."""
    end, seen, missed = span_at(data, at, stop, classes)
    if seen & WHITE:
        single = end - at == 1 and data[at] == SPACE
        return (0, ended, end) if single else (int(ended), False, end)
    if seen & SENTENCE_END:
        begun, ended = feed_pieces(data, at, end, classes, known, room, ended)
        return begun, ended, end
    if missed & PUNCTUATION:
        return int(ended), False, end
    return 0, ended, end


@inline
def span_at(data: Data, at: int, stop: int, classes: CharacterClasses) -> tuple[int, int, int]:
    """The stop of the word or white space at data[at], the classes some character of it has, and those one lacks."""
    seen = missed = 0
    white = classes[decode(data, at)[0]] & WHITE
    while at < stop:
        code_point, width = decode(data, at)
        found = classes[code_point]
        if found & WHITE != white:
            break
        seen |= found
        missed |= ~found
        at += width
    return at, seen, missed


@inline
def feed_pieces(
    data: Data, start: int, stop: int, classes: CharacterClasses, known: Exceptions, room: Scratch, ended: bool
) -> tuple[int, bool]:
    """The sentences that begin at the pieces of the word data[start:stop], and whether one has ended after it."""
    begun = 0
    if is_plain_end(data, start, stop, known):
        return int(ended), True
    for piece in range(cut_pieces(data, start, stop, classes, known, room)):
        begin, end = room.start[piece], room.stop[piece]
        code_point, width = decode(data, begin)
        if begin + width == end and classes[code_point] & SENTENCE_END:
            ended = True
        elif ended and not is_punctuation(data, begin, end, classes):
            begun += 1
            ended = False
    return begun, ended


@inline
def cut_pieces(data: Data, start: int, stop: int, classes: CharacterClasses, known: Exceptions, room: Scratch) -> int:
    """Write the tokens of the word data[start:stop] to `room`; returns their number."""
    count = cut_word(data, start, stop, classes, known, room.start, int64(0), room.closers)
    room.start[count] = stop
    for piece in range(count):
        room.stop[piece] = room.start[piece + 1]
    first = int64(0)  # not the literal, for which all would be compiled again
    if count > 2 and has_changing(data, room.start, room.stop, first, count, known):  # two are the word: looked up
        return rejoin(data, room.start, room.stop, first, count, known)
    return count


@inline
def is_plain_end(data: Data, start: int, stop: int, known: Exceptions) -> bool:
    """Whether the word is ASCII letters and one sentence end, and no exception: two pieces, without cutting it.

    Three of four words with a sentence end are; it makes counting twice as fast.
    """
    last = data[stop - 1]
    if stop - start < 3 or not (last == STOP or last == EXCLAMATION or last == QUESTION):
        return False
    if not is_lower(data[start]) and not is_lower(data[start] | CASE):
        return False
    for at in range(start + 1, stop - 1):
        if not is_lower(data[at]):
            return False
    return (
        exception(data, start, stop, known) == NOT_EXCEPTION
        and exception(data, start, stop - 1, known) == NOT_EXCEPTION
    )


@inline
def is_lower(byte: int) -> bool:
    return LOWER_A <= byte <= LOWER_Z


@inline
def is_punctuation(data: Data, start: int, stop: int, classes: CharacterClasses) -> bool:
    """Whether every character of data[start:stop] is of a Unicode category P."""
    at = start
    while at < stop:
        code_point, width = decode(data, at)
        if not classes[code_point] & PUNCTUATION:
            return False
        at += width
    return True
