"""Arrays of documents of different lengths: offsets, and rows taken out of them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.text.kernel import kernel


def offsets_of(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Where each document begins, and at the end the total."""
    offsets = np.zeros(len(counts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return offsets


def ragged_rows(offsets: NDArray[np.int64], rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The offsets of these documents, and the positions of their elements, one after another."""
    rows = np.asarray(rows, dtype=np.int64)
    counts = offsets[rows + 1] - offsets[rows]
    taken = offsets_of(counts)
    return taken, fill_positions(offsets[rows], taken)


@kernel
def fill_positions(first: NDArray[np.int64], taken: NDArray[np.int64]) -> NDArray[np.int64]:
    """first[d], first[d] + 1, ... for as many elements as document d has."""
    positions = np.empty(taken[-1], np.int64)
    for document in range(len(first)):
        for i in range(taken[document + 1] - taken[document]):
            positions[taken[document] + i] = first[document] + i
    return positions


def gather(column: NDArray[Any], positions: NDArray[np.int64]) -> NDArray[Any]:
    """column[positions]"""
    return column.take(positions)
