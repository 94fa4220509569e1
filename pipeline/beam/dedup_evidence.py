"""What `verify` compares: signatures or shingle hashes of candidates, lists of many lengths in one array."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.beam.dedup_job import Arrays, DedupJob
from pipeline.dedup.minhash import shingles, sign
from pipeline.dedup.stored import holds_keys, signatures_in
from pipeline.dedup.verify import ESTIMATE, Hashes, Offsets, distinct_shingles, taken
from pipeline.dedup_config import Near
from pipeline.storage.run_folder import REFINE, read_unit
from pipeline.text.layer import Text


def evidence(job: DedupJob, unit: int, ordinals: NDArray[np.uint32], how: Near) -> tuple[Offsets, Hashes]:
    """Of these documents of a unit: their signatures, or their distinct shingles, ascending."""
    scheme = how.scheme
    if how.verify != ESTIMATE:
        return distinct_shingles(*shingles(texts(job, unit, ordinals), scheme))
    if holds_keys(scheme):
        signatures = sign(texts(job, unit, ordinals), scheme)
    else:
        stored = read_unit(job.run, REFINE, "features", unit, ["signature"]).take(pa.array(ordinals))
        _, signatures = signatures_in(stored["signature"], scheme)
    return np.arange(len(ordinals) + 1) * scheme.hashes, signatures.reshape(-1)


def texts(job: DedupJob, unit: int, ordinals: NDArray[np.uint32]) -> Text:
    """The texts of these survivors of 01-refine, read from kept/."""
    survivors = np.array(read_unit(job.run, REFINE, "features", unit, ["kept"])["kept"])
    rows = (np.cumsum(survivors) - 1)[ordinals]
    return Text.from_arrow(read_unit(job.run, REFINE, "kept", unit, ["text"])["text"].take(pa.array(rows)))


def part_of(offsets: Offsets, hashes: Hashes, places: NDArray[np.int64]) -> Arrays:
    """The lists at `places` as they travel."""
    sizes = np.diff(offsets).astype(np.uint32)
    return {"size": sizes[places], "hash": taken(sizes, hashes, places)[1]}
