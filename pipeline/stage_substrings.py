"""`substrings` over all documents given, in one process: the arithmetic of 02-dedup without a shuffle."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.asked_substrings import AskedSubstrings, asked_substrings
from pipeline.dedup.cuts import without
from pipeline.dedup.lines_counts import Counted, merged, too_often
from pipeline.dedup.winnow import repeated
from pipeline.dedup_config import DedupStep
from pipeline.documents import Documents
from pipeline.stage_lines import scope_of
from pipeline.steps import is_empty


def cut_substrings(
    step: DedupStep, batches: Sequence[Documents], alive: NDArray[np.bool_]
) -> tuple[list[Documents], NDArray[np.bool_]]:
    """The documents as the step leaves them, and which of those that it cut have no word left."""
    own = np.split(alive, np.cumsum([len(documents) for documents in batches])[:-1])
    asked = [
        asked_substrings(documents, rows, step.how, scope_of(documents, step.scope))
        for documents, rows in zip(batches, own, strict=True)
    ]
    hashes = np.concatenate([of.found.hash for of in asked])
    hit = np.unique(hashes[repeated(hashes)])
    counts = [of.counted(of.near(hit)) for of in asked]
    told = merged(too_often(Counted.together(counts), 1)[1])
    left = [cut_batch(documents, of, hit, told) for documents, of in zip(batches, asked, strict=True)]
    return [documents for documents, _ in left], np.concatenate([empty for _, empty in left])


def cut_batch(
    documents: Documents, of: AskedSubstrings, hit: NDArray[np.uint64], told: Counted
) -> tuple[Documents, NDArray[np.bool_]]:
    """A batch as the step leaves it, and which documents have no word left."""
    near = of.near(hit)
    edit = without(documents.text, of.cuts(near, of.doomed(near, told)[0]))
    changed = documents.with_text(edit.rows, edit.text)
    empty = np.zeros(len(documents), np.bool_)
    empty[edit.rows] = is_empty(changed.take(edit.rows))
    return changed, empty
