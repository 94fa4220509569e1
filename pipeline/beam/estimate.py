"""What a run would take and give: time, memory, disk, kept share and mixture, from a small sample of every source."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.beam.plan import Plan, make_plan
from pipeline.beam.sampled import Kind, Sampled, give_or_take, has_footer, kind_of, weight, weight_read
from pipeline.beam.targets import available_tokens
from pipeline.config import Config, MixtureConfig
from pipeline.documents import Documents
from pipeline.isolate import isolated
from pipeline.mixture.budget import OutOfReach, budgets, largest
from pipeline.refined import Refined, count_tokens, split
from pipeline.report import lint
from pipeline.report.evidence import Evidence, of_batch, together
from pipeline.report.switched_off import switched_off
from pipeline.steps import Step, apply, asked, finish, load_step, start
from pipeline.storage.batch import Batch
from pipeline.storage.limits import MEBIBYTE, Limits
from pipeline.storage.read import read_batches
from pipeline.storage.tally import sum_of
from pipeline.storage.units import Unit
from pipeline.tokens import counter

SAMPLE_UNITS = 8  # in all, shared among the kinds of files ...
FEWEST_UNITS = 2  # ... but as many of each
SAMPLE_BYTES = MEBIBYTE  # of text, the first batch of each
SHUFFLE_MEMORY = 6  # bytes of memory for each byte that crosses a shuffle in process (measured: 4 to 6)
SHUFFLED_BYTES = (
    350  # a document: keys and addresses of url, exact and minhash (fineweb preset), of ids and the mixture
)
BATCH_MEMORY = 8  # times a batch's text: original, edited, word and line arrays
PROCESS_BYTES = 600 * MEBIBYTE  # Python, Beam, models, compiled kernels


def some_units(plan: Plan) -> Iterator[Unit]:
    """Units of each kind, evenly spaced from the first on: the same ones every time."""
    alike: dict[Kind, list[Unit]] = defaultdict(list)
    for unit in plan.units:
        alike[kind_of(unit)].append(unit)
    wanted = max(FEWEST_UNITS, SAMPLE_UNITS // max(len(alike), 1))
    for units in alike.values():
        some = min(wanted, len(units))
        yield from (units[k * len(units) // some] for k in range(some))


def first_batch(plan: Plan, unit: Unit) -> Batch:
    """A small one."""
    file = plan.files[unit.source, unit.path]
    limits = Limits(document_bytes=plan.config.limits.document_bytes, batch_bytes=SAMPLE_BYTES)
    return next(read_batches(unit, file.described, plan.others, limits, file.address))


def few(batch: Batch) -> Batch:
    """The batch's first documents."""
    return replace(batch, documents=batch.documents.slice(0, 3))


def judge(plan: Plan, steps: Sequence[Step], batch: Batch, unit: Unit) -> tuple[Refined, Evidence]:
    """The batch's parts, and what its documents say of the rules."""
    judged, looked_at, failed = start(Documents(batch.documents)), dict[str, int](), tuple(batch.failed)
    for step in steps:
        looked_at[step.name] = len(asked(judged, step))
        judged, raised = isolated(judged, step.name, f"{unit.source}/{unit.path}", partial(apply, step=step))
        failed += raised
    judged = finish(judged)
    evidence = of_batch(looked_at, judged.reasons, judged.metrics, len(judged.documents))
    if plan.config.tokens:
        judged = replace(judged, documents=count_tokens(judged, counter(plan.config.tokens)))
    return split(judged, failed, unit.unit, plan.scheme, plan.config.dedup.over), evidence


def compressed_size(rows: pa.Table) -> int:
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    return int(sink.getvalue().size)


def sample(plan: Plan) -> dict[Kind, Sampled]:
    """Judge a little of every kind of file, kernels and models warm, and add up what it took and gave."""
    steps = [load_step(step) for step in plan.config.steps]
    seen: dict[Kind, Sampled] = defaultdict(Sampled)
    for unit in plan.units:
        sums = seen[kind_of(unit)]
        sums.input_bytes += plan.input_bytes(unit)
        sums.weight += weight(plan, unit)
        sums.counted = has_footer(plan, unit)
    for unit in some_units(plan):
        if not any(sums.documents for sums in seen.values()):
            judge(
                plan, steps, few(first_batch(plan, unit)), unit
            )  # what is loaded and compiled once costs no time below
        sums, began = seen[kind_of(unit)], time.process_time()
        batch = first_batch(plan, unit)
        refined, evidence = judge(plan, steps, batch, unit)
        note(sums, refined, time.process_time() - began)
        sums.evidence.append(evidence)
        read = weight_read(plan, unit, batch)
        sums.units.append((read, refined.counts["in"]["documents"]))
        sums.sampled += read
    return dict(seen)


def note(sums: Sampled, refined: Refined, seconds: float) -> None:
    sums.seconds += seconds
    sums.documents += refined.counts["in"]["documents"]
    sums.kept += refined.counts["kept"]["documents"]
    sums.text_bytes += refined.counts["in"]["text_bytes"]
    kept, dropped = compressed_size(refined.kept), compressed_size(refined.dropped)
    sums.written_bytes += 2 * kept + dropped + compressed_size(refined.features)  # kept/ once more as data/
    sums.by.append(refined.counts["by"]["kept"])


def scaled(seen: dict[Kind, Sampled]) -> list[dict[str, Any]]:
    """Kept documents, bytes and tokens by source, language and script, as the whole input would have them."""
    counts = ("documents", "text_bytes", "tokens")
    every = [
        {**row, **{name: round(row[name] * sums.scale) for name in counts}}
        for sums in seen.values()
        for row in sum_of(sums.by)
    ]
    return sum_of([every])


def estimate(config: Config) -> dict[str, Any]:
    """The plan in numbers: what would be read, and an estimate of time, memory, disk, kept share and mixture."""
    plan = make_plan(config)
    seen = sample(plan)
    documents = round(sum(s.documents * s.scale for s in seen.values()))
    seconds = sum(s.seconds * s.scale for s in seen.values())
    workers = max(config.engine.workers, 1)
    batch = min(32 * MEBIBYTE, round(sum(s.text_bytes * s.scale for s in seen.values())))
    found: dict[str, Any] = {
        "config": config.path,
        "output": config.output,
        "fingerprint": plan.fingerprint,
        "units": len(plan.units),
        "steps": [step.name for step in config.steps],
        "input_bytes": sum(s.input_bytes for s in seen.values()),
        "sources": by_source(seen),
        "estimate": {
            "documents": documents,
            "documents_give_or_take": give_or_take(seen),
            "seconds": round(seconds / workers, 1),
            "core_seconds": round(seconds, 1),
            "memory_bytes": PROCESS_BYTES
            + workers * BATCH_MEMORY * batch
            + SHUFFLE_MEMORY * SHUFFLED_BYTES * documents,
            "disk_bytes": round(sum(s.written_bytes * s.scale for s in seen.values())),
        },
    }
    found["lint"] = linted(plan, seen)
    if config.mixture:
        found["mixture"] = mixture_estimate(config.mixture, scaled(seen))
    return found


def by_source(seen: dict[Kind, Sampled]) -> dict[str, dict[str, Any]]:
    """What each source holds."""
    found = {}
    for source in sorted({source for source, _ in seen}):
        sums = [each for (of, _), each in sorted(seen.items()) if of == source]
        documents = sum(each.documents * each.scale for each in sums)
        found[source] = {
            "input_bytes": sum(each.input_bytes for each in sums),
            "documents": round(documents),
            "text_bytes": round(sum(each.text_bytes * each.scale for each in sums)),
            "kept_share": sum(each.kept * each.scale for each in sums) / documents if documents else None,
            "sampled_documents": sum(each.documents for each in sums),
        }
    return found


def linted(plan: Plan, seen: dict[Kind, Sampled]) -> dict[str, Any]:
    """What the sampled documents say of the rules; a rare thing that a sample misses is no finding of a run."""
    evidence = [each for sums in seen.values() for each in sums.evidence]
    bounds = {reason: asdict(bound) for reason, bound in plan.bounds.items()}
    note = f"the first {SAMPLE_BYTES >> 20} MiB of text of {len(evidence)} units; the report of a run says it of all"
    return {
        **lint.as_json(together(evidence), bounds, switched_off(plan.decided["steps"], plan.metrics, bounds)),
        "note": note,
    }


def estimate_mixture(config: Config) -> dict[str, Any]:
    """The mixture alone; a config without one is refused in words."""
    if config.mixture is None:
        return {"mixture": None, "note": "the config has no mixture: every survivor goes in once"}
    return mixture_estimate(config.mixture, scaled(sample(make_plan(config))))


def mixture_estimate(mixture: MixtureConfig, by: list[dict[str, Any]]) -> dict[str, Any]:
    """Each group's tokens against its target, before deduplication; 03-mixture says it exactly."""
    available = available_tokens(mixture, by)
    short: str | None = None
    wanted = [0] * len(available)
    try:
        whole = budgets(mixture.groups, available, mixture.tokens, mixture.max_epochs, mixture.on_short)
        wanted = [int(tokens) for tokens in whole]
    except OutOfReach as error:
        short = str(error)
    return {
        "groups": {
            group.name: {
                "target": group.target,
                "available_tokens": have,
                "budget_tokens": want,
                "epochs": want / have if have else None,
            }
            for group, have, want in zip(mixture.groups, available, wanted, strict=True)
        },
        "largest_corpus_tokens": round(largest(mixture.groups, available, mixture.max_epochs)),
        "tokens": sum(wanted),
        "out_of_reach": short,
        "note": "estimated before deduplication from a sample; 03-mixture says it exactly",
    }
