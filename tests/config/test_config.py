"""The config's sections: what is read, what stands where nothing is said, what is refused and in which words."""

from pathlib import Path

import pytest

from pipeline.config import Config, EngineConfig, LimitsConfig, load
from pipeline.dedup.minhash import for_jaccard, preset
from pipeline.dedup_config import DedupConfig, DedupStep, Near
from tests.config.writing import complaint, loaded

MINHASH = DedupStep("minhash", ("quality", "longest"), how=Near(preset("fineweb")))
ROOT = Path(__file__).parents[2]
CORPORA = [path for path in sorted((ROOT / "configs").glob("*.yaml")) if "labelled:" not in path.read_text("utf-8")]
MIXTURE = "tokens: {tokenizer: llama3}\nmixture:\n  groups:\n"


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_every_config_that_is_shipped_loads(path: Path) -> None:
    assert load(path).inputs


def test_the_sample_reads_as_written() -> None:
    config = load(ROOT / "configs/sample.yaml")
    assert config.output == str(ROOT / "runs/sample")
    assert config.inputs[0].paths[0] == str(ROOT / "sample/web/*.warc.gz")
    assert config.inputs[-1].columns == {"language": "lang"}
    assert [step.rule for step in config.steps[:2]] == ["language", "url_blocklist"]
    assert config.steps[1].parameters == {"domains": (str(ROOT / "lists/blocked_domains.txt"),)}
    assert config.dedup.steps[2] == MINHASH
    assert config.mixture is not None
    assert config.mixture.groups[0].when == {"source": ("code",)}
    assert config.expect_kept.keys() == {"01-refine"}


def test_only_inputs_are_needed(tmp_path: Path) -> None:
    config = loaded(tmp_path)
    assert config == Config(
        path=str(tmp_path / "corpus.yaml"),
        name="corpus",
        seed=0,
        output=str(tmp_path / "runs/corpus"),
        inputs=config.inputs,
        steps=(),
        dedup=DedupConfig("survivors", ()),
        mixture=None,
        tokens=None,
        limits=LimitsConfig(20_000_000, 0.001, 3600),
        expect_kept={},
        engine=EngineConfig("direct", 1, {}),
    )
    assert config.inputs[0].paths == (str(tmp_path / "web/*.warc.gz"),)


def test_a_null_section_is_one_left_out(tmp_path: Path) -> None:
    keys = ("steps", "dedup", "mixture", "tokens", "limits", "expect_kept", "engine", "output", "seed")
    assert loaded(tmp_path, "".join(f"{key}:\n" for key in keys)) == loaded(tmp_path)


def test_addresses_with_a_scheme_stay_as_they_are(tmp_path: Path) -> None:
    inputs = "inputs: [{source: web, path: [s3://crawl/a/../*.gz, /data/b.jsonl, ../c.jsonl]}]\noutput: gs://corpus\n"
    config = loaded(tmp_path, inputs=inputs)
    assert config.inputs[0].paths == ("s3://crawl/a/../*.gz", "/data/b.jsonl", str(tmp_path.parent / "c.jsonl"))
    assert config.output == "gs://corpus"


def test_dedup_steps_have_the_defaults_of_their_kind(tmp_path: Path) -> None:
    read = loaded(tmp_path, "dedup: {over: all, steps: [url, exact: {keep: longest}, minhash: ]}\n").dedup
    url, exact = DedupStep("url", ("newest",)), DedupStep("exact", ("longest",))
    assert read == DedupConfig("all", (url, exact, MINHASH))


def test_minhash_takes_a_jaccard_instead_of_a_preset_and_a_second_look(tmp_path: Path) -> None:
    written = "dedup: {steps: [minhash: {jaccard: 0.8, verify: exact, threshold: 0.7, scope: language}]}\n"
    (step,) = loaded(tmp_path, written).dedup.steps
    assert (step.scope, step.how) == ("language", Near(for_jaccard(0.8, 128), "exact", 0.7))


def test_who_survives_may_be_an_order_of_sources_or_licences(tmp_path: Path) -> None:
    written = "dedup: {steps: [exact: {keep: [{licence: [cc0, cc-by]}, {source: [web]}, newest]}]}\n"
    (step,) = loaded(tmp_path, written).dedup.steps
    assert step.keep == (("licence", ("cc0", "cc-by")), ("source", ("web",)), "newest")


def test_earlier_runs_are_folders_beside_the_config(tmp_path: Path) -> None:
    read = loaded(tmp_path, "dedup: {against: [../a, runs/b], flip: true}\n").dedup
    assert read == DedupConfig("survivors", (), (str(tmp_path.parent / "a"), str(tmp_path / "runs/b")), True)
    assert "flip: says nothing without `against`" in complaint(tmp_path, "dedup: {flip: true}\n")
    assert "against: empty" in complaint(tmp_path, "dedup: {against: []}\n")


BAD_DEDUP = [
    ("minhash: {jaccard: 0.8, preset: dclm}", "minhash.jaccard: beside `preset`"),
    ("minhash: {hashes: 64}", "minhash.hashes: belongs to `jaccard`"),
    ("minhash: {threshold: 0.7}", "minhash.threshold: says nothing with `verify: band`"),
    ("minhash: {contained: 0.9, verify: exact}", "minhash.contained: beside `verify`"),
    ("minhash: {verify: sure}", "unknown 'sure' (allowed: band, estimate, exact)"),
    ("minhash: {scope: planet}", "unknown 'planet' (allowed: global, language, source, crawl)"),
    ("exact: {keep: [source]}", "source needs an order (keep: [{source: [first, second]}])"),
    ("exact: {keep: [{newest: [a]}]}", "newest: unknown key (allowed: source, licence)"),
    ("exact: {keep: [{source: [wob]}]}", "dedup exact: no input has the source wob (web)"),
]


@pytest.mark.parametrize(("step", "said"), BAD_DEDUP, ids=[said for _, said in BAD_DEDUP])
def test_a_bad_dedup_step_is_said_with_what_is_allowed(tmp_path: Path, step: str, said: str) -> None:
    assert said in complaint(tmp_path, f"dedup: {{steps: [{step}]}}\n")


def test_a_second_look_needs_the_texts_that_are_kept(tmp_path: Path) -> None:
    said = complaint(tmp_path, "dedup: {over: all, steps: [minhash: {verify: estimate}]}\n")
    assert "`verify: estimate` with `over: all` (the texts of dropped documents are not kept)" in said


BAD_SECTIONS = [
    ("sed: 1\n", "corpus.yaml:2: sed: unknown key; did you mean seed? (allowed: inputs, "),
    ("seed: '1'\n", "corpus.yaml:2: seed: the text '1' where an integer is wanted"),
    ("seed: true\n", "corpus.yaml:2: seed: `true` where an integer is wanted"),
    ("seed: -1\n", "corpus.yaml:2: seed: -1 is out of range (0 to "),
    ("output: [a]\n", "corpus.yaml:2: output: a list where a text is wanted"),
    ("output: ''\n", "corpus.yaml:2: output: the text '' where a text is wanted"),
    ("\nsteps: pii\n", "corpus.yaml:3: steps: the text 'pii' where a list is wanted"),
    ("dedup:\n  over: survivor\n", "corpus.yaml:3: dedup.over: unknown 'survivor'; did you mean survivors?"),
    ("dedup:\n  steps:\n    - urls\n", "corpus.yaml:4: dedup.steps.0: unknown 'urls'; did you mean url?"),
    ("dedup: {steps: [exact, exact]}\n", "corpus.yaml:2: dedup.steps.1: exact twice"),
    ("dedup: {steps: [{url: {}, exact: {}}]}\n", "dedup.steps.0: 2 kinds of duplicates in one step"),
    ("dedup: {steps: [url: {preset: fineweb}]}\n", "dedup.steps.0.url.preset: unknown key (allowed: keep, scope)"),
    (
        "dedup: {steps: [url: {keep: [oldest]}]}\n",
        "url.keep.0: nothing is called oldest (quality, newest, longest, source, licence)",
    ),
    ("dedup: {steps: [minhash: {preset: fine}]}\n", "unknown 'fine'; did you mean fineweb? (allowed: fineweb, refi"),
    ("tokens: llama3\n", "corpus.yaml:2: tokens: the text 'llama3' where a mapping is wanted (allowed: tokenizer)"),
    ("tokens: {}\n", "corpus.yaml:2: tokens: tokenizer is missing"),
    ("tokens: {tokenizer: llama}\n", "corpus.yaml:2: tokens.tokenizer: unknown 'llama'; did you mean llama3?"),
    ("mixture: {groups: []}\n", "corpus.yaml:2: mixture: a mixture needs `tokens`"),
    (MIXTURE + "    - {name: a, target: 0.5}\n", "corpus.yaml:4: mixture.groups: the targets sum to 0.5"),
    (
        MIXTURE + "    - {name: a, target: 1.5}\n",
        "corpus.yaml:5: mixture.groups.0.target: 1.5 is out of range (0 to 1)",
    ),
    (MIXTURE + "    - {name: a}\n", "corpus.yaml:5: mixture.groups.0: target is missing (name, when, target)"),
    (MIXTURE + "    - {name: a, target: 0}\n" * 2, "corpus.yaml:6: mixture.groups.1: the group a twice"),
    (MIXTURE + "    - {name: other, target: 1}\n", "the group other is what matches no group"),
    (MIXTURE + "    - {name: a, when: {sources: [a]}, target: 1}\n", "sources: unknown key; did you mean source?"),
    (MIXTURE + "    - {name: a, when: {category: [a]}, target: 1}\n", "no step sets a category yet"),
    (
        MIXTURE + "    - {name: a, target: 1}\n  on_short: scal\n",
        "corpus.yaml:6: mixture.on_short: unknown 'scal'; did",
    ),
    (MIXTURE + "    - {name: a, target: 1}\n  max_epochs: 0\n", "mixture.max_epochs: 0 is out of range (at least 1)"),
    (MIXTURE + "    - {name: a, target: 1}\n  tokens: 1.5\n", "mixture.tokens: `1.5` where an integer is wanted"),
    ("limits: {document_byte: 1}\n", "limits.document_byte: unknown key; did you mean document_bytes?"),
    ("limits: {failed_fraction: 2}\n", "limits.failed_fraction: 2 is out of range (0 to 1)"),
    ("expect_kept: {02-refine: [0, 1]}\n", "expect_kept.02-refine: unknown key; did you mean 01-refine?"),
    ("expect_kept:\n  01-refine: [0.9, 0.1]\n", "corpus.yaml:3: expect_kept.01-refine: not [low, high]"),
    ("expect_kept: {01-refine: [0.9]}\n", "expect_kept.01-refine: not [low, high]"),
    ("engine: {name: sparks}\n", "engine.name: unknown 'sparks'; did you mean spark?"),
    ("engine: {workers: 0}\n", "engine.workers: 0 is out of range (at least 1)"),
    ("engine: {options: [a]}\n", "engine.options: a list where a mapping is wanted"),
]


@pytest.mark.parametrize(("text", "said"), BAD_SECTIONS)
def test_a_bad_section_is_said_with_its_line_and_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    message = complaint(tmp_path, text)
    assert said in message
    assert message.startswith("corpus.yaml:")


BAD_INPUTS = [
    ("", "corpus.yaml:1: nothing where a mapping is wanted (allowed: inputs, "),
    ("seed: 1\n", "corpus.yaml:1: inputs is missing"),
    ("inputs:\n", "corpus.yaml:1: inputs is empty"),
    ("inputs: []\n", "corpus.yaml:1: inputs: empty (at least one input is wanted)"),
    ("inputs: {source: web}\n", "corpus.yaml:1: inputs: a mapping where a list is wanted"),
    ("inputs:\n  - source: web\n", "corpus.yaml:2: inputs.0: path is missing"),
    ("inputs:\n  - source: web\n    path: []\n", "corpus.yaml:3: inputs.0.path: empty (at least 1 is wanted)"),
    ("inputs:\n  - source: web\n    paths: a\n", "corpus.yaml:3: inputs.0.paths: unknown key; did you mean path?"),
    ("inputs: [{source: 3, path: a}]\n", "inputs.0.source: YAML reads 3 as a number where a text is wanted"),
    ("inputs: [{source: a, path: b, format: json}]\n", "inputs.0.format: unknown 'json'; did you mean jsonl?"),
    ("inputs: [{source: a, path: b, extract: trafil}]\n", "unknown 'trafil'; did you mean trafilatura?"),
    ("inputs: [{source: a, path: b, ids: name}]\n", "inputs.0.ids: unknown 'name'; did you mean namespace?"),
    (
        "inputs: [{source: a, path: b, columns: {lang: l}}]\n",
        "inputs.0.columns.lang: unknown key; did you mean language",
    ),
    ("inputs:\n- {source: a, path: b}\n- {source: a, path: c}\n", "corpus.yaml:3: inputs.1: the source a twice"),
]


@pytest.mark.parametrize(("text", "said"), BAD_INPUTS)
def test_a_bad_input_is_said_with_its_line_and_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    assert said in complaint(tmp_path, inputs=text)
