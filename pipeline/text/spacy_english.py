"""What spaCy's English tokeniser and sentencizer know, as tables for kernels (data/spacy_english.txt, MIT)."""

from functools import cache
from importlib.resources import files

import numpy as np
from numba import int64, uint64
from numpy.typing import NDArray

from pipeline.text.classes import DECODABLE, SPACE, class_table
from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data

SENTENCE_END = 1  # the sentencizer's punctuation: . ! ? and their kin in other scripts
PUNCTUATION = 2  # Unicode category P
OPENER = 4  # taken off a word's front
CLOSER = 8  # taken off its end, whatever stands before it
BEFORE_STOP = 16  # a full stop at the end is taken off behind one of these
LOWER = 32  # spaCy's own letter classes: uncased scripts are both lower and upper
UPPER = 64
LETTER = 128
QUOTE = 256
ICON = 512  # dingbats and emoji
DIGIT = 1024
WHITE = 2048  # str.isspace

CLASSES = {
    "sentence_end": SENTENCE_END,
    "punctuation": PUNCTUATION,
    "opener": OPENER,
    "closer": CLOSER,
    "before_stop": BEFORE_STOP,
    "lower": LOWER,
    "upper": UPPER,
    "alpha": LETTER,
    "quote": QUOTE,
    "icon": ICON,
    "digit": DIGIT,
}
NOT_ABBREVIATION = -1

CharacterClasses = NDArray[np.uint16]
Abbreviations = NDArray[np.uint64]  # [slots, 2]: the word itself, and its cut_bits
LONGEST_ABBREVIATION = 7  # bytes ("Messrs."): a word and its length fit into 64 bits
TOKEN_BITS = 8  # the bits of an abbreviation's cuts stand below, those of its tokens above
CUT_BITS = 255
SLOT_BITS = 10  # 270 abbreviations in 1,024 slots
GOLDEN = uint64(0x9E3779B97F4A7C15)  # 2^64 / golden ratio: spreads the keys over the slots


@cache
def sections() -> dict[str, list[str]]:
    """The words of each [section] of the data file."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for line in files("pipeline.text").joinpath("data", "spacy_english.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            words = found.setdefault(line[1:-1], [])
        elif not line.startswith("#"):
            words.extend(line.split())
    return found


@cache
def character_classes() -> CharacterClasses:
    """The class bits of every code point."""
    table = np.zeros(DECODABLE, np.uint16)
    for name, bit in CLASSES.items():
        for span in sections()[name]:
            first, _, last = span.partition("-")
            table[int(first, 16) : int(last or first, 16) + 1] |= bit
    table[np.flatnonzero(class_table() & SPACE)] |= WHITE
    table.flags.writeable = False
    return table


def cut_bits(word: str) -> int:
    """A bit for the byte where each piece but the first begins; TOKEN_BITS higher where it is a token even so."""
    bits = at = 0
    for byte in word.encode():
        if byte in b"+|":
            bits |= 1 << (at + (TOKEN_BITS if byte == ord("|") else 0))
        else:
            at += 1
    return bits


@cache
def abbreviations() -> Abbreviations:
    """The exceptions that hold a sentence end, in a hash table of open addressing."""
    table = np.zeros((1 << SLOT_BITS, 2), np.uint64)
    for word in sections()["abbreviations"]:
        whole = word.replace("+", "").replace("|", "")
        insert(np.frombuffer(whole.encode(), np.uint8), np.uint64(cut_bits(word)), table)
    table.flags.writeable = False
    return table


@inline
def key_of(data: Data, start: int, stop: int) -> np.uint64:
    """The bytes data[start:stop], seven at most, and their number."""
    key = uint64(stop - start)
    for at in range(start, stop):
        key = key << uint64(8) | uint64(data[at])
    return key


@inline
def slot_of(key: np.uint64, table: Abbreviations) -> int:
    """Where `key` stands in the table, or the empty slot where it would."""
    slot = (key * GOLDEN) >> uint64(64 - SLOT_BITS)
    while table[slot, 0] != key and table[slot, 0] != uint64(0):
        slot = (slot + uint64(1)) % uint64(1 << SLOT_BITS)
    return slot


@kernel
def insert(word: Data, bits: np.uint64, table: Abbreviations) -> None:
    """Put one abbreviation into the table."""
    key = key_of(word, 0, len(word))
    slot = slot_of(key, table)
    table[slot, 0], table[slot, 1] = key, bits


@inline
def abbreviation(data: Data, start: int, stop: int, table: Abbreviations) -> int:
    """The cut_bits of the abbreviation data[start:stop]; NOT_ABBREVIATION if it is none."""
    if stop - start > LONGEST_ABBREVIATION or stop <= start:
        return NOT_ABBREVIATION
    key = key_of(data, start, stop)
    slot = slot_of(key, table)
    return int64(table[slot, 1]) if table[slot, 0] == key else NOT_ABBREVIATION
