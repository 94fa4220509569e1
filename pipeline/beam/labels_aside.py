"""Labels of clusters found before the dedup pass itself, where a union-find over all its documents does not fit.

First the forests of all ranges, as parts. Then one union-find over the documents that they name, if that fits;
otherwise rounds of stars (pipeline/beam/star_rounds.py), and a proof of what they found.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import apache_beam as beam
import numpy as np

from pipeline.beam.components import FOREST, LABELS, Aside, edges_in
from pipeline.beam.dedup import Each, Graph, together
from pipeline.beam.dedup_job import KEY_BYTES, Arrays, DedupJob
from pipeline.beam.dedup_keys import banded_keys
from pipeline.beam.elements import MARKER
from pipeline.beam.progress import Talk
from pipeline.beam.star_rounds import FIRST, is_first, proof, star_round
from pipeline.beam.whole import About, PassFailed
from pipeline.dedup.clusters import Edges, components_of, numbered
from pipeline.dedup.ranges import ordinal_of, unit_of, unpack
from pipeline.dedup_config import Near
from pipeline.storage import files
from pipeline.storage.run_folder import DEDUP

Units: TypeAlias = Any  # a PCollection of int
Build: TypeAlias = Callable[[Units], object]
Engine: TypeAlias = Callable[[str, Aside, str, Sequence[int], Sequence[int], Build], list[About]]

# An engine runs a graph over given numbers, under a label, and says what the parts of a kind say, one for each number
# that is to be made: engine(label, aside, kind, given, made, build).

PREFIX = ".components-"
NODE_BYTES = 8  # of a union-find, for each document: a number of 32 bits, 64 beyond 2^32, and its bit
KEY_BYTES_HELD = 40  # of a band key while its range is matched: 12 as it came, 16 in its bucket, edges
LEAST_OF_A_RANGE, MOST_RANGES = 100_000_000, 4096  # bytes: smaller ranges cost more than they save
NUMBER_BYTES = 1 / 4  # to number documents that edges name, for each document there is
MOST_ROUNDS = 100  # a chain of n nodes takes log2(n) + 2, and nothing takes more: that is an engine that loses edges


def near_step(job: DedupJob) -> int | None:
    """The number of the step that looks for clusters."""
    return next((number for number, step in enumerate(job.steps) if isinstance(step.how, Near)), None)


def ranges_of(job: DedupJob, number: int, documents: int) -> int:
    """Into how many ranges keys are cut, so that those of one take no more than the job's memory."""
    keys = documents * job.steps[number].how.scheme.bands
    needed = -(-keys * KEY_BYTES_HELD // max(job.memory, LEAST_OF_A_RANGE))
    return min(max(job.ranges, needed), MOST_RANGES)


def range_markers(unit: int, ranges: int) -> Iterator[tuple[int, bytes]]:
    """Every range gets its part, though no key falls into it."""
    if is_first(unit):
        yield from ((number, MARKER) for number in range(ranges))


def keep_forest(number: int, values: Sequence[bytes], aside: Aside) -> Iterator[int]:
    """A range's part of the forests."""
    if MARKER not in values:
        return
    sent = [(value, unpack(value)) for value in values if value != MARKER]
    edges = edges_in([value for value, arrays in sent if "key" in arrays])
    before = sum(int(arrays["shuffled"][0]) for _, arrays in sent if "shuffled" in arrays)
    own = sum(len(value) + KEY_BYTES for value in values)
    aside.write_edges(FOREST, number, edges, shuffled_bytes=before + own)
    yield number


def forests(units: Units, job: DedupJob, number: int, aside: Aside) -> object:
    """The pass up to the edges of its near-duplicate step, the steps before it included."""
    graph = Graph(job, units)
    present = graph.group("present", graph.everyone)
    graph.steps(present, before=number)
    bands = graph.each("bands", graph.alive("bands", present), banded_keys, job, number)
    markers = units | "ranges" >> beam.FlatMap(range_markers, aside.ranges).with_output_types(tuple[int, bytes])
    sent = together("forests", [markers, bands, *graph.shuffled()])
    return sent | "forests: write" >> beam.ParDo(Each(keep_forest, aside)).with_output_types(int)


def all_forests(aside: Aside) -> Iterator[Edges]:
    """The forests of all ranges, one in memory at a time."""
    return (aside.read_edges(FOREST, number) for number in range(aside.ranges))


def label_at_once(aside: Aside, units: Sequence[int]) -> None:
    """One union-find over the documents that the forests name, a part at a time."""
    empty: Arrays = {"ordinal": np.empty(0, np.uint32), "label": np.empty(0, np.uint64)}
    for unit in units:
        aside.write(LABELS, unit, empty)
    for found in components_of(partial(all_forests, aside)):
        columns: Arrays = {"ordinal": ordinal_of(found.address).astype(np.uint32), "label": found.label}
        aside.write(LABELS, int(unit_of(found.address[:1])[0]), columns)


def label_in_rounds(aside: Aside, units: Sequence[int], edges: int, engine: Engine, talk: Talk) -> int:
    """Rounds of stars until nothing moves, then the proof; the bytes that all of it shuffled."""
    ranges, source, spent = range(aside.ranges), FOREST, 0
    for number in range(1, MOST_ROUNDS):
        began, target = time.monotonic(), f"round-{number:03}"
        build = partial(star_round, aside=aside, source=source, target=target)
        said = engine(target, aside, target, ranges, ranges, build)
        left, moved = (sum(about[name] for about in said) for name in ("edges", "moved"))
        talk(f"{aside.name}: round {number}: {left:,} edges, {moved:,} moved, {time.monotonic() - began:.1f} s")
        spent += shuffled_by(said)
        if source != FOREST:
            files.remove_folder(str(aside.path(source, FIRST).parent))
        source = target
        if not moved:
            return spent + prove(aside, units, edges, engine, partial(proof, aside=aside, source=source))
    raise PassFailed(f"{aside.name}: {MOST_ROUNDS} rounds, and edges still move")


def prove(aside: Aside, units: Sequence[int], edges: int, engine: Engine, build: Build) -> int:
    """Labels for the units; raises PassFailed unless every edge has one label, its cluster's smallest address."""
    said = engine(LABELS, aside, LABELS, units, units, build)
    wrong, checked = (sum(about[name] for about in said) for name in ("wrong", "checked"))
    if wrong or checked != edges:
        raise PassFailed(f"{aside.name}: {wrong:,} labels are wrong, {checked:,} of {edges:,} edges seen (run again)")
    return shuffled_by(said)


def shuffled_by(said: Sequence[About]) -> int:
    return sum(int(about["shuffled_bytes"]) for about in said)


def find_labels(
    job: DedupJob, aside: Aside, number: int, units: Sequence[int], documents: int, engine: Engine, talk: Talk
) -> int:
    """Write the labels' parts; gives the bytes shuffled."""
    build = partial(forests, job=job, number=number, aside=aside)
    said = engine("edges", aside, FOREST, units, range(aside.ranges), build)
    edges, spent = sum(about["edges"] for about in said), shuffled_by(said)
    needed = documents * NUMBER_BYTES
    if needed <= job.memory:
        needed = NODE_BYTES * len(numbered(partial(all_forests, aside)))
    how = "one union-find" if needed <= job.memory else "in rounds"
    talk(f"{aside.name}: {edges:,} edges, {needed:,.0f} bytes to join them at once (memory: {job.memory:,}): {how}")
    everyone = [*units, *job.earlier.units]
    if needed <= job.memory:
        label_at_once(aside, everyone)
        return spent
    return spent + label_in_rounds(aside, everyone, edges, engine, talk)


@contextmanager
def labelled(job: DedupJob, units: Sequence[int], documents: int, engine: Engine, talk: Talk) -> Iterator[DedupJob]:
    """The job as it is where a union-find over all documents fits its memory; otherwise with labels found aside."""
    number = near_step(job)
    if number is not None:
        job = replace(job, ranges=ranges_of(job, number, documents))
    if number is None or documents * NODE_BYTES <= job.memory:
        yield job
        return
    for left in (Path(job.run) / DEDUP).glob(f"{PREFIX}*"):  # by a pass that was killed
        files.remove_folder(str(left))
    aside = Aside(job.run, f"{DEDUP}/{PREFIX}{secrets.token_hex(4)}", job.fingerprint, job.ranges)
    try:
        spent = find_labels(job, aside, number, units, documents, engine, talk)
        yield replace(job, aside=aside.stage, spent=spent)
    finally:
        files.remove_folder(str(Path(aside.run) / aside.stage))
