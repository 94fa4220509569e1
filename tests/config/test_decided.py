"""What decides the output: the same for two configs that make the same corpus, another one otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import decided_by, load
from tests.config.writing import INPUTS, loaded

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "configs/sample.yaml"


def decided(*sets: str) -> dict[str, Any]:
    return decided_by(load(SAMPLE, sets))


def test_it_is_plain_json_without_paths() -> None:
    written = json.dumps(decided(), allow_nan=False)
    assert json.loads(written) == decided()
    assert str(ROOT) not in written


@pytest.mark.parametrize(
    "given",
    [
        "output=elsewhere",
        "engine={name: flink, workers: 9}",
        "expect_kept=null",
        "limits.failed_fraction=1",
        "limits.unit_seconds=5",
        "steps.3.gopher_quality.min_words=50",
        "steps.8.quality.model=sample",
        "inputs.0.path=elsewhere",
    ],
)
def test_what_makes_no_other_corpus_changes_nothing(given: str) -> None:
    assert decided(given) == decided()


@pytest.mark.parametrize(
    "given",
    [
        "seed=1",
        "tokens.tokenizer=qwen3",
        "limits.document_bytes=1",
        "inputs.5.columns={script: lang}",
        "inputs.0.extract=trafilatura",
        "inputs.1.ids=namespace",
        "steps.3.gopher_quality.min_words=51",
        "steps.3.when.language=[en, de]",
        "steps.8.over=all",
        "steps.1.url_blocklist.domains=[]",
        "dedup.over=all",
        "dedup.steps.2.minhash.keep=[longest]",
        "mixture.max_epochs=3",
        "mixture.groups.1.when.source=[stem, code]",
    ],
)
def test_what_makes_another_corpus_changes_it(given: str) -> None:
    assert decided(given) != decided()


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
