"""What each code point is: one byte of class bits, derived from Python's own predicates and datatrove's two sets."""

from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

SPACE = 1  # str.isspace: what str.split and str.strip go by
BREAK = 2  # what str.splitlines breaks at; every one of them is SPACE too
ALPHA = 4  # str.isalpha; combining marks (Thai, Indic) are not
PUNCTUATION = 8  # datatrove's PUNCTUATION_SET, control characters included
TERMINAL = 16  # datatrove's TERMINAL_PUNCTUATION
UPPER = 32  # str.isupper
DIGIT = 64  # str.isdigit

UNICODE = 0x110000
DECODABLE = 0x200000  # what four bytes of invalid UTF-8 can decode to: a table of this size is never read past its end
SURROGATES = slice(0xD800, 0xE000)


@cache
def class_table() -> NDArray[np.uint8]:
    """The class bits of every code point (30 ms, once a process)."""
    characters = np.arange(UNICODE, dtype=np.uint32).view("U1")
    table = np.zeros(DECODABLE, np.uint8)
    known = table[:UNICODE]
    known |= np.strings.isspace(characters) * np.uint8(SPACE)
    known |= np.strings.isalpha(characters) * np.uint8(ALPHA)
    known |= np.strings.isupper(characters) * np.uint8(UPPER)
    known |= np.strings.isdigit(characters) * np.uint8(DIGIT)
    known[SURROGATES] = 0
    table[line_breaks()] |= BREAK
    table[code_points("punctuation")] |= PUNCTUATION
    table[code_points("terminal_punctuation")] |= TERMINAL
    table.flags.writeable = False
    return table


def line_breaks() -> list[int]:
    """Where str.splitlines breaks: the last character of each line of a text that holds every character."""
    everything = "".join(map(chr, range(0xD800)))  # the highest is U+2029
    return [ord(line[-1]) for line in everything.splitlines(keepends=True)[:-1]]


def code_points(name: str) -> list[int]:
    """The code points of one file of `pipeline/text/data`: hexadecimal, one or an inclusive range a line."""
    found: list[int] = []
    for line in files("pipeline.text").joinpath("data", f"{name}.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            first, _, last = line.partition("..")
            found.extend(range(int(first, 16), int(last or first, 16) + 1))
    return found
