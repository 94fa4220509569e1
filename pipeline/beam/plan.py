"""The plan of a run: units, columns, metrics and a fingerprint of all that decides the output. `plan.json` holds it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from pipeline import __version__
from pipeline.config import Config, ConfigError, decided_by
from pipeline.dedup.minhash import Scheme
from pipeline.dedup_index import Index, IndexRefused, chain, refuse_unlike
from pipeline.documents import schema
from pipeline.rules import Bound, BoundBy, Verdict
from pipeline.step_config import StepConfig
from pipeline.steps import load_step, silent_verdict
from pipeline.storage import files
from pipeline.storage.crawls import crawl_of
from pipeline.storage.inputs import InputError
from pipeline.storage.inspect import inspect_inputs, others_to_json
from pipeline.storage.manifest import write_json_atomically
from pipeline.storage.units import SourceFile, Unit, all_files, list_units

PLAN = "plan.json"
ROOT = Path(__file__).resolve().parents[2]


class ResumeRefused(Exception):
    """The folder holds a run that something else decided; one line that names the differing keys."""


@dataclass(frozen=True, eq=False)
class Plan:
    """All that the passes need to know. `silent`: what each step says of no documents, by its name, in order."""

    config: Config
    units: tuple[Unit, ...]
    files: Mapping[tuple[str, str], SourceFile]
    others: pa.Schema
    silent: Mapping[str, Verdict]
    decided: Mapping[str, Any]
    crawls: tuple[str, ...] = ()  # each unit's, where a dedup step compares within one
    earlier: tuple[Index, ...] = ()  # the runs that this one is held against, oldest first

    @property
    def metrics(self) -> tuple[str, ...]:
        """`step.metric` of all steps."""
        return tuple(f"{name}.{metric}" for name, verdict in self.silent.items() for metric in verdict.metrics)

    @property
    def bounds(self) -> dict[str, Bound]:
        """`step.reason` -> what it demands of `step.metric`."""
        return {
            f"{name}.{reason}": replace(bound, metric=f"{name}.{bound.metric}")
            for name, verdict in self.silent.items()
            for reason, bound in verdict.bounds.items()
        }

    @property
    def bounds_by(self) -> dict[str, BoundBy]:
        """`step.reason` -> what it demands of `step.metric`, where that differs between documents."""
        return {
            f"{name}.{reason}": replace(bound, metric=f"{name}.{bound.metric}")
            for name, verdict in self.silent.items()
            for reason, bound in verdict.bounds_by.items()
        }

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(self.decided, sort_keys=True).encode()).hexdigest()[:32]

    @property
    def scheme(self) -> Scheme | None:
        return self.config.dedup.scheme

    @property
    def run(self) -> Path:
        return Path(self.config.output)

    def input_bytes(self, unit: Unit) -> int:
        """Bytes of input that the unit stands for; a row-group range counts its share of the file by units."""
        whole = files.size(self.files[unit.source, unit.path].address)
        sharing = [other for other in self.units if (other.source, other.path) == (unit.source, unit.path)]
        return whole // len(sharing)


def make_plan(config: Config) -> Plan:
    """List, inspect and load; raises InputError or ConfigError before any work."""
    others = inspect_inputs(config.inputs)
    refuse_missing_vectors(config, others)
    silent = {step.name: silent_verdict(load_step(step), schema(others)) for step in config.steps}
    found = all_files(config.inputs)
    units = tuple(list_units(config.inputs))
    by_crawl = any(step.scope == "crawl" for step in config.dedup.steps)
    crawls = tuple(crawl_of(found[unit.source, unit.path].address) for unit in units) if by_crawl else ()
    earlier = earlier_indexes(config)
    decided = decisions(config, found, units, others, earlier)
    return Plan(config, units, found, others, silent, decided, crawls, earlier)


def earlier_indexes(config: Config) -> tuple[Index, ...]:
    """The indexes that dedup is to be held against, and those behind them. Raises ConfigError where one cannot be."""
    try:
        found = chain(config.dedup.against)
        for index in found:
            refuse_unlike(index, config.dedup)
            if Path(index.run) == Path(config.output):
                raise IndexRefused(f"{index.run}: the run's own output (another --output)")
    except IndexRefused as error:
        raise ConfigError(f"{config.path}: dedup.against: {error}") from error
    return tuple(found)


def refuse_missing_vectors(config: Config, others: pa.Schema) -> None:
    """A column of embeddings that no input has would be found missing after the first pass only."""
    for step in config.dedup.steps:
        name = step.how.column if step.kind == "semantic" else None
        if name is not None and name not in others.names:
            raise InputError(f"{config.path}: semantic: no input has the column {name} ({', '.join(others.names)})")


def decisions(
    config: Config,
    found: Mapping[tuple[str, str], SourceFile],
    units: tuple[Unit, ...],
    others: pa.Schema,
    earlier: tuple[Index, ...] = (),
) -> dict[str, Any]:
    """All that decides the output, as plain JSON: two runs of equal decisions have equal bytes in `data/`."""
    inputs = {
        f"{source}/{path}": {"digest": files.digest(file.address), "size": files.size(file.address)}
        for (source, path), file in sorted(found.items())
    }
    cut = [[u.source, u.path, u.start, u.stop] for u in units]
    whole = {"code": code_digest(), "inputs": inputs, "units": cut, "schema": others_to_json(others)}
    whole |= decided_by(config)
    if earlier:
        whole["against"] = {"flip": config.dedup.flip, "runs": [index.as_decided() for index in earlier]}
    plain: dict[str, Any] = json.loads(json.dumps(whole, sort_keys=True, default=list))
    return plain


@cache
def code_digest() -> str:
    """The version and a digest of the sources: other code may decide otherwise."""
    digest = hashlib.sha256()
    for room in ("pipeline", "classifiers"):
        for path in sorted((ROOT / room).rglob("*.py")):
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:16]}"


def as_json(plan: Plan) -> dict[str, Any]:
    """What plan.json says."""
    config, scheme = plan.config, plan.scheme
    mixture = config.mixture
    return {
        "gristmill": __version__,
        "name": config.name,
        "fingerprint": plan.fingerprint,
        "seed": config.seed,
        "sources": sorted({unit.source for unit in plan.units}),
        "steps": [step_as_json(step, plan.silent[step.name]) for step in config.steps],
        "metrics": list(plan.metrics),
        "bounds": {reason: asdict(bound) for reason, bound in plan.bounds.items()},
        "bounds_by": {reason: asdict(bound) for reason, bound in plan.bounds_by.items()},
        "minhash": scheme.describe() if scheme else None,
        "dedup": asdict(config.dedup),
        "mixture": asdict(mixture) if mixture else None,
        "columns": others_to_json(plan.others),
        "units": [asdict(unit) for unit in plan.units],
        "decided_by": plan.decided,
    }


def step_as_json(step: StepConfig, silent: Verdict) -> dict[str, Any]:
    """What readers of the run need to know of a step: where it looked, what it can say, what it changes."""
    return {
        "name": step.name,
        "rule": step.rule,
        "when": step.when,
        "over": step.over,
        "reasons": list(silent.failed),
        "edits": silent.edit is not None,
        "sets": list(silent.columns),
    }


def settle(plan: Plan) -> None:
    """Write plan.json, or hold the plan against the one that stands there.

    Raises ResumeRefused, naming every differing key, where another plan began in this folder.
    """
    path = plan.run / PLAN
    if not path.exists():
        write_json_atomically(path, json.loads(json.dumps(as_json(plan), default=_plain)))
        return
    there = json.loads(path.read_bytes())["decided_by"]
    if there != plan.decided:
        differing = ", ".join(differences(there, plan.decided)[:10])
        raise ResumeRefused(f"{path}: this folder's run was decided otherwise: {differing} (take another --output)")


def differences(there: Any, here: Any, at: str = "") -> list[str]:
    """`key: there -> here` for every leaf that differs."""
    if isinstance(there, dict) and isinstance(here, dict):
        keys = sorted({*there, *here})
        return [d for key in keys for d in differences(there.get(key), here.get(key), f"{at}.{key}".lstrip("."))]
    if isinstance(there, list) and isinstance(here, list) and len(there) == len(here):
        return [d for k, pair in enumerate(zip(there, here, strict=True)) for d in differences(*pair, f"{at}.{k}")]
    return [] if there == here else [f"{at}: {_short(there)} -> {_short(here)}"]


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "..."


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else list(value) if isinstance(value, tuple) else dict(value)
