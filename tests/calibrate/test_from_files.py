"""Presets from the sample's documents, end to end: what is learned, refused, written, read again and used."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.calibrate import from_files
from pipeline.calibrate.language_presets import pin, read
from pipeline.filters.language_presets import INDEX, PresetError

ROOT = Path(__file__).parents[2]
MULTILINGUAL = ROOT / "sample/copyleft/multilingual/multilingual-00000.parquet"
GOLDEN = Path(__file__).with_name("golden_presets.json")
LEARN: list[str | Path] = [
    "calibrate",
    "hu",
    "uk",
    "lt",
    "--input",
    MULTILINGUAL,
    "--column",
    "language=lang",
    "--min-documents",
    "15",
]


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = cli.exit_code([str(word) for word in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("presets")
    assert cli.exit_code([*map(str, LEARN), "--draws", "50", "-o", str(folder)]) == 1  # one language is refused
    return folder


def golden(preset: dict[str, Any]) -> dict[str, Any]:
    return {key: preset[key] for key in ("documents", "set_aside", "methods", "stop_words", "sources")}


def test_the_samples_presets_are_these(learned: Path) -> None:
    wanted = json.loads(GOLDEN.read_text(encoding="utf-8"))
    assert sorted(path.name for path in learned.iterdir()) == ["hu.json", INDEX, "uk.json"]
    for language, expected in wanted.items():
        found = json.loads((learned / f"{language}.json").read_text(encoding="utf-8"))
        assert golden(found) == golden(expected)
        for rule, parameters in expected["parameters"].items():
            assert found["parameters"][rule] == pytest.approx(parameters, abs=0.0011), rule
        assert found["language_score"] == pytest.approx(expected["language_score"], abs=0.002)


def test_every_threshold_stands_within_its_interval_or_beside_it(learned: Path) -> None:
    """Beside it: rounded outwards, by less than one character of a word or 0.001 of a share."""
    preset = json.loads((learned / "hu.json").read_text(encoding="utf-8"))
    for rule, intervals in preset["intervals"].items():
        for parameter, (low, high) in intervals.items():
            step = 1 if "word_length" in parameter else 0.002
            assert low - step <= preset["parameters"][rule][parameter] <= high + step, parameter
    assert all(0.05 < share <= 1 for share in preset["stop_words_drawn"].values())


def test_too_few_documents_are_refused_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, "calibrate", "lt", *LEARN[4:], "-o", tmp_path)
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert "lt: " in err and "15 are needed (add documents, or say --min-documents)" in err
    assert "lt" not in out


@pytest.mark.parametrize("words", [[], ["a"]])
def test_words_too_few_to_filter_by_are_refused_and_not_written(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """gopher_quality wants two stop words in a document: with such a preset none would pass."""
    monkeypatch.setattr(from_files, "calibrate", lambda *_, **__: {"language": "hu", "stop_words": words})
    code, _, err = said(capsys, *LEARN[:2], *LEARN[4:-1], "2", "-o", tmp_path)
    assert (code, list(tmp_path.iterdir())) == (1, [])
    assert f"hu: stop words found: {len(words)}" in err and "gopher_quality demands 2" in err
    assert "--min-documents 2: what fewer than 50 documents say is a guess" in err


def test_without_english_documents_nothing_is_learned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "Die Mühle steht am Fluss, und der Müller mahlt das Korn mit seinen Söhnen und Töchtern. " * 9
    documents = tmp_path / "german.jsonl"
    documents.write_text("".join(json.dumps({"text": text + str(i), "language": "de"}) + "\n" for i in range(60)))
    code, _, err = said(capsys, "calibrate", "de", "-i", documents, "-o", tmp_path / "out")
    assert code == 2
    assert err.startswith("0 of the documents are English of 50 words or more, 50 are needed")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["de"], "--input FILES is missing"),
        (["-i", "x.jsonl", "-o", "out"], "a LANGUAGE (de) is missing"),
        (["deutsch", "-i", "x.jsonl", "-o", "out"], "is missing (deutsch: taken for files, codes have two or three"),
        (["de", "-i", "x.jsonl"], "--output FOLDER is missing"),
        (["de", "-i", "x.jsonl", "-o", "out", "--method", "gopher_quality=mean"], "ten_tail"),
        (["de", "-i", "there-is-none.jsonl", "-o", "out"], "no file of input corpus matches"),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = said(capsys, "calibrate", *arguments)
    assert code == 2
    assert reason in err


def test_a_config_uses_a_folder_of_presets(learned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "A malom a folyó mellett áll, és a molnár a fiaival együtt őröl benne. Ez a víz hajtja meg a malmot is. " * 6
    documents = tmp_path / "documents.jsonl"
    documents.write_text(json.dumps({"text": text, "language": "hu"}, ensure_ascii=False) + "\n")
    sets = ["--set", "as=language", "--set", f"presets={learned}"]
    code, out, _ = said(capsys, "stage", "gopher_quality", documents, *sets)
    assert (code, json.loads(out)["reasons"]) == (0, [])
    assert "too_few_stop_words" in said(capsys, "stage", "gopher_quality", documents)[1]


def test_a_changed_preset_is_refused_until_it_is_pinned(learned: Path, tmp_path: Path) -> None:
    for path in learned.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    changed = tmp_path / "hu.json"
    changed.write_text(changed.read_text(encoding="utf-8").replace('"min_stop_words": 2', '"min_stop_words": 3'))
    with pytest.raises(PresetError, match=r"changed since presets.json was written \(gristmill calibrate --pin "):
        read(tmp_path)
    pin(tmp_path)
    assert read(tmp_path).of["hu"].parameters["gopher_quality"]["min_stop_words"] == 3


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        (
            '"min_stop_words"',
            '"min_stop_wrods"',
            "gopher_quality has no parameter min_stop_wrods; did you mean min_stop_words?",
        ),
        (
            '"fineweb_quality": {"max_short',
            '"fineweb": {"max_short',
            "no thresholds are learned for fineweb; did you mean fineweb_quality?",
        ),
        ('"words": "whitespace"', '"words": "white"', "no words are called white; did you mean whitespace?"),
        ('"min_stop_words": 2', '"min_stop_words": ["2"]', "gopher_quality.min_stop_words is a list"),
        ('"stop_words": [', '"stop_words": 2, "were": [', "gopher_quality.stop_words is a number"),
    ],
)
def test_a_slip_of_the_pen_in_a_preset_is_named(
    before: str, after: str, reason: str, learned: Path, tmp_path: Path
) -> None:
    (tmp_path / "hu.json").write_text((learned / "hu.json").read_text(encoding="utf-8").replace(before, after))
    pin(tmp_path)
    with pytest.raises(PresetError, match=re.escape(reason)):
        read(tmp_path)


def test_a_preset_that_is_listed_but_gone_is_named(learned: Path, tmp_path: Path) -> None:
    (tmp_path / "hu.json").write_bytes((learned / "hu.json").read_bytes())
    pin(tmp_path)
    (tmp_path / "hu.json").unlink()
    with pytest.raises(PresetError, match=r"hu\.json: presets\.json lists it"):
        read(tmp_path)


@pytest.mark.parametrize("written", ["", "{}", "[]", '{"version": 2}', '{"version": 1, "parameters": 3}'])
def test_what_is_no_preset_is_named(written: str, tmp_path: Path) -> None:
    (tmp_path / "de.json").write_text(written)
    pin(tmp_path)
    with pytest.raises(PresetError, match=r"de.json: "):
        read(tmp_path)


def test_a_preset_of_a_code_of_three_letters_is_its_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Documents that say `hun` are judged by the preset of `hu`: one that was called hun would judge nothing."""
    given = ["hun" if word == "hu" else word for word in LEARN if word not in ("uk", "lt")]
    code, out, _ = said(capsys, *given, "--draws", "2", "-o", tmp_path, "--json")
    assert (code, [preset["language"] for preset in json.loads(out)]) == (0, ["hu"])
    assert list(read(tmp_path)) == ["hu"]
