"""Every judged document as a sweep needs it: its metric, its bytes, what it fails, who has not judged it yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pipeline.attribution import step_of
from pipeline.filters.language_presets import code_of
from pipeline.report.run import Run, tables
from pipeline.report.sample import has_reason

LASTING = ("source", "language", "script")  # columns of features/ that a step's `when` may ask for
READ = ("row", "kept", "edited_bytes", "quality", *LASTING)

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Judged:
    """Every judged document, for one bound."""

    values: NDArray[np.float64]  # NaN where the step did not ask
    edited_bytes: NDArray[np.int64]  # of the text as far as the steps have edited it
    quality: NDArray[np.float64]  # NaN where no classifier was asked
    fails: Bools
    fails_other: Bools
    unsure: Bools  # if only the bound let it pass, a later step would still have to judge it
    language: NDArray[np.object_]  # "" where there is none

    def of_language(self, among: Sequence[str], language: str | None) -> "Judged":
        """As if the bound asked this language alone, or (None) those not `among` the named ones: others have NaN."""
        rows = self.language == language if language is not None else ~np.isin(self.language, list(among))
        return replace(self, values=np.where(rows, self.values, np.nan))


def judged(run: Run, metric: str, reason: str) -> Judged:
    """All documents of 01-refine; features/ and dropped/ have a part for each batch, in the same order."""
    features = tables(run, "01-refine", "features", [*READ, metric])
    dropped = tables(run, "01-refine", "dropped", ["row", "reasons"])
    whens = later_whens(run, step_of(reason))
    pairs = zip(features, dropped, strict=True)
    parts = [judged_part(one, other, metric, reason, whens) for (_, one), (_, other) in pairs]
    return Judged(*(np.concatenate([getattr(part, f.name) for part in [nobody(), *parts]]) for f in fields(Judged)))


def nobody() -> Judged:
    none = np.zeros(0, np.bool_)
    return Judged(np.zeros(0), np.zeros(0, np.int64), np.zeros(0), none, none, none, np.zeros(0, np.object_))


def judged_part(
    features: pa.Table, dropped: pa.Table, metric: str, reason: str, whens: list[Mapping[str, Any]]
) -> Judged:
    rows = features["row"].to_numpy()
    fails, other = np.zeros(len(rows), np.bool_), ~features["kept"].to_numpy()
    order = np.argsort(rows, kind="stable")
    place = order[np.searchsorted(rows, dropped["row"].to_numpy(), sorter=order)]
    fails[place], other[place] = failing(dropped, reason)
    numbers = [np.asarray(features[name].fill_null(np.nan).to_numpy(), np.float64) for name in (metric, "quality")]
    unsure = np.zeros(len(rows), np.bool_)
    for when in whens:
        unsure |= matches(features, when)
    codes = features["language"].combine_chunks().dictionary_encode()
    names = np.array([*(code_of(name or "") for name in codes.dictionary.to_pylist()), ""], np.object_)
    language = names[codes.indices.fill_null(-1).to_numpy(zero_copy_only=False)]
    return Judged(numbers[0], features["edited_bytes"].to_numpy(), numbers[1], fails, other, unsure, language)


def failing(dropped: pa.Table, reason: str) -> tuple[Bools, Bools]:
    """Of the dropped documents: which fail for `reason`, and which for anything else."""
    mine = has_reason(dropped["reasons"], reason)
    every = np.asarray(pc.list_value_length(dropped["reasons"]).fill_null(0))
    return mine, every > mine


def later_whens(run: Run, step: str) -> list[Mapping[str, Any]]:
    """The conditions of the later steps that wait; of each what features/ still shows as it was then.

    A column that the step itself or one below it sets may have been another when the step was to be asked.
    """
    names = [each["name"] for each in run.steps]
    whens: list[Mapping[str, Any]] = []
    for place in range(names.index(step) + 1, len(names)):
        if waits(run, place):
            changed = {column for below in run.steps[place:] for column in below.get("sets", [])}
            known = [column for column in LASTING if column not in changed]
            when: Mapping[str, Any] = run.steps[place].get("when") or {}
            whens.append({column: values for column, values in when.items() if column in known})
    return whens


def waits(run: Run, place: int) -> bool:
    """Whether the step asks survivors only, so that it has not seen what others dropped, and its answer matters.

    A mere score neither drops nor edits; a language decides whom the steps below ask.
    """
    step = run.steps[place]
    asked_below = {column for below in run.steps[place + 1 :] for column in below.get("when") or {}}
    decides = bool(asked_below & {*step.get("sets", [])})
    return step.get("over") == "survivors" and bool(step.get("edits", True) or step.get("reasons", True) or decides)


def matches(features: pa.Table, when: Mapping[str, Any]) -> Bools:
    """The documents of which every column has one of its values."""
    mask = np.ones(len(features), np.bool_)
    for column, values in when.items():
        among = pc.is_in(features[column], value_set=pa.array(values, pa.string()))
        mask &= among.to_numpy()
    return mask
