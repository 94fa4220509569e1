"""What crosses a shuffle: addresses, ranges of keys, and several arrays as one value."""

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

ORDINAL_BITS = 32
ALIGNMENT = 8  # kernels are compiled for aligned arrays
KINDS = {
    "|b1": b"?",
    "|u1": b"B",
    "<i4": b"i",
    "<u4": b"I",
    "<i8": b"q",
    "<u8": b"Q",
    "<f2": b"e",
    "<f4": b"f",
    "<f8": b"d",
}
TYPES = {code: np.dtype(name) for name, code in KINDS.items()}
HEADER = struct.Struct("<Bchq")  # bytes of the name, kind, columns (FLAT: one dimension), rows
FLAT = -1


def address_of(unit: NDArray[Any] | int, ordinal: NDArray[Any]) -> NDArray[np.uint64]:
    """A document's address inside a pass: its unit, and its place among the unit's documents."""
    return np.asarray(unit, np.uint64) << np.uint64(ORDINAL_BITS) | np.asarray(ordinal).astype(np.uint64)


def unit_of(addresses: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The unit of each address."""
    return (addresses >> np.uint64(ORDINAL_BITS)).astype(np.int64)


def ordinal_of(addresses: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The place in its unit of each address."""
    return (addresses & np.uint64((1 << ORDINAL_BITS) - 1)).astype(np.int64)


def range_of(keys: NDArray[np.uint64], ranges: int) -> NDArray[np.int64]:
    """Which of `ranges` equal ranges of all 64-bit keys each key falls into; of [n, 2] the first half decides."""
    first = keys if keys.ndim == 1 else keys[:, 0]
    return ((first >> np.uint64(32)) * np.uint64(ranges) >> np.uint64(32)).astype(np.int64)


def split(ranges: NDArray[np.int64], **arrays: NDArray[Any]) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
    """The rows of all arrays that fall into each range, in their order; ranges without rows are left out."""
    order = np.argsort(ranges, kind="stable")
    numbers, first = np.unique(ranges[order], return_index=True)
    last = [*first[1:], len(order)][: len(numbers)]
    for number, start, stop in zip(numbers, first, last, strict=True):
        yield int(number), {name: array[order[start:stop]] for name, array in arrays.items()}


def pack(**arrays: NDArray[Any]) -> bytes:
    """Arrays of one or two dimensions, of any lengths, as one value; 16 to 32 bytes more for each array.

    An Arrow IPC message of three columns carries 700 bytes besides, which a range of 50 keys cannot pay.
    """
    parts: list[bytes] = []
    for name, array in arrays.items():
        label, columns = name.encode(), array.shape[1] if array.ndim == 2 else FLAT
        header = HEADER.pack(len(label), KINDS[array.dtype.str], columns, len(array)) + label
        parts += [header, bytes(-len(header) % ALIGNMENT), array.tobytes(), bytes(-array.nbytes % ALIGNMENT)]
    return b"".join(parts)


def unpack(packed: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of `pack`, over one copy of the bytes: kernels are compiled for arrays that may be written."""
    arrays: dict[str, NDArray[Any]] = {}
    buffer = bytearray(packed)
    at = 0
    while at < len(buffer):
        name_bytes, kind, columns, rows = HEADER.unpack_from(buffer, at)
        name = buffer[at + HEADER.size : at + HEADER.size + name_bytes].decode()
        at += -(-(HEADER.size + name_bytes) // ALIGNMENT) * ALIGNMENT
        array = np.frombuffer(buffer, TYPES[kind], rows * abs(columns), at)
        arrays[name] = array if columns == FLAT else array.reshape(rows, columns)
        at += -(-array.nbytes // ALIGNMENT) * ALIGNMENT
    return arrays
