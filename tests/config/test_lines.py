"""What a config may say of duplicate lines, and what it is told where it says something else."""

from pathlib import Path

import pytest

from pipeline.config import decided_by
from pipeline.dedup_config import DedupStep
from pipeline.lines_config import Lines
from tests.config.writing import complaint, loaded


def step(folder: Path, written: str) -> DedupStep:
    return loaded(folder, f"dedup: {{steps: [{written}]}}\n").dedup.steps[0]


def test_a_formula_brings_its_own_numbers(tmp_path: Path) -> None:
    llama3 = step(tmp_path, "lines")
    assert (llama3.keep, llama3.scope, llama3.how) == ((), "language", Lines("llama3", 6, 30_000_000))
    c4 = step(tmp_path, "lines: {as: c4}")
    assert (c4.scope, c4.how) == ("global", Lines("c4", 1, None))
    assert step(tmp_path, "lines: {as: sentences}").how == Lines("sentences", 1, None)


def test_every_parameter_is_read(tmp_path: Path) -> None:
    (tmp_path / "stay.txt").write_text("Amen.\n")
    found = step(
        tmp_path,
        "lines: {more_than: 2, bucket: null, min_words: 3, allow: stay.txt, when: {source: [web]}, scope: source}",
    )
    assert found.scope == "source"
    assert found.how == Lines("llama3", 2, None, 3, str(tmp_path / "stay.txt"), {"source": ("web",)})


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("{as: ccnet}", "'ccnet'"),
        ("{more_than: 0}", "at least 1"),
        ("{bucket: 0}", "at least 1"),
        ("{keep: [newest]}", "keep: unknown key"),
        ("{allow: nowhere.txt}", "no such file"),
        ("{when: {category: [a]}}", "no step sets a category"),
    ],
)
def test_what_it_does_not_mean_is_an_error_with_its_line(tmp_path: Path, written: str, says: str) -> None:
    told = complaint(tmp_path, f"dedup:\n  steps:\n    - lines: {written}\n")
    assert told.startswith("corpus.yaml:4: ")
    assert says in told


def test_a_source_that_no_input_has_is_an_error(tmp_path: Path) -> None:
    told = complaint(tmp_path, "dedup: {steps: [lines: {when: {source: [books]}}]}\n")
    assert told.endswith("dedup lines: no input has the source books (web)")


def test_the_lines_that_stay_decide_the_output_wherever_their_file_stands(tmp_path: Path) -> None:
    decided = []
    for folder, text in (("one", "Amen.\n"), ("other", "Amen.\n"), ("third", "Amen!\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "stay.txt").write_text(text)
        config = loaded(tmp_path / folder, "dedup: {steps: [lines: {allow: stay.txt}]}\n")
        decided.append(decided_by(config)["dedup"])
    assert decided[0] == decided[1] != decided[2]
