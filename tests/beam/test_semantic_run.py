"""A whole run with semantic dedup: noted by default, dropped where asked, shown and explained."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from pipeline.beam.plan import make_plan
from pipeline.cli import cli
from pipeline.config import load
from pipeline.report.explain import explain
from pipeline.report.story import story
from pipeline.stage import judge
from pipeline.storage.inputs import InputError
from tests.beam.small_chain import carry_out, digests, manifest, rows

CONFIG = """
inputs:
  - {source: notes, path: notes/*.parquet}
dedup:
  steps:
    - exact
    - semantic: {dimensions: 16, threshold: 0.9, keep: [longest]}
"""
TOPICS = ("mill river grain stone wheel flour", "court judge law appeal ruling bench", "cell gene protein enzyme virus")


def texts() -> Iterator[str]:
    """Documents of a topic's words in any order, so that some are near and no two are the same."""
    for number in range(36):
        chance = np.random.default_rng(number)
        words = chance.choice(TOPICS[number % 3].split(), 14).tolist()
        yield " ".join([*words, f"own{number}", f"also{number // 2}"])


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notes")
    (folder / "notes").mkdir()
    every = [{"id": f"n{number}", "text": text} for number, text in enumerate(texts())]
    for name, some in {"a": every[:20], "b": every[20:]}.items():
        table = pa.Table.from_pylist(some, schema=pa.schema({"id": pa.string(), "text": pa.string()}))
        pq.write_table(table, folder / "notes" / f"{name}.parquet")
    (folder / "config.yaml").write_text(CONFIG)
    return folder / "config.yaml"


@pytest.fixture(scope="module")
def noted(config: Path) -> Path:
    assert carry_out(config, config.parent / "noted").exit_code == 0
    return config.parent / "noted"


def test_by_default_neighbours_are_noted_and_all_stay(noted: Path) -> None:
    near = rows(noted / "02-dedup" / "semantic")
    assert 5 < len(near) < 36
    told = manifest(noted / "02-dedup")
    assert told["documents"]["kept"] == 36
    assert {part["path"].split("/")[0] for part in told["parts"]} == {"decisions", "semantic"}
    assert "<h2>Semantic neighbours</h2>" in (noted / "report.html").read_text()
    one = near[0]
    explained = explain(noted, one["id"])
    assert explained["outcome"] == "published"
    assert explained["semantic"]["nearest"] == one["nearest"]
    assert f"nearest {one['nearest']}, cosine {one['cosine']:.4f}" in story(explained)
    alone = next(iter({f"n{number}" for number in range(36)} - {row["id"] for row in near}))
    assert explain(noted, alone)["semantic"] is None


def test_what_would_go_goes_where_the_config_says_so(config: Path, noted: Path, tmp_path: Path) -> None:
    assert carry_out(config, tmp_path / "dropped", "dedup.steps.1.semantic.drop=true").exit_code == 0
    would = {row["id"]: row["keeper"] for row in rows(noted / "02-dedup" / "semantic") if row["keeper"]}
    gone = {row["id"]: row for row in rows(tmp_path / "dropped" / "02-dedup" / "decisions") if not row["keep"]}
    assert {id_: row["keeper"] for id_, row in gone.items()} == would
    assert {row["reason"] for row in gone.values()} == {"semantic.duplicate"}
    assert len(would) > 3
    assert manifest(tmp_path / "dropped")["documents"]["kept"] == 36 - len(would)


def test_the_same_run_writes_the_same_bytes(config: Path, noted: Path, tmp_path: Path) -> None:
    carry_out(config, tmp_path / "again", "engine.workers=2")
    assert digests(tmp_path / "again", "02-dedup") == digests(noted, "02-dedup")
    model = "02-dedup/semantic/model.safetensors"
    described = json.loads((noted / "02-dedup/semantic/model.json").read_bytes())
    assert described["documents"] == described["sampled"] == 36
    assert (tmp_path / "again" / model).read_bytes() == (noted / model).read_bytes()


def test_a_column_that_no_input_has_is_an_error_before_any_work(config: Path) -> None:
    step = "dedup.steps.1.semantic={embedding: column, column: vectors}"
    with pytest.raises(InputError, match="semantic: no input has the column vectors"):
        make_plan(load(config, [step]))


def test_stage_says_of_the_same_documents_what_the_run_does(config: Path, noted: Path) -> None:
    files = sorted(map(str, (config.parent / "notes").glob("*.parquet")))
    sets = [word for each in ("dimensions=16", "threshold=0.9", "keep=[longest]") for word in ("--set", each)]
    answered = CliRunner().invoke(cli, ["stage", "semantic", *sets, *files])
    assert answered.exit_code == 0, answered.output
    said = {line["id"]: line for line in map(json.loads, answered.stdout.splitlines())}
    assert [line["kept"] for line in said.values()] == [True] * 36
    told = {id_: line["semantic"] for id_, line in said.items() if "semantic" in line}
    names = ("group", "nearest", "cosine")
    assert told == {row["id"]: {name: row[name] for name in names} for row in rows(noted / "02-dedup" / "semantic")}


def test_stage_drops_where_it_is_asked_to() -> None:
    written = {"semantic": {"dimensions": 16, "threshold": 0.9, "keep": ["longest"], "drop": True}}
    gone = [answer for answer in judge(list(texts()), [written]) if not answer["kept"]]
    assert {reason for answer in gone for reason in answer["reasons"]} == {"semantic.duplicate"}
    assert all(answer["keeper"] not in {other["id"] for other in gone} for answer in gone)
    assert len(gone) > 3
