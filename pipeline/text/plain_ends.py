"""Words with a sentence end of which bitmaps tell what spaCy's tokens would: "end.", "so).", "3.5", not "(so.)", "...".

Bitmaps of the 64 bytes around the end, its word among them, take the place of cutting the word into its tokens.
"""

import numpy as np
from numba import int64, uint64

from pipeline.text.affixes import stop_closes
from pipeline.text.bits import NONE, ONE, below, bytes_between, bytes_equal, first_bits, highest, lowest
from pipeline.text.kernel import inline
from pipeline.text.spacy_english import NOT_EXCEPTION, CharacterClasses, Exceptions, exception
from pipeline.text.utf8 import Data

UNTOLD, GOES_ON, ENDS = range(3)  # what a plain word does: it must be cut to tell, no sentence ends in it, one does
BEFORE = 40  # bytes of the window before the end; the word stands in the window
STOP, EXCLAMATION, QUESTION, DOLLAR = b".!?$"
FIRST_WIDE, LAST_BYTE = 0x80, 0xFF
C0, C2, D6 = 0xC0, 0xC2, 0xD6  # leads of U+00C0 to U+057F, letters and marks without a space or end, are between


@inline
def plain_word(
    data: Data, end: int, at: int, stop: int, classes: CharacterClasses, known: Exceptions
) -> tuple[int, int, int]:
    """What the word of data[at:stop] does in which the first sentence end stands at `end`; and its span.

    Told are words that begin with an ASCII letter or digit and have no character beyond U+057F, no dollar and no
    sentence end but their last character and full stops between letters or digits, where spaCy never cuts. Then the
    first token is not punctuation, and the last character is a token of its own if it is a closer (infixes.py,
    affixes.py), unless an exception takes it: one that the word is, or that `rejoin` finds at its end. There
    no other character of an exception than its letters and full stops precedes the last full stop; what has the mark
    of one is not told.
    """
    window = end - BEFORE
    if window < 0:
        return UNTOLD, 0, 0
    outside = bytes_between(data, window, 9, 4, 0) | bytes_between(data, window, 28, 4, 0) | ~first_bits(stop - window)
    if window < at:
        outside |= first_bits(at - window)
    left, right = outside & below(uint64(BEFORE)), outside & ~below(uint64(BEFORE))
    if left == NONE or right == NONE:
        return UNTOLD, 0, 0
    first, after = highest(left) + 1, lowest(right)
    start, final = window + first, uint64(after - 1)
    word = below(uint64(after)) & ~below(uint64(first))
    letters, upper = bytes_between(data, window, 97, 25, 32), bytes_between(data, window, 65, 25, 0)
    alphanumeric = letters | bytes_between(data, window, 48, 9, 0)
    stops = bytes_equal(data, window, STOP)
    others = bytes_equal(data, window, EXCLAMATION) | bytes_equal(data, window, QUESTION)
    strange = bytes_equal(data, window, DOLLAR) | bytes_between(data, window, D6, LAST_BYTE - D6, 0)
    strange |= bytes_between(data, window, C0, C2 - C0, 0) | (others & ~(ONE << final))
    within = alphanumeric << ONE & alphanumeric >> ONE & ~((letters & ~upper) << ONE & upper >> ONE)
    strange |= stops & ~within & ~(ONE << final)
    if strange & word != NONE or alphanumeric >> uint64(first) & ONE == NONE:
        return UNTOLD, 0, 0
    return last_of_plain(data, start, window + after, letters, stops, others, alphanumeric, final, classes, known)


@inline
def last_of_plain(
    data: Data,
    start: int,
    stop: int,
    letters: np.uint64,
    stops: np.uint64,
    others: np.uint64,
    alphanumeric: np.uint64,
    final: np.uint64,
    classes: CharacterClasses,
    known: Exceptions,
) -> tuple[int, int, int]:
    """What the last character of a plain word does."""
    if (stops | others) >> final & ONE == NONE:
        return GOES_ON, start, stop
    wide = bytes_between(data, stop - 1 - int64(final), FIRST_WIDE, LAST_BYTE - FIRST_WIDE, 0)
    run = ~(letters | stops | others | wide) & below(final)
    behind = max(start, stop - int64(final) + highest(run)) if run else start
    if exception(data, start, stop, known) != NOT_EXCEPTION:
        return GOES_ON, start, stop
    if exception(data, start, stop - 1, known) != NOT_EXCEPTION:
        return UNTOLD, 0, 0
    if behind > start and exception(data, behind, stop, known) != NOT_EXCEPTION:
        return UNTOLD, 0, 0
    if others >> final & ONE or stop_closes(data, start, stop - 1, classes):
        return ENDS, start, stop
    return (GOES_ON if alphanumeric >> (final - ONE) & ONE else UNTOLD), start, stop
