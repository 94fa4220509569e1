"""A run: three passes and a publication, each judged by its parts, resumed where it stands, its manifest last."""

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apache_beam as beam

from pipeline.beam import manifests
from pipeline.beam.dedup import decide
from pipeline.beam.dedup_job import DedupJob
from pipeline.beam.elements import units_of
from pipeline.beam.mixture import MixtureJob, mix
from pipeline.beam.plan import Plan, make_plan, settle
from pipeline.beam.progress import Progress, Talk, found_done, to_stderr
from pipeline.beam.publish import Publish, PublishJob
from pipeline.beam.refine import Refine, job_of
from pipeline.beam.runners import execute, options_of
from pipeline.beam.whole import About, PassFailed, demand_whole, remove_unit, whole_units
from pipeline.config import Config
from pipeline.mixture.budget import budgets
from pipeline.mixture.groups import assign
from pipeline.report.card import write_card
from pipeline.report.html import write_report
from pipeline.storage.manifest import ManifestError, named_parts, read_manifest
from pipeline.storage.run_folder import DEDUP, MIXTURE, REFINE
from pipeline.storage.tally import KINDS

Build = Callable[[beam.PCollection], object]
REFINED = ("kept", "dropped", "failed", "features")
QUARANTINED = 3  # exit code: done and published, but more input was set aside than the config allows


@dataclass(frozen=True)
class RunResult:
    """Where the run stands, and the command's exit code."""

    folder: Path
    exit_code: int


@dataclass(frozen=True, eq=False)
class Driver:
    """What every pass of one run shares."""

    plan: Plan
    beam_options: Sequence[str]
    talk: Talk

    def finished(self, folder: Path) -> manifests.Manifest | None:
        """The manifest of a pass that was done under this plan, its parts all there."""
        try:
            manifest = read_manifest(folder)
            named_parts(folder)
        except ManifestError:
            return None
        return manifest if manifest["fingerprint"] == self.plan.fingerprint else None

    def parts(self, stage: str, kinds: Sequence[str], build: Build) -> list[About]:
        """Do the units that are not whole yet, then demand that all are; gives what the parts say."""
        plan, numbers = self.plan, [unit.unit for unit in self.plan.units]
        done = whole_units(plan.run, stage, kinds, numbers, plan.fingerprint)
        found_done(stage_name(stage), sorted(done), numbers, self.talk)
        missing = [number for number in numbers if number not in done]
        for number in missing:
            remove_unit(plan.run, stage, kinds, number)
        if missing:
            self.execute(stage, kinds[0], missing, build)
        return demand_whole(plan.run, stage, kinds, numbers, plan.fingerprint)

    def execute(self, stage: str, kind: str, missing: Sequence[int], build: Build) -> None:
        weights = {number: self.plan.input_bytes(self.plan.units[number]) for number in missing}
        progress = Progress(stage_name(stage), self.plan.run / stage / kind, weights, self.talk)
        options = options_of(self.plan.config.engine, self.beam_options)
        limit = self.plan.config.limits.unit_seconds
        execute(lambda pipeline: build(units_of(pipeline, missing)), options, progress.beat, limit)


def stage_name(stage: str) -> str:
    return "data" if stage == "." else stage


def refine(driver: Driver) -> manifests.Manifest:
    """01-refine, or its manifest where it is done."""
    plan = driver.plan
    folder = plan.run / REFINE
    done = driver.finished(folder)
    if done is not None:
        return done
    units = {unit.unit: unit for unit in plan.units}

    def build(numbers: beam.PCollection) -> object:
        return numbers | "open" >> beam.Map(units.__getitem__) | "refine" >> Refine(plan.config, job_of(plan))

    said = driver.parts(REFINE, REFINED, build)
    parts = manifests.entries(folder, REFINED, units)
    return manifests.publish_manifest(plan, folder, REFINE, manifests.refine_manifest(plan, said), parts)


def dedup(driver: Driver) -> manifests.Manifest:
    """02-dedup. A grouping needs every unit, so the pass is done as a whole."""
    config = driver.plan.config
    steps = tuple((step.kind, tuple(step.keep), step.preset) for step in config.dedup.steps)
    job = DedupJob(str(driver.plan.run), driver.plan.fingerprint, config.dedup.over, steps, seed=config.seed)
    return decisions(driver, DEDUP, lambda units: decide(units, job), refuse_equal_ids)


def mixture(driver: Driver, given: manifests.Manifest) -> manifests.Manifest:
    """03-mixture, with budgets from the tokens that dedup kept."""
    config = driver.plan.config
    groups = tuple(config.mixture.groups) if config.mixture else ()
    job = MixtureJob(
        str(driver.plan.run), driver.plan.fingerprint, config.seed, groups, budgets_of(config, given["by"]["kept"])
    )
    return decisions(driver, MIXTURE, lambda units: mix(units, job), lambda *_: None)


def decisions(
    driver: Driver, stage: str, build: Build, refuse: Callable[[Plan, Sequence[About]], None]
) -> manifests.Manifest:
    plan = driver.plan
    folder = plan.run / stage
    done = driver.finished(folder)
    if done is not None:
        return done
    numbers = [unit.unit for unit in plan.units]
    for number in numbers:
        remove_unit(plan.run, stage, ["decisions"], number)
    said = driver.parts(stage, ["decisions"], build)
    refuse(plan, said)
    sums = manifests.decisions_manifest(said)
    if stage == MIXTURE:
        sums["mixture"] = manifests.mixture_of(plan, said)
    return manifests.publish_manifest(plan, folder, stage, sums, manifests.entries(folder, ["decisions"], numbers))


def available_tokens(config: Config, by: Sequence[dict[str, Any]]) -> list[int]:
    """The tokens of each mixture group among documents tallied by source, language and script."""
    import pyarrow as pa

    assert config.mixture is not None
    groups = config.mixture.groups
    columns = {kind: pa.array([row[kind] for row in by], pa.string()) for kind in KINDS}
    number = assign(groups, columns, len(by))
    return [sum(row["tokens"] for row, group in zip(by, number, strict=True) if group == k) for k in range(len(groups))]


def budgets_of(config: Config, by: Sequence[dict[str, Any]]) -> tuple[int, ...]:
    """Tokens to draw of each group, and 0 for what is in none; raises OutOfReach before anything is published."""
    mixture = config.mixture
    if mixture is None:
        return ()
    whole = budgets(mixture.groups, available_tokens(config, by), mixture.tokens, mixture.max_epochs, mixture.on_short)
    return (*(int(budget) for budget in whole), 0)


def refuse_equal_ids(plan: Plan, said: Sequence[About]) -> None:
    """Two documents of one id cannot be told apart after this pass."""
    pairs = [pair for about in said for pair in about["duplicate_ids"]]
    if pairs:
        named = "; ".join(f"{pair['id']} at {_where(plan, pair['addresses'])}" for pair in pairs[:10])
        raise PassFailed(f"two documents of one id: {named} (`ids: namespace` in the input makes ids distinct)")


def _where(plan: Plan, addresses: Sequence[Sequence[int]]) -> str:
    units = plan.units
    return " and ".join(f"{units[unit].source}/{units[unit].path} row {row}" for unit, row in addresses)


def publish(driver: Driver, passes: dict[str, manifests.Manifest]) -> manifests.Manifest:
    """data/ and the run's manifest."""
    plan = driver.plan
    done = driver.finished(plan.run)
    if done is not None:
        return done
    job = PublishJob(str(plan.run), plan.fingerprint)
    said = driver.parts(".", ["data"], lambda units: units | "publish" >> beam.ParDo(Publish(job)))
    written = sum(about["documents"] for about in said)
    sums = manifests.run_manifest(passes)
    if written != sums["documents"]["kept"]:
        raise PassFailed(f"{plan.run}/data: {written} documents, 03-mixture kept {sums['documents']['kept']}")
    parts = manifests.entries(plan.run, ["data"], [unit.unit for unit in plan.units])
    return manifests.publish_manifest(plan, plan.run, "run", sums, parts)


def demand_expected(config: Config, stage: str, manifest: manifests.Manifest) -> None:
    """A pass that kept a share outside of `expect_kept` fails the run before publishing; what it made stays."""
    low, high = config.expect_kept.get(stage, (0.0, 1.0))
    share = manifest["documents"]["kept"] / max(manifest["documents"]["in"], 1)
    if manifest["documents"]["in"] and not low <= share <= high:
        raise PassFailed(f"{stage} kept {share:.1%} of its documents, expect_kept says {low:.1%} to {high:.1%}")


def exit_code(config: Config, manifest: manifests.Manifest, talk: Talk, failures: Iterator[str]) -> int:
    """3 where more was set aside than `limits.failed_fraction` of documents or of input bytes."""
    documents, given = manifest["documents"], manifest["input_bytes"]
    allowed = config.limits.failed_fraction
    shares = documents["failed"] / max(documents["in"], 1), given["failed"] / max(given["in"], 1)
    for line in failures:
        talk(line)
    if max(shares) > allowed:
        talk(
            f"set aside: {shares[0]:.3%} of documents, {shares[1]:.3%} of input bytes (failed_fraction: {allowed:.3%})"
        )
        return QUARANTINED
    return 0


def failed_lines(run: Path, most: int = 10) -> Iterator[str]:
    """`file: place: what was wrong` for the first failed rows."""
    from pipeline.storage.manifest import read_parts

    told = 0
    for table in read_parts(run / REFINE, "failed", ["file", "place", "error"]):
        for row in table.slice(0, most - told).to_pylist():
            yield f"failed  {row['file']}: {row['place']}: {row['error']}"
            told += 1


@contextmanager
def alone(run: Path) -> Iterator[None]:
    """One run at a time in a folder: the second is refused and names the first."""
    run.mkdir(parents=True, exist_ok=True)
    with (run / ".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.seek(0)
            raise PassFailed(f"{run}: {lock.read().strip() or 'another run'} is at work here") from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def run(config: Config, *, beam_options: Sequence[str] = (), talk: Talk = to_stderr) -> RunResult:
    """Do what is not done yet, publish, report. Raises PassFailed, ResumeRefused, OutOfReach, WriteError."""
    plan = make_plan(config)
    with alone(plan.run):
        settle(plan)
        driver = Driver(plan, beam_options, talk)
        passes = {REFINE: refine(driver)}
        demand_expected(config, REFINE, passes[REFINE])
        passes[DEDUP] = dedup(driver)
        demand_expected(config, DEDUP, passes[DEDUP])
        passes[MIXTURE] = mixture(driver, passes[DEDUP])
        demand_expected(config, MIXTURE, passes[MIXTURE])
        whole = publish(driver, passes)
        write_card(plan.run)
        write_report(plan.run)
    code = exit_code(config, whole, talk, failed_lines(plan.run))
    kept, given = whole["documents"]["kept"], whole["documents"]["in"]
    talk(f"done  {kept:,} of {given:,} documents, {whole['tokens']['kept']:,} tokens: {plan.run / 'report.html'}")
    return RunResult(plan.run, code)
