"""Estimates: what plan says of a whole input from the first MiB of some of its files is near what a run would count."""

import gzip
import json
import math
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.beam.estimate import estimate
from pipeline.beam.sampled import Sampled
from pipeline.config import load
from tests.beam.small_chain import prose
from tests.extract.archives import http, members, record

DOCUMENTS = 1800  # of 1,600 bytes each: three batches of a sample's size
TEXTS = [prose(f"document {number}", 150) for number in range(DOCUMENTS)]


def as_jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))


def as_gzip(path: Path) -> None:
    path.write_bytes(gzip.compress("".join(json.dumps({"text": text}) + "\n" for text in TEXTS).encode()))


def as_parquet(path: Path) -> None:
    pq.write_table(pa.table({"text": TEXTS}), path, compression="zstd")


def as_warc(path: Path) -> None:
    """Pages with as much markup that compresses badly as text: bytes of text say little of bytes of file."""
    pages = []
    for number, text in enumerate(TEXTS):
        page = f"<html><head><style>{prose(f'style {number}', 150)}</style></head><body><p>{text}</p></body></html>"
        pages.append(record(http(page.encode()), WARC_Target_URI=f"http://example.org/{number}"))
    path.write_bytes(members(*pages))


WRITERS = {"a.jsonl": as_jsonl, "a.jsonl.gz": as_gzip, "a.parquet": as_parquet, "a.warc.gz": as_warc}


@pytest.mark.parametrize("name", WRITERS)
def test_documents_and_bytes_are_estimated_from_the_files_bytes_that_were_read(name: str, tmp_path: Path) -> None:
    write: Callable[[Path], None] = WRITERS[name]
    write(tmp_path / name)
    (tmp_path / "plan.yaml").write_text(f"inputs: [{{source: web, path: {name}}}]\n")
    told = estimate(load(tmp_path / "plan.yaml", []))["sources"]["web"]
    assert told["sampled_documents"] < DOCUMENTS / 2
    assert told["documents"] == pytest.approx(DOCUMENTS, rel=0.05)
    assert told["text_bytes"] == pytest.approx(sum(map(len, TEXTS)), rel=0.05)


def test_the_documents_of_parquet_are_counted_however_large_those_are_that_were_read(tmp_path: Path) -> None:
    """The first rows are short and the last are long: by bytes the first batch would stand for far too many."""
    texts = [prose(f"document {number}", 20 + number) for number in range(900)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "a.parquet", row_group_size=200)
    (tmp_path / "plan.yaml").write_text("inputs: [{source: web, path: a.parquet}]\n")
    told = estimate(load(tmp_path / "plan.yaml", []))
    assert told["sources"]["web"]["sampled_documents"] < 600
    assert (told["estimate"]["documents"], told["estimate"]["documents_give_or_take"]) == (900, 0)


def test_files_that_differ_leave_the_number_open_and_the_plan_says_by_how_much(tmp_path: Path) -> None:
    whole = 0
    for number in range(12):
        texts = [prose(f"{number} {each}", 60 if number % 2 else 150) for each in range(1500)]
        whole += len(texts)
        lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
        (tmp_path / f"{number:02}.jsonl").write_text(lines)
    (tmp_path / "plan.yaml").write_text("inputs: [{source: web, path: '*.jsonl'}]\n")
    told = estimate(load(tmp_path / "plan.yaml", []))["estimate"]
    assert 0 < told["documents_give_or_take"] < whole / 2
    assert abs(told["documents"] - whole) <= told["documents_give_or_take"]


def test_one_file_read_in_part_says_little_of_the_others_and_a_whole_one_all_of_itself() -> None:
    sums = Sampled(weight=1000, sampled=100, documents=10, units=[(100, 10)])
    assert sums.error == pytest.approx(0.5 * 0.1 * 900)
    assert Sampled(weight=100, sampled=100, documents=10, units=[(100, 10)]).error == 0
    two = Sampled(weight=400, sampled=200, documents=30, units=[(100, 10), (100, 20)])
    assert two.error == pytest.approx(2 * math.sqrt((25 + 25) * 2 * (1 - 0.5)))


def test_files_of_another_ending_are_sampled_apart(tmp_path: Path) -> None:
    as_jsonl(tmp_path / "a.jsonl")
    as_gzip(tmp_path / "b.jsonl.gz")
    (tmp_path / "plan.yaml").write_text("inputs: [{source: web, path: '*.jsonl*'}]\n")
    assert estimate(load(tmp_path / "plan.yaml", []))["estimate"]["documents"] == pytest.approx(2 * DOCUMENTS, rel=0.05)
