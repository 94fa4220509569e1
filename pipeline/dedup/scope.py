"""Scopes: keys that are equal only within one language, source or crawl."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.keys import string_keys


def scoped(keys: NDArray[np.uint64], within: pa.Array | None) -> NDArray[np.uint64]:
    """Keys (of [n] or [n, k]) with 64 bits of each document's scope in them; unchanged where there is none.

    A null is a scope of its own: what has no language is compared with what has none. Two keys of one scope are
    equal as before; two of different scopes meet once in 2^64.
    """
    if within is None:
        return keys
    scope = string_keys(within)[:, 0]
    return keys ^ (scope if keys.ndim == 1 else scope[:, None])
