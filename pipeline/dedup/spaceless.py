"""Scripts that write no spaces between words: each of their characters is a word of its own to near-dedup."""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data, decode

Offsets = NDArray[np.int64]
Spans = tuple[Offsets, Offsets, Offsets]  # each document's words: offsets, starts, stops


@inline
def spaceless(code_point: int) -> bool:
    """Whether its script writes no spaces between words: Thai, Lao, Burmese, Khmer, kana, Han (Unicode's blocks)."""
    if code_point < 0x0E00:
        return False
    return (
        code_point <= 0x0EFF
        or 0x1000 <= code_point <= 0x109F
        or 0x1780 <= code_point <= 0x17FF
        or 0x3040 <= code_point <= 0x30FF
        or 0x3400 <= code_point <= 0x9FFF
        or 0xF900 <= code_point <= 0xFAFF
        or 0x20000 <= code_point <= 0x323AF
    )


@kernel
def count_spaceless(data: Data, start: Offsets, stop: Offsets, words: Offsets) -> int:
    """How many such characters these words hold."""
    found = 0
    for word in words:
        at = start[word]
        while at < stop[word]:
            if data[at] < 0xE0:
                at += 1
                continue
            code_point, width = decode(data, at)
            found += spaceless(int(code_point))
            at += width
    return found


@kernel
def fill_pieces(data: Data, words: Spans, pieces: Spans) -> int:
    """Cut each word before and after every such character; returns how many pieces there are."""
    offsets, start, stop = words
    piece_offsets, piece_start, piece_stop = pieces
    found = 0
    for document in range(len(offsets) - 1):
        piece_offsets[document] = found
        for word in range(offsets[document], offsets[document + 1]):
            at = begin = start[word]
            while at < stop[word]:
                code_point, width = decode(data, at)
                if spaceless(int(code_point)):
                    if begin < at:
                        piece_start[found], piece_stop[found] = begin, at
                        found += 1
                    piece_start[found], piece_stop[found] = at, at + width
                    found += 1
                    begin = at + width
                at += width
            if begin < at:
                piece_start[found], piece_stop[found] = begin, at
                found += 1
    piece_offsets[len(offsets) - 1] = found
    return found


def pieces_of(data: Data, words: Spans, characters: int) -> Spans:
    """The words, where they hold that many spaceless characters, cut into these and what stands between them."""
    most = len(words[1]) + 2 * characters
    offsets, start, stop = np.empty(len(words[0]), np.int64), np.empty(most, np.int64), np.empty(most, np.int64)
    found = fill_pieces(data, words, (offsets, start, stop))
    return offsets, start[:found], stop[:found]
