"""gristmill: raw crawl and source shards in, a pretraining corpus and the story of every document out."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

__version__ = "0.1.0"
__all__ = ["__version__", "judge", "run"]


# What these need is looked up by name when they are called: whoever imports one room does not load the others.
def judge(texts: Sequence[str], steps: Sequence[str | Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One answer for each text, as `gristmill stage` prints it, to all `steps`: names, or {name: settings}."""
    answers: list[dict[str, Any]] = import_module("pipeline.stage").judge(texts, steps)
    return answers


def run(config: str | Path) -> Path:
    """Carry out a config as `gristmill run` does; the run's folder."""
    loaded = import_module("pipeline.config").load(config)
    folder: Path = import_module("pipeline.beam.run").run(loaded).folder
    return folder
