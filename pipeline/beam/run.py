"""A run: three passes and a publication, each judged by its parts, resumed where it stands, then the report."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow.compute as pc

from pipeline.beam.alone import Shard, alone, beside
from pipeline.beam.dedup import decide
from pipeline.beam.dedup_job import DedupJob, Editing, annotators, editors
from pipeline.beam.driver import Build, Driver, Stage
from pipeline.beam.earlier_parts import counted
from pipeline.beam.labels_aside import labelled
from pipeline.beam.manifests import (
    Manifest,
    decisions_manifest,
    edits_of,
    mixture_of,
    refine_manifest,
    run_manifest,
    shuffled_of,
)
from pipeline.beam.mixture import MixtureJob, mix
from pipeline.beam.plan import PLAN, Plan, make_plan, settle
from pipeline.beam.progress import Talk, to_stderr
from pipeline.beam.publish import Publish, PublishJob
from pipeline.beam.refine import Refine, job_of
from pipeline.beam.semantic_fit import fit
from pipeline.beam.targets import budgets_of
from pipeline.beam.whole import About, PassFailed
from pipeline.config import Config
from pipeline.dedup_index import write_index
from pipeline.earlier import earlier_runs
from pipeline.lengths import length_rules
from pipeline.report.card import write_card
from pipeline.report.html import write_report
from pipeline.storage.manifest import read_parts
from pipeline.storage.run_folder import DEDUP, EARLIER, MIXTURE, REFINE

QUARANTINED = 3  # exit code: done and published, but more input was set aside than the config allows
MOST_LINES = 10  # of failed rows that a run prints; the report lists more


@dataclass(frozen=True)
class RunResult:
    """Where the run stands, and the command's exit code."""

    folder: Path
    exit_code: int


def refine(plan: Plan) -> Stage:
    """01-refine: read, judge, edit, score, sign."""
    units = {unit.unit: unit for unit in plan.units}

    def build(numbers: beam.PCollection) -> object:
        return numbers | "open" >> beam.Map(units.__getitem__) | "refine" >> Refine(plan.config, job_of(plan))

    kinds = ("kept", "dropped", "failed", "features")
    return Stage(REFINE, REFINE, kinds, build, lambda said: refine_manifest(plan, said))


def dedup(plan: Plan, refined: Manifest) -> Stage:
    """02-dedup: keys cross the shuffle, decisions come back, and beside them the texts that it changed."""
    config = plan.config.dedup
    editing = editing_of(plan, refined) if editors(config.steps) else None
    earlier = earlier_runs(len(plan.units), plan.earlier, config.flip)
    whole = DedupJob(str(plan.run), plan.fingerprint, config.over, config.steps, crawls=plan.crawls)
    job = replace(whole, editing=editing, earlier=earlier, memory=config.memory)

    def sums(said: list[About]) -> Manifest:
        refuse_equal_ids(plan, said)
        against = {"against": held_against(plan, job, said)} if earlier else {}
        return {**decisions_manifest(said), "shuffled": shuffled_of(said), "edits": edits_of(said), **against}

    @contextmanager
    def around(driver: Driver) -> Iterator[Build]:
        """Clusters too many for one memory are found before."""
        whole = replace(job, fitted=fitted_of(plan))
        documents = refined["documents"]
        given = documents["kept"] + (documents["dropped"] if config.over == "all" else 0) + earlier.documents
        with labelled(whole, driver.numbers, given, driver.before, driver.talk) as found:
            yield lambda units: decide(units, found)

    beside = [EARLIER] if earlier else []
    kinds = ("decisions", *job.edits, *(step.kind for step in annotators(config.steps)), *beside)
    return Stage(DEDUP, DEDUP, kinds, lambda units: decide(units, job), sums, at_once=True, around=around)


def fitted_of(plan: Plan) -> str:
    """What the semantic step learns from a sample before the graph, by its SHA-256; empty where there is none."""
    steps = annotators(plan.config.dedup.steps)
    return fit(str(plan.run), [unit.unit for unit in plan.units], steps[0].how, plan.config.seed) if steps else ""


def held_against(plan: Plan, job: DedupJob, said: list[About]) -> dict[str, Any]:
    """What the pass found between this run's documents and those of the runs before it."""
    return {
        "runs": [{**index.as_decided(), "documents": index.header["documents"]["in"]} for index in plan.earlier],
        "flip": job.earlier.flip,
        "dropped_for_earlier": sum(about["for_earlier"] for about in said),
        **counted(job, [unit.unit for unit in plan.units]),
    }


def editing_of(plan: Plan, refined: Manifest) -> Editing:
    """What the steps need that change texts: how lengths are judged and tokens counted, and how much there is."""
    documents = tuple((row["source"], row["language"], row["documents"]) for row in refined["by"]["kept"])
    return Editing(plan.config.tokens, plan.scheme, length_rules(plan.config.steps, plan.silent), documents)


def mixture(plan: Plan, deduplicated: Manifest) -> Stage:
    """03-mixture, with budgets from the tokens that dedup kept."""
    config = plan.config
    groups = tuple(config.mixture.groups) if config.mixture else ()
    budgets = budgets_of(config, deduplicated["by"]["kept"])
    edits = bool(editors(config.dedup.steps))
    job = MixtureJob(str(plan.run), plan.fingerprint, config.seed, groups, budgets, edits)

    def sums(said: list[About]) -> Manifest:
        return {**decisions_manifest(said), "mixture": mixture_of(plan, said)}

    return Stage(MIXTURE, MIXTURE, ("decisions",), lambda units: mix(units, job), sums, at_once=True)


def publication(plan: Plan, passes: Mapping[str, Manifest]) -> Stage:
    """data/ and the run's manifest."""
    job = PublishJob(str(plan.run), plan.fingerprint, bool(editors(plan.config.dedup.steps)))

    def sums(said: list[About]) -> Manifest:
        whole, written = run_manifest(passes), sum(about["documents"] for about in said)
        if written != whole["documents"]["kept"]:
            raise PassFailed(f"{plan.run}/data: {written} documents, 03-mixture kept {whole['documents']['kept']}")
        return whole

    return Stage("run", ".", ("data",), lambda units: units | "publish" >> beam.ParDo(Publish(job)), sums)


def refuse_equal_ids(plan: Plan, said: Sequence[About]) -> None:
    """Two documents of one id cannot be told apart after this pass."""
    pairs = [pair for about in said for pair in about["duplicate_ids"]]
    if pairs:
        named = "; ".join(f"{pair['id']} at {_where(plan, pair['addresses'])}" for pair in pairs[:10])
        apart = "`ids: namespace` in the input makes ids distinct"
        if any(unit >= len(plan.units) for pair in pairs for unit, _ in pair["addresses"]):
            apart = "another `source` name tells a crawl's own ids apart; with `ids: namespace` it stands in given ones"
        raise PassFailed(f"two documents of one id: {named} ({apart})")


def _where(plan: Plan, addresses: Sequence[Sequence[int]]) -> str:
    return " and ".join(f"{_file_of(plan, unit)} row {row}" for unit, row in addresses)


def _file_of(plan: Plan, unit: int) -> str:
    """The file of a unit, of an earlier run with that run."""
    units = plan.units
    if unit < len(units):
        return f"{units[unit].source}/{units[unit].path}"
    run, own = earlier_runs(len(units), plan.earlier, False).at(unit)
    there = json.loads((Path(run.run) / PLAN).read_bytes())["units"][own]
    return f"{there['source']}/{there['path']} of {run.run}"


def demand_expected(config: Config, manifest: Manifest) -> Manifest:
    """A pass that kept a share outside of `expect_kept` fails the run before publishing; what it made stays."""
    low, high = config.expect_kept.get(manifest["pass"], (0.0, 1.0))
    share = manifest["documents"]["kept"] / max(manifest["documents"]["in"], 1)
    if manifest["documents"]["in"] and not low <= share <= high:
        raise PassFailed(f"{manifest['pass']} kept {share:.1%} of its documents, expect_kept: {low:.1%} to {high:.1%}")
    return manifest


def demand_sound_steps(config: Config, manifest: Manifest) -> Manifest:
    """Steps that raised on more documents than `limits.failed_fraction` fail the run before publishing."""
    failed, given = manifest["failed_by_steps"], max(manifest["documents"]["in"], 1)
    allowed = config.limits.failed_fraction
    if failed / given > allowed:
        rows = "; ".join(line for line in failed_lines(Path(config.output), by_steps=True, most=3))
        raise PassFailed(f"steps failed on {failed:,} of {given:,} documents (failed_fraction: {allowed:.3%}): {rows}")
    return manifest


def quarantine(config: Config, manifest: Manifest, talk: Talk) -> int:
    """Say what was set aside; 3 where it is more than `limits.failed_fraction` of documents or of input bytes."""
    documents, given = manifest["documents"], manifest["input_bytes"]
    shares = documents["failed"] / max(documents["in"], 1), given["failed"] / max(given["in"], 1)
    for line in failed_lines(Path(config.output)):
        talk(line)
    allowed = config.limits.failed_fraction
    if max(shares) <= allowed:
        return 0
    talk(f"set aside: {shares[0]:.3%} of documents, {shares[1]:.3%} of input bytes (failed_fraction: {allowed:.3%})")
    return QUARANTINED


def failed_lines(run: Path, *, by_steps: bool = False, most: int = MOST_LINES) -> Iterator[str]:
    """`file: place: what was wrong` for the first failed rows, or the first that a step failed on."""
    told = 0
    for table in read_parts(run / REFINE, "failed", ["file", "place", "error", "step"]):
        chosen = table.filter(pc.not_equal(table["step"], "")) if by_steps else table
        for row in chosen.slice(0, most - told).to_pylist():
            yield f"failed  {row['file']}: {row['place']}: {row['error']}"
            told += 1


def run(config: Config, *, beam_options: Sequence[str] = (), talk: Talk = to_stderr) -> RunResult:
    """Do what is not done yet, publish, report.

    Raises InputError before any work, ResumeRefused, Occupied, OutOfReach, PassFailed, WriteError.
    """
    plan = make_plan(config)
    with alone(plan.run):
        settle(plan)
        driver = Driver(plan, beam_options, talk)
        passes: dict[str, Manifest] = {}
        passes[REFINE] = demand_expected(config, demand_sound_steps(config, driver.carry_out(refine(plan))))
        passes[DEDUP] = demand_expected(config, driver.carry_out(dedup(plan, passes[REFINE])))
        write_index(plan.run, passes, config.dedup, plan.crawls, plan.earlier)
        passes[MIXTURE] = demand_expected(config, driver.carry_out(mixture(plan, passes[DEDUP])))
        whole = driver.carry_out(publication(plan, passes))
        write_card(plan.run)
        write_report(plan.run)
    code = quarantine(config, whole, talk)
    talk(f"done  {plan.run / 'report.html'}")
    return RunResult(plan.run, code)


def run_shard(config: Config, shard: Shard, *, beam_options: Sequence[str] = (), talk: Talk = to_stderr) -> RunResult:
    """A share of 01-refine, for job arrays: every N-th unit. A whole run afterwards finds them done.

    Raises Occupied where the same shard, or a whole run, is at work in the folder.
    """
    plan = make_plan(config)
    with beside(plan.run, shard):
        settle(plan)
        driver = Driver(plan, beam_options, talk, shard)
        said = driver.parts(refine(plan))
    talk(f"{REFINE}  shard {shard[0]} of {shard[1]}: {len(driver.numbers)} units, {len(said)} batches")
    return RunResult(plan.run, 0)
