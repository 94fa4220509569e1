"""Evaluation examples put into disorder: what a corpus still covers of them, it covers by chance."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from pipeline.filters.benchmarks import Examples

Words = NDArray[np.uint64]
Shuffle = Callable[[Examples, int, np.random.Generator], Words]


def words_in_disorder(examples: Examples, order: int, draw: np.random.Generator) -> Words:  # noqa: ARG001  # one shape
    """Each example's own words in any order: what its vocabulary alone brings about."""
    example = np.repeat(np.arange(len(examples)), np.diff(examples.offsets))
    return np.asarray(examples.words[np.lexsort((draw.random(len(example)), example))])


def phrases_in_disorder(examples: Examples, order: int, draw: np.random.Generator) -> Words:
    """Phrases a word shorter than an n-gram, dealt anew among all examples of a benchmark: what phrases bring about.

    Every n-gram has a seam then, and no more phrase than that could be left; examples keep their lengths.
    """
    words = examples.words.copy()
    size = max(order - 1, 1)
    for benchmark in range(len(examples.benchmarks)):
        begins, ends = np.searchsorted(examples.benchmark, [benchmark, benchmark + 1])
        start, stop = examples.offsets[begins], examples.offsets[ends]
        own = examples.words[start:stop]
        first = apart(-(-len(own) // size), draw) * size
        lengths = np.minimum(size, len(own) - first)
        words[start:stop] = own[np.repeat(first - (np.cumsum(lengths) - lengths), lengths) + np.arange(len(own))]
    return words


def apart(count: int, draw: np.random.Generator) -> NDArray[np.int64]:
    """A permutation in which nothing is followed by what followed it before: one in e has that; of one or two, any."""
    while True:
        order = draw.permutation(count)
        if count < 3 or (np.diff(order) != 1).all():
            return order


SHUFFLES: Mapping[str, Shuffle] = {"words": words_in_disorder, "phrases": phrases_in_disorder}


def with_shuffled(examples: Examples, order: int, rounds: int, seed: int) -> tuple[NDArray[np.int64], Words]:
    """The examples, then each kind of disorder `rounds` times: the offsets and words of them all."""
    draws = np.random.default_rng(seed)
    sets = [examples.words, *(shuffle(examples, order, draws) for shuffle in SHUFFLES.values() for _ in range(rounds))]
    steps = np.diff(examples.offsets)
    offsets = np.concatenate([[0], np.cumsum(np.tile(steps, len(sets)))]).astype(np.int64)
    return offsets, np.concatenate(sets)
