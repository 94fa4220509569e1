"""Configs for tests: the smallest one, and what `load` says of a bad one."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.config import Config, ConfigError, load

INPUTS = "inputs: [{source: web, path: web/*.warc.gz}]\n"  # line 1 of every config made by `written`


def written(folder: Path, more: str = "", inputs: str = INPUTS) -> Path:
    path = folder / "corpus.yaml"
    path.write_text(inputs + more, encoding="utf-8")
    return path


def loaded(folder: Path, more: str = "", sets: Sequence[str] = (), inputs: str = INPUTS) -> Config:
    return load(written(folder, more, inputs), sets)


def complaint(folder: Path, more: str = "", sets: Sequence[str] = (), inputs: str = INPUTS) -> str:
    """The error without the folder, so that it starts with `corpus.yaml:LINE:`."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, more, sets, inputs)
    assert "\n" not in str(caught.value)
    return str(caught.value).replace(f"{folder}/", "")
