"""Steps: how they are written, their parameters against each rule's signature, lists and models that must be there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.filters.gopher import gopher_quality
from pipeline.registry import import_rules, rule_modules
from pipeline.rules import REGISTRY, variant
from pipeline.step_config import StepConfig, read_parameter
from pipeline.yaml_lines import ConfigError, Node
from tests.config.writing import complaint, loaded

ROOT = Path(__file__).parents[2]


def one_step(folder: Path, written: str) -> StepConfig:
    (step,) = loaded(folder, f"steps:\n  - {written}\n").steps
    return step


def test_every_module_that_registers_a_rule_is_imported() -> None:
    registering = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for room in ("pipeline", "classifiers")
        for path in (ROOT / room).rglob("*.py")
        if any(line.startswith(("@rule(", "variant(")) for line in path.read_text(encoding="utf-8").splitlines())
    ]
    assert set(registering) <= set(rule_modules())
    assert {"language", "pii", "quality"} <= import_rules().keys()


@pytest.mark.parametrize("written", ["c4_quality", "c4_quality:", "c4_quality: {}", "{c4_quality: {}}"])
def test_a_step_without_parameters_is_written_in_four_ways(tmp_path: Path, written: str) -> None:
    assert one_step(tmp_path, written) == StepConfig("c4_quality", "c4_quality", line=3)


def test_what_stands_beside_the_rule_is_no_parameter(tmp_path: Path) -> None:
    beside = "when: {source: [web], language: 'no', script: [Latn]}, over: survivors, name: prose"
    step = one_step(tmp_path, f"{{gopher_quality: {{min_words: 5, max_symbols_per_word: 1}}, {beside}}}")
    when = {"source": ("web",), "language": ("no",), "script": ("Latn",)}
    given = {"min_words": 5, "max_symbols_per_word": 1.0}
    assert step == StepConfig("prose", "gopher_quality", given, when, "survivors", 3)
    assert type(step.parameters["max_symbols_per_word"]) is float


@pytest.fixture
def offered() -> Iterator[str]:
    """A formula of gopher_quality that wants seven words."""
    variant("gopher_quality", "offered", gopher_quality, cites="nobody", min_words=7)
    yield "offered"
    del REGISTRY["gopher_quality@offered"]


def test_the_same_function_with_other_defaults_is_a_formula_of_its_own(offered: str) -> None:
    rule = REGISTRY["gopher_quality@offered"]
    assert rule.parameters["min_words"].default == 7
    assert rule.parameters["max_words"].default == REGISTRY["gopher_quality"].parameters["max_words"].default


def test_a_formula_is_asked_for_with_as_beside_the_parameters(tmp_path: Path, offered: str) -> None:
    step = one_step(tmp_path, f"gopher_quality: {{as: {offered}, min_words: 40}}")
    assert (step.name, step.rule, step.variant) == ("gopher_quality", "gopher_quality", offered)
    assert (step.key, step.parameters) == (f"gopher_quality@{offered}", {"min_words": 40})


def test_a_formula_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path, offered: str) -> None:
    with pytest.raises(ConfigError, match=f"unknown 'offerd'.*{offered}"):
        one_step(tmp_path, "gopher_quality: {as: offerd}")
    with pytest.raises(ConfigError, match="pii has one formula only"):
        one_step(tmp_path, "pii: {as: dolma}")


@pytest.mark.parametrize(
    ("written", "parameters"),
    [
        ("gopher_quality: {stop_words: [the, a]}", {"stop_words": ("the", "a")}),
        ("language: {keep: [en, 'no'], min_score: 1}", {"keep": ("en", "no"), "min_score": 1.0}),
        ("language: {keep: null}", {"keep": None}),
        ("c4_quality: {policy: off, min_sentences: }", {"policy": False, "min_sentences": None}),
        ("language: {model: lid.176}", {"model": "lid.176"}),
        ("quality: {model: sample, min: 0.5}", {"model": "sample", "min": 0.5}),
        ("url_blocklist: {domains: [], words: null}", {"domains": (), "words": None}),
    ],
)
def test_parameters_have_the_types_of_the_signature(tmp_path: Path, written: str, parameters: object) -> None:
    assert one_step(tmp_path, written).parameters == parameters


def test_lists_and_models_are_beside_the_config(tmp_path: Path) -> None:
    (tmp_path / "blocked.txt").write_text("example.com\n", encoding="utf-8")
    (tmp_path / "model").mkdir()
    (tmp_path / "model/model.json").write_text("{}", encoding="utf-8")
    blocked = one_step(tmp_path, "url_blocklist: {domains: blocked.txt, words: [./blocked.txt]}")
    here = str(tmp_path / "blocked.txt")
    assert blocked.parameters == {"domains": (here,), "words": (here,)}
    assert one_step(tmp_path, f"url_blocklist: {{domains: 'file://{here}'}}").parameters == {"domains": (here,)}
    assert one_step(tmp_path, "quality: {model: model}").parameters == {"model": str(tmp_path / "model")}


def test_every_parameter_of_every_rule_can_be_written(tmp_path: Path) -> None:
    for rule in import_rules().values():
        for name, parameter in rule.parameters.items():
            value = parameter.default
            several = isinstance(value, tuple | frozenset)
            node = Node([Node(text, "", 1) for text in value] if several else value, "", 1)
            if name not in rule.resources:
                assert read_parameter(rule, parameter, node, tmp_path) == value


BAD_STEPS = [
    ("gopher_qualty", "steps.0: unknown 'gopher_qualty'; did you mean gopher_quality? (allowed: c4_paragraphs, "),
    ("gopher_qualty: {}", "steps.0.gopher_qualty: unknown rule; did you mean gopher_quality?"),
    ("[pii]", "steps.0: a list where a text is wanted"),
    ("{pii: {}, wen: {}}", "steps.0.wen: unknown key; did you mean when? (allowed: when, over, name)"),
    ("{pii: {}, c4_quality: {}}", "steps.0.c4_quality: two rules in one step, pii and c4_quality"),
    ("{when: {source: [web]}}", "steps.0: a step without a rule"),
    ("pii: [emails]", "steps.0.pii: a list where a mapping is wanted (allowed: emails, "),
    ("pii: {email: true}", "steps.0.pii.email: unknown key; did you mean emails?"),
    ("pii: {emails: 1}", "steps.0.pii.emails: `1` where true or false is wanted"),
    ("pii: {emails: null}", "steps.0.pii.emails: nothing where true or false is wanted"),
    ("gopher_quality: {min_words: 5.5}", "min_words: `5.5` where an integer is wanted"),
    ("gopher_quality: {min_words: '5'}", "min_words: the text '5' where an integer is wanted"),
    ("gopher_quality: {min_words: no}", "min_words: `no` where an integer is wanted"),
    ("gopher_quality: {max_symbols_per_word: all}", "the text 'all' where a number is wanted"),
    ("gopher_quality: {stop_words: [the, on]}", "stop_words.1: YAML reads on as true where a text is wanted"),
    ("language: {keep: [no]}", 'keep.0: YAML reads no as false where a text is wanted (quote it: "no")'),
    ("token_distribution: {max_percentile: 101}", "max_percentile: 101 is out of range (0 to 100)"),
    ("token_distribution: {max_percentile: -0.5}", "max_percentile: -0.5 is out of range (0 to 100)"),
    ("repeated_ngram_lines: {order: 0}", "order: 0 is out of range (at least 1)"),
    ("{pii: {}, over: kept}", "steps.0.over: unknown 'kept' (allowed: all, survivors)"),
    ("{pii: {}, name: a.b}", "steps.0.name: 'a.b' names no step"),
    ("{pii: {}, name: minhash}", "steps.0.name: 'minhash' names no step"),
    ("{pii: {}, when: [web]}", "steps.0.when: a list where a mapping is wanted (allowed: source, "),
    ("{pii: {}, when: {lang: [en]}}", "steps.0.when.lang: unknown key; did you mean language?"),
    ("{pii: {}, when: {source: []}}", "steps.0.when.source: empty (at least 1 is wanted)"),
    (
        "{pii: {}, when: {category: [a]}}",
        "when.category: no step sets a category yet (allowed: source, language, script)",
    ),
    ("url_blocklist: {domains: [gone.txt]}", "steps.0.url_blocklist.domains: there is no file gone.txt"),
    ("quality: {model: s3://models/a}", "model: s3://models/a: lists and models are opened from local files only"),
    ("quality: {model: gone}", "steps.0.quality.model: there is no file gone/model.json"),
    ("language: {model: gone.bin}", "steps.0.language.model: there is no file gone.bin"),
]


@pytest.mark.parametrize(("written", "said"), BAD_STEPS)
def test_a_bad_step_is_said_with_its_line_and_what_is_allowed(tmp_path: Path, written: str, said: str) -> None:
    message = complaint(tmp_path, f"steps:\n  - {written}\n")
    assert message.startswith("corpus.yaml:3: steps.0")
    assert said in message


def test_the_bounds_themselves_are_allowed(tmp_path: Path) -> None:
    for value in ("0", "100", "null"):
        one_step(tmp_path, f"token_distribution: {{max_percentile: {value}}}")


def test_the_line_is_the_one_of_the_key_that_is_wrong(tmp_path: Path) -> None:
    text = "steps:\n  - language\n  - gopher_quality:\n      min_words: 5\n      max_word: 6\n"
    assert complaint(tmp_path, text).startswith("corpus.yaml:6: steps.1.gopher_quality.max_word: unknown key; did you")


def test_a_step_used_twice_needs_a_name(tmp_path: Path) -> None:
    twice = "steps:\n  - pii\n  - pii: {}\n    when: {source: [web]}\n"
    assert complaint(tmp_path, twice).startswith("corpus.yaml:4: steps.1: pii is used twice, first on line 3")
    assert [step.name for step in loaded(tmp_path, twice + "    name: pii_web\n").steps] == ["pii", "pii_web"]


def test_a_step_for_a_source_that_no_input_has_is_refused_with_its_line(tmp_path: Path) -> None:
    said = complaint(tmp_path, "steps:\n  - pii: {}\n    when: {source: [wbe]}\n")
    assert said == "corpus.yaml:3: pii: no input has the source wbe (allowed: web)"
