"""Compile dedup's kernels at set-up, on tiny arrays of the real types."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import components, components_of, edges_of_equal_keys, forest
from pipeline.dedup.cuts import without
from pipeline.dedup.exact import exact_keys
from pipeline.dedup.keep import choose, preferences
from pipeline.dedup.minhash import preset, sign
from pipeline.dedup.semantic import nearest_centroids, neighbours
from pipeline.dedup.substrings import counted, cuts_of, doomed, windows
from pipeline.dedup.tfidf import BUCKETS, Projection
from pipeline.dedup.url import url_keys
from pipeline.dedup.winnow import fingerprints
from pipeline.text.layer import Text

DOCUMENTS = ["The quick brown fox jumps over the lazy dog.", "the quick brown fox jumps over the lazy dog", "Übung"]


def warm() -> None:
    """Run every kernel once: signatures, keys, clusters the choice of a survivor, semantic neighbours."""
    text = Text.from_strings(DOCUMENTS)
    scheme = preset("fineweb")
    exact_keys(text)
    url_keys(pa.array(["http://www.example.com/", None, "example.com"]))
    keys = band_keys(sign(text, scheme), scheme).reshape(-1)
    addresses = np.repeat(np.arange(len(text), dtype=np.uint64), scheme.bands)
    clusters = components(forest(edges_of_equal_keys(keys, addresses)))
    list(components_of(lambda: [edges_of_equal_keys(keys, addresses)]))
    columns = {"date": pa.array(["2024-01-01T00:00:00Z"] * len(clusters.label))}
    prefer = preferences(["newest"], columns, len(clusters.label))
    choose(clusters.label, prefer, clusters.address, clusters.address)
    ones = np.ones((BUCKETS, 2), np.float32)
    vectors = Projection(ones[:, 0].copy(), ones).embed(text).astype(np.float16)
    drawers = nearest_centroids(vectors, ones[:1]).astype(np.uint64)
    numbers = np.arange(len(text), dtype=np.uint64)
    neighbours(vectors, drawers, numbers[:, None], numbers, numbers, 0.9)
    warm_substrings(text, numbers)


def warm_substrings(text: Text, ties: NDArray[np.uint64]) -> None:
    """Fingerprints, windows, what goes, and cutting it."""
    group = np.zeros(len(text), np.uint64)
    near = windows(text, fingerprints(text.words, np.ones(len(text), np.bool_), group, 4, 2), group, 4)
    hit, _ = doomed(near, ties, counted(near, ties), keeps_one=True)
    without(text, cuts_of(text, near, hit))
