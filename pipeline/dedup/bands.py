"""Band keys: what two signatures share where all rows of one of their bands agree."""

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.minhash import Scheme
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import kernel


@kernel
def fill_band_keys(signatures: NDArray[np.uint32], keys: NDArray[np.uint64]) -> None:
    """keys[d, b]: a 64-bit hash of b and of the rows of band b, each mixed in before the next one comes."""
    bands = keys.shape[1]
    rows = signatures.shape[1] // bands
    for document in range(len(signatures)):
        for band in range(bands):
            key = uint64(band + 1) * GOLDEN
            for row in range(band * rows, band * rows + rows):
                key = mix(key ^ uint64(signatures[document, row])) * GOLDEN
            keys[document, band] = mix(key)


def band_keys(signatures: NDArray[np.uint32], scheme: Scheme) -> NDArray[np.uint64]:
    """The keys of every band, uint64[n, bands]. All 64 bits count: a colliding key would merge strangers.

    Keys of different bands differ although their rows agree, so all bands may be grouped at once.
    Documents without a signature all have the same keys: leave them out by `signed`.
    """
    keys = np.empty((len(signatures), scheme.bands), np.uint64)
    fill_band_keys(np.ascontiguousarray(signatures), keys)
    return keys
