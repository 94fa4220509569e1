"""Clusters of near duplicates: forests of the edges in each range of keys, joined in one memory or in rounds."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.beam.dedup_job import ALL_ON_ONE, Element
from pipeline.dedup.clusters import Components, components_of, forest
from pipeline.dedup.equal import stars_of_equal
from pipeline.dedup.ranges import address_of, ordinal_of, pack, unit_of, unpack


def keys_of(values: Sequence[bytes]) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
    """The keys of each element of a group, and their addresses."""
    for value in values:
        given = unpack(value)
        yield given["key"][:, None], address_of(int(given["unit"][0]), given["ordinal"])


def near_edges(_range: int, values: Sequence[bytes]) -> Iterator[Element]:
    """minhash: a spanning forest of the documents that share a band's key in this range."""
    edges = stars_of_equal(lambda: keys_of(values))
    if len(edges):
        yield ALL_ON_ONE, pack(edge=forest(edges))


def to_unit(labelled: Components) -> Element:
    """The labels of one unit's documents, for the unit."""
    ordinals = ordinal_of(labelled.address).astype(np.uint32)
    return int(unit_of(labelled.address[:1])[0]), pack(ordinal=ordinals, label=labelled.label)


def clusters(_all: int, values: Sequence[bytes]) -> Iterator[Element]:
    """minhash: the exact components of all ranges' edges; each unit hears the labels of its own documents."""
    for labelled in components_of(lambda: (unpack(value)["edge"] for value in values)):
        yield to_unit(labelled)
