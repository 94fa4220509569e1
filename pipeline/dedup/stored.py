"""The `signature` column: what a judged document leaves for near-duplicate detection, and the band keys in it.

A row of at most MOST_HASHES hashes is a list of uint32 that datasketch (2.0 and later) reads as it stands:
`LeanMinHash(seed=scheme.seed, hashvalues=np.array(row, np.uint32), scheme="affine32")`; a `MinHashLSH` over such rows
with `num_perm=bands * rows, params=(bands, rows)` finds the candidates that `gristmill near` finds. The scheme (seed,
bands, rows, shingles) stands in 02-dedup/index.json. Longer signatures are stored as the 64-bit keys of their bands.
"""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import Scheme, sign, signed
from pipeline.text.layer import Text

MOST_HASHES = 512  # a longer signature is stored as its band keys: 9,000 hashes are 36 kB, their 450 keys 3.6 kB
AT_ONCE = 1024  # documents signed together: 37 MB of 9,000 hashes each


def holds_keys(scheme: Scheme) -> bool:
    """Whether the column holds band keys, from which no similarity can be estimated."""
    return scheme.hashes > MOST_HASHES


def column_type(scheme: Scheme | None) -> pa.DataType:
    """Hashes, `LeanMinHash(seed=..., hashvalues=row, scheme="affine32")` reads a row; or 64-bit keys.

    A list of variable size: pyarrow cannot read a null of a fixed-size list back.
    """
    return pa.list_(pa.uint64() if scheme and holds_keys(scheme) else pa.uint32())


def signature_column(text: Text, given: NDArray[np.bool_], scheme: Scheme) -> pa.ListArray:
    """Of each document that is `given`; null elsewhere, and where there is no word."""
    rows = np.flatnonzero(given)
    width = scheme.bands if holds_keys(scheme) else scheme.hashes
    sizes = np.zeros(len(text), np.int64)
    pieces: list[NDArray[np.uint32] | NDArray[np.uint64]] = [np.zeros(0, np.uint32)]
    for some in in_pieces(rows):
        signatures = sign(text.take(some), scheme)
        has = signed(signatures)
        sizes[some[has]] = width
        pieces.append((band_keys(signatures[has], scheme) if holds_keys(scheme) else signatures[has]).ravel())
    kind = column_type(scheme)
    values = pa.array(np.concatenate(pieces), kind.value_type)
    offsets = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values, type=kind, mask=pa.array(sizes == 0))


def in_pieces(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    yield from (rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE))


def signatures_in(column: pa.Array | pa.ChunkedArray, scheme: Scheme) -> tuple[NDArray[np.bool_], NDArray[np.uint32]]:
    """Which rows of a `signature` column have one, and these signatures, uint32[those, bands x rows]."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(whole.is_valid()), whole.flatten().to_numpy().reshape(-1, scheme.hashes)


def keys_in(column: pa.Array | pa.ChunkedArray, scheme: Scheme) -> tuple[NDArray[np.bool_], NDArray[np.uint64]]:
    """Which rows of a `signature` column have one, and the band keys of these, uint64[those, bands]."""
    if not holds_keys(scheme):
        present, signatures = signatures_in(column, scheme)
        return present, band_keys(signatures, scheme)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return np.asarray(whole.is_valid()), whole.flatten().to_numpy().reshape(-1, scheme.bands)
