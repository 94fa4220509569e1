"""`semantic` over all documents given, in one process: the arithmetic of 02-dedup without a shuffle."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.dedup.keep import columns_of, preferences
from pipeline.dedup.scope import scoped
from pipeline.dedup.semantic import Neighbours, neighbours
from pipeline.dedup_config import DedupStep
from pipeline.documents import Documents
from pipeline.mixture.draw import rank
from pipeline.semantic_embedding import learn, looked_at

SEED = 0  # a config's default


def near_documents(
    step: DedupStep, batches: Sequence[Documents], alive: NDArray[np.bool_], columns: pa.Table, ties: NDArray[np.uint64]
) -> Neighbours:
    """The documents that are alike; an address is a document's number. `columns`: what policies and scopes read."""
    whole = pa.Table.from_batches([documents.batch for documents in batches])
    rows = np.flatnonzero(alive & looked_at(whole, step.how.when))
    documents = as_documents(whole.take(pa.array(rows)))
    chosen = np.argsort(rank(SEED, documents.column("id")), kind="stable")[: step.how.sample]
    fitted = learn(documents.take(chosen), len(rows), step.how, SEED)
    embeddings = fitted.embed(documents, step.how)
    there = np.flatnonzero(embeddings.any(axis=1))
    members = columns.take(pa.array(rows[there])).combine_chunks()
    within = None if step.scope == "global" else members[step.scope].combine_chunks()
    return neighbours(
        embeddings[there],
        scoped(fitted.drawers(embeddings[there]), within),
        preferences(step.keep, {name: members[name].combine_chunks() for name in columns_of(step.keep)}, len(there)),
        ties[rows[there]],
        rows[there].astype(np.uint64),
        step.how.threshold,
    )


def as_documents(table: pa.Table) -> Documents:
    """One batch of the rows, of which there may be none."""
    batches = table.combine_chunks().to_batches()
    return Documents(batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema))


def notes(found: Neighbours, ids: Sequence[str]) -> dict[int, dict[str, object]]:
    """By its number, what is said of a document that has a neighbour; a group is called by its smallest id."""
    smallest: dict[int, str] = {}
    for row, label in zip(found.address.tolist(), found.label.tolist(), strict=True):
        smallest[label] = min(ids[row], smallest.get(label, ids[row]))
    told = zip(found.address.tolist(), found.label.tolist(), found.nearest.tolist(), found.cosine.tolist(), strict=True)
    return {
        row: {"group": smallest[label], "nearest": ids[near], "cosine": cosine} for row, label, near, cosine in told
    }
