"""Earlier runs in the dedup pass: their units take part with numbers behind the plan's own, and are never written."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.dedup_index import Index
from pipeline.storage.run_folder import DEDUP, EARLIER, REFINE, read_unit

OUT, DROPPED, NEW, SURVIVOR = -1, 0, 1, 2  # how a document stands; with `flip: false` the larger survives
REGROUPED = ("url.older", "exact.duplicate", "minhash.duplicate")  # what a later run finds again, and finds anew
SAID = ("keep", "reason", "cluster", "cluster_size", "keeper")  # of a document, which a later run may say anew


@dataclass(frozen=True)
class Later:
    """A run that was held against another: where the first unit of that one stands among its own numbers."""

    run: str
    units: int
    first: int

    def said(self, fingerprint: str, unit: int) -> pa.Table:
        """What it says anew of a unit of the run with this fingerprint."""
        table = read_unit(self.run, DEDUP, EARLIER, (self.first + unit) % self.units)
        whose = pc.and_(pc.equal(table["run"], fingerprint), pc.equal(table["unit"], unit))
        return table.filter(whose)


@dataclass(frozen=True)
class EarlierRun:
    """A run whose documents take part. `documents`: that it judged; `later`: runs held against it since, in order."""

    run: str
    fingerprint: str
    units: int
    documents: int
    edits: bool
    crawls: tuple[str, ...]
    later: tuple[Later, ...]

    def decisions(self, unit: int) -> pa.Table:
        """`row`, `id` and SAID of the unit's documents that its dedup pass was given, as the later runs left them."""
        table = read_unit(self.run, DEDUP, "decisions", unit, ["row", "id", *SAID])
        for later in self.later:
            table = replaced(table, later.said(self.fingerprint, unit))
        return table

    def standing(self, unit: int) -> NDArray[np.int8]:
        """Of each judged document of a unit: SURVIVOR; DROPPED; NEW where 01-refine dropped it; OUT.

        OUT is what a step dropped that is not done again over earlier runs: it takes no part any more.
        """
        kept = np.array(read_unit(self.run, REFINE, "features", unit, ["kept"])["kept"])
        decisions = self.decisions(unit)
        found = pc.fill_null(pc.is_in(decisions["reason"], pa.array(REGROUPED)), False).to_numpy()
        stands = np.full(len(kept), NEW, np.int8)
        stands[kept] = np.where(np.array(decisions["keep"]), SURVIVOR, np.where(found, DROPPED, OUT))
        return stands


def replaced(table: pa.Table, news: pa.Table) -> pa.Table:
    """Decisions with those of some rows in the place of what stood there."""
    if not len(news):
        return table
    place = pc.index_in(table["row"], news["row"].combine_chunks())
    at = place.to_numpy(zero_copy_only=False)
    which = np.where(np.isnan(at), np.arange(len(table)), len(table) + np.nan_to_num(at)).astype(np.int64)
    return pa.concat_tables([table, news.select(table.column_names).cast(table.schema)]).take(pa.array(which))


@dataclass(frozen=True)
class EarlierRuns:
    """All of them; `own`: how many units the plan has. `flip`: the policy alone says who survives."""

    own: int = 0
    runs: tuple[EarlierRun, ...] = ()
    flip: bool = False

    def __bool__(self) -> bool:
        return bool(self.runs)

    @property
    def protects(self) -> bool:
        """Whether earlier survivors win over everybody else."""
        return bool(self.runs) and not self.flip

    @cached_property
    def units(self) -> list[int]:
        """The numbers of their units."""
        return list(range(self.own, self.own + sum(run.units for run in self.runs)))

    @property
    def documents(self) -> int:
        return sum(run.documents for run in self.runs)

    def is_own(self, unit: int) -> bool:
        return not self.runs or unit < self.own

    def at(self, unit: int) -> tuple[EarlierRun, int]:
        """The run of a unit that is not the plan's own, and its number there."""
        number = unit - self.own
        for run in self.runs:
            if number < run.units:
                return run, number
            number -= run.units
        raise ValueError(f"no unit has the number {unit}")

    def written_by(self, unit: int) -> int:
        """The own unit whose part of `earlier/` holds what is said of this one."""
        return unit % self.own


NO_RUNS = EarlierRuns()


def earlier_runs(own: int, indexes: Sequence[Index], flip: bool) -> EarlierRuns:
    """`indexes`: the whole chain, oldest first."""
    return EarlierRuns(own, tuple(earlier_run(index, indexes) for index in indexes), flip)


def earlier_run(index: Index, chain: Sequence[Index]) -> EarlierRun:
    documents = index.header["documents"]
    return EarlierRun(
        run=index.run,
        fingerprint=index.fingerprint,
        units=index.units,
        documents=documents["kept"] + documents["dropped"],
        edits=bool(index.header["edits"]),
        crawls=tuple(index.header["crawls"]),
        later=tuple(later for other in chain for later in later_of(index, other)),
    )


def later_of(index: Index, other: Index) -> list[Later]:
    """Whether `other` was held against the run of `index`, and where it numbers its units."""
    first = other.units
    for entry in other.earlier:
        if entry["fingerprint"] == index.fingerprint:
            return [Later(other.run, other.units, first)]
        first += entry["units"]
    return []
