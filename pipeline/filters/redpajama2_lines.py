"""RedPajama-v2's six signals of lines, each as the mean of its values over the lines of a document.

togethercomputer/RedPajama-Data:app/src/core/quality_signals/lines.py (commit 855a8e0) has one value a line. A raw line
has its newline, which is a character of it; a normalised one is normalised by itself.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pipeline.text.characters import KINDS, count_kinds, kind_table
from pipeline.text.classes import DIGIT, UNICODE, UPPER
from pipeline.text.hashset import hash_words
from pipeline.text.layer import Text
from pipeline.text.lines import Lines
from pipeline.text.measure import Measure
from pipeline.text.normalised import normalised_text

TERMINAL = (".", "!", "?", "”")
BULLETS = tuple("•‣▶◀◦■□▪▫–")
SEARCHED = "javascript"
UNITS = 10**8  # a line's fraction is rounded to eight digits: a whole number of these, whose sums are exact


def line_signals(text: Text, lines: Lines) -> dict[str, Measure]:
    """The means, under RedPajama's names (one is misspelt) without `rps_lines_`; 0 for a text without lines."""
    normal = normalised_text(Text(lines.data, lines.start, lines.stop))
    words = normal.words
    wanted = words.count(words.hash == hash_words([SEARCHED])[0])
    capitals = count_kinds(lines.data, lines.start, lines.stop, kind_table())[KINDS.index(UPPER)]
    numbers = count_kinds(normal.data, normal.start, normal.stop, numeric_kinds())[KINDS.index(DIGIT)]
    per_line = {
        "ending_with_terminal_punctution_mark": whole(lines.stripped.ending_with(TERMINAL)),
        "javascript_counts": whole(wanted.values),
        "num_words": whole(words.count().values),
        "numerical_chars_fraction": units(numbers, normal.chars.values),
        "start_with_bulletpoint": whole(lines.stripped.starting_with(BULLETS)),
        "uppercase_letter_fraction": units(capitals, lines.chars + has_newline(text, lines)),
    }
    return {name: mean(lines, values) for name, values in per_line.items()}


def has_newline(text: Text, lines: Lines) -> NDArray[np.bool_]:
    """All lines but one that ends where its document does."""
    found: NDArray[np.bool_] = lines.stop < np.repeat(text.stop, np.diff(lines.offsets))
    return found


@cache
def numeric_kinds() -> NDArray[np.uint8]:
    """The table of kinds with str.isnumeric in the place of DIGIT (½, Ⅷ and 三 too)."""
    table = kind_table() & np.uint8(255 - DIGIT)
    numeric = np.strings.isnumeric(np.arange(UNICODE, dtype=np.uint32).view("U1"))
    table[:UNICODE] |= numeric * np.uint8(DIGIT)
    table.flags.writeable = False
    return table


def whole(values: NDArray[np.bool_] | NDArray[np.float64]) -> NDArray[np.float64]:
    return values.astype(np.float64) * UNITS


def units(part: NDArray[np.int64], of: NDArray[np.float64] | NDArray[np.int64]) -> NDArray[np.float64]:
    """round(part / of, 8) of each line, in units; 0 for an empty one."""
    return np.rint(Measure.of(part).per(Measure.of(of)).values * UNITS)


def mean(lines: Lines, values: NDArray[np.float64]) -> Measure:
    """Of each document, from units of its lines."""
    document = np.repeat(np.arange(len(lines.offsets) - 1), np.diff(lines.offsets))
    sums = np.bincount(document, weights=values, minlength=len(lines.offsets) - 1)
    return Measure.of(sums).per(Measure.of(np.diff(lines.offsets) * UNITS))
