"""semantic: units embed their documents, ranges compare those of their clusters, units write what was found near."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.beam.dedup_groups import FIRST_UNIT, first_of_each
from pipeline.beam.dedup_job import (
    Arrays,
    DedupJob,
    Element,
    arrivals,
    one,
    pack_strings,
    spread,
    unpack_strings,
)
from pipeline.beam.dedup_keys import FEATURES, claims, column, dropped_before, features, ranged
from pipeline.beam.dedup_lines import within
from pipeline.beam.edits import kept_batches
from pipeline.beam.semantic_fit import SEMANTIC, fitted
from pipeline.dedup.keep import columns_of
from pipeline.dedup.ranges import ordinal_of, pack, split, unit_of, unpack
from pipeline.dedup.scope import scoped
from pipeline.dedup.semantic import PAIR, Neighbours, nearest_of, neighbours
from pipeline.semantic_config import Semantic
from pipeline.semantic_embedding import looked_at
from pipeline.storage.run_folder import DEDUP, part_name, read_unit
from pipeline.storage.write import write_part

ASKED = 0  # the range that takes the counts of all units
EVIDENCE = -1  # the key of what ranges say of the pairs at the threshold; units are numbered from 0
SHOWN = 20  # pairs on each side of the threshold that the report may show
FOUND = ("label", "nearest", "keeper")  # addresses that a document with neighbours is told
FIELDS = ("one", "other", "tie", "other_tie")
SCHEMA = pa.schema(
    [
        pa.field("unit", pa.int32(), nullable=False),
        pa.field("row", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("group", pa.string(), nullable=False),
        pa.field("group_size", pa.int64(), nullable=False),
        pa.field("nearest", pa.string(), nullable=False),
        pa.field("cosine", pa.float64(), nullable=False),
        pa.field("keeper", pa.string()),
    ]
)


def embedded(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """The float16 embedding of each document that has one, its cluster as the key, and its claims."""
    step, gone, model = job.steps[number], dropped_before(values), fitted(job.run, job.fitted)
    how: Semantic = step.how
    parts: list[Arrays] = []
    asked = 0
    for batch in kept_batches(job, unit, number):
        alive = ~np.isin(batch.ordinal, gone) & looked_at(batch.documents.batch, how.when)
        documents = batch.documents.take(np.flatnonzero(alive))
        embeddings = model.embed(documents, how)
        arrays: Arrays = {
            "ordinal": batch.ordinal[alive].astype(np.uint32),
            "key": scoped(model.drawers(embeddings), within(job, unit, documents, step.scope)),
            "embedding": embeddings,
        }
        there = embeddings.any(axis=1)
        asked += len(embeddings)
        parts.append({name: array[there] for name, array in arrays.items()})
    every = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    yield ASKED, pack(asked=np.array([asked, len(every["ordinal"])]))
    compared = features(job, unit, ["id", *columns_of(step.keep)], number)
    table = compared.take(pa.array(every["ordinal"])).combine_chunks()
    yield from ranged(unit, spread(every["key"], job.ranges), {**every, **claims(table, step.keep)})


def near_pairs(_range: int, values: Sequence[bytes], how: Semantic) -> Iterator[Element]:
    """To each unit its documents that have a neighbour; to EVIDENCE the pairs nearest to the threshold."""
    counts = [unpack(value) for value in values]
    asked = np.sum([np.zeros(2, np.int64), *(each["asked"] for each in counts if "asked" in each)], axis=0)
    members = [value for value, each in zip(values, counts, strict=True) if "key" in each]
    if not members:
        yield EVIDENCE, pack(**packed_pairs(nobody(), asked))
        return
    given = arrivals(members, "key", "prefer", "tie", "embedding")
    found = neighbours(
        given["embedding"], given["key"], given["prefer"], given["tie"], given["address"], how.threshold, SHOWN
    )
    told = {name: getattr(found, name) for name in (*FOUND, "cosine")}
    for unit, part in split(unit_of(found.address), ordinal=ordinal_of(found.address).astype(np.uint32), **told):
        yield unit, pack(unit=one(unit, np.int32), **part)
    yield EVIDENCE, pack(**packed_pairs(found, asked))


def nobody() -> Neighbours:
    """What is found in a range without embeddings."""
    none, hashes = np.zeros((0, 1), np.float16), np.zeros(0, np.uint64)
    return neighbours(none, hashes, np.zeros((0, 0), np.uint64), hashes, hashes, 1.0)


def packed_pairs(found: Neighbours, asked: NDArray[np.int64]) -> Arrays:
    """What ranges say of their pairs, as plain arrays; `asked`: documents looked at, and those with an embedding."""
    pairs = np.concatenate([found.above, found.below])
    fields = np.stack([pairs[name] for name in FIELDS], axis=1)
    return {"near_cosine": pairs["cosine"], "near": fields, "pairs": np.array([found.pairs, found.compared, *asked])}


def is_member(element: Element) -> bool:
    return element[0] != EVIDENCE


def is_evidence(element: Element) -> bool:
    return element[0] == EVIDENCE


def drops_of(element: Element, number: int, drop: bool) -> Iterator[Element]:
    """The documents of a unit that do not stay, each with its keeper; nothing where the step only annotates."""
    unit, given = element[0], unpack(element[1])
    losing = given["keeper"] != unit_addresses(unit, given["ordinal"])
    if drop and losing.any():
        arrays = {"ordinal": given["ordinal"][losing], "keeper": given["keeper"][losing]}
        yield unit, pack(unit=one(unit, np.int32), step=one(number, np.uint8), **arrays)


def unit_addresses(unit: int, ordinals: NDArray[np.uint32]) -> NDArray[np.uint64]:
    return np.uint64(unit) << np.uint64(32) | ordinals.astype(np.uint64)


def nearest_pairs(_key: int, values: Sequence[bytes], how: Semantic) -> Iterator[Element]:
    """Of all ranges' pairs the nearest to the threshold on both sides, to the first unit."""
    given = [unpack(value) for value in values]
    cosines = np.concatenate([each["near_cosine"] for each in given])
    fields = np.concatenate([each["near"] for each in given])
    pairs = np.zeros(len(cosines), PAIR)
    pairs["cosine"] = cosines
    for place, name in enumerate(FIELDS):
        pairs[name] = fields[:, place]
    near = cosines >= how.threshold
    chosen = np.concatenate([nearest_of(pairs[side], SHOWN, how.threshold) for side in (near, ~near)])
    told = np.stack([chosen["one"], chosen["other"]], axis=1)
    sums = np.sum([each["pairs"] for each in given], axis=0)
    yield FIRST_UNIT, pack(near_cosine=chosen["cosine"], near=told, pairs=sums)


def neighbour_ids(unit: int, values: Sequence[bytes], job: DedupJob) -> Iterator[Element]:
    """The ids of those documents of a unit that have neighbours, by their group."""
    given = [unpack(value) for value in values]
    arrays = {name: np.concatenate([each[name] for each in given]) for name in ("ordinal", *FOUND, "cosine")}
    ids = column(features(job, unit, ["id"]), "id")
    for number, part in split(spread(arrays["label"], job.ranges), **arrays):
        yield number, pack(unit=one(unit, np.int32), **part, **pack_strings(ids.take(pa.array(part["ordinal"]))))


def named_neighbours(_range: int, values: Sequence[bytes]) -> Iterator[Element]:
    """The name (smallest id) and size of each group, and the ids that its members' addresses stand for."""
    given = arrivals(values, *FOUND, "cosine", "ordinal")
    ids = pa.concat_arrays([unpack_strings(unpack(value)) for value in values])
    _, group = np.unique(given["label"], return_inverse=True)
    smallest = first_of_each(group, pc.sort_indices(ids).to_numpy().astype(np.int64))
    size = np.bincount(group).astype(np.uint32)
    order = np.argsort(given["address"])
    rows = {name: order[np.searchsorted(given["address"], given[name], sorter=order)] for name in FOUND[1:]}
    told = {"neighbour": given["ordinal"], "size": size[group], "cosine": given["cosine"]}
    for unit, part in split(unit_of(given["address"]), **told, **rows, group=smallest[group]):
        names = ("group", "nearest", "keeper")
        used, places = np.unique(np.concatenate([part.pop(name) for name in names]), return_inverse=True)
        pointers = dict(zip(names, np.split(places.astype(np.uint32), 3), strict=True))
        yield unit, pack(**part, **pointers, **pack_strings(ids.take(pa.array(used))))


def write_neighbours(unit: int, elements: Sequence[Arrays], job: DedupJob) -> None:
    """The unit's part: a row for each document that has a neighbour. The first unit's footer holds the evidence."""
    table = features(job, unit, ["id", "row"])
    parts = [neighbours_table(unit, table, each) for each in elements if "neighbour" in each]
    found = pa.concat_tables([SCHEMA.empty_table(), *parts])
    found = found.take(pc.sort_indices(found, [("row", "ascending")]))
    about = {"fingerprint": job.fingerprint, "unit": unit, "batch": 0, "last": True, "documents": len(found)}
    evidence = [evidence_of(job, each) for each in elements if "near" in each]
    write_part(Path(job.run) / DEDUP / SEMANTIC / part_name(unit), found, about | (evidence[0] if evidence else {}))


def neighbours_table(unit: int, table: pa.Table, told: Arrays) -> pa.Table:
    """What one range of groups says of the unit's documents."""
    ids = unpack_strings(told)
    own = table.take(pa.array(told["neighbour"]))
    keeper = ids.take(pa.array(told["keeper"]))
    columns = {
        "unit": pa.array(np.full(len(own), unit, np.int32)),
        "row": own["row"],
        "id": own["id"],
        "group": ids.take(pa.array(told["group"])),
        "group_size": pa.array(told["size"].astype(np.int64)),
        "nearest": ids.take(pa.array(told["nearest"])),
        "cosine": pa.array(told["cosine"]),
        "keeper": pc.if_else(pc.equal(keeper, own["id"].cast(pa.large_string())), pa.scalar(None), keeper),
    }
    return pa.table([columns[name] for name in SCHEMA.names], names=SCHEMA.names).cast(SCHEMA)


def evidence_of(job: DedupJob, told: Arrays) -> dict[str, Any]:
    """How many pairs there are, and those nearest to the threshold with both documents' places."""
    where = places(job, told["near"].reshape(-1))
    pairs = [
        {"cosine": float(cosine), "one": where[int(first)], "other": where[int(other)]}
        for cosine, (first, other) in zip(told["near_cosine"], told["near"], strict=True)
    ]
    counts = dict(zip(("pairs", "compared", "asked", "embedded"), told["pairs"].tolist(), strict=True))
    return {**counts, "at_threshold": pairs}


def places(job: DedupJob, addresses: NDArray[np.uint64]) -> dict[int, dict[str, Any]]:
    """id, unit and row of each address."""
    found: dict[int, dict[str, Any]] = {}
    units = unit_of(addresses)
    for unit in np.unique(units).tolist():
        table = read_unit(job.run, *FEATURES, unit, ["id", "row"])
        for address in np.unique(addresses[units == unit]):
            line = table.slice(int(ordinal_of(address)), 1).to_pylist()[0]
            found[int(address)] = {"id": line["id"], "unit": unit, "row": line["row"]}
    return found
