"""What decides the output: the same for two configs that make the same corpus, another one otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import decided_by
from tests.config.writing import INPUTS, loaded

CORPUS = """
steps:
  - language
  - gopher_quality: {stop_words: [the]}
    when: {source: [web], language: [en]}
  - url_blocklist: {domains: [blocked.txt]}
  - quality: {min: 0.1}
    over: survivors
dedup:
  steps: [url, exact, minhash]
mixture:
  groups:
    - {name: web, when: {source: [web]}, target: 1}
tokens: {tokenizer: llama3}
"""


def decided(folder: Path, *sets: str) -> dict[str, Any]:
    (folder / "blocked.txt").write_text("example.com\n", encoding="utf-8")
    return decided_by(loaded(folder, CORPUS, sets))


def test_it_is_plain_json_without_paths(tmp_path: Path) -> None:
    written = json.dumps(decided(tmp_path), allow_nan=False)
    assert json.loads(written) == decided(tmp_path)
    assert str(tmp_path) not in written


def test_lists_models_and_presets_stand_in_it_by_what_they_are(tmp_path: Path) -> None:
    steps = {step["rule"]: step["parameters"] for step in decided(tmp_path)["steps"]}
    found = steps["language"]["model"], steps["quality"]["model"], steps["url_blocklist"]["domains"][0]
    assert [len(digest) for digest in found] == [64, 64, 64]
    assert decided(tmp_path)["dedup"]["steps"][2]["how"]["scheme"]["bands"] == 14


@pytest.mark.parametrize(
    "given",
    [
        "output=elsewhere",
        "engine={name: flink, workers: 9}",
        "expect_kept=null",
        "limits.failed_fraction=1",
        "limits.unit_seconds=5",
        "steps.1.gopher_quality.min_words=50",
        "steps.3.quality.model=sample",
        "inputs.0.path=elsewhere",
    ],
)
def test_what_makes_no_other_corpus_changes_nothing(tmp_path: Path, given: str) -> None:
    assert decided(tmp_path, given) == decided(tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        "seed=1",
        "tokens.tokenizer=qwen3",
        "limits.document_bytes=1",
        "inputs.0.columns={script: lang}",
        "inputs.0.extract=trafilatura",
        "inputs.0.ids=namespace",
        "steps.1.gopher_quality.min_words=51",
        "steps.1.when.language=[en, de]",
        "steps.3.over=all",
        "steps.2.url_blocklist.domains=[]",
        "dedup.over=all",
        "dedup.steps.2.minhash.keep=[longest]",
        "mixture.max_epochs=3",
        "mixture.groups.0.when.source=[web, code]",
    ],
)
def test_what_makes_another_corpus_changes_it(tmp_path: Path, given: str) -> None:
    assert decided(tmp_path, given) != decided(tmp_path)


def test_a_list_counts_by_its_content_not_by_its_place(tmp_path: Path) -> None:
    step = "steps:\n  - url_blocklist: {domains: [NAME.txt]}\n"
    for name, content in (("one", "a.com\n"), ("same", "a.com\n"), ("other", "b.com\n")):
        (tmp_path / f"{name}.txt").write_text(content, encoding="utf-8")
    one, same, other = (decided_by(loaded(tmp_path, step.replace("NAME", name))) for name in ("one", "same", "other"))
    assert one == same
    assert one != other


def test_the_order_of_inputs_decides_nothing(tmp_path: Path) -> None:
    entries = INPUTS.strip().removeprefix("inputs: [").removesuffix("]"), "{source: a, path: b, ids: namespace}"
    orders = [f"inputs: [{', '.join(order)}]\n" for order in (entries, entries[::-1])]
    first, second = (decided_by(loaded(tmp_path, inputs=inputs)) for inputs in orders)
    assert json.dumps(first, sort_keys=True) == json.dumps(second, sort_keys=True)
