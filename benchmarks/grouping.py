"""The row `grouping`: equal band keys of ten million documents met and joined, by the functions of the dedup pass.

`python -m benchmarks.grouping` measures in a process of its own, whose memory is read at its end.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numba import int64, uint32, uint64
from numpy.typing import NDArray

from benchmarks.measure import Row
from pipeline.beam.components import clusters, near_edges
from pipeline.dedup.ranges import pack
from pipeline.text.hashing import GOLDEN, mix
from pipeline.text.kernel import kernel

DOCUMENTS, BANDS, UNITS, RANGES = 10_000_000, 14, 100, 16
FAMILIES = 750_000  # of four documents each, on the average: three tenths of all documents are in one
LARGEST = 100_000  # documents of one family, as boilerplate makes it
SHARED = 0.43  # 0.9^8: a band that a near duplicate of Jaccard 0.9 shares; every other member of a family is a copy
NOTE = (
    "10 million documents x 14 bands in 16 ranges, three tenths in 750,000 families and one of 100,000 "
    "(half of them copies, half share a band in 0.43 of cases)"
)


@kernel
def keys_of(
    first: int, count: int, number: int, keys: NDArray[np.uint64], ordinals: NDArray[np.uint32], shared: float
) -> int:
    """The band keys of `count` documents that fall into range `number`; gives how many."""
    found = 0
    for document in range(first, first + count):
        drawn = mix(mix(uint64(document + 1) * GOLDEN) * GOLDEN)
        family = int64(drawn >> uint64(20)) % FAMILIES if drawn % uint64(10) < 3 else -1
        family = FAMILIES if document % (DOCUMENTS // LARGEST) == 0 else family
        copy = (drawn >> uint64(8)) % uint64(2) == 0
        for band in range(BANDS):
            own = mix(mix(drawn + uint64(band)) * GOLDEN)
            whose = drawn
            if family >= 0 and (copy or float(own >> uint64(11)) < shared * 2.0**53):
                whose = uint64(family)
            key = mix(mix(whose * GOLDEN + uint64(band + 1)) * GOLDEN)
            key = mix(key ^ GOLDEN)
            if int64((key >> uint64(32)) * uint64(RANGES) >> uint64(32)) == number:
                keys[found], ordinals[found] = key, uint32(document - first)
                found += 1
    return found


def elements(number: int) -> list[bytes]:
    """What a range of keys is sent by all units."""
    each = DOCUMENTS // UNITS
    keys, ordinals = np.empty(each * BANDS, np.uint64), np.empty(each * BANDS, np.uint32)
    sent = []
    for unit in range(UNITS):
        found = keys_of(unit * each, each, number, keys, ordinals, SHARED)
        sent.append(pack(unit=np.array([unit], np.int32), ordinal=ordinals[:found], key=keys[:found]))
    return sent


def timed(work: Callable[[], Iterable[Any]]) -> tuple[float, list[Any]]:
    """CPU seconds, and what was yielded."""
    began = time.process_time()
    made = list(work())
    return time.process_time() - began, made


def measured() -> dict[str, float]:
    """CPU seconds, the process's largest memory, and what was found."""
    near_edges_of = [pack(unit=np.zeros(1, np.int32), ordinal=np.arange(2, dtype=np.uint32), key=np.ones(2, np.uint64))]
    list(clusters(0, [value for _, value in near_edges(0, near_edges_of)]))  # compiled before
    seconds, forests = 0.0, []
    for number in range(RANGES):
        sent = elements(number)
        taken, made = timed(lambda sent=sent, number=number: near_edges(number, sorted(sent)))  # type: ignore[misc]
        seconds += taken
        forests += [value for _, value in made]
    edges = sum(len(value) for value in forests) // 16
    joining, labels = timed(lambda: clusters(0, forests))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    labelled = sum(len(value) for _, value in labels) // 12
    return {"seconds": seconds + joining, "joining": joining, "megabytes": memory, "edges": edges, "labels": labelled}


def grouping_row(megabytes_of_r: float) -> Row:
    """The row: keys of 8 bytes by the second."""
    answer = subprocess.run([sys.executable, "-m", "benchmarks.grouping"], capture_output=True, text=True, check=True)
    found = json.loads(answer.stdout)
    speed = 8e-6 * DOCUMENTS * BANDS / found["seconds"]
    note = f"{found['seconds']:.1f} s, {found['megabytes']:.0f} MB; {NOTE}"
    return Row("grouping", speed, speed / megabytes_of_r, note=note)


if __name__ == "__main__":
    print(json.dumps(measured()))
