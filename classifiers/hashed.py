"""Hashed TF-IDF with logistic regression: scikit-learn trains it, a kernel scores it.

The features are the same tokens and hashes as fastText's (classifiers/tokens.py), words and 2-grams in one table of
`buckets`; so a stored model does not depend on any library's hash.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from classifiers.tokens import NGRAM_PRIME, find_tokens, scratch, signed
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text

Floats = NDArray[np.float32]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Hashed:
    """`idf[b]` and `coefficients[b]` of bucket b; a document is its L2-normalised (1 + log count) * idf."""

    idf: Floats
    coefficients: Floats
    intercept: float
    orders: int

    def score(self, text: Text) -> NDArray[np.float64]:
        """P(second class) of each document."""
        logits = np.zeros(len(text))
        weigh(text.data, text.start, text.stop, self.idf, self.coefficients, self.orders, logits)
        with np.errstate(over="ignore"):
            return np.asarray(1 / (1 + np.exp(-(logits + self.intercept))))


def counts(text: Text, buckets: int, orders: int) -> csr_matrix:
    """How often each document has each bucket: what scikit-learn is given."""
    rows = np.zeros(len(text) + 1, np.int64)
    size = int(np.sum((text.stop - text.start) // 2 + 2)) * orders
    columns = np.empty(size, np.int32)
    list_buckets(text.data, text.start, text.stop, buckets, orders, columns, rows)
    columns = columns[: rows[-1]]
    matrix = csr_matrix((np.ones(len(columns)), columns, rows), shape=(len(text), buckets))
    matrix.sum_duplicates()
    return matrix


@kernel
def document_buckets(
    hashes: NDArray[np.uint32], count: int, buckets: int, orders: int, found: NDArray[np.int64]
) -> int:
    """Write the bucket of each word and n-gram of one document; return their number. `</s>` alone is not counted."""
    written = 0
    for token in range(count - 1):
        value = signed(hashes[token])
        for order in range(orders):
            if order > 0:
                if token + order >= count - 1:
                    break
                value = value * NGRAM_PRIME + signed(hashes[token + order])
            found[written] = value % np.uint64(buckets)
            written += 1
    return written


@kernel
def list_buckets(
    data: NDArray[np.uint8],
    start: Counts,
    stop: Counts,
    buckets: int,
    orders: int,
    columns: NDArray[np.int32],
    rows: Counts,
) -> None:
    """The buckets of every document one after the other; document d's are columns[rows[d]:rows[d + 1]]."""
    space = scratch(start, stop)
    hashes = space[2]
    found = np.empty(len(hashes) * orders, np.int64)
    for document in range(len(start)):
        count = find_tokens(data, start[document], stop[document], space)
        written = document_buckets(hashes, count, buckets, orders, found)
        rows[document + 1] = rows[document] + written
        for position in range(written):
            columns[rows[document] + position] = found[position]


@kernel
def weigh(
    data: NDArray[np.uint8],
    start: Counts,
    stop: Counts,
    idf: Floats,
    coefficients: Floats,
    orders: int,
    logits: NDArray[np.float64],
) -> None:
    """logits[d] = the document's unit vector times the coefficients, 0 for one without tokens.

    `seen` holds the counts of one document and is emptied by the same pass that reads it.
    """
    space = scratch(start, stop)
    hashes = space[2]
    found = np.empty(len(hashes) * orders, np.int64)
    seen = np.zeros(len(idf), np.int32)
    for document in range(len(start)):
        count = find_tokens(data, start[document], stop[document], space)
        written = document_buckets(hashes, count, len(idf), orders, found)
        for position in range(written):
            seen[found[position]] += 1
        product, square = 0.0, 0.0
        for position in range(written):
            bucket = found[position]
            if seen[bucket] > 0:
                value = (1.0 + np.log(seen[bucket])) * idf[bucket]
                product += value * coefficients[bucket]
                square += value * value
                seen[bucket] = 0
        logits[document] = product / np.sqrt(square) if square > 0 else 0.0
