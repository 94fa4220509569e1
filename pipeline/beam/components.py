"""Clusters of near duplicates: forests of the edges in each range of keys, joined in one memory or in rounds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.beam.dedup_job import ALL_ON_ONE, DedupJob, Element
from pipeline.dedup.clusters import Components, Edges, components_of, forest
from pipeline.dedup.equal import stars_of_equal
from pipeline.dedup.ranges import address_of, ordinal_of, pack, unit_of, unpack
from pipeline.storage.run_folder import DEDUP, part_name, read_part
from pipeline.storage.write import write_part

LABELS, FOREST = "labels", "forest"
FIRST_UNIT = 0  # takes the counts


@dataclass(frozen=True)
class Aside:
    """Parts that only this pass reads, in a folder of their own, which it removes; a resumed pass makes them anew."""

    run: str
    stage: str
    fingerprint: str
    ranges: int

    @property
    def name(self) -> str:
        """As the passes are called on stderr."""
        return f"{DEDUP}  clusters"

    def path(self, kind: str, number: int) -> Path:
        return Path(self.run) / self.stage / kind / part_name(number)

    def write(self, kind: str, number: int, columns: dict[str, NDArray[Any]], **counts: int) -> None:
        """The part of a unit, or of a range, with what it counted."""
        about = {"fingerprint": self.fingerprint, "unit": number, "batch": 0, "last": True, **counts}
        write_part(self.path(kind, number), pa.table(columns), about)

    def write_edges(self, kind: str, number: int, edges: Edges, **counts: int) -> None:
        self.write(kind, number, {"one": edges[:, 0], "other": edges[:, 1]}, edges=len(edges), **counts)

    def read(self, kind: str, number: int) -> dict[str, NDArray[Any]]:
        """A part's columns, page checksums verified."""
        table = read_part(self.path(kind, number))
        return {name: np.array(table[name]) for name in table.column_names}

    def read_edges(self, kind: str, number: int) -> Edges:
        return np.stack(list(self.read(kind, number).values()), axis=1)


def aside_of(job: DedupJob) -> Aside:
    """Where the job's labels stand."""
    return Aside(job.run, job.aside, job.fingerprint, job.ranges)


def keys_of(values: Sequence[bytes]) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
    """The keys of each element of a group, and their addresses."""
    for value in values:
        given = unpack(value)
        yield given["key"][:, None], address_of(int(given["unit"][0]), given["ordinal"])


def edges_in(values: Sequence[bytes]) -> Edges:
    """A spanning forest of the documents that share a band's key in this range."""
    return forest(stars_of_equal(lambda: keys_of(values)))


def near_edges(_range: int, values: Sequence[bytes]) -> Iterator[Element]:
    """minhash: the forests of all ranges meet."""
    edges = edges_in(values)
    if len(edges):
        yield ALL_ON_ONE, pack(edge=edges)


def to_unit(labelled: Components) -> Element:
    """The labels of one unit's documents, for the unit."""
    ordinals = ordinal_of(labelled.address).astype(np.uint32)
    return int(unit_of(labelled.address[:1])[0]), pack(ordinal=ordinals, label=labelled.label)


def clusters(_all: int, values: Sequence[bytes]) -> Iterator[Element]:
    """minhash: the exact components of all ranges' edges; each unit hears the labels of its own documents."""
    for labelled in components_of(lambda: (unpack(value)["edge"] for value in values)):
        yield to_unit(labelled)


def stored_labels(element: Element, job: DedupJob) -> Iterator[tuple[int, list[bytes]]]:
    """minhash: the labels of a unit's documents where they were found aside."""
    unit = element[0]
    found = aside_of(job).read(LABELS, unit)
    if len(found["ordinal"]):
        yield unit, [pack(**found)]


def spent_aside(element: Element, job: DedupJob) -> Iterator[Element]:
    """The bytes shuffled by the passes that found the labels."""
    if element[0] == FIRST_UNIT:
        number = next(number for number, step in enumerate(job.steps) if step.kind == "minhash")
        yield FIRST_UNIT, pack(shuffled=np.array([job.spent], np.int64), spender=np.array([number], np.uint8))
