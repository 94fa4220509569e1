"""Embeddings by what a sample taught, and the clusters that they are compared in: of a run and of `stage`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifiers import onnx_embedding
from pipeline.dedup.given_embedding import given_vectors
from pipeline.dedup.semantic import Floats, Halves, nearest_centroids, unit_vectors
from pipeline.dedup.semantic_fit import clusters_for, fit_centroids, fit_projection
from pipeline.dedup.tfidf import Projection
from pipeline.documents import Documents
from pipeline.semantic_config import Semantic
from pipeline.storage.inputs import InputError


@dataclass(frozen=True, eq=False)
class Fitted:
    """What documents are embedded and sorted by."""

    centroids: Floats
    projection: Projection | None

    def embed(self, documents: Documents, how: Semantic) -> Halves:
        """Raises InputError where vectors are of another length than the sample's."""
        embeddings, width = embed(documents, how, self.projection), self.centroids.shape[1]
        if embeddings.shape[1] in (0, width):
            return embeddings if embeddings.shape[1] else np.zeros((len(documents), width), np.float16)
        raise InputError(
            f"semantic: {how.column or how.model}: vectors of {embeddings.shape[1]} numbers, of {width} elsewhere"
        )

    def drawers(self, embeddings: Halves) -> NDArray[np.uint64]:
        """The cluster of each."""
        return nearest_centroids(embeddings, self.centroids).astype(np.uint64)


def looked_at(documents: pa.Table | pa.RecordBatch, when: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
    """The documents that the step's `when` is true of; a null matches nothing."""
    mask = np.ones(documents.num_rows, np.bool_)
    for name, values in when.items():
        mask &= np.asarray(pc.is_in(documents.column(name), value_set=pa.array(values, pa.string())))
    return mask


def embed(documents: Documents, how: Semantic, projection: Projection | None) -> Halves:
    """A unit vector for each document in float16; zeros where it has none."""
    if projection is not None:
        vectors: NDArray[Any] = projection.embed(documents.text)
    elif how.column is not None:
        vectors = vectors_in(documents, how.column)
    else:
        vectors = onnx(str(how.model), str(how.tokenizer), how.tokens).embed(documents.text)
    return unit_vectors(vectors).astype(np.float16)


def vectors_in(documents: Documents, name: str) -> NDArray[np.float64]:
    """The column's vectors. Raises InputError where it is missing or holds none."""
    if name not in documents.batch.schema.names:
        raise InputError(f"semantic: there is no column {name} ({', '.join(documents.batch.schema.names)})")
    try:
        return given_vectors(documents.column(name), name)
    except ValueError as error:
        raise InputError(f"semantic: {error}") from error


@cache
def onnx(model: str, tokenizer: str, tokens: int) -> onnx_embedding.OnnxEmbedding:
    """The model, loaded once a process."""
    return onnx_embedding.load(model, tokenizer, tokens)


def learn(sample: Documents, given: int, how: Semantic, seed: int) -> Fitted:
    """From a sample of the `given` documents, in an order that is its own."""
    projection = None
    if how.embedding == "tfidf":
        projection = replace(fit_projection(sample.text, how.dimensions, seed), captured=how.captured)
    clusters = how.clusters or clusters_for(given, len(sample))
    return Fitted(fit_centroids(embed(sample, how, projection), clusters, seed), projection)
