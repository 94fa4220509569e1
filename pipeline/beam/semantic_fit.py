"""semantic: what is learnt from a sample before the graph, and the embeddings that workers make with it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifiers import onnx_embedding
from pipeline.beam.edits import as_documents
from pipeline.dedup.given_embedding import given_vectors
from pipeline.dedup.semantic import Floats, Halves, unit_vectors
from pipeline.dedup.semantic_fit import clusters_for, fit_centroids, fit_projection
from pipeline.dedup.tfidf import BUCKETS, FEATURES, Projection
from pipeline.documents import Documents
from pipeline.mixture.draw import rank
from pipeline.semantic_config import Semantic
from pipeline.storage.run_folder import DEDUP, REFINE, read_unit
from pipeline.storage.tensors import Tensors, load_tensors, save_tensors

SEMANTIC = "semantic"  # its folder in 02-dedup
FORMAT = 1


@dataclass(frozen=True, eq=False)
class Sample:
    """Some documents in the order of their ranks, a hash of (seed, id); `given` is how many there were in all."""

    documents: Documents
    given: int


def looked_at(documents: pa.Table | pa.RecordBatch, when: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
    """The documents that the step's `when` is true of; a null matches nothing."""
    mask = np.ones(documents.num_rows, np.bool_)
    for name, values in when.items():
        mask &= np.asarray(pc.is_in(documents.column(name), value_set=pa.array(values, pa.string())))
    return mask


def draw(run: str, units: Sequence[int], how: Semantic, seed: int) -> Sample:
    """The `sample` documents of lowest rank among 01-refine's survivors; ids first, texts of those drawn only."""
    ranks, unit_of, row_of = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for unit in units:
        table = read_unit(run, REFINE, "kept", unit, ["id", *how.when])
        asked = np.flatnonzero(looked_at(table, how.when))
        ranks.append(rank(seed, table["id"])[asked])
        unit_of.append(np.full(len(asked), unit))
        row_of.append(asked)
    every, owner, rows = (np.concatenate(parts) for parts in (ranks, unit_of, row_of))
    chosen = np.lexsort((rows, owner, every))[: how.sample]
    columns = ["text"] if how.column is None else ["text", how.column]
    taken = [
        read_unit(run, REFINE, "kept", int(unit), columns).take(pa.array(rows[chosen[owner[chosen] == unit]]))
        for unit in np.unique(owner[chosen])
    ]
    if not taken:
        return Sample(as_documents(pa.table({name: pa.array([], pa.string()) for name in columns})), 0)
    by_rank = np.argsort(np.argsort(owner[chosen], kind="stable"))
    return Sample(as_documents(pa.concat_tables(taken).take(pa.array(by_rank))), len(every))


def embed(documents: Documents, how: Semantic, projection: Projection | None) -> Halves:
    """A unit vector for each document in float16; zeros where it has none."""
    if projection is not None:
        vectors: NDArray[Any] = projection.embed(documents.text)
    elif how.column is not None:
        vectors = given_vectors(documents.column(how.column), how.column)
    else:
        vectors = onnx(str(how.model), str(how.tokenizer), how.tokens).embed(documents.text)
    return unit_vectors(vectors).astype(np.float16)


@cache
def onnx(model: str, tokenizer: str, tokens: int) -> onnx_embedding.OnnxEmbedding:
    """The model, loaded once a process."""
    return onnx_embedding.load(model, tokenizer, tokens)


def folder_of(run: str) -> Path:
    return Path(run) / DEDUP / SEMANTIC


def fit(run: str, units: Sequence[int], how: Semantic, seed: int) -> str:
    """Learn from the sample, write it beside what the step will find; gives the SHA-256 that workers load it by."""
    sample = draw(run, units, how, seed)
    documents = sample.documents
    tensors: Tensors = {}
    projection = fit_projection(documents.text, how.dimensions, seed) if how.embedding == "tfidf" else None
    if projection is not None:
        tensors |= used_rows(projection)
    embeddings = embed(documents, how, projection)
    clusters = how.clusters or clusters_for(sample.given, len(documents))
    tensors["centroids"] = fit_centroids(embeddings, clusters, seed)
    description = {
        "format": FORMAT,
        "semantic": {name: value for name, value in asdict(how).items() if name not in ("model", "tokenizer")},
        "features": FEATURES if projection is not None else None,
        "seed": seed,
        "documents": sample.given,
        "sampled": len(documents),
        "clusters": {"asked": clusters, "found": len(tensors["centroids"])},
        "dimensions": embeddings.shape[1],
    }
    return save_tensors(folder_of(run), tensors, description)


@dataclass(frozen=True, eq=False)
class Fitted:
    """What workers embed and sort by."""

    centroids: Floats
    projection: Projection | None

    def embed(self, documents: Documents, how: Semantic) -> Halves:
        """Raises ValueError where vectors are of another length than the sample's."""
        embeddings, width = embed(documents, how, self.projection), self.centroids.shape[1]
        if embeddings.shape[1] in (0, width):
            return embeddings if embeddings.shape[1] else np.zeros((len(documents), width), np.float16)
        raise ValueError(f"{how.column or how.model}: vectors of {embeddings.shape[1]} numbers, of {width} elsewhere")


@cache
def fitted(run: str, digest: str) -> Fitted:
    """Loaded once a process, and only if it is what the driver wrote."""
    tensors = load_tensors(folder_of(run), digest)
    return Fitted(tensors["centroids"], whole_table(tensors) if "idf" in tensors else None)


def used_rows(projection: Projection) -> Tensors:
    """The rows of buckets that the sample has: of a small one a tenth of all."""
    used = np.flatnonzero(projection.idf)
    return {"bucket": used.astype(np.int32), "idf": projection.idf[used], "components": projection.components[used]}


def whole_table(tensors: Tensors) -> Projection:
    """Every bucket's row again; those that the sample has not are zero."""
    idf = np.zeros(BUCKETS, np.float32)
    components = np.zeros((BUCKETS, tensors["components"].shape[1]), np.float32)
    idf[tensors["bucket"]], components[tensors["bucket"]] = tensors["idf"], tensors["components"]
    return Projection(idf, components)
