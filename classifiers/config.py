"""The training config: YAML -> `Training`. The only place in this room that reads YAML."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from classifiers.labelled import Source


class ConfigError(ValueError):
    """A training config that cannot be used; the message names the file."""


@dataclass(frozen=True)
class FastText:
    """fastText's parameters; the defaults are DCLM's recipe (word 2-grams), small enough for a repository."""

    word_ngrams: int = 2
    dimensions: int = 64
    buckets: int = 262_144
    min_count: int = 2
    epochs: int = 5
    rate: float = 0.1


@dataclass(frozen=True)
class Sklearn:
    """Hashed TF-IDF and logistic regression: `strength` is scikit-learn's C."""

    word_ngrams: int = 2
    buckets: int = 262_144
    strength: float = 1.0
    iterations: int = 200


Parameters = FastText | Sklearn
KINDS: dict[str, type[Parameters]] = {"fasttext": FastText, "sklearn": Sklearn}


@dataclass(frozen=True)
class Training:
    """What decides a model: labelled files in this order, the label that a score is the probability of, the seed."""

    kind: str
    labelled: tuple[Source, ...]
    positive: str
    out: Path
    seed: int
    parameters: Parameters
    digest: str


def read_config(path: Path) -> Training:
    """The config at `path`; paths in it are relative to it."""
    try:
        tree = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: not YAML: {error}") from error
    try:
        return training(tree, path.parent)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{path}: {error}") from error


def training(tree: Any, folder: Path) -> Training:
    allowed("config", tree, {"kind", "labelled", "positive", "out", "seed", "parameters"})
    missing = {"kind", "labelled", "positive", "out"} - tree.keys()
    if missing:
        raise ValueError(f"{', '.join(sorted(missing))} missing")
    if tree["kind"] not in KINDS:
        raise ValueError(f"kind is {tree['kind']} ({' | '.join(KINDS)})")
    return Training(
        kind=tree["kind"],
        labelled=tuple(source(entry, folder) for entry in tree["labelled"]),
        positive=str(tree["positive"]),
        out=folder / str(tree["out"]),
        seed=number("seed", tree.get("seed", 0), int),
        parameters=parameters(KINDS[tree["kind"]], tree.get("parameters") or {}),
        digest=hashlib.sha256(json.dumps(tree, sort_keys=True).encode()).hexdigest(),
    )


def source(entry: Any, folder: Path) -> Source:
    allowed("labelled", entry, {field.name for field in fields(Source)})
    if "path" not in entry:
        raise ValueError("labelled: path missing")
    return Source(**{**entry, "path": folder / entry["path"]})


def parameters(kind: type[Parameters], entry: Any) -> Parameters:
    types = {field.name: type(field.default) for field in fields(kind)}
    allowed("parameters", entry, set(types))
    chosen = kind(**{name: number(name, value, types[name]) for name, value in entry.items()})
    if min(asdict(chosen).values()) <= 0:
        raise ValueError("parameters: every one is above 0")
    return chosen


def number(name: str, value: Any, kind: type) -> Any:
    """The value as an int or float; a bool or a text is an error."""
    if isinstance(value, bool) or not isinstance(value, (int, kind)):
        raise ValueError(f"{name} is {value!r}, not {kind.__name__}")
    return kind(value)


def allowed(where: str, entry: Any, names: set[str]) -> None:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where}: not a mapping of {', '.join(sorted(names))}")
    unknown = sorted(map(str, entry.keys() - names))
    if unknown:
        raise ValueError(f"{where}: unknown {', '.join(unknown)} ({', '.join(sorted(names))})")
