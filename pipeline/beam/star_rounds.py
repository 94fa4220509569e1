"""Connected components as passes over parts, where no memory holds the union-find: rounds of stars, then the proof.

Each pass reads the parts of the one before it by ranges of nodes, and writes its own.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import apache_beam as beam
import numpy as np
from numpy.typing import NDArray

from pipeline.beam.components import FOREST, LABELS, Aside
from pipeline.beam.dedup import Each, together
from pipeline.beam.dedup_job import KEY_BYTES, Element, one, spread
from pipeline.beam.elements import MARKER, marker
from pipeline.dedup.clusters import Edges
from pipeline.dedup.ranges import ordinal_of, pack, split, unit_of, unpack
from pipeline.dedup.stars import both_ways, disagreeing, labels, large_star, small_star

Numbers: TypeAlias = Any  # a PCollection of int
Brought: TypeAlias = dict[str, list[NDArray[Any]]]

FIRST = 0  # the unit that takes the proof's counts


def brought(values: Sequence[bytes]) -> Brought:
    """By name the arrays that a group was sent, what an engine sent twice once; `shuffled`: of these, and noted before.

    Every element names the range it comes from, so that only an engine's repetition makes two equal.
    """
    found: Brought = defaultdict(list)
    for value in sorted(set(values)):
        for name, array in unpack(value).items():
            found[name].append(array)
    found["shuffled"].append(one(sum(len(value) + KEY_BYTES for value in values), np.int64))
    return found


def pairs(found: Brought, name: str) -> Edges:
    return np.concatenate([np.empty((0, 2), np.uint64), *found[name]])


def total(found: Brought, name: str) -> int:
    return int(sum(array[0] for array in found[name]))


def by_first(name: str, edges: Edges, origin: int, aside: Aside) -> Iterator[Element]:
    """The pairs, each to the range of its first address."""
    for number, part in split(spread(edges[:, 0], aside.ranges), **{name: edges}):
        yield number, pack(origin=one(origin, np.int32), **part)


def counted(origin: int, **counts: int) -> bytes:
    whose = one(origin, np.int32)
    return pack(origin=whose, **{name: one(count, np.int64) for name, count in counts.items()})


def ends(number: int, aside: Aside, source: str) -> Iterator[Element]:
    """A part's edges, from either end."""
    yield from by_first("edge", both_ways(aside.read_edges(source, number)), number, aside)


def larger_moved(number: int, values: Sequence[bytes], aside: Aside) -> Iterator[Element]:
    """Large-star of a range's nodes; what it leads elsewhere meets at the larger ends."""
    found = brought(values)
    edges, moved = large_star(pairs(found, "edge"))
    yield from by_first("edge", edges, number, aside)
    yield number, counted(number, moved=moved, shuffled=total(found, "shuffled"))


def smaller_moved(number: int, values: Sequence[bytes], aside: Aside, target: str) -> Iterator[int]:
    """Small-star of a range's nodes: its part of the round."""
    if MARKER not in values:
        return
    found = brought(values)
    edges, moved = small_star(pairs(found, "edge"))
    counts = {"moved": moved + total(found, "moved"), "shuffled_bytes": total(found, "shuffled")}
    aside.write_edges(target, number, edges, **counts)
    yield number


def star_round(numbers: Numbers, aside: Aside, source: str, target: str) -> object:
    """One round: large-star, then small-star."""
    sent = numbers | "ends" >> beam.FlatMap(ends, aside, source).with_output_types(tuple[int, bytes])
    larger = beam.ParDo(Each(larger_moved, aside)).with_output_types(tuple[int, bytes])
    moved = together("large", [sent]) | "large-star" >> larger
    markers = numbers | "ranges" >> beam.Map(marker).with_output_types(tuple[int, bytes])
    smaller = beam.ParDo(Each(smaller_moved, aside, target)).with_output_types(int)
    return together("small", [markers, moved]) | "small-star" >> smaller


def stars_and_forest(number: int, aside: Aside, source: str) -> Iterator[Element]:
    """The labels that the stars of one range give, and the edges of a forest, both by their first address."""
    stars = aside.read_edges(source, number)
    centres = np.unique(stars[:, 1])
    yield from by_first("label", np.concatenate([stars, np.stack([centres, centres], axis=1)]), number, aside)
    yield from by_first("edge", aside.read_edges(FOREST, number), number, aside)


def first_ends(number: int, values: Sequence[bytes], aside: Aside) -> Iterator[Element]:
    """Each edge tells its other end the label that its first end has; the labels stay where they are."""
    found = brought(values)
    labelled, wrong = labels(pairs(found, "label"))
    edges = pairs(found, "edge")
    place = np.searchsorted(labelled.address, edges[:, 0])
    known = place < len(labelled.address)
    known[known] = labelled.address[place[known]] == edges[known, 0]
    told = np.stack([edges[known, 1], labelled.label[place[known]]], axis=1)
    yield from by_first("expected", told, number, aside)
    yield number, pack(label=np.stack([labelled.address, labelled.label], axis=1))
    yield number, counted(number, wrong=wrong, shuffled=total(found, "shuffled"))


def other_ends(number: int, values: Sequence[bytes]) -> Iterator[Element]:
    """Whether each edge's other end has the same label; then the units hear the labels of their documents."""
    found = brought(values)
    labelled, wrong = labels(pairs(found, "label"))
    expected = pairs(found, "expected")
    wrong += total(found, "wrong") + disagreeing(labelled, expected)
    ordinals = ordinal_of(labelled.address).astype(np.uint32)
    for unit, part in split(unit_of(labelled.address), ordinal=ordinals, label=labelled.label):
        yield unit, pack(**part)
    yield FIRST, counted(number, wrong=wrong, checked=len(expected), shuffled=total(found, "shuffled"))


def keep_labels(unit: int, values: Sequence[bytes], aside: Aside) -> Iterator[int]:
    """The unit's part of labels."""
    if MARKER not in values:
        return
    found = brought(values)
    ordinals = np.concatenate([np.empty(0, np.uint32), *found["ordinal"]])
    columns = {"ordinal": ordinals, "label": np.concatenate([np.empty(0, np.uint64), *found["label"]])}
    counts = {name: total(found, name) for name in ("wrong", "checked")}
    aside.write(LABELS, unit, columns, **counts, shuffled_bytes=total(found, "shuffled"))
    yield unit


def is_first(unit: int) -> bool:
    return int(unit) == FIRST


def ranges_of(unit: int, aside: Aside) -> Iterator[int]:
    """Every range, once."""
    yield from range(aside.ranges if is_first(unit) else 0)


def proof(units: Numbers, aside: Aside, source: str) -> object:
    """Labels for the units, every edge of the forests held against them."""
    markers = units | "units" >> beam.Map(marker).with_output_types(tuple[int, bytes])
    sent = (
        units
        | "ranges" >> beam.FlatMap(ranges_of, aside).with_output_types(int)
        | "spread ranges" >> beam.Reshuffle()
        | "stars" >> beam.FlatMap(stars_and_forest, aside, source).with_output_types(tuple[int, bytes])
    )
    told = beam.ParDo(Each(first_ends, aside)).with_output_types(tuple[int, bytes])
    heard = beam.ParDo(Each(other_ends)).with_output_types(tuple[int, bytes])
    kept = beam.ParDo(Each(keep_labels, aside)).with_output_types(int)
    labelled = together("others", [together("firsts", [sent]) | "tell" >> told]) | "hear" >> heard
    return together("labels", [markers, labelled]) | "keep" >> kept
