"""Bounds that differ between documents: explain shows which one judged, sweep moves one language's as a rerun does."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.calibrate.language_presets import write
from pipeline.report.explain import explain
from pipeline.report.run import ReportError
from pipeline.report.story import story
from pipeline.report.sweep import sweep
from tests.beam.small_chain import carry_out, manifest

SHORT, LENGTH = "gopher_quality.words_too_short", "gopher_quality.mean_word_length"
SETTLED = 4
STEPS = """
inputs: [{{source: notes, path: notes.jsonl}}]
steps:
  - gopher_quality: {{as: language, presets: {presets}}}
  - starcoder
"""


def preset(language: str, least: float) -> dict[str, Any]:
    parameters = {"gopher_quality": {"min_mean_word_length": least, "min_stop_words": 0, "min_alphabetic_words": 0}}
    about = {"version": 1, "language": language, "words": "whitespace", "documents": 9, "language_score": None}
    return {**about, "parameters": parameters, "stop_words": ["a", "b"]}


def config(folder: Path, german: float, more: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "presets", preset("de", german))
    write(folder / "presets", preset("fr", 6))
    rows = [
        {
            "id": f"{language}{size}",
            "language": language,
            "text": (("w" * size + " ") * 9 + "\n") * 7,
            "path": f"{size}.py",
        }
        for language in ("de", "fr", "sw")
        for size in range(1, 10)
    ]
    (folder / "notes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "plan.yaml").write_text(STEPS.format(presets="presets") + more)
    return folder / "plan.yaml"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("differing")
    return carry_out(config(folder, SETTLED), folder / "run").folder


def bound(run: Path, document: str, step: str, metric: str) -> list[dict[str, Any]]:
    (told,) = [each for each in explain(run, document)["steps"] if each["step"] == step]
    (found,) = [each["bounds"] for each in told["metrics"] if each["metric"] == metric]
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("document", "value", "passed"), [("de5", 4, True), ("de3", 4, False), ("fr5", 6, False), ("fr7", 6, True)]
)
def test_explain_shows_the_bound_of_the_document_s_own_language(
    run: Path, document: str, value: float, passed: bool
) -> None:
    (least,) = [each for each in bound(run, document, "gopher_quality", LENGTH) if each["reason"] == SHORT]
    assert (least["value"], least["passed"], least["language"]) == (value, passed, document[:2])
    assert f">= {value} for language {document[:2]}" in story(explain(run, document))


def test_explain_shows_none_where_nothing_is_asked_of_the_language(run: Path) -> None:
    assert SHORT not in [each["reason"] for each in bound(run, "sw5", "gopher_quality", LENGTH)]


def test_explain_shows_starcoder_s_bound_of_the_file_s_ending(run: Path) -> None:
    (longest,) = bound(run, "de5", "starcoder", "starcoder.longest_line")
    assert (longest["extension"], longest["value"], longest["passed"]) == ("py", 1000, True)


def test_a_sweep_moves_one_language_s_bound_and_a_rerun_keeps_what_was_foretold(run: Path, tmp_path: Path) -> None:
    bounds = {each["language"]: each for each in sweep(run, SHORT, (2, 7))["bounds"]}
    assert list(bounds) == ["de", "fr"], "Swahili has no preset: nothing is asked of it"
    for line in bounds["de"]["thresholds"]:
        folder = tmp_path / f"{line['threshold']:g}"
        told = manifest(carry_out(config(folder, line["threshold"]), folder / "run").folder / "01-refine")
        assert line["documents"] == [told["documents"]["kept"]] * 2
        assert line["text_bytes"] == [told["text_bytes"]["kept"]] * 2
        assert line["says"].startswith(f"{SHORT} [de]: 4 -> {line['threshold']:g} ")


def test_a_bound_by_ending_is_not_swept_and_the_reason_is_said(run: Path) -> None:
    with pytest.raises(ReportError, match=r"differs by the document's extension, which features/ does not hold"):
        sweep(run, "starcoder.longest_line")


def test_where_a_later_step_sets_the_language_nothing_is_said_of_its_bound(tmp_path: Path) -> None:
    written = config(tmp_path / "in", SETTLED, "  - language\n")
    again = carry_out(written, tmp_path / "run").folder
    assert SHORT not in [each["reason"] for each in bound(again, "de5", "gopher_quality", LENGTH)]
    with pytest.raises(ReportError, match="a later step sets that anew"):
        sweep(again, SHORT)
