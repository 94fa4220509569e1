"""Words as decontamination compares them: in lower case and without punctuation, inside as outside.

Brown et al. 2020, appendix C: "we define a gram as a lowercase, whitespace delimited word with no punctuation".
`Don't` is `dont`, `f(x_1,` is `fx1`; a word of punctuation only is none.
"""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.bytes64 import first_bytes, leading_zeros, trailing_zeros
from pipeline.dedup.folding import CASED, HIGH_BITS, alphanumeric, lower_ascii, lower_table, without_empty
from pipeline.text.classes import PUNCTUATION, class_table
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data, decode

Offsets = NDArray[np.int64]
Hashes = NDArray[np.uint64]
BEYOND_BYTE = uint64(1) << uint64(32)  # added to a code point, so that no eight bytes are taken for one
DROPPED = 0  # the lower case of ASCII punctuation in `ascii_table`; NUL is punctuation to datatrove too


def ascii_table() -> NDArray[np.uint8]:
    """The lower case of each ASCII character, DROPPED where it is punctuation."""
    table = np.arange(128, dtype=np.uint8)
    table[ord("A") : ord("Z") + 1] += 32
    table[(class_table()[:128] & PUNCTUATION) != 0] = DROPPED
    return table


@inline
def hash_short(eight: np.uint64) -> tuple[np.uint64, bool]:
    """The hash of up to eight bytes, and whether it is one: of ASCII with punctuation at its ends only, not inside."""
    folded = lower_ascii(eight)
    inner = alphanumeric(folded)
    first = trailing_zeros(inner) & uint64(0x38)
    left = leading_zeros(inner) & uint64(0x38)
    whole = HIGH_BITS << first & HIGH_BITS >> left
    kept = folded << left >> (left + first)
    hashed = max(mix((GOLDEN ^ kept) * GOLDEN), uint64(1)) if inner != 0 else uint64(0)
    outer = inner == 0 or (inner == whole and first + left != 0)  # of eight kept, what follows is absorbed apart
    return hashed, outer and eight & HIGH_BITS == 0


@kernel
def hash_bare(
    data: Data,
    start: Offsets,
    stop: Offsets,
    lower_ascii: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    lower: NDArray[np.uint32],
    hashes: Hashes,
) -> None:
    """Fill the hash of what is left of each word, 0 where nothing is. Eight ASCII characters go in at once."""
    for word in range(len(start)):
        length = stop[word] - start[word]
        if length <= 8:
            hashed, known = hash_short(first_bytes(data, start[word], length))
            hashes[word] = hashed
            if known:
                continue
        value, eight, shift, at = GOLDEN, uint64(0), uint64(0), start[word]
        while at < stop[word]:
            byte = data[at]
            if byte < 128:
                kept = uint64(lower_ascii[byte])
                eight |= kept << shift
                shift += uint64(8) * uint64(kept != DROPPED)
                at += 1
                if shift == 64:
                    value = (value ^ eight) * GOLDEN
                    value ^= value >> uint64(32)
                    eight, shift = uint64(0), uint64(0)
                continue
            code_point, width = decode(data, at)
            at += width
            if classes[code_point] & PUNCTUATION:
                continue
            small = uint64(lower[code_point] if code_point < CASED else code_point) + BEYOND_BYTE
            value = (((value ^ eight) * GOLDEN) ^ small) * GOLDEN
            value ^= value >> uint64(32)
            eight, shift = uint64(0), uint64(0)
        nothing = value == GOLDEN and shift == 0
        hashes[word] = uint64(0) if nothing else max(mix((value ^ eight) * GOLDEN), uint64(1))


def bare_hashes(text: Text) -> Hashes:
    """The hash of every white-space word of the batch, 0 for a word of punctuation only."""
    _, start, stop = text.word_spans
    hashes = np.empty(len(start), np.uint64)
    hash_bare(text.data, start, stop, ascii_table(), class_table(), lower_table(), hashes)
    return hashes


def bare_words(text: Text) -> tuple[Offsets, Hashes]:
    """Offsets of each document's words, and their 64-bit hashes; words of punctuation only are left out."""
    return without_empty(text.word_spans[0], bare_hashes(text))


def bare(word: str) -> str:
    """The plain formula for one word."""
    classes = class_table()
    lowered = [ch.lower() if len(ch.lower()) == 1 else ch for ch in word if not classes[ord(ch)] & PUNCTUATION]
    return "".join(lowered)
