"""Connected components of a million documents in rounds of Beam passes: how many rounds, and how long.

    python -m benchmarks.star_rounds [chain|star|random ...]

Parts are written and read as in the dedup pass, in 16 ranges, on Beam's own runner with one worker; the labels are held
against scipy's.
"""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from pipeline.beam.components import FOREST, LABELS, Aside
from pipeline.beam.elements import units_of
from pipeline.beam.labels_aside import Build, label_in_rounds
from pipeline.beam.progress import Progress
from pipeline.beam.runners import execute, options_of
from pipeline.beam.whole import About, demand_whole
from pipeline.config import EngineConfig
from pipeline.dedup.clusters import Edges
from pipeline.dedup.ranges import address_of

NODES, UNITS, RANGES = 1_000_000, 20, 16
EACH = NODES // UNITS


def shaped(shape: str) -> Edges:
    """Edges between numbers: a chain in their order, a star, or as many edges at random as there are nodes."""
    nodes, random = np.arange(NODES, dtype=np.uint64), np.random.default_rng(1)
    mixed = random.permutation(nodes)
    ends = {
        "chain": (nodes[:-1], nodes[1:]),
        "star": (mixed[:1].repeat(NODES - 1), mixed[1:]),
        "random": (random.choice(nodes, NODES), random.choice(nodes, NODES)),
    }
    edges = np.stack(ends[shape], axis=1)
    return np.array(edges[edges[:, 0] != edges[:, 1]])


def engine(
    _label: str, aside: Aside, kind: str, given: Sequence[int], made: Sequence[int], build: Build
) -> list[About]:
    progress = Progress(kind, aside.path(kind, 0).parent, dict.fromkeys(made, 1), print)
    execute(lambda pipeline: build(units_of(pipeline, given)), options_of(EngineConfig(), []), progress, 3600)
    return demand_whole(Path(aside.run), aside.stage, [kind], made, aside.fingerprint)


def wrong_labels(aside: Aside, edges: Edges) -> int:
    """How many documents have another label than scipy's; numbers and addresses have one order."""
    graph = coo_array((np.ones(len(edges)), edges.astype(np.int64).T), shape=(NODES, NODES))
    count, component = connected_components(graph, directed=False)
    smallest = np.full(count, NODES)
    np.minimum.at(smallest, component, np.arange(NODES))
    expected, labels = smallest[component], np.arange(NODES)
    for unit in range(UNITS):
        part = aside.read(LABELS, unit)
        labels[part["ordinal"].astype(np.int64) + unit * EACH] = numbers(part["label"])
    return int((labels != expected).sum())


def numbers(addresses: NDArray[np.uint64]) -> NDArray[np.int64]:
    return ((addresses >> np.uint64(32)) * np.uint64(EACH) + (addresses & np.uint64(0xFFFFFFFF))).astype(np.int64)


def measure(shape: str) -> None:
    edges, said = shaped(shape), list[str]()
    addresses = address_of(edges // np.uint64(EACH), edges % np.uint64(EACH))
    with tempfile.TemporaryDirectory() as folder:
        aside = Aside(folder, "aside", "f", RANGES)
        for number in range(RANGES):
            aside.write_edges(FOREST, number, addresses[number::RANGES])
        began = time.perf_counter(), time.process_time()
        spent = label_in_rounds(aside, range(UNITS), len(edges), engine, said.append)
        wall, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
        wrong = wrong_labels(aside, edges)
    took = f"{len(said)} rounds and the proof, {wall:.0f} s ({cpu:.0f} s CPU), {spent / 1e6:.0f} MB shuffled"
    print(f"{shape}: {took}, {wrong} labels wrong")
    print(*said, sep="\n")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ["chain", "star", "random"]:
        measure(wanted)
