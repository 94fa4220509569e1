"""Row 11: YAML that would be read as something else than was written is refused, with its line."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.config import ConfigError, load
from pipeline.yaml_lines import parse

SURPRISES = [
    ("seed: &five 5\n", 2, "the anchor &five"),
    ("seed: *five\n", 2, "the alias *five"),
    ("steps: []\nseed: !!str 5\n", 3, "the tag tag:yaml.org,2002:str"),
    ("seed: !!python/object/apply:os.system [ls]\n", 2, "the tag tag:yaml.org,2002:python/object/apply:os.system"),
    ("seed: 1\nsteps: []\nseed: 2\n", 4, "the key seed twice (first on line 2)"),
    ("steps:\n  - gopher_quality: {min_words: 1, min_words: 2}\n", 3, "the key min_words twice (first on line 3)"),
    ("steps:\n  - pii\n    when: {language: [en]}\n", 4, "not YAML"),
    (
        "steps:\n  - pii:\n    when: {language: [no]}\n",
        4,
        'YAML reads no as false where a text is wanted (quote it: "no")',
    ),
    ("steps:\n  - pii:\n    when:\n      language:\n        - en\n        - on\n", 7, 'quote it: "on"'),
    (
        "steps:\n  - pii:\n    when: {language: Yes}\n",
        4,
        'YAML reads Yes as true where a text is wanted (quote it: "Yes")',
    ),
    ("steps:\n  - pii:\n    when: {source: [2024]}\n", 4, "YAML reads 2024 as a number where a text is wanted"),
    ("engine: {options: {no: 1}}\n", 2, 'quote it: "no"'),
    ("seed: 010\n", 2, "010 is no finite decimal number"),
    ("seed: 0x1F\n", 2, "0x1F is no finite decimal number"),
    ("limits: {unit_seconds: 10:00}\n", 2, "10:00 is no finite decimal number"),
    ("limits: {failed_fraction: .nan}\n", 2, ".nan is no finite decimal number"),
    ("limits: {unit_seconds: .inf}\n", 2, ".inf is no finite decimal number"),
    ("limits: {unit_seconds: 1e999}\n", 2, "1e999 is no finite decimal number"),
    ("<<: {seed: 1}\n", 2, "<<: unknown key"),
    ("---\nseed: 1\n", 2, "a second document"),
    ("? [a, b]\n: 1\n", 2, "a key that is not a text"),
    ("seed: " + "[" * 2000 + "]" * 2000 + "\n", 2, "nested deeper than 40 levels"),
    ("seed: 1\n\tsteps: []\n", 3, "not YAML"),
    ("steps: [\n", 3, "not YAML"),
    ("# a bell: \x07\n", 2, "not YAML"),
]


@pytest.mark.parametrize(("text", "line", "said"), SURPRISES)
def test_a_surprise_is_refused_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "corpus.yaml"
    path.write_text("inputs: [{source: web, path: a.jsonl}]\n" + text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


PLAIN = [
    ("no", False),
    ("'no'", "no"),
    ("On", True),
    ("~", None),
    ("", None),
    ("1_000", 1000),
    ("-3", -3),
    ("0", 0),
    ("0.5", 0.5),
    (".5", 0.5),
    ("1e-3", 0.001),
    ("1.5E+3", 1500.0),
    ("2024-01-31", "2024-01-31"),
    ("a:b", "a:b"),
    ('"50"', "50"),
    ("n", "n"),
]


@pytest.mark.parametrize(("text", "value"), PLAIN)
def test_a_scalar_is_what_yaml_says(text: str, value: object) -> None:
    read = parse(f"key: {text}\n", "a.yaml").plain()["key"]
    assert read == value
    assert type(read) is type(value)


def test_bytes_that_are_no_utf8_are_refused_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "corpus.yaml"
    path.write_bytes(b"seed: 1\noutput: caf\xe9\n")
    with pytest.raises(ConfigError, match=f"{path}:2: not UTF-8"):
        load(path)


def test_a_config_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read: No such file"):
        load(tmp_path / "none.yaml")


@pytest.mark.parametrize("key", ["a\\nb", "a\\e[31mb", "a\\u202eb"])
def test_an_error_is_one_line_that_a_terminal_shows_as_it_is(tmp_path: Path, key: str) -> None:
    path = tmp_path / "corpus.yaml"
    path.write_text(f'"{key}": 1\n', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert str(caught.value).isprintable()


@given(st.text("aon019.-+_eExX:,#&*!?|>%@`'\"[]{}<= ~\t\n\x00é", max_size=40))
@example("&a *a")
@example("1__0")
@example("- - - ? :")
@example("%YAML 3.0\n---\na")
@example("a: |\n  b\n c")
def test_any_text_is_a_tree_or_one_line(text: str) -> None:
    said = "a.yaml:"
    try:
        parse(text, "a.yaml").plain()
    except ConfigError as error:
        said = str(error)
    assert said.startswith("a.yaml:")
    assert said.isprintable()
