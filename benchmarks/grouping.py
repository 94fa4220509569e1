"""The rows `grouping`: equal band keys of ten million documents met and joined, by the functions of the dedup pass.

`python -m benchmarks.grouping` measures in a process of its own, whose memory is read at the end of each part.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numba import int64, uint8, uint32, uint64
from numpy.typing import NDArray

from benchmarks.measure import Row
from pipeline.beam.components import clusters, near_edges
from pipeline.beam.dedup_groups import similar_drops
from pipeline.beam.dedup_job import spread
from pipeline.dedup.bands import band_keys
from pipeline.dedup.minhash import preset
from pipeline.dedup.ranges import pack, range_of, split, unpack
from pipeline.dedup.verify import ESTIMATE
from pipeline.dedup_config import Near
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import inline, kernel

DOCUMENTS, UNITS, RANGES = 10_000_000, 100, 16
EACH = DOCUMENTS // UNITS
SCHEME = preset("fineweb")  # 14 x 8
FAMILIES = 750_000  # of four documents each, on the average: three tenths of all documents are in one
LARGEST = 100_000  # documents of one family, as boilerplate makes it
SHARED = 230  # of 256: a row that a near duplicate of Jaccard 0.9 shares; every other member of a family is a copy
NOTE = (
    "10 million documents x 14 bands in 16 ranges of keys, three tenths in 750,000 families, 100,000 in one more "
    "(half of them copies, half share 0.9 of the rows)"
)


@inline
def family_of(document: int, drawn: np.uint64) -> int:
    """The family of a document, -1 for none."""
    if document % (DOCUMENTS // LARGEST) == 0:
        return FAMILIES
    return int64(drawn >> uint64(20)) % FAMILIES if drawn % uint64(10) < 3 else -1


@kernel
def sign(first: int, signatures: NDArray[np.uint32]) -> None:
    """The signatures of documents first, first + 1, ...: each row its family's, or its own."""
    for document in range(first, first + len(signatures)):
        drawn = mix(mix(uint64(document + 1) * GOLDEN) * GOLDEN)
        family = family_of(document, drawn)
        copy = (drawn >> uint64(8)) % uint64(2) == 0
        coins = uint64(0)
        for row in range(signatures.shape[1]):
            coins = coins >> uint64(8) if row % 8 else mix((drawn + uint64(row)) * GOLDEN)
            whose = uint64(family) if family >= 0 and (copy or uint8(coins) < SHARED) else drawn
            signatures[document - first, row] = uint32(mix((whose * GOLDEN + uint64(row + 1)) * GOLDEN))


def signed(unit: int) -> NDArray[np.uint32]:
    signatures = np.empty((EACH, SCHEME.hashes), np.uint32)
    sign(unit * EACH, signatures)
    return signatures


class Spool:
    """What every range is sent, on disk until it is read: the runner's part, which is not measured."""

    def __init__(self, folder: str, name: str) -> None:
        self.files = [Path(folder) / f"{name}-{number}" for number in range(RANGES)]

    def send(self, unit: int, ranges: NDArray[np.int64], **arrays: NDArray[Any]) -> None:
        """The rows of a unit, each to its range."""
        for number, part in split(ranges, **arrays):
            if "hash" in part:
                part["hash"] = part["hash"].reshape(-1)
            value = pack(unit=np.array([unit], np.int32), **part)
            with self.files[number].open("ab") as file:
                file.write(len(value).to_bytes(8, "little") + value)

    def read(self, number: int) -> list[bytes]:
        """Sorted, as a group is."""
        values = []
        with self.files[number].open("rb") as file:
            while size := file.read(8):
                values.append(file.read(int.from_bytes(size, "little")))
        return sorted(values)


def send_keys(spool: Spool) -> None:
    """Every band key of every document."""
    ordinals = np.repeat(np.arange(EACH, dtype=np.uint32), SCHEME.bands)
    for unit in range(UNITS):
        keys = band_keys(signed(unit), SCHEME).reshape(-1)
        spool.send(unit, range_of(keys, RANGES), ordinal=ordinals, key=keys)


def send_claims(spool: Spool, labelled: Sequence[bytes]) -> None:
    """Claims and signatures of those that are in a cluster, by its label."""
    for unit, value in enumerate(labelled):
        given = unpack(value)
        ordinals, rows = given["ordinal"], len(given["ordinal"])
        ties = (ordinals.astype(np.uint64) + np.uint64(unit * EACH + 1)) * np.uint64(GOLDEN)
        claims = {"ordinal": ordinals, "key": given["label"], "tie": ties, "prefer": np.zeros((rows, 2), np.uint64)}
        evidence = {"size": np.full(rows, SCHEME.hashes, np.uint32), "hash": signed(unit)[ordinals]}
        spool.send(unit, spread(given["label"], RANGES), **claims, **evidence)


def timed(work: Iterable[tuple[int, bytes]]) -> tuple[float, list[bytes]]:
    """CPU seconds, and what was yielded."""
    began = time.process_time()
    made = [value for _, value in work]
    return time.process_time() - began, made


def megabytes() -> float:
    status = Path("/proc/self/status")
    if status.exists():  # `ru_maxrss` is the parent's until ours is more: 2.4 GB where all rows were measured before
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def measured(folder: str) -> dict[str, float]:
    """CPU seconds and the process's largest memory so far, of `verify: band` and of the estimate that may follow."""
    keys, claims, forests, how = Spool(folder, "keys"), Spool(folder, "claims"), list[bytes](), Near(SCHEME, ESTIMATE)
    found = {"seconds": 0.0, "estimate": 0.0, "signatures": 0.0}
    send_keys(keys)
    timed(near_edges(0, keys.read(0)[:1]))  # compiled before
    for number in range(RANGES):
        taken, made = timed(near_edges(number, keys.read(number)))
        found["seconds"] += taken
        forests += made
    timed(clusters(0, forests[:1]))
    found["joining"], labelled = timed(clusters(0, forests))
    found["seconds"] += found["joining"]
    found |= {"megabytes": megabytes(), "edges": sum(map(len, forests)) // 16, "labels": sum(map(len, labelled)) // 12}
    forests.clear()
    send_claims(claims, labelled)
    timed(similar_drops(0, claims.read(0)[:1], 0, how))
    for number in range(RANGES):
        sent = claims.read(number)
        found["signatures"] += sum(map(len, sent)) / 1e6
        found["estimate"] += timed(similar_drops(number, sent, 0, how))[0]
    return found | {"estimate_megabytes": megabytes()}


def grouping_rows(megabytes_of_r: float) -> list[Row]:
    """Keys of 8 bytes by the second; and with every pair of a band held against the signatures' estimate."""
    answer = subprocess.run([sys.executable, "-m", "benchmarks.grouping"], capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    keys = 8e-6 * DOCUMENTS * SCHEME.bands
    band, both = found["seconds"], found["seconds"] + found["estimate"]
    note = f"{both:.1f} s, {found['estimate_megabytes']:.0f} MB; {found['signatures']:.0f} MB of signatures travel"
    return [
        Row(
            "grouping",
            keys / band,
            keys / band / megabytes_of_r,
            note=f"{band:.1f} s, {found['megabytes']:.0f} MB; {NOTE}",
        ),
        Row("grouping_estimate", keys / both, keys / both / megabytes_of_r, note=note),
    ]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as spooled:
        print(json.dumps(measured(spooled)))
