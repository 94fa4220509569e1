"""Evaluation examples against a whole corpus: the share of each one's words that it covers, by which documents."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.filters.bare_words import bare, bare_words
from pipeline.filters.benchmarks import FIELDS, SHORTEST, Benchmarks, Examples, refuse_wordless
from pipeline.filters.ngram_overlap import Grams, grams_of, overlap
from pipeline.filters.shuffled import SHUFFLES, with_shuffled
from pipeline.report.chance import interval
from pipeline.text.layer import Text

Ints = NDArray[np.int64]
THRESHOLDS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)  # 0: one n-gram is enough, GPT-3's `dirty` (appendix C)
NAMED = 5  # documents that are named for an example


@dataclass(frozen=True)
class Question:
    """`order`: words of an n-gram. N-grams in more than `max_documents` documents do not count.

    `rounds`: how many shuffled sets of each kind stand beside the real examples, drawn from `seed`.
    """

    order: int = 8
    fields: Sequence[str] = FIELDS
    thresholds: Sequence[float] = THRESHOLDS
    max_documents: int | None = None
    rounds: int = 5
    seed: int = 0


@dataclass(eq=False)
class Corpus:
    """What the documents so far share with the examples. `best`: int64[m, 3] of example, covered words, document."""

    frequency: Ints
    documents: int = 0
    text_bytes: int = 0
    best: Ints = field(default_factory=lambda: np.empty((0, 3), np.int64))
    names: dict[int, str] = field(default_factory=dict)


def read(batches: Iterable[tuple[pa.Array, Text]], grams: Grams, examples: int) -> Corpus:
    """All documents (ids and texts) in their order, a batch in memory at a time."""
    corpus = Corpus(np.zeros(len(grams.lengths), np.int64))
    for ids, text in batches:
        found = overlap(*bare_words(text), grams)
        corpus.frequency += found.frequency
        pairs = found.pairs[found.pairs[:, 1] < examples]
        new = np.stack([pairs[:, 1], pairs[:, 2], pairs[:, 0] + corpus.documents], axis=1)
        corpus.best = first_of_each(np.concatenate([corpus.best, new]), NAMED)
        keep = set(corpus.best[:, 2].tolist())
        here = sorted(number for number in keep if number >= corpus.documents)
        rows = pa.array([number - corpus.documents for number in here], pa.int64())
        corpus.names |= dict(zip(here, ids.take(rows).to_pylist(), strict=True))
        corpus.names = {number: name for number, name in corpus.names.items() if number in keep}
        corpus.documents += len(text)
        corpus.text_bytes += int(text.bytes.sum())
    return corpus


def first_of_each(best: Ints, count: int) -> Ints:
    """Of each example the documents that cover most of it, of equals those read first."""
    best = best[np.lexsort((best[:, 2], -best[:, 1], best[:, 0]))]
    place = np.arange(len(best)) - np.searchsorted(best[:, 0], best[:, 0])
    return best[place < count]


def covered_words(grams: Grams, counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which words of the examples stand in one of the n-grams `counted`."""
    gram = np.repeat(np.arange(len(grams.lengths)), np.diff(grams.first))
    here = counted[gram]
    places, lengths = grams.places[here], grams.lengths[gram[here]]
    edges = np.zeros(len(grams.example) + 1, np.int64)
    np.add.at(edges, places, 1)
    np.add.at(edges, places + lengths, -1)
    return np.cumsum(edges)[:-1] > 0


def coverage(grams: Grams, covered: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of each example the share of its words that are covered."""
    words = np.diff(grams.offsets)
    return np.bincount(grams.example[covered], minlength=len(words)) / np.maximum(words, 1)


def runs(words: Sequence[str], covered: NDArray[np.bool_]) -> list[str]:
    """The stretches of covered words."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], covered, [False]])))
    return [" ".join(words[start:stop]) for start, stop in edges.reshape(-1, 2).tolist()]


def plain(text: str) -> list[str]:
    """The words of an example as they are compared."""
    return [left for left in map(bare, text.split()) if left]


def answer(batches: Iterable[tuple[pa.Array, Text]], against: Benchmarks, question: Question) -> dict[str, Any]:
    """Everything that `gristmill contamination --json` says."""
    examples = against.examples(question.fields)
    refuse_wordless(examples)
    grams = grams_of(*with_shuffled(examples, question.order, question.rounds, question.seed), question.order, SHORTEST)
    corpus = read(batches, grams, len(examples))
    most = question.max_documents
    counted = (corpus.frequency > 0) & (corpus.frequency <= (corpus.documents if most is None else most))
    words = covered_words(grams, counted)
    covered = coverage(grams, words).reshape(-1, len(examples))
    return {
        "documents": corpus.documents,
        "text_bytes": corpus.text_bytes,
        "ngram": question.order,
        "fields": list(question.fields),
        "max_documents": most,
        "shuffled": {"rounds": question.rounds, "seed": question.seed, "kinds": list(SHUFFLES)},
        "benchmarks": [of_benchmark(examples, number, covered, question) for number in range(len(examples.benchmarks))],
        "examples": contaminated(examples, covered[0], words, corpus),
        "frequent": [] if most is None else frequent(examples, grams, corpus.frequency, most),
    }


def of_benchmark(examples: Examples, number: int, covered: NDArray[np.float64], question: Question) -> dict[str, Any]:
    """How many of a benchmark's examples reach each threshold, and how many shuffled ones."""
    own = examples.benchmark == number
    short = examples.too_short[own]
    return {
        "benchmark": examples.benchmarks[number],
        "examples": int(own.sum()),
        "too_short": int(short.sum()),
        "thresholds": [at_threshold(covered[:, own][:, ~short], value, question) for value in question.thresholds],
    }


def at_threshold(covered: NDArray[np.float64], threshold: float, question: Question) -> dict[str, Any]:
    reached = covered >= threshold if threshold else covered > 0
    found = {"threshold": threshold, "contaminated": int(reached[0].sum()), "of": covered.shape[1]}
    by_chance = {}
    for at, kind in enumerate(SHUFFLES):
        among = reached[1 + at * question.rounds : 1 + (at + 1) * question.rounds]
        low, high = interval(int(among.sum()), among.size)
        by_chance[kind] = {"contaminated": int(among.sum()), "of": among.size, "low": low, "high": high}
    return {**found, "by_chance": by_chance if question.rounds else {}}


def contaminated(
    examples: Examples, covered: NDArray[np.float64], which: NDArray[np.bool_], corpus: Corpus
) -> list[dict[str, Any]]:
    """Every example that shares an n-gram, the most covered first: what of it, and the documents that cover most."""
    words = np.diff(examples.offsets)
    by: dict[int, list[dict[str, Any]]] = {}
    for example, count, document in corpus.best.tolist():
        by.setdefault(example, []).append({"id": corpus.names[document], "coverage": count / int(words[example])})
    order = np.lexsort((np.arange(len(covered)), -covered))
    return [
        {
            "benchmark": examples.benchmarks[examples.benchmark[at]],
            "example": examples.names[at],
            "words": int(words[at]),
            "coverage": float(covered[at]),
            "shared": runs(plain(examples.texts[at]), which[examples.offsets[at] : examples.offsets[at + 1]]),
            "documents": by[at],
        }
        for at in order[: int((covered > 0).sum())].tolist()
    ]


def frequent(examples: Examples, grams: Grams, frequency: Ints, most: int) -> list[dict[str, Any]]:
    """The n-grams of real examples in more than `most` documents, in words, the most frequent first."""
    found = []
    for gram in np.flatnonzero(frequency > most).tolist():
        place = int(grams.places[grams.first[gram]])
        example = int(grams.example[place])
        if example < len(examples):
            begin = place - int(grams.offsets[example])
            text = " ".join(plain(examples.texts[example])[begin : begin + int(grams.lengths[gram])])
            found.append({"ngram": text, "documents": int(frequency[gram])})
    return sorted(found, key=lambda line: (-line["documents"], line["ngram"]))
