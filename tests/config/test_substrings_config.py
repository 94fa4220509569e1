"""What a config may say of repeated substrings, and what it is told where it says something else."""

from pathlib import Path

import pytest

from pipeline.dedup_config import DedupStep
from pipeline.substrings_config import Substrings
from tests.config.writing import complaint, loaded


def step(folder: Path, written: str) -> DedupStep:
    return loaded(folder, f"dedup: {{steps: [{written}]}}\n").dedup.steps[0]


def test_without_parameters_fifty_words_stand_once_in_all_documents(tmp_path: Path) -> None:
    assert step(tmp_path, "substrings") == DedupStep("substrings", (), "global", Substrings(tokens=50, keeps="one"))


def test_every_parameter_is_read(tmp_path: Path) -> None:
    found = step(tmp_path, "substrings: {tokens: 100, keeps: none, scope: language, when: {source: [web]}}")
    assert found == DedupStep("substrings", (), "language", Substrings(100, "none", {"source": ("web",)}))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{tokens: 9}", "9"),
        ("{keeps: two}", "two"),
        ("{keep: [newest]}", "keep"),
        ("{when: {colour: [red]}}", "colour"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_line(tmp_path: Path, written: str, says: str) -> None:
    told = complaint(tmp_path, f"dedup:\n  steps:\n    - substrings: {written}\n")
    assert told.startswith("corpus.yaml:4:")
    assert says in told
