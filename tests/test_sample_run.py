"""The sample corpus end to end: every stage has real work on it, and the published folder opens elsewhere."""

import fcntl
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipeline.attribution import shapley
from pipeline.beam.estimate import estimate
from pipeline.beam.run import run
from pipeline.config import load

ROOT = Path(__file__).parents[1]
STAGES = ("01-refine", "02-dedup", "03-mixture")
RULE_SETS = ("gopher_quality", "gopher_repetition", "c4_quality", "fineweb_quality")
SHUFFLED_BYTES = 400  # for each document: keys and addresses
OPEN = """
import sys, datasets
found = datasets.load_dataset(sys.argv[1])
print({name: part.num_rows for name, part in found.items()}, sorted(found["train"].features)[:3])
"""


@pytest.fixture(scope="module")
def sample_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One run for all test workers: the second finds it done."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    output = shared / "sample-run"
    with (shared / "sample-run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run(load(ROOT / "configs/sample.yaml", [f"output={output}"]), talk=lambda _line: None)
    assert result.exit_code == 0, "the broken shards are within the config's failed_fraction"
    return output


@pytest.fixture(scope="module")
def data(sample_run: Path) -> list[dict[str, Any]]:
    columns = ["id", "source", "language", "tokens", "quality", "copies"]
    tables = [pq.read_table(path, columns=columns) for path in sorted((sample_run / "data").glob("*"))]
    return [row for table in tables for row in table.to_pylist()]


def manifest(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    return read


@pytest.mark.parametrize("name", RULE_SETS)
def test_every_rule_set_drops_something(sample_run: Path, name: str) -> None:
    reasons = manifest(sample_run / "01-refine")["reasons"]
    assert sum(counts["any"] for reason, counts in reasons.items() if reason.startswith(f"{name}.")) > 0


@pytest.mark.parametrize("kind", ["url.older", "exact.duplicate", "minhash.duplicate"])
def test_every_dedup_step_finds_something(sample_run: Path, kind: str) -> None:
    assert manifest(sample_run / "02-dedup")["reasons"][kind]["any"] > 0


@pytest.mark.parametrize("kind", ["reasons", "steps"])
@pytest.mark.parametrize("counted", ["documents", "text_bytes"])
def test_fair_shares_of_the_whole_run_add_up_to_what_was_dropped_exactly(
    sample_run: Path, kind: str, counted: str
) -> None:
    told = manifest(sample_run)
    assert sum(shapley(taken)[counted] for taken in told[kind].values()) == told[counted]["dropped"]


def test_blocked_pages_edited_lines_and_broken_shards_are_there(sample_run: Path) -> None:
    told = manifest(sample_run / "01-refine")
    assert [name for name in told["reasons"] if name.startswith("url_blocklist.")]
    assert told["text_bytes"]["removed"] > 0
    failed = [row for path in (sample_run / "01-refine/failed").glob("*") for row in pq.read_table(path).to_pylist()]
    assert {"web/web/crawl-00003.warc.gz", "stem/stem/stem-00001.jsonl"} <= {row["file"] for row in failed}


def test_more_than_500_documents_in_30_languages_are_published(data: list[dict[str, Any]]) -> None:
    assert len(data) > 500
    assert len({row["id"] for row in data}) == len(data)
    languages = {row["language"] for row in data if re.fullmatch("[a-z]{2,3}", row["language"] or "")}
    assert len(languages) >= 30
    assert {row["source"] for row in data} == {"web", "blogs", "books", "code", "stem", "multilingual"}


def test_every_document_is_counted_and_some_are_scored(data: list[dict[str, Any]]) -> None:
    assert all(row["tokens"] > 0 and row["copies"] >= 1 for row in data)
    assert Counter(0 < row["quality"] < 1 for row in data if row["quality"] is not None)[True] > 0


def test_the_mixture_meets_its_targets(sample_run: Path, data: list[dict[str, Any]]) -> None:
    told = manifest(sample_run)["mixture"]
    total = sum(row["tokens"] * row["copies"] for row in data)
    slack = len(told) * max(row["tokens"] for row in data) / total
    assert sum(group["tokens"] for group in told.values()) == total
    assert all(abs(group["achieved"] - group["target"]) < slack for group in told.values())


@pytest.mark.parametrize("stage", [*STAGES, "."])
def test_documents_and_bytes_balance(sample_run: Path, stage: str) -> None:
    told = manifest(sample_run / stage)
    documents, text = told["documents"], told["text_bytes"]
    assert documents["in"] == documents["kept"] + documents["dropped"] + documents["failed"]
    assert text["in"] + text["added"] == text["kept"] + text["dropped"] + text["removed"] + text["failed"]


def test_plan_foretells_the_documents_within_three_in_a_hundred(sample_run: Path) -> None:
    told = estimate(load(ROOT / "configs/sample.yaml", []))["estimate"]
    there = manifest(sample_run / "01-refine")["documents"]["in"]
    assert told["documents"] == pytest.approx(there, rel=0.03)
    assert abs(told["documents"] - there) <= told["documents_give_or_take"] < 0.1 * there


def test_only_keys_and_addresses_cross_a_shuffle(sample_run: Path) -> None:
    shuffled = sum(manifest(sample_run / stage)["shuffled_bytes"] for stage in STAGES)
    assert 0 < shuffled / manifest(sample_run / "01-refine")["documents"]["kept"] <= SHUFFLED_BYTES


def test_datasets_opens_the_folder_through_its_card(sample_run: Path, tmp_path: Path) -> None:
    offline = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    words = [sys.executable, "-c", OPEN, str(sample_run)]
    opened = subprocess.run(words, env=offline, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert opened.returncode == 0, opened.stderr[-2000:]
    assert f"'train': {manifest(sample_run)['documents']['kept']}" in opened.stdout


def test_the_report_shows_pictures_and_holds_no_script(sample_run: Path) -> None:
    html = (sample_run / "report.html").read_text(encoding="utf-8").lower()
    assert "<svg" in html
    assert "<script" not in html
