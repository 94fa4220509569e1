"""`lines` over all documents given, in one process: the arithmetic of 02-dedup without a shuffle."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.asked_lines import AskedLines, asked_lines
from pipeline.dedup.cuts import without
from pipeline.dedup.lines import counted, cuts_of, doomed
from pipeline.dedup.lines_counts import Counted, merged, too_often
from pipeline.dedup_config import DedupStep
from pipeline.documents import Documents
from pipeline.steps import is_empty


def scope_of(documents: Documents, scope: str) -> pa.Array | None:
    """What lines are counted within; of documents without a run a crawl is not known."""
    return documents.column(scope) if scope in ("language", "source") else None


def cut_lines(
    step: DedupStep, batches: Sequence[Documents], alive: NDArray[np.bool_]
) -> tuple[list[Documents], NDArray[np.bool_]]:
    """The documents as the step leaves them, and which of those that it cut have no word left."""
    own = np.split(alive, np.cumsum([len(documents) for documents in batches])[:-1])
    scopes = [scope_of(documents, step.scope) for documents in batches]
    sizes: Counter[str | None] = Counter()
    for documents, within in zip(batches, scopes, strict=True):
        sizes.update([None] * len(documents) if within is None else within.to_pylist())
    asked = [
        asked_lines(documents, rows, step.how, within, sizes)
        for documents, rows, within in zip(batches, own, scopes, strict=True)
    ]
    _, told = too_often(Counted.together([counted(of.found, of.group, of.ties) for of in asked]), step.how.more_than)
    told = merged(told)
    left = [cut_batch(documents, of, told, step) for documents, of in zip(batches, asked, strict=True)]
    return [documents for documents, _ in left], np.concatenate([empty for _, empty in left])


def cut_batch(
    documents: Documents, of: AskedLines, told: Counted, step: DedupStep
) -> tuple[Documents, NDArray[np.bool_]]:
    """A batch as the step leaves it, and which documents have no word left."""
    hit, _ = doomed(of.found, of.group, of.ties, told, step.how.counted_as.keeps_one)
    edit = without(documents.text, cuts_of(of.found, hit))
    changed = documents.with_text(edit.rows, edit.text)
    empty = np.zeros(len(documents), np.bool_)
    empty[edit.rows] = is_empty(changed.take(edit.rows))
    return changed, empty
