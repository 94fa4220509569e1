"""What a unit says of its documents, from its features: keys, preferences and ids, one element for each range."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.beam.dedup_evidence import evidence, part_of
from pipeline.beam.dedup_job import Arrays, DedupJob, Element, one, pack_strings, spread
from pipeline.beam.edits import features_before
from pipeline.beam.keepers import once_each
from pipeline.dedup.keep import Policy, columns_of, preferences
from pipeline.dedup.keys import from_arrow as keys_of
from pipeline.dedup.keys import id_hash, id_key
from pipeline.dedup.ranges import pack, range_of, split, unpack
from pipeline.dedup.scope import scoped
from pipeline.dedup.stored import keys_in
from pipeline.earlier import NEW, OUT

FEATURES = ("01-refine", "features")
KEY_COLUMNS = {"url": "url_key", "exact": "exact_key"}
SCOPE_COLUMNS: Mapping[str, list[str]] = {"global": [], "language": ["language"], "source": ["source"], "crawl": []}

Ordinals = NDArray[np.uint32]


def features(job: DedupJob, unit: int, columns: Sequence[str], number: int = 0) -> pa.Table:
    """These columns of all judged documents of a unit, as step `number` is given them; an ordinal is a place here."""
    return features_before(job, unit, columns, number)


def participants(
    job: DedupJob, unit: int, columns: Sequence[str], gone: Ordinals, number: int
) -> tuple[Ordinals, pa.Table]:
    """The documents that a step compares: those that dedup is given, without those that a step before dropped."""
    table = features(job, unit, ["kept", *columns], number)
    taking = np.array(table["kept"]) if job.over == "survivors" else np.ones(len(table), np.bool_)
    taking[gone] = False
    if not job.earlier.is_own(unit):
        taking &= standing(job, unit) != OUT
    ordinals = np.flatnonzero(taking).astype(np.uint32)
    return ordinals, table.take(pa.array(ordinals)).combine_chunks()


def column(table: pa.Table, name: str) -> pa.Array:
    """A column as one array."""
    whole = table[name].combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks)


def claims(table: pa.Table, keep: Sequence[Policy]) -> Arrays:
    """What a document brings to the choice of a keeper."""
    columns = {name: column(table, name) for name in columns_of(keep)}
    return {"prefer": preferences(keep, columns, len(table)), "tie": id_hash(table["id"])}


def standing(job: DedupJob, unit: int) -> NDArray[np.int8]:
    """How each judged document of an earlier run's unit stands (pipeline/beam/earlier.py)."""
    run, own = job.earlier.at(unit)
    return run.standing(own)


def claims_beside(job: DedupJob, unit: int, ordinals: Ordinals, table: pa.Table, keep: Sequence[Policy]) -> Arrays:
    """The claims of these documents, and in front of the policy how they stand, where earlier survivors win."""
    own = claims(table, keep)
    if not job.earlier.protects:
        return own
    stands = np.full(len(ordinals), NEW) if job.earlier.is_own(unit) else standing(job, unit)[ordinals]
    return {**own, "prefer": np.column_stack([stands.astype(np.uint64), own["prefer"]])}


def ranged(unit: int, ranges: NDArray[np.int64], arrays: Arrays) -> Iterator[Element]:
    """One element for each range that has rows."""
    for number, part in split(ranges, **arrays):
        yield number, pack(unit=one(unit, np.int32), **part)


def dropped_before(values: Sequence[bytes]) -> Ordinals:
    """The documents of a unit that the steps before dropped; its marker says nothing."""
    found = [unpack(value)["ordinal"] for value in values if value]
    return np.concatenate([np.zeros(0, np.uint32), *found])


def scopes(job: DedupJob, unit: int, table: pa.Table, scope: str) -> pa.Array | None:
    """What documents must have in common to be compared; None where all are. A crawl is its unit's, by the path."""
    if scope == "global":
        return None
    return pa.array([job.crawl_of(unit)] * len(table)) if scope == "crawl" else column(table, scope)


def whole_keys(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """url, exact: the 128-bit key of each document that has one, with its claims."""
    step = job.steps[number]
    wanted = [KEY_COLUMNS[step.kind], "id", *columns_of(step.keep), *SCOPE_COLUMNS[step.scope]]
    ordinals, table = participants(job, unit, wanted, dropped_before(values), number)
    if not len(table):
        return
    keys, present = keys_of(table[KEY_COLUMNS[step.kind]])
    keys = scoped(keys, scopes(job, unit, table, step.scope))
    every: Arrays = {"ordinal": ordinals, "key": keys, **claims_beside(job, unit, ordinals, table, step.keep)}
    arrays = {name: rows[present] for name, rows in every.items()}
    yield from ranged(unit, range_of(arrays["key"], job.ranges), arrays)


def banded_keys(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """minhash: the key of every band of each signed document, and nothing else: most meet nobody."""
    step = job.steps[number]
    bands = step.how.scheme.bands
    wanted = ["signature", *SCOPE_COLUMNS[step.scope]]
    ordinals, table = participants(job, unit, wanted, dropped_before(values), number)
    if not len(table):
        return
    present, banded = keys_in(table["signature"], step.how.scheme)
    within = scopes(job, unit, table.filter(pa.array(present)), step.scope)
    keys = scoped(banded, within).reshape(-1)
    arrays: Arrays = {"ordinal": np.repeat(ordinals[present], bands), "key": keys}
    yield from ranged(unit, range_of(keys, job.ranges), arrays)


def labelled(values: Sequence[bytes]) -> tuple[Ordinals, NDArray[np.uint64]]:
    """The documents of a unit that are in a cluster, ascending, and their labels."""
    given = [unpack(value) for value in values]
    ordinals = np.concatenate([element["ordinal"] for element in given])
    order = np.argsort(ordinals)
    return ordinals[order], np.concatenate([element["label"] for element in given])[order]


def cluster_claims(unit: int, values: Sequence[bytes], job: DedupJob, number: int) -> Iterator[Element]:
    """minhash: the claims of those documents that are in a cluster, by its label, with evidence where it is asked."""
    step = job.steps[number]
    ordinals, labels = labelled(values)
    table = features(job, unit, ["id", *columns_of(step.keep)], number).take(pa.array(ordinals)).combine_chunks()
    arrays: Arrays = {"ordinal": ordinals, "key": labels, **claims_beside(job, unit, ordinals, table, step.keep)}
    if step.how.by_bands:
        yield from ranged(unit, spread(labels, job.ranges), arrays)
        return
    offsets, hashes = evidence(job, unit, ordinals, number)
    for key, part in split(spread(labels, job.ranges), **arrays, place=np.arange(len(ordinals))):
        yield key, pack(unit=one(unit, np.int32), **part_of(offsets, hashes, part.pop("place")), **part)


def id_keys(unit: int, _values: Sequence[bytes], job: DedupJob) -> Iterator[Element]:
    """The keys of the ids of all documents that the pass answers for, by which two of one id meet."""
    table = features(job, unit, ["kept", "id"])
    ordinals = np.flatnonzero(np.array(table["kept"])).astype(np.uint32)
    keys = id_key(table["id"].take(pa.array(ordinals)))
    yield from ranged(unit, range_of(keys, job.ranges), {"ordinal": ordinals, "key": keys})


def member_ids(unit: int, values: Sequence[bytes], job: DedupJob) -> Iterator[Element]:
    """The ids of those documents of a unit that are in a cluster, by its final keeper."""
    arrays = once_each(values)
    ids = column(features(job, unit, ["id"]), "id")
    for number, part in split(spread(arrays["final"], job.ranges), **arrays):
        named = pack_strings(ids.take(pa.array(part["ordinal"])))
        yield number, pack(unit=one(unit, np.int32), **part, **named)
