"""128-bit keys of byte strings: equal bytes have equal keys, and other bytes other keys, on any machine."""

import numpy as np
import pyarrow as pa
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.bytes64 import eight_bytes, first_bytes
from pipeline.text.hashing import GOLDEN, SPREAD, mix
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data

Keys = NDArray[np.uint64]  # [n, 2]

KEY_BYTES = 16
OTHER = uint64(0xC2B2AE3D27D4EB4F)  # xxHash64's second prime: the other half's multiplier
TURN = uint64(0x165667B19E3779F9)  # xxHash64's third prime


@inline
def absorb(one: np.uint64, other: np.uint64, value: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Both halves with `value` in them. Each step is a bijection of a half, and the two are of different make,
    so two strings that meet in one half are no likelier to meet in the other."""
    one = (one ^ value) * GOLDEN
    other = (other + value) * OTHER
    return one ^ one >> uint64(32), other << uint64(29) | other >> uint64(35)


@inline
def absorb_span(data: Data, start: int, stop: int, one: np.uint64, other: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Both halves with the length and the bytes of data[start:stop] in them."""
    one, other = absorb(one, other, uint64(stop - start))
    at = start
    while stop - at > 8:
        one, other = absorb(one, other, eight_bytes(data, at))
        at += 8
    if at < stop:
        one, other = absorb(one, other, first_bytes(data, at, stop - at))
    return one, other


@inline
def finish(one: np.uint64, other: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Each half knows both: a part of the key is as good as the whole is."""
    one = mix(one ^ other * SPREAD)
    return one, mix(other + one * TURN)


@kernel
def fill_keys(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], keys: Keys) -> None:
    """The key of each data[start:stop]."""
    for i in range(len(start)):
        one, other = absorb_span(data, start[i], stop[i], GOLDEN, OTHER)
        keys[i, 0], keys[i, 1] = finish(one, other)


def string_keys(strings: pa.Array | pa.ChunkedArray) -> Keys:
    """The key of each string's UTF-8 bytes; a null has the key of the empty string."""
    text = Text.from_arrow(strings)
    keys = np.empty((len(text), 2), np.uint64)
    fill_keys(text.data, text.start, text.stop, keys)
    return keys


def id_key(ids: pa.Array | pa.ChunkedArray) -> Keys:
    """128 bits of each id, by which two documents of one id are found."""
    return string_keys(ids)


def id_hash(ids: pa.Array | pa.ChunkedArray) -> NDArray[np.uint64]:
    """64 bits of each id, which decide between documents that a policy holds equal."""
    return np.ascontiguousarray(id_key(ids)[:, 0])


def to_arrow(keys: Keys, valid: NDArray[np.bool_] | None = None) -> pa.FixedSizeBinaryArray:
    """A column of keys, null where not `valid`."""
    present = np.ones(len(keys), np.bool_) if valid is None else valid
    bits = pa.py_buffer(np.packbits(present, bitorder="little"))
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(KEY_BYTES), len(keys), [bits, pa.py_buffer(np.ascontiguousarray(keys))]
    )


def from_arrow(column: pa.Array | pa.ChunkedArray) -> tuple[Keys, NDArray[np.bool_]]:
    """The keys of a column, and which of them are there."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    keys = np.frombuffer(whole.buffers()[1], np.uint64, 2 * len(whole), whole.offset * KEY_BYTES).reshape(-1, 2)
    return keys, np.asarray(whole.is_valid())
