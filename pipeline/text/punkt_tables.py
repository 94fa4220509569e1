"""What a Punkt model knows, as tables for kernels: its words by the hash of their lower case, and characters' classes.

Kiss and Strunk 2006; the four tables are those of NLTK's `punkt_tab` folders (nltk/tokenize/punkt.py, PunktParameters).
"""

import unicodedata
from collections.abc import Collection, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.classes import DECODABLE, SPACE, UNICODE, class_table
from pipeline.text.hashing import fold
from pipeline.text.hashset import HashSet, hash_set, hash_words, slot_of
from pipeline.text.kernel import inline, kernel
from pipeline.text.lower import LONGEST_GROWTH, LONGEST_LOSS, LowerTable, lower_table, written_points

BEGIN_UPPER, INSIDE_UPPER, UNKNOWN_UPPER, BEGIN_LOWER, INSIDE_LOWER, UNKNOWN_LOWER = (1 << k for k in range(1, 7))
CONTEXTS = 127  # where a word was seen with a capital, and where without: NLTK's own bits
EVER_UPPER = BEGIN_UPPER | INSIDE_UPPER | UNKNOWN_UPPER
EVER_LOWER = BEGIN_LOWER | INSIDE_LOWER | UNKNOWN_LOWER
ABBREVIATION, STARTER, COLLOCATED = 128, 256, 512  # the last: some collocation begins with it
NUMBER = "##number##"  # stands for every number

BLANK = 1  # \\s of the `regex` package, which NLTK matches with: str.isspace but U+001C to U+001F
WHITE = 2  # str.isspace
DIGIT = 4  # \\d
LETTER = 8  # [^\\W\\d]
UPPER, LOWER = 16, 32  # str.isupper, str.islower of the character alone
NOT_INSIDE = 64  # no word goes on with it
NOT_FIRST = 128  # no word begins with it: it is a token of its own
CLOSING = 256  # it belongs to the sentence before it
INSIDE_NONE = ")\";}]*:@'({[\u2018\u2019\u201c\u201d\u00ab\u00bb?!"  # NLTK 3.10; 3.9 has no curly quotes
CLOSERS = "\"')]}\u2018\u2019\u201c\u201d\u00ab\u00bb"
FIRST_NONE = '("`{[:;&#*@)}]-,'
NOT_BLANK = slice(0x1C, 0x20)
WORD_SYMBOLS = ((0x200C, 0x200D), (0x24B6, 0x24E9), (0x1F130, 0x1F149), (0x1F150, 0x1F169), (0x1F170, 0x1F189))
PADDING = 64  # bytes that hashing reads beyond a word

Classes = NDArray[np.uint16]


@cache
def punkt_classes() -> Classes:
    """The class bits of every code point, of the Unicode version that Python has."""
    characters = np.arange(UNICODE, dtype=np.uint32).view("U1")
    table = np.zeros(DECODABLE, np.uint16)
    known = table[:UNICODE]
    known |= (class_table()[:UNICODE] & SPACE != 0) * np.uint16(WHITE | BLANK)
    known[NOT_BLANK] &= ~np.uint16(BLANK)
    known |= np.strings.isdecimal(characters) * np.uint16(DIGIT)
    known |= np.strings.isupper(characters) * np.uint16(UPPER)
    known |= np.strings.islower(characters) * np.uint16(LOWER)
    known |= np.strings.isalpha(characters) * np.uint16(LETTER)
    points = written_points()
    categories = [unicodedata.category(chr(point)) for point in points]
    known[points[[kind[0] == "M" or kind in ("Nl", "Pc") for kind in categories]]] |= LETTER
    for first, last in WORD_SYMBOLS:  # Other_Alphabetic and Join_Control: \\w of `regex`, not of Python
        known[first : last + 1] |= LETTER
    for marks, bit in ((INSIDE_NONE, NOT_INSIDE), (FIRST_NONE, NOT_FIRST), (CLOSERS, CLOSING)):
        known[[ord(mark) for mark in marks]] |= bit
    table.flags.writeable = False
    return table


class Tables(NamedTuple):
    """`types`: words by hash, with what is known of each in `marks`. `pairs`: collocations by `pair_of`."""

    classes: Classes
    lower: LowerTable
    types: HashSet
    marks: NDArray[np.uint16]
    pairs: HashSet
    number: np.uint64
    longest: int  # bytes of a word whose lower case may be in `types`

    def room(self) -> NDArray[np.uint8]:
        """Room for the lower case of one word."""
        return np.zeros(LONGEST_GROWTH * self.longest + PADDING, np.uint8)


def tables_of(
    abbreviations: Collection[str],
    starters: Collection[str],
    collocations: Collection[tuple[str, str]],
    contexts: Mapping[str, int],
) -> Tables:
    """The tables of a model's four lists; words are lower-case, without the stop at their end."""
    known = dict.fromkeys([*abbreviations, *starters, *(first for first, _ in collocations)], 0) | dict(contexts)
    for words, mark in ((abbreviations, ABBREVIATION), (starters, STARTER), ([a for a, _ in collocations], COLLOCATED)):
        for word in words:
            known[word] |= mark
    hashes = hash_words(list(known))
    types = hash_set(hashes)
    marks = np.zeros(len(types), np.uint16)
    set_marks(types, marks, hashes, np.array(list(known.values()), np.uint16))
    pairs = [hash_words([pair[side] for pair in collocations]) for side in (0, 1)]
    longest = LONGEST_LOSS * max((len(word.encode()) for word in known), default=0)
    number = hash_words([NUMBER])[0]
    return Tables(punkt_classes(), lower_table(), types, marks, hash_set(pairs_of(*pairs)), number, longest)


@inline
def pair_of(first: np.uint64, second: np.uint64) -> np.uint64:
    """The hash of two words, one after the other."""
    return fold(first) ^ second


@kernel
def pairs_of(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hash of each two words."""
    return np.array([pair_of(first[i], second[i]) for i in range(len(first))], np.uint64)


@inline
def marks_of(word: np.uint64, tables: Tables) -> int:
    """What is known of the word with this hash."""
    return tables.marks[slot_of(tables.types, max(word, uint64(1)))]


@kernel
def set_marks(types: HashSet, marks: NDArray[np.uint16], words: NDArray[np.uint64], found: NDArray[np.uint16]) -> None:
    """Put what is known of each word where the word stands."""
    for i in range(len(words)):
        marks[slot_of(types, max(words[i], uint64(1)))] |= found[i]
