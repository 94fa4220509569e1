"""The config: YAML -> frozen models, every error with its line. `load` is the only way in."""

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.decided import decided_by
from pipeline.dedup_config import DedupConfig, DedupStep, read_dedup, refuse_unknown_orders
from pipeline.documents import FROM_INPUT
from pipeline.mixture.budget import check_targets
from pipeline.mixture.groups import OTHER, Group
from pipeline.overrides import override
from pipeline.step_config import StepConfig, absolute, read_steps, read_when
from pipeline.storage.inputs import EXTRACTORS, FORMATS, Input
from pipeline.tokens import TOKENIZERS
from pipeline.yaml_lines import ConfigError, Node, parse

__all__ = [
    "Config",
    "ConfigError",
    "DedupConfig",
    "DedupStep",
    "EngineConfig",
    "LimitsConfig",
    "MixtureConfig",
    "StepConfig",
    "decided_by",
    "load",
]

PASSES = ("01-refine", "02-dedup", "03-mixture")
ENGINES = ("direct", "prism", "spark", "flink", "dataflow")
ON_SHORT = ("error", "scale")
MAX_SEED = 2**63 - 1
KEYS = ("inputs", "steps", "dedup", "mixture", "tokens", "seed", "output", "limits", "expect_kept", "engine")


@dataclass(frozen=True)
class MixtureConfig:
    groups: tuple[Group, ...]
    tokens: int | None = None
    max_epochs: float = 4
    on_short: str = "error"


@dataclass(frozen=True)
class LimitsConfig:
    document_bytes: int = 20_000_000
    failed_fraction: float = 0.001
    unit_seconds: float = 3600


@dataclass(frozen=True)
class EngineConfig:
    name: str = "direct"
    workers: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """All that a run is told. Paths are absolute; `tokens` is a tokenizer's name."""

    path: str
    name: str
    seed: int
    output: str
    inputs: tuple[Input, ...]
    steps: tuple[StepConfig, ...]
    dedup: DedupConfig
    mixture: MixtureConfig | None
    tokens: str | None
    limits: LimitsConfig
    expect_kept: Mapping[str, tuple[float, float]]
    engine: EngineConfig


def load(path: str | Path, sets: Sequence[str] = ()) -> Config:
    """The config at `path` with each `--set key=value` of `sets` in it."""
    tree = override(parse(text_of(Path(path)), str(path)), sets)
    given = {key: node for key, node in tree.mapping(KEYS, ("inputs",)).items() if node.value is not None}
    if "inputs" not in given:
        raise tree.error("inputs is empty")
    return read_config(Path(path), given)


def text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 (byte {error.start})") from error


def read_config(path: Path, given: Mapping[str, Node]) -> Config:
    """The models of the sections that are given; a section left out, or null, has its defaults."""
    folder = path.parent.absolute()
    inputs = read_inputs(given["inputs"], folder)
    steps = read_steps(given["steps"], folder) if "steps" in given else ()
    refuse_unknown_sources(path, steps, [entry.source for entry in inputs])
    dedup = read_dedup(given["dedup"], folder) if "dedup" in given else DedupConfig()
    refuse_unknown_orders(path, dedup, [entry.source for entry in inputs])
    output = given["output"].text() if "output" in given else f"runs/{path.stem}"
    if "mixture" in given and "tokens" not in given:
        raise given["mixture"].error("a mixture needs `tokens` (tokens: {tokenizer: llama3})")
    return Config(
        path=os.path.normpath(path.absolute()),
        name=path.stem,
        seed=given["seed"].integer(0, MAX_SEED) if "seed" in given else 0,
        output=absolute(output, folder),
        inputs=inputs,
        steps=steps,
        dedup=dedup,
        mixture=read_mixture(given["mixture"], steps) if "mixture" in given else None,
        tokens=read_tokens(given["tokens"]) if "tokens" in given else None,
        limits=read_limits(given["limits"]) if "limits" in given else LimitsConfig(),
        expect_kept=read_expected(given["expect_kept"]) if "expect_kept" in given else {},
        engine=read_engine(given["engine"]) if "engine" in given else EngineConfig(),
    )


def refuse_unknown_sources(path: Path, steps: Sequence[StepConfig], sources: Sequence[str]) -> None:
    """A step for a source that no input has would look at nothing, silently."""
    for step in steps:
        unknown = [name for name in step.when.get("source", ()) if name not in sources]
        if unknown:
            allowed = f"allowed: {', '.join(sources)}"
            raise ConfigError(f"{path}:{step.line}: {step.name}: no input has the source {unknown[0]} ({allowed})")


def read_inputs(node: Node, folder: Path) -> tuple[Input, ...]:
    """One input for each source."""
    inputs: dict[str, Input] = {}
    for entry in node.items():
        read = read_input(entry, folder)
        if read.source in inputs:
            raise entry.error(f"the source {read.source} twice (one entry for each; its `path` may be a list)")
        inputs[read.source] = read
    if not inputs:
        raise node.error("empty (at least one input is wanted)")
    return tuple(inputs.values())


def read_input(node: Node, folder: Path) -> Input:
    allowed = ("source", "path", "format", "extract", "columns", "ids")
    given = node.mapping(allowed, ("source", "path"))
    columns = given["columns"].mapping(FROM_INPUT) if "columns" in given else {}
    return Input(
        source=given["source"].text(),
        paths=tuple(absolute(path, folder) for path in given["path"].texts(at_least=1)),
        format=given["format"].choice(sorted(set(FORMATS.values()))) if "format" in given else None,
        extract=given["extract"].choice(EXTRACTORS) if "extract" in given else None,
        columns={ours: theirs.text() for ours, theirs in columns.items()},
        ids=given["ids"].choice(("namespace",)) if "ids" in given else None,
    )


def read_mixture(node: Node, steps: Sequence[StepConfig]) -> MixtureConfig:
    given = node.mapping(("groups", "tokens", "max_epochs", "on_short"), ("groups",))
    tokens, epochs = given.get("tokens"), given.get("max_epochs")
    return MixtureConfig(
        groups=read_groups(given["groups"], {step.rule for step in steps}),
        tokens=tokens.integer(1) if tokens and tokens.value is not None else None,
        max_epochs=epochs.number(1) if epochs else MixtureConfig.max_epochs,
        on_short=given["on_short"].choice(ON_SHORT) if "on_short" in given else "error",
    )


def read_groups(node: Node, rules: Collection[str]) -> tuple[Group, ...]:
    """Groups of distinct names, whose targets are shares of one whole."""
    groups: dict[str, Group] = {}
    for entry in node.items():
        given = entry.mapping(("name", "when", "target"), ("name", "target"))
        name = given["name"].text()
        if name in groups or name == OTHER:
            why = "twice" if name in groups else "is what matches no group"
            raise entry.error(f"the group {name} {why} (another name)")
        when = read_when(given["when"], rules) if "when" in given else {}
        groups[name] = Group(name, given["target"].number(0, 1), when)
    try:
        check_targets(list(groups.values()))
    except ValueError as error:
        raise node.error(str(error).removeprefix("mixture: ")) from error
    return tuple(groups.values())


def read_tokens(node: Node) -> str:
    return node.mapping(("tokenizer",), ("tokenizer",))["tokenizer"].choice(TOKENIZERS)


def read_limits(node: Node) -> LimitsConfig:
    given = node.mapping(("document_bytes", "failed_fraction", "unit_seconds"))
    usual = LimitsConfig()
    return LimitsConfig(
        given["document_bytes"].integer(1) if "document_bytes" in given else usual.document_bytes,
        given["failed_fraction"].number(0, 1) if "failed_fraction" in given else usual.failed_fraction,
        given["unit_seconds"].number(0) if "unit_seconds" in given else usual.unit_seconds,
    )


def read_expected(node: Node) -> dict[str, tuple[float, float]]:
    """Pass -> the smallest and the largest share of documents that it is expected to keep."""
    expected = {}
    for name, entry in node.mapping(PASSES).items():
        bounds = [bound.number(0, 1) for bound in entry.items()]
        if len(bounds) != 2 or bounds[0] > bounds[1]:
            raise entry.error("not [low, high] (two shares, 0 to 1)")
        expected[name] = (bounds[0], bounds[1])
    return expected


def read_engine(node: Node) -> EngineConfig:
    given = node.mapping(("name", "workers", "options"))
    return EngineConfig(
        given["name"].choice(ENGINES) if "name" in given else "direct",
        given["workers"].integer(1) if "workers" in given else 1,
        {key: entry.plain() for key, entry in given["options"].mapping().items()} if "options" in given else {},
    )
