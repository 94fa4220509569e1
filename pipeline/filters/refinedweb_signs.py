"""Which lines may end in "Read more..." or begin with "Sign-in": asked of every line, so answered without a loop."""

import numpy as np

from pipeline.text.bits import load_eight
from pipeline.text.kernel import inline
from pipeline.text.utf8 import Data, decode

DOTS = 3  # any characters behind "read more"
CASE = 32  # the bit that makes an ASCII letter lower-case
CASES = np.uint64(0x2020202020202020)  # of eight letters
LOWER_E, LOWER_G, LOWER_I, LOWER_S = b"egis"
UPPER_A, UPPER_Z = b"AZ"
DOTTED_I, DOTLESS_I, LONG_S = 0x130, 0x131, 0x17F
END_OF_READ_MORE = np.uint64(int.from_bytes(b"ead more", "little"))
FIRST_WIDE = 0x80
LEAD_OF_LONG_S = 0xC5  # the first of its two bytes


@inline
def may_read_more(data: Data, start: int, stop: int) -> bool:
    """Whether data[start:stop] is looked at: what ends in three ASCII characters has "ead more" before them.

    Of others an e before the last three characters is asked for.
    """
    if ends_in_ascii(data, start, stop):
        at = max(start, stop - DOTS - 8)
        return load_eight(data, at) | CASES == END_OF_READ_MORE and stop - at == DOTS + 8
    at = stop
    for _ in range(DOTS):
        at -= 1
        while at > start and data[at] & 0xC0 == 0x80:
            at -= 1
    return at > start and data[at - 1] | CASE == LOWER_E


@inline
def ends_in_ascii(data: Data, start: int, stop: int) -> bool:
    """Whether the DOTS last characters, and there is one before them, are a byte each, as in most lines."""
    return stop - start > DOTS and data[stop - 1] | data[stop - 2] | data[stop - 3] < FIRST_WIDE


@inline
def may_sign_in(data: Data, start: int) -> bool:
    """Whether an s stands at data[start], or what may be a long one, and a g behind one letter if that is ASCII."""
    third = (data[start + 2] | CASE == LOWER_G) | (data[start + 1] >= FIRST_WIDE)
    return bool((data[start] | CASE == LOWER_S) & third) or data[start] == LEAD_OF_LONG_S


@inline
def after_folded(data: Data, at: int, stop: int, wanted: Data) -> int:
    """Where the ASCII phrase at data[at] ends, whatever its case; 0 where it does not stand there."""
    for letter in wanted:
        if at >= stop:
            return 0
        code_point, width = decode(data, at)
        if folded(code_point) != letter:
            return 0
        at += width
    return at


@inline
def folded(code_point: np.uint32) -> int:
    """What `re.I` compares: of the letters that a cut has, ASCII's and the three that fold to i and s."""
    if UPPER_A <= code_point <= UPPER_Z:
        return int(code_point) + CASE
    if code_point == DOTTED_I or code_point == DOTLESS_I:
        return LOWER_I
    return LOWER_S if code_point == LONG_S else int(code_point)
