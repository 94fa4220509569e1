"""Steps over documents without a run: what `gristmill stage` and `pipeline.judge` answer, a dict each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import repeat
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from orjson import dumps

from pipeline import steps
from pipeline.dedup_config import KINDS, DedupStep, read_dedup_step
from pipeline.documents import Documents, derived_id, schema
from pipeline.isolate import StepFailed, isolated
from pipeline.overrides import override
from pipeline.registry import rule_names
from pipeline.stage_dedup import Duplicates
from pipeline.step_config import read_steps
from pipeline.yaml_lines import Node, nearest, parse

Answer = dict[str, Any]
Setting = Mapping[str, Any]
Report = Callable[[str], None]

EXTRACT = "extract"


@dataclass(frozen=True, eq=False)
class Stage:
    """Steps ready to judge: rules with what they need loaded, then the dedup steps."""

    rules: Sequence[steps.Step]
    dedup: Sequence[DedupStep]

    @property
    def columns(self) -> list[str]:
        """What an answer says beside verdict and metrics: columns that steps set, and the text, changed or not."""
        verdicts = [steps.silent_verdict(step, schema()) for step in self.rules]
        shown = [name for verdict in verdicts for name in verdict.columns]
        edits = any(verdict.edit is not None for verdict in verdicts)
        return [*dict.fromkeys(shown), *(["text"] if edits else [])]


def names() -> list[str]:
    """All that can be staged."""
    return [*rule_names(), EXTRACT, *KINDS]


def load(wanted: Node) -> Stage:
    """Steps as a config lists them: `c4_quality`, `gopher_quality: {min_words: 40}`, `url: {keep: [newest]}`."""
    rules: list[Node] = []
    dedup: list[Node] = []
    for entry in wanted.items():
        named = entry.mapping() if isinstance(entry.value, dict) else {entry.text(): entry}
        if not set(named) & {*names()} - {EXTRACT}:
            raise entry.error(f"no step is called {next(iter(named), '')}{nearest(next(iter(named), ''), names())}")
        (dedup if set(named) & set(KINDS) else rules).append(entry)
    configs = read_steps(Node(rules, wanted.file, wanted.line, wanted.path), Path.cwd())
    return Stage([steps.load_step(config) for config in configs], [read_without_run(entry) for entry in dedup])


def read_without_run(node: Node) -> DedupStep:
    """A dedup step, unless it needs what only a run knows."""
    step = read_dedup_step(node)
    if step.scope == "crawl":
        raise node.error("`scope: crawl` needs a run (a crawl is named by its files' addresses)")
    return step


def one_step(name: str, sets: Sequence[str]) -> Node:
    """The list of one step with the settings that `key=value` options make."""
    settings = override(Node({}, "stage", None), sets)
    return Node([Node({name: settings}, "stage", None)], "stage", None)


def judge(texts: Sequence[str], wanted: Sequence[str | Setting]) -> list[Answer]:
    """Each text's answer to all steps, as a config would apply them; ids are made.

    Raises StepFailed, naming the text's place in the list, where a step raises on a text: the answers go by place.
    """
    return list(answers([documents_of(texts)], load(parse(dumps(list(wanted)).decode(), "steps", None))))


def documents_of(texts: Sequence[str]) -> Documents:
    """Documents of these texts, of which nothing else is known."""
    count = len(texts)
    made = {
        "id": pa.array([derived_id("text", "", row) for row in range(count)], pa.string()),
        "text": pa.array(texts, pa.large_string()),
        "source": pa.repeat("text", count),
        "unit": pa.repeat(pa.scalar(0, pa.int32()), count),
        "row": pa.array(range(count), pa.int64()),
    }
    arrays = [made.get(field.name, pa.nulls(count, field.type)) for field in schema()]
    return Documents(pa.RecordBatch.from_arrays(arrays, schema=schema()))


def answers(batches: Iterable[Documents], stage: Stage, failed: Report | None = None) -> Iterator[Answer]:
    """One for each document, in order; with a dedup step only when all documents have been seen.

    A document on which a step raises goes to `failed` in a line, and has no answer, as a run has a failed row of it.
    """
    if not stage.dedup:
        for documents in batches:
            yield from _answers_of(_judged(documents, stage.rules, failed or refuse), stage.columns)
        return
    found: list[Answer] = []
    duplicates = Duplicates(stage.dedup)
    for documents in batches:
        judged = _judged(documents, stage.rules, failed or refuse)
        found += _answers_of(judged, stage.columns)
        duplicates.add(judged.documents)
    yield from _with_clusters(found, duplicates)


def refuse(line: str) -> NoReturn:
    """A document on which a step raised is the caller's error."""
    raise StepFailed(line)


def _judged(documents: Documents, rules: Sequence[steps.Step], failed: Report) -> steps.Judged:
    """All steps over the batch; what they raise on goes to `failed`. A batch stands in one file, its `source`."""
    judged = steps.start(documents)
    file = str(documents.column("source")[0]) if len(documents) else ""
    for step in rules:
        judged, raised = isolated(judged, step.name, file, partial(steps.apply, step=step))
        for each in raised:
            failed(f"{each.file}: {each.place}: {each.error}")
    return judged


def _answers_of(judged: steps.Judged, columns: Sequence[str]) -> list[Answer]:
    """That a text is empty is the chain's business: a step answers for it like for any other."""
    failed = {name: rows for name, rows in judged.reasons.items() if name != steps.EMPTY}
    reasons = _named_where(failed, len(judged.documents))
    metrics = _finite(judged.metrics, len(judged.documents))
    shown = {name: judged.documents.column(name).to_pylist() for name in columns}
    return [
        {"id": name, "kept": not reasons[i], "reasons": reasons[i], "metrics": metrics[i]}
        | {column: _plain(values[i]) for column, values in shown.items()}
        for i, name in enumerate(judged.documents.column("id").to_pylist())
    ]


def _named_where(failed: Mapping[str, NDArray[np.bool_]], count: int) -> list[list[str]]:
    named: list[list[str]] = [[] for _ in range(count)]
    for name, rows in failed.items():
        for row in np.flatnonzero(rows).tolist():
            named[row].append(name)
    return named


def _finite(metrics: Mapping[str, NDArray[np.float64]], count: int) -> list[dict[str, float]]:
    """Each document's numbers, whole ones without a point; what was not asked is left out."""
    numbers: list[dict[str, float]] = [{} for _ in range(count)]
    for name, values in metrics.items():
        for row in np.flatnonzero(np.isfinite(values)).tolist():
            value = float(values[row])
            numbers[row][name] = int(value) if value.is_integer() else value
    return numbers


def _plain(value: Any) -> Any:
    """NaN is no JSON."""
    return None if isinstance(value, float) and not np.isfinite(value) else value


def _with_clusters(found: list[Answer], duplicates: Duplicates) -> Iterator[Answer]:
    kept = np.array([answer["kept"] for answer in found], np.bool_)
    decisions = duplicates.decide(kept)
    texts = iter([{"text": text} for text in duplicates.texts()]) if duplicates.edits else repeat({})
    for row, (answer, (reason, cluster, keeper)) in enumerate(zip(found, decisions, strict=True)):
        reasons = [*answer["reasons"], *([reason] if reason else [])]
        told = {"kept": not reasons, "reasons": reasons, "cluster": cluster, "keeper": keeper}
        noted = {"semantic": duplicates.notes[row]} if row in duplicates.notes else {}
        yield {**answer, **told, **noted, **next(texts)}
