"""Steps that come from Python or a command's options instead of a file, in the config's own form."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import NoneType
from typing import Any

from pipeline.config import DedupStep, StepConfig, read_dedup_step
from pipeline.dedup.keep import DEFAULTS
from pipeline.overrides import override
from pipeline.step_config import read_step, read_steps
from pipeline.yaml_lines import ConfigError, Node


def steps_of(given: Sequence[str | Mapping[str, Any]], folder: Path) -> tuple[StepConfig, ...]:
    """`["language", {"gopher_quality": {"min_words": 40}, "when": {...}}]`; relative files are in `folder`."""
    return read_steps(from_python(list(given), ""), folder)


def stage_of(name: str, sets: Sequence[str], folder: Path) -> StepConfig | DedupStep:
    """The rule or the kind of duplicates of this name, its parameters from `--set key=value`."""
    stage = Node({name: Node(None, name, None, name)}, name, None)
    override(stage, [f"{name}.{given}" for given in sets])
    return read_dedup_step(stage) if name in DEFAULTS else read_step(stage, folder)


def from_python(value: Any, path: str) -> Node:
    """The tree of plain Python values."""
    node = Node(value, "steps", None, path, str(value))
    if isinstance(value, Mapping):
        node.value = {str(key): from_python(entry, f"{path}.{key}".strip(".")) for key, entry in value.items()}
    elif isinstance(value, list | tuple):
        node.value = [from_python(entry, f"{path}.{i}".strip(".")) for i, entry in enumerate(value)]
    elif not isinstance(value, str | bool | int | float | NoneType):
        raise ConfigError(f"steps: {path}: {value!r} is of no type that a config holds")
    return node
