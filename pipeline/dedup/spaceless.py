"""Scripts that write no spaces between words: each of their characters is a word of its own to near-dedup."""

import numpy as np
from numpy.typing import NDArray

from pipeline.text.kernel import inline, kernel
from pipeline.text.utf8 import Data, decode

Offsets = NDArray[np.int64]
Spans = tuple[Offsets, Offsets, Offsets]  # each word's pieces: offsets, starts, stops


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
def fill_pieces(
    data: Data,
    start: Offsets,
    stop: Offsets,
    words: Offsets,
    offsets: Offsets,
    piece_start: Offsets,
    piece_stop: Offsets,
) -> int:
    """Cut each of these words before and after every such character; returns how many pieces there are."""
    found = 0
    for number in range(len(words)):
        offsets[number] = found
        at = begin = start[words[number]]
        end = stop[words[number]]
        while at < end:
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
    offsets[len(words)] = found
    return found


def pieces_of(data: Data, start: Offsets, stop: Offsets, words: Offsets) -> Spans:
    """These words, cut into such characters and what stands between them. A character has three bytes or more."""
    most = len(words) + 2 * int(((stop[words] - start[words]) // 3).sum())
    offsets = np.empty(len(words) + 1, np.int64)
    piece_start, piece_stop = np.empty(most, np.int64), np.empty(most, np.int64)
    found = fill_pieces(data, start, stop, words, offsets, piece_start, piece_stop)
    return offsets, piece_start[:found], piece_stop[:found]
