"""Arrow string arrays in and out: slices, chunks, nulls, 32- and 64-bit offsets."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.text.kernel import kernel
from pipeline.text.ragged import offsets_of
from pipeline.text.room import room
from pipeline.text.utf8 import Data

PADDING = 128  # readable zero bytes after the last document: kernels load 64 bytes, from a few bytes past it
NOTHING = np.zeros(PADDING, np.uint8)


def padded(parts: list[Data]) -> Data:
    """The parts, one after another, and the padding."""
    return np.concatenate([*parts, NOTHING], out=room(sum(map(len, parts)) + PADDING, np.uint8))


def spans_from_arrow(array: pa.Array | pa.ChunkedArray) -> tuple[Data, NDArray[np.int64], NDArray[np.int64]]:
    """Bytes, starts and stops of an array of strings; a null is an empty text."""
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays([pa.array([], array.type), *array.chunks]) if array.num_chunks != 1 else array.chunk(0)
    array = array.cast(pa.large_string())
    if len(array) == 0:
        return padded([]), np.zeros(0, np.int64), np.zeros(0, np.int64)
    _, offset_buffer, data_buffer = array.buffers()
    offsets = np.frombuffer(offset_buffer, np.int64, len(array) + 1, array.offset * 8)
    whole = np.frombuffer(data_buffer or b"", np.uint8)
    start, stop = offsets[:-1] - offsets[0], offsets[1:] - offsets[0]
    if array.null_count:
        stop = np.where(array.is_valid().to_numpy(zero_copy_only=False), stop, start)
    return padded([whole[offsets[0] : offsets[-1]]]), start, stop


def arrow_from_spans(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64]) -> pa.LargeStringArray:
    """data[start:stop] as Arrow strings; without a copy where the spans follow one another."""
    offsets = offsets_of(stop - start)
    if len(start) and np.array_equal(start[1:], stop[:-1]):
        text = data[start[0] : stop[-1]]
    else:
        text = copy_spans(data, start, stop, offsets)
    buffers = [pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(text))]
    return pa.LargeStringArray.from_buffers(len(start), *buffers)


@kernel
def copy_spans(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], offsets: NDArray[np.int64]) -> Data:
    """The bytes of each data[start:stop], one after another."""
    copied = np.empty(offsets[-1], np.uint8)
    for i in range(len(start)):
        copied[offsets[i] : offsets[i + 1]] = data[start[i] : stop[i]]
    return copied
