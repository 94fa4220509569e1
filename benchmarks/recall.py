"""Near-dedup beside truth: recall in every Jaccard band beside the S-curve, through whole runs of every preset.

    GRISTMILL_DATA=... python -m benchmarks.recall

`dedup/dedup.parquet` holds the documents, `truth_dedup_pairs.parquet` pairs that are near, planted copies among them.
A pair is found where both documents are in one cluster of the run; `direct` counts those that share a band themselves,
which is what the S-curve speaks of. Its Jaccard is computed here, over the preset's own shingles.
"""

import itertools
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from pipeline.beam.run import run
from pipeline.config import load
from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import PRESETS, Scheme, preset, shingles, sign
from pipeline.dedup.verify import distinct_shingles
from pipeline.storage.run_folder import DEDUP
from pipeline.text.layer import Text

BINS = np.array([0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.01])
FAR = 3.0  # standard deviations below the curve
NEIGHBOUR = 0.5  # the exact Jaccard to one of its cluster that makes a drop right
AT_ONCE = 1024
Pairs = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Truth:
    """The documents' texts, and the rows of the pairs that are near."""

    ids: NDArray[np.object_]
    text: Text
    pairs: Pairs


@dataclass(frozen=True, eq=False)
class Found:
    """What a run decided, by the truth's rows, and how many bytes it shuffled for each document."""

    cluster: NDArray[np.int64]
    keep: NDArray[np.bool_]
    shuffled: float


def truth(data: Path) -> Truth:
    table = pq.read_table(data / "dedup" / "dedup.parquet", columns=["id", "text"])
    ids = np.array(table["id"].to_pylist(), object)
    row = {name: i for i, name in enumerate(ids)}
    named = pq.read_table(data / "dedup" / "truth_dedup_pairs.parquet", columns=["id_a", "id_b"])
    pairs = [[row[name] for name in named[side].to_pylist()] for side in ("id_a", "id_b")]
    return Truth(ids, Text.from_arrow(table["text"]), np.array(pairs, np.int64).T)


def decided(data: Path, name: str, verify: str, ids: NDArray[np.object_]) -> Found:
    """A run of nothing but this step."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "recall.yaml"
        config.write_text(
            f"inputs: [{{source: truth, path: {data}/dedup/dedup.parquet}}]\n"
            f"dedup: {{steps: [minhash: {{preset: {name}, verify: {verify}}}]}}\n"
        )
        done = run(load(config), talk=lambda _line: None).folder / DEDUP
        decisions: pa.Table = pq.read_table(done / "decisions", columns=["id", "cluster", "keep"])
        shuffled = json.loads((done / "manifest.json").read_text())["shuffled_bytes"]
    place = np.argsort(np.array(decisions["id"].to_pylist(), object))[np.argsort(np.argsort(ids))]
    _, cluster = np.unique(np.array(decisions["cluster"].to_pylist(), object)[place], return_inverse=True)
    return Found(cluster, np.array(decisions["keep"])[place], shuffled / len(ids))


def jaccards(text: Text, scheme: Scheme, pairs: Pairs) -> NDArray[np.float64]:
    """The exact Jaccard of each pair over the scheme's own shingles."""
    offsets, hashes = distinct_shingles(*shingles(text, scheme))
    sets = np.split(hashes, offsets[1:-1])
    both = np.array([len(np.intersect1d(sets[one], sets[two], assume_unique=True)) for one, two in pairs.tolist()])
    return np.asarray(both / np.maximum(np.diff(offsets)[pairs].sum(axis=1) - both, 1))


def direct(text: Text, scheme: Scheme, pairs: Pairs) -> NDArray[np.bool_]:
    """Which pairs share a band themselves."""
    rows = np.arange(len(text))
    keys = [band_keys(sign(text.take(rows[i : i + AT_ONCE]), scheme), scheme) for i in range(0, len(rows), AT_ONCE)]
    banded = np.concatenate(keys)
    return np.asarray((banded[pairs[:, 0]] == banded[pairs[:, 1]]).any(axis=1))


def recall_table(name: str, given: Truth, found: Found) -> bool:
    """Print a line for each band of Jaccard; whether none lies below the curve by more than FAR deviations."""
    scheme = preset(name)
    jaccard = jaccards(given.text, scheme, given.pairs)
    same = found.cluster[given.pairs[:, 0]] == found.cluster[given.pairs[:, 1]]
    shared = direct(given.text, scheme, given.pairs)
    print(f"\n{name} {scheme.bands} x {scheme.rows}: {found.shuffled:.0f} bytes shuffled for each document")
    print("Jaccard      pairs   curve  direct  cluster   z(direct)")
    sound = True
    for low, high in itertools.pairwise(BINS):
        inside = (jaccard >= low) & (jaccard < high)
        if not inside.any():
            continue
        chance = 1 - (1 - jaccard[inside] ** scheme.rows) ** scheme.bands
        deviation = max(np.sqrt((chance * (1 - chance)).sum()), 1e-9)
        z = (shared[inside].sum() - chance.sum()) / deviation
        sound &= bool(same[inside].sum() >= chance.sum() - FAR * deviation)
        shares = f"{chance.mean():8.4f}{shared[inside].mean():8.4f}{same[inside].mean():9.4f}"
        print(f"{low:.1f}-{min(high, 1):.1f} {inside.sum():9,}{shares}{z:12.1f}")
    return sound


def right_drops(given: Truth, found: Found, scheme: Scheme) -> float:
    """The share of dropped documents with a neighbour in their cluster of an exact Jaccard of NEIGHBOUR or more."""
    order = np.argsort(found.cluster, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(found.cluster[order])) + 1)
    right = dropped = 0
    for group in (each for each in groups if len(each) > 1):
        for row in group[~found.keep[group]]:
            pairs = np.array([[row, other] for other in group if other != row], np.int64)
            members, places = np.unique(pairs, return_inverse=True)
            near = jaccards(given.text.take(members), scheme, places.reshape(-1, 2)).max()
            right, dropped = right + bool(near >= NEIGHBOUR), dropped + 1
    return right / max(dropped, 1)


def main() -> None:
    data = Path(os.environ["GRISTMILL_DATA"])
    given, sound = truth(data), True
    for name in sys.argv[1:] or PRESETS:
        sound &= recall_table(name, given, decided(data, name, "band", given.ids))
        estimated = decided(data, name, "estimate", given.ids)
        share = right_drops(given, estimated, preset(name))
        told = f"{share:.2%} of {(~estimated.keep).sum():,} dropped have a neighbour of Jaccard >= {NEIGHBOUR}"
        print(f"verify: estimate: {told}; {estimated.shuffled:.0f} bytes shuffled for each document")
    sys.exit(0 if sound else 1)


if __name__ == "__main__":
    main()
