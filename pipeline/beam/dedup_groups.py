"""What a group of the dedup pass finds in the arrays it brings together: equal keys, clusters, keepers."""

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.beam.dedup_job import (
    KEY_BYTES,
    Arrays,
    Element,
    arrivals,
    one,
    pack_strings,
    unpack_strings,
)
from pipeline.dedup.clusters import Addresses, Components, components, edges_of_equal_keys
from pipeline.dedup.contained import containers
from pipeline.dedup.keep import choose
from pipeline.dedup.ranges import ordinal_of, pack, split, unit_of, unpack
from pipeline.dedup.verify import taken, verified
from pipeline.dedup_config import Near
from pipeline.earlier import EarlierRuns

REPORTED = 10  # pairs of equal ids that a range reports: one is enough to fail, ten show what kind of fault it is
FIRST_UNIT = 0  # takes the counts of all groupings: plans number units from 0


def shuffled(_key: int, values: Sequence[bytes], number: int) -> Iterator[Element]:
    """How many bytes a grouping was given for one of its groups, for step `number`; KEPT: for none alone."""
    total = sum(len(value) + KEY_BYTES for value in values)
    yield FIRST_UNIT, pack(shuffled=one(total, np.int64), spender=one(number, np.uint8))


def drops(_range: int, values: Sequence[bytes], number: int) -> Iterator[Element]:
    """Of documents of equal keys all but the best, each with its keeper, to the unit it came from."""
    given = arrivals(values, "key", "prefer", "tie")
    edges = edges_of_equal_keys(given["key"], given["address"])
    if len(edges):
        yield from losers(components(edges), given, number)


def similar_drops(_range: int, values: Sequence[bytes], number: int, how: Near) -> Iterator[Element]:
    """minhash: of documents that are similar besides sharing a band all but the best, or those held by larger ones."""
    given = arrivals(values, "key", "prefer", "tie", "size")
    hashes = np.concatenate([unpack(value)["hash"] for value in values])
    order = np.argsort(given["address"])
    offsets, hashes = taken(given["size"], hashes, order)
    found = Components(given["address"][order], given["key"][order])
    if how.contained is None:
        yield from losers(verified(found, offsets, hashes, how.scheme, how.verify, how.threshold), given, number)
        return
    claims = given["prefer"][order], given["tie"][order]
    keeper = containers(found, offsets, hashes, how.scheme, how.contained, *claims)
    yield from lost(found.address, keeper, number)


def losers(members: Components, given: Arrays, number: int) -> Iterator[Element]:
    """All but the best of each component; `given` holds the members' claims."""
    order = np.argsort(given["address"])
    rows = order[np.searchsorted(given["address"], members.address, sorter=order)]
    keeper = choose(members.label, given["prefer"][rows], given["tie"][rows], members.address)
    yield from lost(members.address, keeper, number)


def lost(addresses: Addresses, keeper: Addresses, number: int) -> Iterator[Element]:
    """Those that are not their own keeper, to the units they came from."""
    losing = keeper != addresses
    dropped, keeper = addresses[losing], keeper[losing]
    ordinals = ordinal_of(dropped).astype(np.uint32)
    for unit, part in split(unit_of(dropped), ordinal=ordinals, keeper=keeper):
        yield unit, pack(unit=one(unit, np.int32), step=one(number, np.uint8), **part)


def first_of_each(groups: NDArray[np.int64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """The row that comes first in `order` of each group."""
    return order[np.unique(groups[order], return_index=True)[1]]


def named_clusters(_range: int, values: Sequence[bytes], earlier: EarlierRuns) -> Iterator[Element]:
    """The name (smallest id), size and keeper's id of each cluster, to the units of its members.

    A unit is told the ids of a cluster once, however many members it has there. `elsewhere`: the keeper is a document
    of an earlier run.
    """
    given = arrivals(values, "final", "step", "ordinal")
    ids = pa.concat_arrays([unpack_strings(unpack(value)) for value in values])
    finals, group = np.unique(given["final"], return_inverse=True)
    smallest = first_of_each(group, pc.sort_indices(ids).to_numpy().astype(np.int64))
    order = np.argsort(given["address"])
    keepers = order[np.searchsorted(given["address"], finals, sorter=order)]
    size = np.bincount(group).astype(np.uint32)
    told = {"ordinal": given["ordinal"], "step": given["step"], "size": size[group]}
    if earlier:
        told["elsewhere"] = (unit_of(finals) >= earlier.own)[group]
    for unit, part in split(unit_of(given["address"]), **told, cluster=smallest[group], keeper=keepers[group]):
        used, places = np.unique(np.concatenate([part.pop("cluster"), part.pop("keeper")]), return_inverse=True)
        cluster, keeper = np.split(places.astype(np.uint32), 2)
        yield unit, pack(**part, cluster=cluster, keeper=keeper, **pack_strings(ids.take(pa.array(used))))


def equal_ids(_range: int, values: Sequence[bytes], earlier: EarlierRuns) -> Iterator[Element]:
    """Documents of one id: an error, which the unit of the later one reports, of the plan's own units."""
    given = arrivals(values, "key")
    edges = edges_of_equal_keys(given["key"], given["address"])
    first = edges[np.lexsort((edges[:, 0], edges[:, 1]))][:REPORTED]
    ends = unit_of(first)
    told = ends[:, 1] if not earlier else np.where(ends[:, 1] < earlier.own, ends[:, 1], ends[:, 0])
    for unit, part in split(told, equal=first):
        if earlier.is_own(unit):
            yield unit, pack(**part)
