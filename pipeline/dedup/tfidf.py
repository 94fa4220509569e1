"""Hashed TF-IDF projected by an SVD: a text's embedding, one unit vector for each document, whatever stands beside it.

Words are those of MinHash (lower case, outer punctuation stripped); where a script writes no spaces each character
is one, and pairs of neighbouring characters stand beside them. A feature's bucket is the upper bits of its hash; its
weight is (1 + log count) * idf, scikit-learn's TfidfTransformer with `sublinear_tf`. Latent semantic analysis:
Deerwester et al. 1990.
"""

from dataclasses import dataclass

import numpy as np
from numba import uint64
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from pipeline.dedup.folding import folded_words
from pipeline.dedup.spaceless import spaceless
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data, decode

BUCKET_BITS = 16
BUCKETS = 1 << BUCKET_BITS  # 64 dimensions of each: 17 MB, which a processor's cache half holds
FEATURES = f"folded words, and pairs of neighbouring characters of scripts without spaces, in 2^{BUCKET_BITS} buckets"

Floats = NDArray[np.float32]
Offsets = NDArray[np.int64]
Buckets = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Projection:
    """`idf[b]` and the row `components[b]`, float32[BUCKETS, dimensions], of bucket b.

    `captured`: a document of whose squared weight the projection holds a smaller share has no embedding.
    """

    idf: Floats
    components: Floats
    captured: float = 0.0

    @property
    def dimensions(self) -> int:
        return int(self.components.shape[1])

    def embed(self, text: Text) -> Floats:
        """Unit vectors, float32[n, dimensions]; zero throughout where too little of the text is captured.

        Every document is summed by itself, in the order of its words and in float64, so that its vector does not
        depend on its batch.
        """
        embeddings = np.empty((len(text), self.dimensions), np.float32)
        fill_embeddings(*features(text), self.idf, self.components, self.captured, embeddings)
        return embeddings


@kernel
def fill_features(
    data: Data,
    start: Offsets,
    stop: Offsets,
    word_offsets: Offsets,
    words: NDArray[np.uint64],
    offsets: Offsets,
    buckets: Buckets,
) -> None:
    """The buckets of each document: those of its words, then those of its pairs of spaceless characters."""
    shift = uint64(64 - BUCKET_BITS)
    found = 0
    for document in range(len(start)):
        offsets[document] = found
        for word in range(word_offsets[document], word_offsets[document + 1]):
            buckets[found] = words[word] >> shift
            found += 1
        at, before = start[document], uint64(0)
        while at < stop[document]:
            if data[at] < 0x80:
                at, before = at + 1, uint64(0)
                continue
            code_point, width = decode(data, at)
            at += width
            if not spaceless(int(code_point)):
                before = uint64(0)
                continue
            if before:
                buckets[found] = mix((before * GOLDEN ^ uint64(code_point)) * GOLDEN) >> shift
                found += 1
            before = uint64(code_point)
    offsets[len(start)] = found


@kernel
def wide_characters(data: Data, start: Offsets, stop: Offsets) -> int:
    """How many characters of three bytes or four there are: more than pairs of them."""
    count = 0
    for document in range(len(start)):
        for at in range(start[document], stop[document]):
            count += data[at] >= 0xE0
    return count


def features(text: Text) -> tuple[Offsets, Buckets]:
    """Offsets of each document's features, and the bucket of each."""
    word_offsets, words = folded_words(text)
    offsets = np.empty(len(text) + 1, np.int64)
    buckets = np.empty(len(words) + wide_characters(text.data, text.start, text.stop), np.int32)
    fill_features(text.data, text.start, text.stop, word_offsets, words, offsets, buckets)
    return offsets, buckets[: offsets[-1]]


def counts(text: Text) -> csr_matrix:
    """How often each document has each bucket, float64[n, BUCKETS]: what scikit-learn is given."""
    offsets, buckets = features(text)
    matrix = csr_matrix((np.ones(len(buckets)), buckets, offsets), shape=(len(text), BUCKETS))
    matrix.sum_duplicates()
    return matrix


@kernel
def fill_embeddings(
    offsets: Offsets, buckets: Buckets, idf: Floats, components: Floats, captured: float, embeddings: Floats
) -> None:
    """`seen` holds the counts of one document and is emptied by the pass that reads it."""
    dimensions = components.shape[1]
    seen = np.zeros(len(idf), np.int32)
    total = np.empty(dimensions, np.float64)
    for document in range(len(offsets) - 1):
        own = buckets[offsets[document] : offsets[document + 1]]
        total[:] = 0.0
        whole = 0.0
        for bucket in own:
            seen[bucket] += 1
        for bucket in own:
            if seen[bucket] > 0:
                weight = (1.0 + np.log(float(seen[bucket]))) * idf[bucket]
                whole += weight * weight
                for k in range(dimensions):
                    total[k] += weight * components[bucket, k]
                seen[bucket] = 0
        square = 0.0
        for k in range(dimensions):
            square += total[k] * total[k]
        scale = 1.0 / np.sqrt(square) if square > 0 and square >= captured * whole else 0.0
        for k in range(dimensions):
            embeddings[document, k] = total[k] * scale
