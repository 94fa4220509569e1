"""The first pass: read, judge, edit, score, sign. One batch of one unit at a time, one part in each folder for it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import apache_beam as beam

import pipeline.beam.work  # noqa: F401 - registers the coders
from pipeline.beam.at_work import watched
from pipeline.beam.plan import Plan, make_plan
from pipeline.beam.work import Work
from pipeline.config import Config, StepConfig
from pipeline.documents import Documents
from pipeline.refined import Refined, count_tokens, split
from pipeline.steps import Judged, Step, apply, finish, load_step, start
from pipeline.storage.inputs import Input
from pipeline.storage.inspect import others_from_json, others_to_json
from pipeline.storage.limits import Limits
from pipeline.storage.read import read_batches
from pipeline.storage.run_folder import REFINE, part_name
from pipeline.storage.units import Unit
from pipeline.storage.write import write_part
from pipeline.tokens import counter


@dataclass(frozen=True)
class RefineJob:
    """What the workers of the first pass need, in plain values. `inputs`: (source, path) -> its input, its address."""

    run: str
    fingerprint: str
    config: Config
    others: list[Any]
    inputs: dict[tuple[str, str], tuple[Input, str]] = field(hash=False)


class Read(beam.DoFn):
    """A unit's batches, one after the other; each is judged and written before the next is read."""

    def __init__(self, job: RefineJob) -> None:
        self.job = job

    def process(self, unit: Unit) -> Iterator[Work]:
        described, address = self.job.inputs[unit.source, unit.path]
        limits = Limits(document_bytes=self.job.config.limits.document_bytes)
        others = others_from_json(self.job.others)
        file = f"{unit.source}/{unit.path}"
        batches = watched(read_batches(unit, described, others, limits, address), f"read unit {unit.unit} ({file})")
        for number, batch in enumerate(batches):
            judged = start(Documents(batch.documents))
            yield Work(unit.unit, number, batch.last, judged, tuple(batch.failed), dict(batch.skipped), file)


class Apply(beam.DoFn):
    """One step of the config."""

    def __init__(self, config: StepConfig) -> None:
        self.config = config
        self.step: Step | None = None

    def setup(self) -> None:
        self.step = load_step(self.config)

    def process(self, work: Work) -> Iterator[Work]:
        assert self.step is not None
        yield work.acted_on(self.step.name, partial(apply, step=self.step))


class CountTokens(beam.DoFn):
    """Exact token counts of the survivors."""

    def __init__(self, tokenizer: str) -> None:
        self.tokenizer = tokenizer
        self.count: Callable[..., Any] | None = None

    def setup(self) -> None:
        self.count = counter(self.tokenizer)

    def process(self, work: Work) -> Iterator[Work]:
        yield work.acted_on("tokens", self.counted)

    def counted(self, judged: Judged) -> Judged:
        assert self.count is not None
        return replace(judged, documents=count_tokens(judged, self.count))


class Write(beam.DoFn):
    """Sign, split, and write the batch's four parts."""

    def __init__(self, job: RefineJob) -> None:
        self.job = job

    def process(self, work: Work) -> Iterator[dict[str, Any]]:
        config = self.job.config
        refined = split(work.judged, work.failed, work.unit, config.dedup.scheme, config.dedup.over)
        for kind in ("kept", "dropped", "failed", "features"):
            yield self.write(work, refined, kind)

    def write(self, work: Work, refined: Refined, kind: str) -> dict[str, Any]:
        rows = getattr(refined, kind)
        about = {
            "fingerprint": self.job.fingerprint,
            "unit": work.unit,
            "batch": work.batch,
            "last": work.last,
            "documents": rows.num_rows,
            "text_bytes": refined.counts[kind].get("text_bytes", 0) if kind in ("kept", "dropped") else 0,
        }
        if kind == "kept":
            about |= {"counts": dict(refined.counts), "skipped": dict(work.skipped or {})}
        path = Path(self.job.run) / REFINE / kind / part_name(work.unit, work.batch)
        return vars(write_part(path, rows, about))


class Refine(beam.PTransform):
    """Units in, records of the parts written out. The graph reads like the config."""

    def __init__(self, config: Config, job: RefineJob | None = None) -> None:
        super().__init__()
        self.config = config
        self.job = job or refine_job(config)

    def expand(self, units: beam.PCollection) -> beam.PCollection:
        work = units | "read" >> beam.ParDo(Read(self.job)).with_output_types(Work)
        for step in self.config.steps:
            work = work | step.name >> beam.ParDo(Apply(step)).with_output_types(Work)
        work = work | "empty" >> beam.Map(_finished).with_output_types(Work)
        if self.config.tokens:
            work = work | "tokens" >> beam.ParDo(CountTokens(self.config.tokens)).with_output_types(Work)
        return work | "write" >> beam.ParDo(Write(self.job))


def _finished(work: Work) -> Work:
    return work.acted_on("text", finish)


def refine_job(config: Config) -> RefineJob:
    """The job of a config by itself; the driver makes it from its plan."""
    return job_of(make_plan(config))


def job_of(plan: Plan) -> RefineJob:
    inputs = {key: (file.described, file.address) for key, file in plan.files.items()}
    return RefineJob(str(plan.run), plan.fingerprint, plan.config, others_to_json(plan.others), inputs)
