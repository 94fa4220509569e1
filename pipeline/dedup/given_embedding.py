"""Embeddings that came with the documents: a column of lists of floats, or of such lists as JSON text (JSONL)."""

import json

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def given_vectors(column: pa.Array | pa.ChunkedArray, name: str) -> NDArray[np.float64]:
    """Each document's vector, float64[n, dimensions]; zeros where it is null, empty or holds a null.

    Raises ValueError, naming the column, where it holds no lists of numbers or lists of two lengths.
    """
    whole = lists_of(column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column, name)
    sizes = np.diff(whole.offsets.to_numpy()).astype(np.int64)
    sizes[np.asarray(whole.is_null())] = 0
    lengths = np.unique(sizes[sizes > 0])
    if len(lengths) > 1:
        raise ValueError(f"{name}: vectors of {lengths[0]} and of {lengths[-1]} numbers (one length is wanted)")
    vectors = np.zeros((len(whole), int(lengths[0]) if len(lengths) else 0))
    values = whole.filter(pa.array(sizes > 0)).flatten()
    vectors[sizes > 0] = values.fill_null(np.nan).to_numpy(zero_copy_only=False).reshape(-1, vectors.shape[1] or 1)
    return np.where(np.isfinite(vectors).all(axis=1, keepdims=True), vectors, 0.0)


def lists_of(column: pa.Array, name: str) -> pa.LargeListArray:
    """The column as lists of float64 of any length."""
    wanted = pa.large_list(pa.float64())
    try:
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            return pa.array([None if text is None else json.loads(text) for text in column.to_pylist()], wanted)
        return column.cast(wanted)
    except (pa.ArrowException, ValueError) as error:
        raise ValueError(f"{name}: is {column.type}, no lists of numbers: {str(error).splitlines()[0]}") from error
