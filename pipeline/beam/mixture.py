"""The third pass: each group's documents are ranked by a hash and drawn until the group's budget."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.beam.dedup_decisions import counts
from pipeline.beam.edits import final
from pipeline.beam.elements import arrivals, marker
from pipeline.dedup.ranges import pack, unpack
from pipeline.mixture.draw import draw, rank
from pipeline.mixture.groups import OTHER, Group, assign
from pipeline.storage.features import features_of
from pipeline.storage.run_folder import DEDUP, MIXTURE, part_name, read_unit
from pipeline.storage.tally import KINDS
from pipeline.storage.write import write_part

NOT_DRAWN = "mixture.not_drawn"
COLUMNS = (*KINDS, "text_bytes", "tokens", "kept")
KEY_BYTES = 8


@dataclass(frozen=True)
class MixtureJob:
    """What the workers need. `budgets`: tokens of each group, and 0 for what is in none; no groups: all once.

    `edits`: 02-dedup changed texts.
    """

    run: str
    fingerprint: str
    seed: int
    groups: tuple[Group, ...]
    budgets: tuple[int, ...]
    edits: bool = False


def given(job: MixtureJob, unit: int) -> tuple[pa.Table, pa.Table]:
    """The unit's documents that dedup kept: their decisions, and their features, row by row."""
    decisions = read_unit(job.run, DEDUP, "decisions", unit)
    features = features_of(job.run, unit, COLUMNS, final(job.edits))
    features = features.filter(features.column("kept")).combine_chunks()
    kept = decisions.column("keep")
    return decisions.filter(kept).combine_chunks(), features.filter(kept).combine_chunks()


def groups_of(job: MixtureJob, features: pa.Table) -> NDArray[np.int32]:
    """Each document's group; len(groups) is `other`."""
    columns = {name: features.column(name).combine_chunks() for name in KINDS}
    return assign(job.groups, columns, len(features))


def token_counts(features: pa.Table) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(features.column("tokens"), 0).to_numpy(), np.int64)


class Rank(beam.DoFn):
    """For each group one element: ranks and tokens of the unit's documents in it."""

    def __init__(self, job: MixtureJob) -> None:
        self.job = job

    def process(self, unit: int) -> Iterator[tuple[int, bytes]]:
        decisions, features = given(self.job, unit)
        ranks = rank(self.job.seed, decisions.column("id"))
        tokens, group = token_counts(features), groups_of(self.job, features)
        for number in np.unique(group).tolist():
            rows = np.flatnonzero(group == number)
            whose = np.array([unit], np.int32)
            narrow = {"tokens": tokens[rows].astype(np.uint32), "row": rows.astype(np.uint32)}
            yield number, pack(unit=whose, rank=ranks[rows], **narrow)


class Draw(beam.DoFn):
    """A whole group: how often each of its documents goes in, sent back to the units. 16 bytes a document in memory."""

    def __init__(self, job: MixtureJob) -> None:
        self.job = job

    def process(self, element: tuple[int, Iterable[bytes]]) -> Iterator[tuple[int, bytes]]:
        number, values = element
        sent = arrivals(set(values))  # a unit sent twice, by an engine that repeats work, counts once
        parts = [unpack(value) for value in sent]
        ranks = np.concatenate([part["rank"] for part in parts])
        tokens = np.concatenate([part["tokens"] for part in parts]).astype(np.int64)
        copies = draw(ranks, tokens, self.job.budgets[number])
        at = 0
        for part, value in zip(parts, sent, strict=True):
            own = copies[at : at + len(part["row"])].astype(np.uint32)
            at += len(own)
            shuffled = np.array([len(value) + KEY_BYTES], np.int64)
            yield int(part["unit"][0]), pack(row=part["row"], copies=own, shuffled=shuffled)


class Decide(beam.DoFn):
    """Write the unit's decisions."""

    def __init__(self, job: MixtureJob) -> None:
        self.job = job

    def process(self, element: tuple[int, Iterable[bytes]]) -> Iterator[dict[str, Any]]:
        unit, values = element
        decisions, features = given(self.job, unit)
        copies = np.ones(len(decisions), np.int64) if not self.job.groups else np.zeros(len(decisions), np.int64)
        shuffled = KEY_BYTES
        for value in arrivals(set(values)):
            part = unpack(value)
            copies[part["row"]] = part["copies"]
            shuffled += int(part["shuffled"][0]) + len(value) + KEY_BYTES
        table = decided(decisions, copies)
        about: dict[str, Any] = {"fingerprint": self.job.fingerprint, "unit": unit, "batch": 0, "last": True}
        about |= counts(features, table) | {"mixture": drawn(self.job, features, copies), "shuffled_bytes": shuffled}
        path = Path(self.job.run) / MIXTURE / "decisions" / part_name(unit)
        yield vars(write_part(path, table, about))


def decided(decisions: pa.Table, copies: NDArray[np.int64]) -> pa.Table:
    """A decision for each document that dedup kept; cluster and its size travel on."""
    keep = copies > 0
    reason = pa.array([NOT_DRAWN] * len(keep), pa.string(), mask=keep)
    for name, values in {"keep": pa.array(keep), "reason": reason, "copies": pa.array(copies)}.items():
        at = decisions.schema.get_field_index(name)
        decisions = decisions.set_column(at, decisions.schema.field(at), values.cast(decisions.schema.field(at).type))
    return decisions


def drawn(job: MixtureJob, features: pa.Table, copies: NDArray[np.int64]) -> dict[str, dict[str, int]]:
    """Each group's documents and tokens with copies, and the tokens that it had."""
    tokens, group = token_counts(features), groups_of(job, features)
    names = [*(g.name for g in job.groups), OTHER] if job.groups else []
    return {
        name: {
            "documents": int(copies[group == k].sum()),
            "tokens": int((copies * tokens)[group == k].sum()),
            "available": int(tokens[group == k].sum()),
        }
        for k, name in enumerate(names)
    }


def mix(units: beam.PCollection, job: MixtureJob) -> beam.PCollection:
    """Units in, records of their decisions out."""
    markers = units | "every unit" >> beam.Map(marker).with_output_types(tuple[int, bytes])
    if job.groups:
        drawn = (
            units
            | "rank" >> beam.ParDo(Rank(job)).with_output_types(tuple[int, bytes])
            | "groups" >> beam.GroupByKey()
            | "draw" >> beam.ParDo(Draw(job)).with_output_types(tuple[int, bytes])
        )
        markers = (markers, drawn) | "with the draw" >> beam.Flatten()
    return markers | "by unit" >> beam.GroupByKey() | "write" >> beam.ParDo(Decide(job))
