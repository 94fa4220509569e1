"""What `verify` compares: signatures or shingle hashes of candidates, lists of many lengths in one array."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.beam.dedup_job import Arrays, DedupJob
from pipeline.beam.edits import features_before, kept_batches
from pipeline.dedup.minhash import shingles, sign
from pipeline.dedup.stored import holds_keys, signatures_in
from pipeline.dedup.verify import ESTIMATE, Hashes, Offsets, distinct_shingles, taken
from pipeline.dedup_config import Near
from pipeline.text.layer import Text


def evidence(job: DedupJob, unit: int, ordinals: NDArray[np.uint32], number: int) -> tuple[Offsets, Hashes]:
    """Of these documents of a unit: their signatures, or their distinct shingles, ascending."""
    how: Near = job.steps[number].how
    scheme = how.scheme
    if how.verify != ESTIMATE:
        return distinct_shingles(*shingles(texts(job, unit, ordinals, number), scheme))
    if holds_keys(scheme):
        signatures = sign(texts(job, unit, ordinals, number), scheme)
    else:
        stored = features_before(job, unit, ["signature"], number).take(pa.array(ordinals))
        _, signatures = signatures_in(stored["signature"], scheme)
    return np.arange(len(ordinals) + 1) * scheme.hashes, signatures.reshape(-1)


def texts(job: DedupJob, unit: int, ordinals: NDArray[np.uint32], number: int) -> Text:
    """The texts of these survivors of 01-refine, read from kept/, as the edits before step `number` left them."""
    batches = [(batch.ordinal, batch.documents) for batch in kept_batches(job, unit, number)]
    rows = [np.flatnonzero(np.isin(ordinal, ordinals)) for ordinal, _ in batches]
    whole = zip(batches, rows, strict=True)
    return Text.from_arrow(pa.chunked_array([d.column("text").take(pa.array(own)) for (_, d), own in whole]))


def part_of(offsets: Offsets, hashes: Hashes, places: NDArray[np.int64]) -> Arrays:
    """The lists at `places` as they travel."""
    sizes = np.diff(offsets).astype(np.uint32)
    return {"size": sizes[places], "hash": taken(sizes, hashes, places)[1]}
