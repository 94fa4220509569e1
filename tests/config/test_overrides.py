"""`--set key=value`: where it may reach, and errors that name it."""

from pathlib import Path

import pytest

from pipeline.config import Config
from tests.config.writing import complaint, loaded

STEPS = "seed: 1\nsteps:\n  - language\n  - gopher_quality: {min_words: 50}\n  - c4_quality:\n"


def changed(folder: Path, *sets: str) -> Config:
    return loaded(folder, STEPS, sets)


def test_a_value_is_replaced(tmp_path: Path) -> None:
    config = changed(tmp_path, "seed=2", "steps.1.gopher_quality.min_words=40", "inputs.0.path=[a.jsonl, b.jsonl]")
    assert config.seed == 2
    assert config.steps[1].parameters == {"min_words": 40}
    assert config.inputs[0].paths == (str(tmp_path / "a.jsonl"), str(tmp_path / "b.jsonl"))


def test_missing_mappings_are_made_on_the_way(tmp_path: Path) -> None:
    config = changed(tmp_path, "limits.document_bytes=5", "expect_kept.01-refine=[0, 0.5]", "engine.options.a.b=no")
    assert config.limits.document_bytes == 5
    assert config.expect_kept == {"01-refine": (0, 0.5)}
    assert config.engine.options == {"a": {"b": False}}


@pytest.mark.parametrize(("place", "rule"), [(0, "language"), (2, "c4_quality")])
def test_a_step_without_parameters_gets_some(tmp_path: Path, place: int, rule: str) -> None:
    name = {"language": "max_characters", "c4_quality": "min_sentences"}[rule]
    assert changed(tmp_path, f"steps.{place}.{rule}.{name}=7").steps[place].parameters == {name: 7}


def test_the_last_of_two_wins_and_a_null_takes_a_section_away(tmp_path: Path) -> None:
    config = changed(tmp_path, "seed=2", "seed=3", "steps=null")
    assert config.seed == 3
    assert config.steps == ()


def test_a_value_may_hold_an_equals_sign_and_dots(tmp_path: Path) -> None:
    assert changed(tmp_path, "inputs.0.path=s3://a.b/c=d.jsonl").inputs[0].paths == ("s3://a.b/c=d.jsonl",)


def test_a_whole_list_is_replaced(tmp_path: Path) -> None:
    config = changed(tmp_path, "steps=[pii: {ips: false}]")
    assert [(step.name, step.parameters, step.line) for step in config.steps] == [("pii", {"ips": False}, 0)]


BAD_SETS = [
    ("seed", "--set seed: not of the form key=value"),
    ("=3", "--set =3: not of the form key=value"),
    ("a..b=3", "--set a..b=3: not of the form key=value"),
    ("seed=x", "--set seed=x: seed: the text 'x' where an integer is wanted"),
    ("sed=1", "--set sed=1: sed: unknown key; did you mean seed?"),
    ("seed.a=1", "--set seed.a=1: seed.a: seed is `1`, it has no a"),
    ("steps.9.pii.ips=no", "--set steps.9.pii.ips=no: steps.9.pii.ips: steps is a list and has no 9 (0 to 2)"),
    ("steps.3=pii", "steps is a list and has no 3 (0 to 2)"),
    ("steps.-1=pii", "steps is a list and has no -1 (0 to 2)"),
    ("steps.language.keep=[en]", "steps is a list and has no language (0 to 2)"),
    ("steps.0.pii.ips=no", "steps.0 is the text 'language', it has no pii"),
    ("steps.1.gopher_quality.min_word=4", "min_word: unknown key; did you mean min_words?"),
    ("steps.0.language.keep=[no]", "--set steps.0.language.keep=[no]: steps.0.language.keep.0: YAML reads no as false"),
    (
        "inputs.0.path=*.jsonl",
        "--set inputs.0.path=*.jsonl: inputs.0.path: an alias (write the value itself, and quote",
    ),
    ("inputs.0.path=[a", "--set inputs.0.path=[a: inputs.0.path: not YAML"),
    ("steps.2.c4_quality.x=1", "--set steps.2.c4_quality.x=1: steps.2.c4_quality.x: unknown key"),
    ("engine.options={a: 1, a: 2}", "the key a twice"),
    ("inputs=null", "inputs is empty"),
]


@pytest.mark.parametrize(("given", "said"), BAD_SETS)
def test_a_bad_override_is_named(tmp_path: Path, given: str, said: str) -> None:
    assert said in complaint(tmp_path, STEPS, [given])
