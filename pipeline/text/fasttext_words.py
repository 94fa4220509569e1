"""How many words fastText's tokeniser finds that begin with a letter or digit: what DCLM calls a page's length.

fastText splits at seven ASCII bytes only (fastText:src/dictionary.cc readWord), so a no-break space is part of a word.
"""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.bits import (
    BLOCK,
    NONE,
    ONE,
    bytes_between,
    bytes_equal,
    count_ones,
    first_bits,
    lowest,
    without_lowest,
)
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.measure import Measure
from pipeline.text.utf8 import Data, decode
from pipeline.text.word_characters import ALPHANUMERIC, word_characters

BLANK, TAB, LAST_CONTROL_SPACE = ord(" "), 9, 13


def fasttext_words(text: Text) -> NDArray[np.int64]:
    """len([word for word in fasttext.tokenize(text) if word[0].isalnum()]) of each document.

    After DCLM core_utils.py split_words(ignore_punctuation=True).
    """
    return count_words(text.data, text.start, text.stop, word_characters())


def count_fasttext_words(text: Text) -> Measure:
    """The same as a measure."""
    return Measure.of(fasttext_words(text))


@kernel
def count_words(
    data: Data, starts: NDArray[np.int64], stops: NDArray[np.int64], table: NDArray[np.uint8]
) -> NDArray[np.int64]:
    """Words begin after a separator: with ASCII letters and digits, counted as bits, or others, one by one."""
    counts = np.zeros(len(starts), np.int64)
    for document in range(len(starts)):
        end, after_space = stops[document], ONE
        for at in range(starts[document], end, BLOCK):
            here = first_bits(end - at)
            spaces = spaces_of(data, at) & here
            begun = ~spaces & (spaces << ONE | after_space) & here
            after_space = spaces >> np.uint64(BLOCK - 1)
            ascii_begun = begun & (bytes_between(data, at, 48, 9, 0) | bytes_between(data, at, 97, 25, 32))
            counts[document] += count_ones(ascii_begun)
            wide = begun & bytes_between(data, at, 0x80, 0x7F, 0)
            while wide != NONE:
                code_point, _ = decode(data, at + lowest(wide))
                counts[document] += table[code_point] & ALPHANUMERIC != 0
                wide = without_lowest(wide)
    return counts


@inline
def spaces_of(data: Data, at: int) -> np.uint64:
    """The bitmap of what parts fastText's words: a blank, bytes 9 to 13, or a zero byte."""
    controls = bytes_between(data, at, TAB, LAST_CONTROL_SPACE - TAB, 0)
    return controls | bytes_equal(data, at, BLANK) | bytes_equal(data, at, 0)
