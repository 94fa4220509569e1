"""`dedup check`: copies planted in the user's own data; what MinHash finds of them, and what its arithmetic says."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import Scheme, shingles, signatures_of
from pipeline.dedup.planted import KINDS, Edit, words_of
from pipeline.dedup.verify import distinct_shingles
from pipeline.dedup_config import DedupStep
from pipeline.documents import Documents, schema
from pipeline.mixture.draw import rank
from pipeline.report.chance import deviations, interval, tail
from pipeline.stage_dedup import clusters, keyed
from pipeline.text.layer import Text

EDGES = (*(at / 100 for at in range(50, 100, 5)), 1.0)  # of the bands of Jaccard; 1 has a band of its own
SHORTEST, LONGEST = 50, 20_000  # words of a document that copies are made of
WORDS_OF_CHARACTERS = 5  # that a shingle of characters is long, about
THREE_SIGMA = 0.0027  # the share of a normal distribution beyond three standard deviations
AT_ONCE = 200  # documents that are signed together

Floats = NDArray[np.float64]


@dataclass(eq=False)
class Originals:
    """The documents of lowest rank by hash of (seed, id): the same ones in whatever order they are read."""

    count: int
    seed: int
    read: int = 0
    chosen: list[tuple[int, str, str]] = field(default_factory=list)

    def add(self, batch: Documents) -> None:
        words = np.diff(batch.words.offsets)
        rows = np.flatnonzero((words >= SHORTEST) & (words <= LONGEST))
        ids = batch.column("id").take(pa.array(rows))
        ranks = rank(self.seed, ids)
        best = np.argsort(ranks, kind="stable")[: self.count]
        texts = batch.column("text").take(pa.array(rows[best])).to_pylist()
        named = zip(ranks[best].tolist(), ids.take(pa.array(best)).to_pylist(), texts, strict=True)
        self.chosen = sorted([*self.chosen, *named])[: self.count]
        self.read += len(batch)


@dataclass(frozen=True, eq=False)
class Pairs:
    """Of each pair of an original and its copy: the exact Jaccard of their shingles, a shared band, one cluster."""

    jaccard: Floats
    banded: NDArray[np.bool_]
    joined: NDArray[np.bool_]


def s_curve(jaccard: Floats, bands_: int, rows: int) -> Floats:
    """How likely a pair of this Jaccard shares a band (Leskovec, Rajaraman and Ullman, section 3.4.2)."""
    return np.asarray(1 - (1 - jaccard**rows) ** bands_)


def copies(originals: Sequence[tuple[int, str, str]], kind: str, seed: int, size: int) -> Iterator[str]:
    """One copy of each original; the Jaccard that is aimed at runs from 0.5 to 1 through all of them.

    Python word by word: a few thousand texts. Every choice is drawn from (seed, the original's rank, kind).
    """
    number = list(KINDS).index(kind)
    words = [words_of(text) for _, _, text in originals]
    for at, (place, _, _) in enumerate(originals):
        draw = np.random.default_rng([seed, place, number])
        aim = 0.5 + (at * (number + 1) * 0.618034 + 0.5 / len(originals)) % 1 / 2
        yield KINDS[kind](Edit(words[at], words[at - 1], size, aim, draw))


def measured(texts: Sequence[str], changed: Sequence[str], step: DedupStep) -> Pairs:
    """By the step's own arithmetic: its shingles, signatures, bands, edges, components and `verify`."""
    scheme = step.how.scheme
    similar, banded = [], []
    for start in range(0, len(texts), AT_ONCE):
        some = [*texts[start : start + AT_ONCE], *changed[start : start + AT_ONCE]]
        offsets, hashes = shingles(Text.from_strings(some), scheme)
        keys = band_keys(signatures_of(offsets, hashes, scheme), scheme)
        half = len(some) // 2
        similar.append(jaccards(*distinct_shingles(offsets, hashes)))
        banded.append((keys[:half] == keys[half:]).any(axis=1))
    found = keyed(step, documents_of([*texts, *changed]))
    parts = clusters(step, found, np.flatnonzero(found.valid))
    label = np.full(2 * len(texts), -1, np.int64)
    label[parts.address.astype(np.int64)] = parts.label.astype(np.int64)
    ours, theirs = label[: len(texts)], label[len(texts) :]
    return Pairs(np.concatenate(similar), np.concatenate(banded), (ours == theirs) & (ours >= 0))


def jaccards(offsets: NDArray[np.int64], hashes: NDArray[np.uint32]) -> Floats:
    """Of document i and document i + n/2, whose distinct shingles these are."""
    half = (len(offsets) - 1) // 2
    sets = [hashes[offsets[at] : offsets[at + 1]] for at in range(2 * half)]
    shared = [len(np.intersect1d(sets[at], sets[at + half], assume_unique=True)) for at in range(half)]
    both = np.diff(offsets)[:half] + np.diff(offsets)[half:] - shared
    return np.asarray(np.array(shared) / np.maximum(both, 1))


def documents_of(texts: Sequence[str]) -> Documents:
    """Documents of whom nothing matters but the text."""
    given = {"id": [str(at) for at in range(len(texts))], "text": texts, "source": ["check"] * len(texts)}
    numbers = {"unit": [0] * len(texts), "row": list(range(len(texts)))}
    columns = [pa.array({**given, **numbers}.get(each.name, [None] * len(texts)), each.type) for each in schema()]
    return Documents(pa.RecordBatch.from_arrays(columns, schema=schema()))


def cell(pairs: Pairs, among: NDArray[np.bool_], scheme: Scheme) -> dict[str, Any]:
    """What was found of these pairs, what the curve says of them, and how likely that is."""
    found, of = int(pairs.banded[among].sum()), int(among.sum())
    chances = s_curve(pairs.jaccard[among], scheme.bands, scheme.rows)
    low, high = interval(found, of)
    return {
        "pairs": of,
        "found": found,
        "recall": found / of if of else None,
        "low": low,
        "high": high,
        "curve": float(chances.mean()) if of else None,
        "deviations": deviations(found, chances),
        "p": tail(found, chances),
        "joined": int(pairs.joined[among].sum()),
        "jaccard": float(pairs.jaccard[among].mean()) if of else None,
    }


def bands(pairs: Pairs, scheme: Scheme) -> list[dict[str, Any]]:
    """A cell for each band of Jaccard that has pairs; the last is 1 exactly."""
    number = np.searchsorted(EDGES, pairs.jaccard, side="right")
    found = []
    for at in range(len(EDGES) + 1):
        if (number == at).any():
            low, high = (EDGES[at - 1] if at else 0.0), (EDGES[at] if at < len(EDGES) else 1.0)
            found.append({"from": low, "to": high, **cell(pairs, number == at, scheme)})
    return found


def together(many: Iterable[Pairs]) -> Pairs:
    each = list(many)
    return Pairs(*(np.concatenate([getattr(one, name) for one in each]) for name in ("jaccard", "banded", "joined")))


def check(originals: Originals, step: DedupStep) -> dict[str, Any]:
    """Everything that `gristmill dedup check --json` says."""
    scheme: Scheme = step.how.scheme
    texts = [text for _, _, text in originals.chosen]
    size = scheme.shingle_words or WORDS_OF_CHARACTERS
    by_kind = {
        kind: measured(texts, list(copies(originals.chosen, kind, originals.seed, size)), step) for kind in KINDS
    }
    every = together(by_kind.values())
    kinds = [
        {"kind": kind, **cell(pairs, np.ones(len(pairs.jaccard), np.bool_), scheme), "bands": bands(pairs, scheme)}
        for kind, pairs in by_kind.items()
    ]
    return {
        "scheme": {"preset": scheme.preset, "bands": scheme.bands, "rows": scheme.rows, "seed": scheme.seed},
        "verify": step.how.verify,
        "documents_read": originals.read,
        "originals": len(texts),
        "seed": originals.seed,
        "kinds": kinds,
        "bands": bands(every, scheme),
        **verdict(kinds),
    }


def verdict(kinds: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Whether chance explains the cell that is farthest out, among as many cells as there are (Bonferroni).

    Cells are the bands of each kind, and each kind as a whole: a small loss in every band adds up there. Kinds are not
    added up: the copies of one original are not independent of each other.
    """
    whole = [{"from": 0.0, "to": 1.0, **kind} for kind in kinds]
    cells = [*whole, *({"kind": kind["kind"], **each} for kind in kinds for each in kind["bands"])]
    farthest = min(cells, key=lambda each: (each["p"], -abs(each["deviations"])))
    fits = farthest["p"] * len(cells) >= THREE_SIGMA
    what = f"{farthest['kind']}, Jaccard {farthest['from']:.2f} to {farthest['to']:.2f}"
    numbers = f"{farthest['found']} of {farthest['pairs']} found, {farthest['curve']:.1%} expected"
    chance = f"{farthest['deviations']:+.1f} standard deviations, p {farthest['p']:.2g} of {len(cells)} cells"
    says = "What is found fits the curve" if fits else "What is found DOES NOT FIT the curve"
    return {"cells": len(cells), "fits": fits, "says": f"{says}. Farthest from it: {what}: {numbers} ({chance})."}
