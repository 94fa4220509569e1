"""semantic: what the driver learns from a sample before the graph, written where workers find it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipeline.beam.edits import as_documents
from pipeline.dedup.tfidf import BUCKETS, FEATURES, Projection
from pipeline.documents import Documents
from pipeline.mixture.draw import rank
from pipeline.semantic_config import Semantic
from pipeline.semantic_embedding import Fitted, learn, looked_at
from pipeline.storage.run_folder import DEDUP, REFINE, read_unit
from pipeline.storage.tensors import Tensors, load_tensors, save_tensors

SEMANTIC = "semantic"  # its folder in 02-dedup
FORMAT = 1


@dataclass(frozen=True, eq=False)
class Sample:
    """Some documents in the order of their ranks, a hash of (seed, id); `given` is how many there were in all."""

    documents: Documents
    given: int


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


def folder_of(run: str) -> Path:
    return Path(run) / DEDUP / SEMANTIC


def fit(run: str, units: Sequence[int], how: Semantic, seed: int) -> str:
    """Learn from the sample, write it beside what the step will find; gives the SHA-256 that workers load it by."""
    sample = draw(run, units, how, seed)
    learnt = learn(sample.documents, sample.given, how, seed)
    tensors: Tensors = {"centroids": learnt.centroids}
    if learnt.projection is not None:
        tensors |= used_rows(learnt.projection)
    description = {
        "format": FORMAT,
        "semantic": {name: value for name, value in asdict(how).items() if name not in ("model", "tokenizer")},
        "features": FEATURES if learnt.projection is not None else None,
        "seed": seed,
        "documents": sample.given,
        "sampled": len(sample.documents),
        "clusters": len(learnt.centroids),
        "dimensions": learnt.centroids.shape[1],
    }
    return save_tensors(folder_of(run), tensors, description)


@cache
def fitted(run: str, digest: str) -> Fitted:
    """Loaded once a process, and only if it is what the driver wrote."""
    tensors = load_tensors(folder_of(run), digest)
    return Fitted(tensors["centroids"], whole_table(tensors) if "idf" in tensors else None)


def used_rows(projection: Projection) -> Tensors:
    """The components' rows of buckets that the sample has: of a small one a tenth of all."""
    used = np.flatnonzero(projection.components.any(axis=1))
    components = projection.components[used]
    captured = np.array([projection.captured])
    return {"bucket": used.astype(np.int32), "idf": projection.idf, "components": components, "captured": captured}


def whole_table(tensors: Tensors) -> Projection:
    """Every bucket's row again; those that the sample has not are zero."""
    components = np.zeros((BUCKETS, tensors["components"].shape[1]), np.float32)
    components[tensors["bucket"]] = tensors["components"]
    return Projection(np.array(tensors["idf"]), components, float(tensors["captured"][0]))
