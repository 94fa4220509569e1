"""Keepers followed over the steps, by ranges: a keeper that a later step dropped has one of its own.

A step's keeper outlives its step, so a chain has at most a link for each step: one grouping for every later step.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.beam.dedup_job import KEPT, Arrays, DedupJob, Element, spread
from pipeline.dedup.ranges import address_of, ordinal_of, pack, split, unit_of, unpack

DROPS = {"address": np.uint64, "keeper": np.uint64, "step": np.uint8}
GONE = {"gone": np.uint64, "for": np.uint64}


def brought(values: Sequence[bytes], kinds: Mapping[str, Any]) -> Arrays:
    """These arrays of all elements that have them, end to end."""
    elements = [unpack(value) for value in values]
    return {
        name: np.concatenate([np.empty(0, kind), *(each[name] for each in elements if name in each)])
        for name, kind in kinds.items()
    }


def drops_in(values: Sequence[bytes]) -> Arrays:
    """The drops of one unit: address, keeper, and the step that dropped it."""
    elements = [unpack(value) for value in values]
    rows = [len(each["ordinal"]) for each in elements]
    return {
        "address": np.concatenate([address_of(int(each["unit"][0]), each["ordinal"]) for each in elements]),
        "keeper": np.concatenate([each["keeper"] for each in elements]),
        "step": np.repeat([each["step"][0] for each in elements], rows).astype(np.uint8),
    }


def drops_by_keeper(_unit: int, values: Sequence[bytes], job: DedupJob) -> Iterator[Element]:
    """Each drop, to the range of its keeper."""
    yield from by_keeper(drops_in(values), job)


def by_keeper(drops: Arrays, job: DedupJob) -> Iterator[Element]:
    for number, part in split(spread(drops["keeper"], job.ranges), **drops):
        yield number, pack(**part)


def gone_by_address(_unit: int, values: Sequence[bytes], job: DedupJob, since: int) -> Iterator[Element]:
    """What step `since` dropped, and those after it, to the range of its own address: it may be somebody's keeper."""
    drops = drops_in(values)
    late = drops["step"] >= since
    gone = {"gone": drops["address"][late], "for": drops["keeper"][late]}
    for number, part in split(spread(gone["gone"], job.ranges), **gone):
        yield number, pack(**part)


def followed(values: Sequence[bytes]) -> Arrays:
    """The drops of a range of keepers, each with its keeper's keeper where the keeper is gone."""
    drops, gone = brought(values, DROPS), brought(values, GONE)
    order = np.argsort(gone["gone"])
    names, instead = gone["gone"][order], gone["for"][order]
    place = np.minimum(np.searchsorted(names, drops["keeper"]), max(len(names) - 1, 0))
    moved: NDArray[np.bool_] = names[place] == drops["keeper"] if len(names) else np.zeros(len(place), np.bool_)
    drops["keeper"][moved] = instead[place[moved]]
    return drops


def one_link(_range: int, values: Sequence[bytes], job: DedupJob) -> Iterator[Element]:
    """A link of every chain; the next one is looked for where the new keeper stands."""
    yield from by_keeper(followed(values), job)


def final_keepers(_range: int, values: Sequence[bytes]) -> Iterator[Element]:
    """The last link; dropped and keepers hear it alike, a keeper perhaps from several ranges."""
    drops = followed(values)
    keepers = np.unique(drops["keeper"])
    members = np.concatenate([drops["address"], keepers])
    finals = np.concatenate([drops["keeper"], keepers])
    steps = np.concatenate([drops["step"], np.full(len(keepers), KEPT, np.uint8)])
    ordinals = ordinal_of(members).astype(np.uint32)
    for unit, part in split(unit_of(members), ordinal=ordinals, final=finals, step=steps):
        yield unit, pack(**part)


def once_each(values: Sequence[bytes]) -> Arrays:
    """What a unit heard of its documents in clusters, each once, in their order."""
    heard = brought(values, {"ordinal": np.uint32, "final": np.uint64, "step": np.uint8})
    _, first = np.unique(heard["ordinal"], return_index=True)
    return {name: rows[first] for name, rows in heard.items()}
