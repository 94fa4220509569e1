"""The commands as a shell sees them: standard output, standard error, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest

from pipeline import cli
from pipeline.commands import output
from pipeline.yaml_lines import ConfigError

PROSE = "The mill stands by the river, and the miller has been grinding corn there with his sons for ages. "
OFFERED = [
    "calibrate",
    "compare",
    "contamination",
    "dedup",
    "evaluate",
    "explain",
    "mixture",
    "near",
    "plan",
    "report",
    "rules",
    "run",
    "sample",
    "stage",
    "sweep",
    "train",
    "verify",
]
CONFIG = """
output: out
inputs:
  - {source: notes, path: notes.jsonl}
steps:
  - gopher_quality: {min_words: 3, min_stop_words: 0, min_mean_word_length: 0, min_alphabetic_words: 0}
dedup: {steps: [exact]}
limits: {failed_fraction: 0}
"""


def shell(*arguments: str | Path, stdin: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)]
    root = str(Path(__file__).resolve().parents[1])
    environment = {**os.environ, "PYTHONPATH": root}
    return subprocess.run(
        program, input=stdin, capture_output=True, text=True, cwd=folder, env=environment, check=False
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config, its input, and the run that was made of it."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "config.yaml").write_text(CONFIG)
    texts = [PROSE * 3, PROSE + "\x1b[31mred", "too short", PROSE * 3]
    lines = [json.dumps({"id": f"n{i}", "text": text}) for i, text in enumerate(texts)]
    (folder / "notes.jsonl").write_text("\n".join([*lines, "no json"]) + "\n")
    done = shell("run", "config.yaml", folder=folder)
    assert done.returncode == 3, done.stderr
    assert done.stdout == f"{folder / 'out'}\n"
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output, standard error of a command in this process."""
    code = cli.exit_code([str(word) for word in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def one_json(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Any:
    code, out, _ = said(capsys, *arguments, "--json")
    assert code == 0
    return json.loads(out)


def test_the_commands_are_those_offered_and_each_says_what_it_does() -> None:
    assert sorted(cli.cli.commands) == OFFERED
    for command in cli.cli.commands.values():
        assert command.get_short_help_str()


def test_rules_lists_every_rule_with_its_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    rules = {rule["name"]: rule for rule in one_json(capsys, "rules")}
    assert {"gopher_quality", "gopher_repetition", "c4_quality", "fineweb_quality", "language", "pii"} <= set(rules)
    assert rules["gopher_quality"]["parameters"]["min_words"] == {"default": 50, "type": "int"}
    assert all(rule["cites"] for rule in rules.values())
    needs = {name: rule["needs"] for name, rule in rules.items() if rule["needs"]}
    assert needs == {"ccnet_perplexity": ["model"], "contamination": ["against"]}


def test_one_rule_alone_is_described(capsys: pytest.CaptureFixture[str]) -> None:
    assert [rule["name"] for rule in one_json(capsys, "rules", "pii")] == ["pii"]
    assert "max_found" in said(capsys, "rules", "pii")[1]
    formulas = said(capsys, "rules", "gopher_quality")[1]
    assert "\nwithout words\n" in formulas.partition("as: dclm")[2].partition("as: ")[0]
    assert "needed" in said(capsys, "rules", "ccnet_perplexity")[1]


def test_what_a_finished_run_says_is_one_json_value(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = home / "out"
    assert one_json(capsys, "explain", run, "n2")["reasons"] == ["gopher_quality.too_few_words"]
    assert len(one_json(capsys, "sample", run, "-n", "1")) == 1
    assert [d["id"] for d in one_json(capsys, "sample", run, "--dropped", "gopher_quality")] == ["n2"]
    assert one_json(capsys, "sample", run, "--failed")[0]["place"].startswith("line at byte")
    assert one_json(capsys, "sweep", run, "gopher_quality.words")["metric"] == "gopher_quality.words"
    assert one_json(capsys, "report", run)["steps"][0]["reasons"][0]["documents"]["share"] == 1
    assert one_json(capsys, "plan", home / "config.yaml")["units"] == 1


VIEWS = [("explain", "n1"), ("sample",), ("sample", "--dropped", "exact"), ("sample", "--failed"), ("report",)]


SWEEPS = [("sweep", "gopher_quality.words"), ("sweep", "gopher_quality.too_few_words", "--to", "2")]


@pytest.mark.parametrize("view", [*VIEWS, *SWEEPS])
def test_people_get_lines(view: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = said(capsys, view[0], home / "out", *view[1:])
    assert code == 0
    assert out.strip()


def test_a_run_that_stands_is_not_decided_anew(home: Path) -> None:
    refused = shell("run", "config.yaml", "--set", "seed=2", folder=home)
    assert refused.returncode == 2
    assert "seed: 0 -> 2" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_output_may_be_another_folder(home: Path) -> None:
    done = shell("run", "config.yaml", "--output", "other, 'quoted'", folder=home)
    assert done.returncode == 3, done.stderr
    assert (home / "other, 'quoted'" / "manifest.json").exists()


def test_stage_reads_standard_input_and_says_what_it_could_not() -> None:
    done = shell("stage", "pii", stdin='{"id": "a", "text": "to jane.roe@corp-mail.net"}\n{"id": "b"}\n')
    assert done.returncode == 3
    assert json.loads(done.stdout)["text"] == "to email@example.com"
    assert done.stderr.startswith("standard input: line at byte 49: no text\n")


def test_settings_go_to_the_step(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "docs.jsonl"
    path.write_text(json.dumps({"text": "one two"}) + "\n")
    assert "too_few_words" not in said(capsys, "stage", "gopher_quality", path, "--set", "min_words=2")[1]
    assert "too_few_words" in said(capsys, "stage", "gopher_quality", path)[1]


MISUSES = [
    (["rnu"], "No such command 'rnu'"),
    (["stage", "nosuch"], "no step is called nosuch"),
    (["stage", "pii", "--set", "emials=1"], "did you mean emails"),
    (["stage", "pii", "there-is-no-such.jsonl"], "does not exist"),
    (["rules", "gopher"], "no rule is called gopher"),
    (["sample", ".", "--kept", "--failed"], "one of --dropped, --kept and --failed"),
    (["evaluate", "no-model", "LICENSE"], "no-model"),
    (["train", "LICENSE"], "LICENSE"),
]


@pytest.mark.parametrize(("arguments", "reason"), MISUSES)
def test_misuse_is_one_line_and_exit_2(arguments: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = said(capsys, *arguments)
    assert code == 2
    assert out == ""
    assert reason in err
    assert err.count("\n") == 1


def test_a_config_error_names_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(CONFIG + "no_such_key: 1\n")
    code, _, err = said(capsys, "plan", path)
    assert code == 2
    assert err.startswith(f"{path}:{CONFIG.count(chr(10)) + 1}: no_such_key: unknown key")


def test_a_question_that_a_run_cannot_answer_is_a_failure(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = said(capsys, "explain", home / "out", "nobody")
    assert code == 1
    assert "no judged document has the id nobody" in err


RAISED = [
    (ConfigError("a.yaml:3: steps: wrong"), 2, "a.yaml:3: steps: wrong\n"),
    (ValueError("two\nlines"), 1, "gristmill: ValueError: two lines (--traceback shows where)\n"),
    (PermissionError(13, "Permission denied", "/locked"), 1, "/locked: Permission denied\n"),
    (click.Abort(), 130, "interrupted\n"),
]


@pytest.mark.parametrize(("error", "wanted", "line"), RAISED)
def test_whatever_is_raised_is_said_in_one_line(
    error: Exception, wanted: int, line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli.cli, "main", fail)
    assert said(capsys, "rules") == (wanted, "", line)


def test_the_traceback_comes_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Traceback" not in said(capsys, "rules", "nosuch")[2]
    assert "Traceback" in said(capsys, "rules", "nosuch", "--traceback")[2]
    assert "Traceback" in said(capsys, "--traceback", "rules", "nosuch")[2]


def test_a_terminal_obeys_nothing_that_a_document_holds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "on_terminal", lambda: True)
    text = "red \x1b[31m, C1 \x9b2J, reversed \u202e, mill ü漢"
    output.print_text(text)
    output.print_json({"text": text})
    shown, written = capsys.readouterr().out.splitlines()
    assert not set("\x1b\x9b\u202e") & set(shown + written)
    assert json.loads(written)["text"] == text
    assert "mill ü漢" in shown


def test_tables_line_up(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table([["a", 1], ["longer", 12345]], ("name", "count"))
    assert capsys.readouterr().out == "name    count\na            1\nlonger  12,345\n"


def test_light_commands_load_no_engine() -> None:
    code = "import sys, pipeline.cli; print([m for m in ('apache_beam', 'numba', 'pyarrow') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
