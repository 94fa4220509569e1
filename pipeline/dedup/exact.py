"""Exact duplicates: texts of the same words in the same order."""

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.keys import OTHER, Keys, absorb_span, finish
from pipeline.text.hashing import GOLDEN
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data

NORMALISATION = "each run of white space is one space, none at the ends (str.split); case and code points as they are"


@kernel
def fill_exact_keys(
    data: Data, offsets: NDArray[np.int64], start: NDArray[np.int64], stop: NDArray[np.int64], keys: Keys
) -> None:
    """The key of each document's words: of their bytes, not of their hashes, which may collide."""
    for document in range(len(offsets) - 1):
        one, other = GOLDEN, OTHER
        for word in range(offsets[document], offsets[document + 1]):
            one, other = absorb_span(data, start[word], stop[word], one, other)
        keys[document, 0], keys[document, 1] = finish(one, other)


def exact_keys(text: Text) -> Keys:
    """128 bits of each normalised text, uint64[n, 2]. All texts without words have one key."""
    words = text.words
    keys = np.empty((len(text), 2), np.uint64)
    fill_exact_keys(text.data, words.offsets, words.start, words.stop, keys)
    return keys
