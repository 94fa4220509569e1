"""What lines and sentences are compared as: peers' normal forms, written by table, and 128-bit keys of them."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.bytes64 import eight_bytes, first_bytes
from pipeline.dedup.folding import EACH, FROM_ZERO, HIGH_BITS, PAST_NINE, lower_ascii
from pipeline.dedup.keys import OTHER, Keys, absorb, absorb_span, finish
from pipeline.filters.ccnet_text import CHANGING, PUNCTUATION
from pipeline.text.arrow import PADDING
from pipeline.text.classes import DECODABLE, class_table
from pipeline.text.classes import PUNCTUATION as DATATROVE_PUNCTUATION
from pipeline.text.hashing import GOLDEN
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.lines import Lines
from pipeline.text.utf8 import Data, decode

FINAL_SIGMA = str.maketrans("ς", "σ")  # str.lower() looks at the neighbours of a capital one; here both are one letter
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
MARK = "Mn"  # Unicode's category of combining marks that take no room
SAME, DIGIT, BLANK = 0, -1, -2  # a character that stays, one of a number, white space
ZERO, SPACE = ord("0"), ord(" ")
SEPARATORS = tuple(map(ord, ".,،٫⎖⎗⎘"))  # datatrove/utils/text.py, NUMBERS_PATTERN: between the digits of one number
FROM_SPACE = uint64((0x80 - SPACE) * EACH)  # added to an ASCII byte, sets its high bit from a blank on
DELETED = uint64(EACH)  # added to an ASCII byte, sets its high bit where it is 0x7F
SPACES = uint64(SPACE * EACH)


class Forms(NamedTuple):
    """`which[c]`: SAME, DIGIT, BLANK, or the place of the character's form in data[offsets]."""

    which: NDArray[np.int32]
    offsets: NDArray[np.int64]
    data: Data


def lowered(character: str) -> str:
    return character.lower().translate(FINAL_SIGMA)


def ccnet_form(character: str) -> str:
    """cc_net/text_normalizer.py, normalize_for_dedup: lower case, digits as 0, no typographic punctuation."""
    plain = "0" if character.isdecimal() else lowered(character)
    return CONTROL.sub("", "".join(letter for letter in plain if ord(letter) not in PUNCTUATION))


def simple_form(character: str) -> str:
    """datatrove/utils/text.py, simplify_text, but for numbers and blanks: punctuation as a blank, no accents."""
    classes = class_table()
    spaced = "".join(" " if classes[ord(letter)] & DATATROVE_PUNCTUATION else letter for letter in lowered(character))
    return "".join(letter for letter in unicodedata.normalize("NFD", spaced) if unicodedata.category(letter) != MARK)


NORMAL: dict[str, Callable[[str], str]] = {"ccnet": ccnet_form, "lower": lowered, "simple": simple_form}


@cache
def forms(name: str) -> Forms:
    """The form of each character (0.2 s, once a process). `simple` alone tells numbers and blanks from the rest."""
    which = np.zeros(DECODABLE, np.int32)
    changed = [b""]
    for code in chain(*CHANGING):
        character = chr(code)
        form = NORMAL[name](character)
        if name == "simple" and (form == " " or character.isspace()):
            which[code] = BLANK
        elif name == "simple" and character.isdecimal():
            which[code] = DIGIT
        elif form != character:
            which[code] = len(changed)
            changed.append(form.encode())
    offsets = np.cumsum([0, *map(len, changed)], dtype=np.int64)
    return Forms(which, offsets, np.frombuffer(b"".join(changed), np.uint8))


@inline
def zero_digits(eight: np.uint64) -> np.uint64:
    """Eight ASCII bytes at once, each digit as 0: the low four bits of it cleared."""
    digit = ((eight + FROM_ZERO) & ~(eight + PAST_NINE)) & HIGH_BITS
    return eight & ~((digit >> uint64(7)) * uint64(0xF))


@inline
def unusual(eight: np.uint64) -> np.uint64:
    """Not 0 where one of eight bytes is no printed ASCII."""
    return (eight | (eight + DELETED) | ~(eight + FROM_SPACE)) & HIGH_BITS


@inline
def write_form(data: Data, start: int, stop: int, forms: Forms, room: Data) -> int:
    """The form of data[start:stop], character by character; returns its bytes."""
    out, at = 0, start
    while at < stop:
        code_point, width = decode(data, at)
        form = forms.which[code_point]
        if form == SAME:
            for i in range(width):
                room[out + i] = data[at + i]
            out += width
        else:
            for i in range(forms.offsets[form], forms.offsets[form + 1]):
                room[out] = forms.data[i]
                out += 1
        at += width
    return out


@kernel
def fill_line_keys(
    data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], forms: Forms, digits: bool, room: Data, keys: Keys
) -> None:
    """The key of each line's form: eight bytes at a time where all are printed ASCII, by the table where not.

    Both ways hash the bytes of the form, so a line meets its like whichever way each went.
    """
    for line in range(len(start)):
        one, other = absorb(GOLDEN, OTHER, uint64(stop[line] - start[line]))
        odd, at = uint64(0), start[line]
        while at < stop[line]:
            left = stop[line] - at
            eight = eight_bytes(data, at) if left >= 8 else first_bytes(data, at, left)
            odd |= unusual(eight if left >= 8 else eight | SPACES << uint64(8 * left))
            lower = lower_ascii(eight)
            one, other = absorb(one, other, zero_digits(lower) if digits else lower)
            at += 8
        if odd:
            length = write_form(data, start[line], stop[line], forms, room)
            one, other = absorb_span(room, 0, length, GOLDEN, OTHER)
        keys[line, 0], keys[line, 1] = finish(one, other)


def line_keys(lines: Lines, normal: str) -> Keys:
    """128 bits of each line in its normal form (`ccnet`: digits are 0; `lower`), white space at its ends left out."""
    inner = lines.stripped
    longest = int((inner.stop - inner.start).max(initial=0))
    room = np.zeros(2 * longest + PADDING, np.uint8)  # no form is more than twice as long as its character
    keys = np.empty((len(lines), 2), np.uint64)
    fill_line_keys(lines.data, inner.start, inner.stop, forms(normal), normal == "ccnet", room, keys)
    return keys


@kernel
def simplify(
    data: Data, starts: NDArray[np.int64], stops: NDArray[np.int64], forms: Forms, separators: tuple[int, ...],
    room: Data, start: NDArray[np.int64], stop: NDArray[np.int64],
) -> None:  # fmt: skip
    """Write each simplified span and a blank behind it; a number, broken or whole, is a 0, a run of blanks is one."""
    out = 0
    for span in range(len(starts)):
        start[span], at = out, starts[span]
        while at < stops[span]:
            code_point, width = decode(data, at)
            form = forms.which[code_point]
            at += width
            if form == BLANK:
                if out > start[span] and room[out - 1] != SPACE:
                    room[out] = SPACE
                    out += 1
            elif form == DIGIT:
                room[out] = ZERO
                out += 1
                at = after_number(data, at, stops[span], forms.which, separators)
            elif form == SAME:
                room[out : out + width] = data[at - width : at]
                out += width
            else:
                length = forms.offsets[form + 1] - forms.offsets[form]
                room[out : out + length] = forms.data[forms.offsets[form] : forms.offsets[form + 1]]
                out += length
        if out > start[span] and room[out - 1] == SPACE:
            out -= 1
        stop[span] = out
        room[out] = SPACE
        out += 1


@inline
def after_digits(data: Data, at: int, stop: int, which: NDArray[np.int32]) -> int:
    """Where the digits that begin at data[at] end."""
    while at < stop:
        code_point, width = decode(data, at)
        if which[code_point] != DIGIT:
            break
        at += width
    return at


@inline
def after_number(data: Data, at: int, stop: int, which: NDArray[np.int32], separators: tuple[int, ...]) -> int:
    """Where the number ends of which the first digit ends at data[at]: digits, and one separator with digits behind."""
    at = after_digits(data, at, stop, which)
    if at < stop:
        code_point, width = decode(data, at)
        if code_point in separators:
            end = after_digits(data, at + width, stop, which)
            return end if end > at + width else at
    return at


def simplified(lines: Lines) -> Text:
    """datatrove's simplify_text of each span; one blank stands between two of them."""
    size = int((lines.stop - lines.start).sum()) * 3 + len(lines) + PADDING  # a syllable of Hangul is three letters
    room = np.zeros(size, np.uint8)
    start, stop = np.empty(len(lines), np.int64), np.empty(len(lines), np.int64)
    simplify(lines.data, lines.start, lines.stop, forms("simple"), SEPARATORS, room, start, stop)
    return Text(room, start, stop)
