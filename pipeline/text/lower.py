"""str.lower() inside kernels, a span at a time: in Python's own table, and its two rules beyond one letter for one."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.text.classes import DECODABLE, SURROGATES
from pipeline.text.kernel import inline
from pipeline.text.utf8 import Data, decode, last_character

CAPITAL_SIGMA, SIGMA, FINAL_SIGMA = 0x3A3, 0x3C3, 0x3C2
DOTTED_CAPITAL_I, DOT_ABOVE = 0x130, 0x307  # İ becomes i and this
LONGEST_GROWTH = 2  # times the bytes at most: İ 2 to 3, Ⱥ 2 to 3
LONGEST_LOSS = 3  # times fewer: the Kelvin sign
FIRST_WIDE, CASE = 0x80, 32
IDEOGRAPHS, TAGS = 0x20000, (0xE0000, 0xE0200)

LowerTable = NDArray[np.uint32]  # the low 21 bits: what a code point becomes; above them, what a sigma looks for
POINT = 0x1FFFFF
CASED, IGNORABLE = 1 << 21, 1 << 22  # Unicode's Cased and Case_Ignorable, as the final sigma asks for them


@cache
def lower_table() -> LowerTable:
    """What each code point becomes; CASED and IGNORABLE are read off from what str.lower makes of a sigma behind."""
    points = np.setdiff1d(written_points(), [DOTTED_CAPITAL_I])
    characters = [chr(point) for point in points]
    table = np.arange(DECODABLE, dtype=np.uint32)
    table[points] = code_points("".join(characters).lower())
    cased, cased_or_ignorable = with_final_sigma("", characters), with_final_sigma("a", characters)
    table[points[cased]] |= CASED
    table[points[cased_or_ignorable & ~cased]] |= IGNORABLE
    table[DOTTED_CAPITAL_I] = ord("i") | CASED
    table.flags.writeable = False
    return table


def written_points() -> NDArray[np.uint32]:
    """The code points but surrogates, the planes of ideographs and private use: what has case or is a mark."""
    return np.array([*range(SURROGATES.start), *range(SURROGATES.stop, IDEOGRAPHS), *range(*TAGS)], np.uint32)


def with_final_sigma(before: str, characters: list[str]) -> NDArray[np.bool_]:
    """Whether a sigma behind `before` and each character becomes a final one."""
    lowered = code_points("".join(f"{before}{character}Σ " for character in characters).lower())
    return lowered.reshape(len(characters), -1)[:, -2] == FINAL_SIGMA


def code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


@inline
def lower(data: Data, start: int, stop: int, table: LowerTable, target: Data) -> int:
    """Write data[start:stop].lower() to `target`, which has room for LONGEST_GROWTH times as much; its length."""
    at, end = start, 0
    while at < stop:
        byte = data[at]
        if byte < FIRST_WIDE:
            target[end] = byte | CASE if 65 <= byte <= 90 else byte
            at += 1
            end += 1
            continue
        code_point, width = decode(data, at)
        becomes = table[code_point] & POINT
        if code_point == CAPITAL_SIGMA and is_final(data, start, at, stop, table):
            becomes = FINAL_SIGMA
        end = encode(becomes, target, end)
        if code_point == DOTTED_CAPITAL_I:
            end = encode(DOT_ABOVE, target, end)
        at += width
    return end


@inline
def is_final(data: Data, start: int, at: int, stop: int, table: LowerTable) -> bool:
    """Unicode's Final_Sigma of the sigma at data[at]: a cased letter before it, none after it."""
    cased, before = False, at
    while before > start:
        code_point, before = last_character(data, start, before)
        if not table[code_point] & IGNORABLE:
            cased = table[code_point] & CASED != 0
            break
    after = at + 2
    while cased and after < stop:
        code_point, width = decode(data, after)
        if not table[code_point] & IGNORABLE:
            return not table[code_point] & CASED
        after += width
    return cased


@inline
def encode(code_point: int, target: Data, at: int) -> int:
    """Write a code point to target[at:] as UTF-8; where it ends."""
    if code_point < 0x80:
        target[at] = code_point
        return at + 1
    if code_point < 0x800:
        target[at] = 0xC0 | code_point >> 6
    elif code_point < 0x10000:
        target[at] = 0xE0 | code_point >> 12
        at += 1
        target[at] = 0x80 | code_point >> 6 & 0x3F
    else:
        target[at] = 0xF0 | code_point >> 18
        target[at + 1] = 0x80 | code_point >> 12 & 0x3F
        at += 2
        target[at] = 0x80 | code_point >> 6 & 0x3F
    target[at + 1] = 0x80 | code_point & 0x3F
    return at + 2
