r"""What RefinedWeb cuts out of short lines: "items in cart", "Read more..." at their ends, "Sign-in" at their starts.

DCLM's patterns are not escaped: the three dots are any three characters. `re.I` folds İ and ı to i, and ſ to s.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.refinedweb_lines import CUT, KEPT, JudgedLines, after_space, strip_ends, words_up_to
from pipeline.filters.refinedweb_signs import CASE, DOTS, after_folded, ends_in_ascii, may_read_more, may_sign_in
from pipeline.text.arrow import PADDING
from pipeline.text.classes import SPACE, class_table
from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data, decode, last_character

CART = np.frombuffer(b"items in cart", np.uint8)
READ_MORE = np.frombuffer(b"read more", np.uint8)
SIGN_IN = np.frombuffer(b"sign-in", np.uint8)


class Cuts(NamedTuple):
    """`moved` lines stand in `spare`, since something went from their middle; `cut` ones lost anything at all."""

    spare: Data
    moved: NDArray[np.bool_]
    cut: NDArray[np.bool_]


def cut_lines(lines: JudgedLines, max_words: int) -> Cuts:
    """Cut the lines of `max_words` words at most."""
    offsets, count = lines.source.offsets, len(lines.source)
    of_carts = (lines.stop[offsets[1:] - 1] - lines.start[offsets[:-1]])[lines.carts]
    spare = np.zeros(int(of_carts.sum()) + PADDING, np.uint8)
    cuts = Cuts(spare, np.zeros(count, np.bool_), np.zeros(count, np.bool_))
    spans = lines.source.data, offsets, lines.start, lines.stop, lines.fates
    cut(*spans, lines.carts, lines.signs, max_words, class_table(), *cuts)
    return cuts


@kernel
def cut(
    data: Data,
    offsets: NDArray[np.int64],
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    fates: NDArray[np.uint8],
    carts: NDArray[np.bool_],
    signs: NDArray[np.bool_],
    max_words: int,
    classes: NDArray[np.uint8],
    spare: Data,
    moved: NDArray[np.bool_],
    was_cut: NDArray[np.bool_],
) -> None:
    """One cut after another over each whole text, which is stripped after each that took something."""
    out = 0
    for document in range(len(offsets) - 1):
        if not carts[document] and not signs[document]:
            continue
        first, last = offsets[document], offsets[document + 1]
        cuts = 0
        for line in range(first, last if carts[document] else first):
            if fates[line] == KEPT and words_up_to(data, start[line], stop[line], max_words + 1, classes) <= max_words:
                end = copy_without_cart(data, start[line], stop[line], classes, spare, out)
                if end - out < stop[line] - start[line]:
                    start[line], stop[line], moved[line] = out, end, True
                    out = end
                    cuts += settle(spare, start, stop, fates, was_cut, line, classes)
        if cuts:
            strip_ends(data, spare, moved, start, stop, fates, first, last, classes)
        elif not signs[document]:
            continue
        cuts = 0
        for line in range(first, last):
            text = spare if moved[line] else data
            if fates[line] == KEPT and may_read_more(text, start[line], stop[line]):
                end = before_read_more(text, start[line], stop[line], max_words, classes)
                if end < stop[line]:
                    stop[line] = end
                    cuts += settle(text, start, stop, fates, was_cut, line, classes)
        if cuts:
            strip_ends(data, spare, moved, start, stop, fates, first, last, classes)
        cuts = 0
        for line in range(first, last):
            text = spare if moved[line] else data
            if fates[line] == KEPT and may_sign_in(text, start[line]):
                begin = after_sign_in(text, start[line], stop[line], max_words, classes)
                if begin > start[line]:
                    start[line] = begin
                    cuts += settle(text, start, stop, fates, was_cut, line, classes)
        if cuts:
            strip_ends(data, spare, moved, start, stop, fates, first, last, classes)


@inline
def settle(
    text: Data,
    start: NDArray[np.int64],
    stop: NDArray[np.int64],
    fates: NDArray[np.uint8],
    was_cut: NDArray[np.bool_],
    line: int,
    classes: NDArray[np.uint8],
) -> int:
    """A line of which nothing is left but white space goes. One more line is cut."""
    was_cut[line] = True
    if after_space(text, start[line], stop[line], classes) == stop[line]:
        fates[line] = CUT
    return 1


@inline
def copy_without_cart(data: Data, start: int, stop: int, classes: NDArray[np.uint8], spare: Data, out: int) -> int:
    r"""Copy data[start:stop] to spare[out:] without what `\s?items in cart` matches; returns where the copy ends."""
    at = start
    while at < stop:
        code_point, width = decode(data, at)
        after = after_folded(data, at + width, stop, CART) if classes[code_point] & SPACE else 0
        if after == 0:
            after = after_folded(data, at, stop, CART)
        if after == 0:
            spare[out : out + width] = data[at : at + width]
            out += width
            after = at + width
        at = after
    return out


@inline
def before_read_more(data: Data, start: int, stop: int, max_words: int, classes: NDArray[np.uint8]) -> int:
    r"""Where data[start:stop] ends without what `\s?read more...$` matches."""
    if ends_in_ascii(data, start, stop) and data[stop - 1 - DOTS] | CASE != READ_MORE[-1]:
        return stop
    at = stop
    for _ in range(DOTS):
        if at == start:
            return stop
        _, at = last_character(data, start, at)
    at -= len(READ_MORE)
    if at < start or after_folded(data, at, stop, READ_MORE) == 0:
        return stop
    if words_up_to(data, start, stop, max_words + 1, classes) > max_words:
        return stop
    if at > start:
        code_point, before = last_character(data, start, at)
        if classes[code_point] & SPACE:
            return before
    return at


@inline
def after_sign_in(data: Data, start: int, stop: int, max_words: int, classes: NDArray[np.uint8]) -> int:
    r"""Where data[start:stop] begins without what `^sign-in\s?` matches."""
    at = after_folded(data, start, stop, SIGN_IN)
    if at == 0 or words_up_to(data, start, stop, max_words + 1, classes) > max_words:
        return start
    if at < stop:
        code_point, width = decode(data, at)
        if classes[code_point] & SPACE:
            return at + width
    return at
