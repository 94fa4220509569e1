"""How far a document's words are from a corpus: Kullback-Leibler divergence over hash buckets."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from pipeline.text.kernel import kernel
from pipeline.text.word_kinds import WordKind
from pipeline.text.words import Words

UNSEEN = 0.5  # added to each bucket's count, so that no word is impossible (Krichevsky and Trofimov 1981)
PERCENTILES = 101  # 0 to 100


@dataclass(frozen=True, eq=False)
class Distribution:
    """How often the words of a corpus fell into each bucket, and how far its own documents are from it.

    A word's bucket is the lowest bits of its hash: `counts` has a power of two of them, uint64. `kind` says which words
    were counted. `prior`: words of the corpus that each document is given beside its own. `percentiles`: float64[101],
    the divergence of the corpus's own documents, each held against the others only.
    """

    counts: NDArray[np.uint64]
    kind: WordKind
    prior: float
    percentiles: NDArray[np.float64] = field(default_factory=lambda: np.zeros(PERCENTILES))

    @cached_property
    def smoothed(self) -> NDArray[np.float64]:
        return np.asarray(self.counts + UNSEEN, np.float64)

    def divergences(self, words: Words, *, own: bool = False) -> NDArray[np.float64]:
        """KL(p || q) of each document in nats, 0 where it has no words. `own`: the corpus's counts include them.

        q are the corpus's shares of words in each bucket, p = (count + prior q) / (words + prior) the document's: a
        short text says little of its distribution, so it is taken to be the corpus's until it says otherwise.
        """
        found = np.zeros(len(words.offsets) - 1, np.float64)
        measure(words.offsets, words.hash, self.smoothed, float(self.smoothed.sum()), self.prior, own, found)
        return found

    def at_percentile(self, percentile: float) -> float:
        """What so many of a hundred documents of the corpus do not exceed; ValueError outside of 0 to 100."""
        if not 0 <= percentile <= 100:
            raise ValueError(f"percentile {percentile:g} is out of range (0 to 100)")
        return float(np.interp(percentile, np.arange(PERCENTILES), self.percentiles))


def add_words(counts: NDArray[np.uint64], words: Words) -> None:
    """Count the words of a batch into `counts`."""
    buckets = (words.hash & np.uint64(len(counts) - 1)).astype(np.int64)
    counts += np.bincount(buckets, minlength=len(counts)).astype(np.uint64)


@kernel
def measure(
    offsets: NDArray[np.int64],
    hashes: NDArray[np.uint64],
    smoothed: NDArray[np.float64],
    corpus: float,
    prior: float,
    own: bool,
    found: NDArray[np.float64],
) -> None:
    """Buckets that a document does not have are summed in closed form: their p is q prior / (words + prior)."""
    last = uint64(len(smoothed) - 1)
    counts = np.zeros(len(smoothed), np.int64)
    for document in range(len(found)):
        begin, end = offsets[document], offsets[document + 1]
        if begin == end:
            continue
        for i in range(begin, end):
            counts[hashes[i] & last] += 1
        total = end - begin + prior
        others = corpus - (end - begin if own else 0)
        divergence, seen = 0.0, 0.0
        for i in range(begin, end):
            bucket = hashes[i] & last
            if counts[bucket] > 0:
                q = (smoothed[bucket] - (counts[bucket] if own else 0)) / others
                p = (counts[bucket] + prior * q) / total
                divergence += p * np.log(p / q)
                seen += q
                counts[bucket] = 0
        if prior > 0:
            divergence += prior / total * np.log(prior / total) * max(1.0 - seen, 0.0)
        found[document] = max(divergence, 0.0)
