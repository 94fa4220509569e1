"""A few fixed ASCII phrases, looked for in lower-cased text without lower-casing it."""

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipeline.text.kernel import inline
from pipeline.text.utf8 import Data

MOST = 8  # phrases: one bit each
KELVIN_SIGN = (0xE2, 0x84, 0xAA)  # U+212A, the only character but K whose lower() is one ASCII letter (k)
LOWER_K = ord("k")
UPPER_A, UPPER_Z, CASE = ord("A"), ord("Z"), 32


class Phrases(NamedTuple):
    """Phrase i is data[offsets[i]:offsets[i + 1]]; `pairs` has a bit for each phrase that two bytes may begin."""

    data: Data
    offsets: NDArray[np.int64]
    pairs: NDArray[np.uint8]

    @classmethod
    def of(cls, *phrases: str) -> "Phrases":
        """Lower-case ASCII phrases; no k among the first two letters, where a Kelvin sign would be two bytes more."""
        encoded = [phrase.encode("ascii") for phrase in phrases]
        pairs = np.zeros((256, 256), np.uint8)
        for i, phrase in enumerate(encoded):
            assert i < MOST and phrase == phrase.lower() and LOWER_K not in phrase[:2]
            for pair in product(*zip(phrase[:2], phrase[:2].upper(), strict=True)):
                pairs[pair] |= 1 << i
        offsets = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
        return cls(np.frombuffer(b"".join(encoded), np.uint8), offsets, pairs)


@inline
def phrases_in(data: Data, start: int, stop: int, marker: int, phrases: Phrases) -> tuple[int, int]:
    """A bit for each phrase that data[start:stop].lower() holds, and how often it holds the byte `marker`."""
    found = markers = 0
    for at in range(start, stop):
        markers += data[at] == marker
        begun = phrases.pairs[data[at], data[at + 1]]
        phrase = 0
        while begun:
            if begun & 1 and stands_at(data, at, stop, phrases, phrase):
                found |= 1 << phrase
            begun >>= 1
            phrase += 1
    return found, markers


@inline
def stands_at(data: Data, at: int, stop: int, phrases: Phrases, phrase: int) -> bool:
    """Whether data[at:stop].lower() begins with the phrase."""
    for i in range(phrases.offsets[phrase], phrases.offsets[phrase + 1]):
        if at >= stop:
            return False
        byte = data[at]
        if UPPER_A <= byte <= UPPER_Z:
            byte += CASE
        if byte == KELVIN_SIGN[0] and data[at + 1] == KELVIN_SIGN[1] and data[at + 2] == KELVIN_SIGN[2]:
            byte = LOWER_K
            at += 2
        if byte != phrases.data[i]:
            return False
        at += 1
    return True
