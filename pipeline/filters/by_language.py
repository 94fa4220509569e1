"""`as: language`: Gopher's and FineWeb's rules with the thresholds and stop words of each document's own language.

As FineWeb-2 (Penedo et al. 2025, section 4.4; fineweb-2-pipeline.py): the formulas stay, the numbers are learned per
language by `gristmill calibrate`. English keeps the published ones.
"""

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import cache
from math import isfinite
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.documents import Documents, schema
from pipeline.filters.fineweb import fineweb_quality
from pipeline.filters.gopher import gopher_quality
from pipeline.filters.gopher_repetition import gopher_repetition
from pipeline.filters.language_presets import SHIPPED, Presets, code_of, shipped, words_of
from pipeline.rules import Bound, BoundBy, Verdict, rule

Plain = Callable[..., Verdict]
Otherwise = Literal["keep", "drop", "english"]

CITES = "Penedo et al. 2025 (FineWeb-2), section 4.4"
RESOURCES = {"presets": "language_presets"}
PUBLISHED = "en"  # the language that the plain rules' thresholds were published for
NO_PRESET = "no_preset"
SHARE = 1.0  # no share of a document is above it
OFF: Mapping[Plain, Mapping[str, float]] = {  # every threshold that a preset sets, where nothing fails it
    gopher_quality: {
        "min_mean_word_length": 0,
        "max_mean_word_length": float("inf"),
        "min_alphabetic_words": 0,
        "min_stop_words": 0,
    },
    gopher_repetition: {
        **{f"max_duplicate_{what}": SHARE for what in ("lines", "line_chars", "paragraphs", "paragraph_chars")},
        **{f"max_top_{n}_gram": float("inf") for n in range(2, 5)},
        **{f"max_duplicate_{n}_grams": SHARE for n in range(5, 11)},
    },
    fineweb_quality: {
        "min_ended_lines": 0,
        "max_short_lines": SHARE,
        "max_duplicate_line_chars": SHARE,
        "max_newlines_per_word": float("inf"),
    },
}


class Group(NamedTuple):
    """Documents that are judged alike: of a language with a preset, of English, or (None) of any other."""

    language: str | None
    words: str


FOUND: WeakKeyDictionary[Documents, dict[tuple[Presets, Group], Documents]] = (
    WeakKeyDictionary()
)  # forgotten with its batch


@rule("gopher_quality", variant="language", cites=CITES, resources=RESOURCES)
def gopher_quality_by_language(
    docs: Documents,
    *,
    presets: Presets = SHIPPED,  # type: ignore[assignment]  # the config holds an address, the rule is given presets
    without_preset: Otherwise = "keep",
) -> Verdict:
    """Drop documents that do not look like running prose of their language.

    A document whose language has no preset: `keep` asks it only for what all languages share (words, symbols,
    bullets); `english` asks for English; `drop` fails it as `no_preset`.
    """
    return by_language(gopher_quality, docs, presets, without_preset)


@rule("gopher_repetition", variant="language", cites=CITES, resources=RESOURCES)
def gopher_repetition_by_language(
    docs: Documents,
    *,
    presets: Presets = SHIPPED,  # type: ignore[assignment]
    without_preset: Otherwise = "keep",
) -> Verdict:
    """Drop documents that say the same lines or n-grams again, more than is usual in their language."""
    return by_language(gopher_repetition, docs, presets, without_preset)


@rule("fineweb_quality", variant="language", cites=CITES, resources=RESOURCES)
def fineweb_quality_by_language(
    docs: Documents,
    *,
    presets: Presets = SHIPPED,  # type: ignore[assignment]
    without_preset: Otherwise = "keep",
) -> Verdict:
    """Drop lists and menus, by how documents of their language end and break lines. Short lines are not counted."""
    return by_language(fineweb_quality, docs, presets, without_preset)


def by_language(plain: Plain, docs: Documents, presets: Presets | str, without_preset: Otherwise) -> Verdict:
    """The plain rule on the documents of each language with that language's parameters."""
    known = shipped() if isinstance(presets, str) else presets
    silent, parts = silent_verdict(plain, known, without_preset), []
    for group, rows in groups_of(docs, known):
        taken = docs if len(rows) == len(docs) else of_group(docs, known, group, rows)
        parts.append((rows, plain(taken, **parameters(plain, known, group, without_preset))))
    verdict = Verdict(
        metrics={name: gathered(name, len(docs), [(r, v.metrics) for r, v in parts], 0.0) for name in silent.metrics},
        failed={name: gathered(name, len(docs), [(r, v.failed) for r, v in parts], False) for name in silent.failed},
        bounds=silent.bounds,
    )
    verdict = replace(verdict, bounds_by=silent.bounds_by)
    if without_preset != "drop":
        return verdict
    none = np.zeros(len(docs), np.bool_)
    for group, rows in groups_of(docs, known):
        none[rows] = group.language is None
    return replace(verdict, failed={**verdict.failed, NO_PRESET: none})


def gathered(
    name: str, documents: int, parts: list[tuple[NDArray[np.int64], Mapping[str, NDArray[Any]]]], empty: float | bool
) -> NDArray[Any]:
    """One metric or reason of all documents, from that of each language's."""
    whole = np.full(documents, empty)
    for rows, found in parts:
        if name in found:
            whole[rows] = found[name]
    return whole


def languages_of(docs: Documents) -> list[tuple[str | None, NDArray[np.int64]]]:
    """Each language of the batch and its rows; None for those without one."""
    column = docs.column("language").dictionary_encode()
    codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    names = [*map(code_of, column.dictionary.to_pylist()), None]  # -1 is the last
    return [(names[code], np.flatnonzero(codes == code)) for code in np.unique(codes).tolist()]


def groups_of(docs: Documents, presets: Presets) -> list[tuple[Group, NDArray[np.int64]]]:
    """The rows that are judged alike: a corpus of a thousand languages has few presets."""
    found: dict[Group, list[NDArray[np.int64]]] = {}
    for language, rows in languages_of(docs):
        preset = presets.of.get(language or "")
        known = preset is not None or language == PUBLISHED
        group = Group(language if known else None, preset.words if preset else words_of(language))
        found.setdefault(group, []).append(rows)
    return [(group, np.sort(np.concatenate(rows))) for group, rows in found.items()]


def of_group(docs: Documents, presets: Presets, group: Group, rows: NDArray[np.int64]) -> Documents:
    """The documents of a group; those whose words are dear to find are kept for the next rule on the same batch."""
    if group.words == "whitespace":
        return docs.take(rows)
    kept = FOUND.setdefault(docs, {})
    if (presets, group) not in kept:
        kept[presets, group] = docs.take(rows)
    return kept[presets, group]


def parameters(plain: Plain, presets: Presets, group: Group, without_preset: Otherwise) -> dict[str, Any]:
    """What the plain rule is called with for documents of this group."""
    words = {} if group.words == "whitespace" or not takes_words(plain) else {"words": group.words}
    preset = presets.of.get(group.language or "")
    if preset:
        return {**words, **preset.parameters.get(plain.__name__, {})}
    english = group.language == PUBLISHED or without_preset == "english"
    return {**words, **({} if english else OFF[plain])}


@cache
def takes_words(plain: Plain) -> bool:
    """Whether the rule can count other words than those between white space."""
    return "words" in inspect.signature(plain).parameters


@cache
def silent_verdict(plain: Plain, presets: Presets, without_preset: Otherwise) -> Verdict:
    """What the rule says of no documents: its metrics and reasons, and the bounds that all languages share."""
    nothing = Documents(pa.RecordBatch.from_pylist([], schema=schema()))
    named = (*presets, PUBLISHED, None)
    every = [plain(nothing, **parameters(plain, presets, Group(each, "whitespace"), without_preset)) for each in named]
    shared: dict[str, Bound] = {
        reason: bound for reason, bound in every[0].bounds.items() if all(v.bounds.get(reason) == bound for v in every)
    }
    differing = {
        reason: bound_by_language(
            bound, {each: v.bounds.get(reason) for each, v in zip(named, every, strict=True)}, OFF[plain].values()
        )
        for reason, bound in every[0].bounds.items()
        if reason not in shared
    }
    return Verdict(every[0].metrics, every[0].failed, shared, bounds_by=differing)


def bound_by_language(one: Bound, every: Mapping[str | None, Bound | None], off: Collection[float]) -> BoundBy:
    """The bounds of all languages, that of None for those without a preset; what nothing can fail is no bound.

    `off`: what stands for no bound where there is no preset. A preset that says 0 or 1 has said so, and shows it.
    """
    values = {each: bound.value if bound and isfinite(bound.value) else None for each, bound in every.items()}
    other = values.pop(None)
    of = {str(each): value for each, value in values.items()}
    return BoundBy(one.metric, one.comparison, "language", of, None if other in off else other)
