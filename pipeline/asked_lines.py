"""What `lines` asks of a batch of documents: which of them, within what their lines are counted, what never goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.dedup.keys import Keys, id_hash, string_keys
from pipeline.dedup.lines import FORMULAS, Compared, allowed_keys, compared, groups
from pipeline.documents import Documents
from pipeline.lines_config import Lines
from pipeline.storage.files import read_bytes


@dataclass(frozen=True, eq=False)
class AskedLines:
    """A batch as the step sees it: what is compared, within which groups, and the hashes of the documents' ids."""

    found: Compared
    group: NDArray[np.uint64]
    ties: NDArray[np.uint64]


@cache
def allowed(address: str | None, formula: str) -> Keys | None:
    """The keys of the file's lines, read once a process."""
    if address is None:
        return None
    return allowed_keys(read_bytes(address).decode("utf-8-sig").splitlines(), FORMULAS[formula])


def looked_at(documents: Documents, when: Mapping[str, Sequence[str]]) -> NDArray[np.bool_]:
    """The documents that the step's `when` is true of."""
    mask = np.ones(len(documents), np.bool_)
    for name, values in when.items():
        among = pc.is_in(documents.column(name), value_set=pa.array(values, pa.string()))
        mask &= among.to_numpy(zero_copy_only=False)
    return mask


def groups_of(
    ties: NDArray[np.uint64], within: pa.Array | None, bucket: int | None, sizes: Mapping[str | None, int]
) -> NDArray[np.uint64]:
    """What each document's lines are counted within: a bucket of its scope. `sizes`: documents of each scope.

    A scope of which no size is known is as large as all together.
    """
    scope = np.zeros(len(ties), np.uint64) if within is None else string_keys(within)[:, 0]
    buckets = np.ones(len(ties), np.int64)
    if bucket is not None:
        whole = sum(sizes.values())
        values = [None] * len(ties) if within is None else within.to_pylist()
        buckets = np.array([max(1, -(-sizes.get(value, whole) // bucket)) for value in values], np.int64)
    return groups(scope, ties, buckets)


def asked_lines(
    documents: Documents,
    alive: NDArray[np.bool_],
    how: Lines,
    within: pa.Array | None,
    sizes: Mapping[str | None, int],
) -> AskedLines:
    """The batch's lines without those of documents that are gone, or that the step does not look at."""
    found = compared(documents.text, how.counted_as, how.min_words, allowed(how.allow, how.formula))
    asked = alive & looked_at(documents, how.when)
    found.asked[~asked[found.documents()]] = False
    ties = id_hash(documents.column("id"))
    return AskedLines(found, groups_of(ties, within, how.bucket, sizes), ties)
