"""Evaluation files: what is read alike, and what is refused with a line that names the file."""

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.calibrate.benchmarks import load
from pipeline.filters.benchmarks import BenchmarkError

ROWS = [
    {"id": "a", "question": "Which mill?", "choices": ["wind", "water"]},
    {"id": "b", "question": "", "choices": []},
]
LINES = "\n".join(map(json.dumps, ROWS))


def test_json_lines_compressed_or_not_and_parquet_hold_the_same_examples(tmp_path: Path) -> None:
    (tmp_path / "plain.jsonl").write_text(LINES + "\n\n")
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "table.parquet")
    read = load([str(tmp_path / name) for name in ("plain.jsonl", "packed.jsonl.gz", "table.parquet")])
    assert [one.name for one in read.files] == ["plain", "packed", "table"]
    for one in read.files:
        assert [dict(row) for row in one.rows] == ROWS
    assert read.examples(["question", "choices"]).texts == ["Which mill?\nwind\nwater", ""] * 3


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.jsonl", b'{"question": 1}\n{"question": \n', "a.jsonl:2: no JSON"),
        ("a.jsonl", b"[1]\n", "a.jsonl:1: list, not an object"),
        ("a.jsonl", b"\n", "a.jsonl: no examples"),
        ("a.csv", b"question\n", "a.csv: evaluation examples are read from"),
        ("a.parquet", b"PAR1", "a.parquet: "),
        ("a.jsonl.gz", gzip.compress(LINES.encode(), mtime=0)[:-20], "a.jsonl.gz: "),
    ],
)
def test_what_cannot_be_read_whole_is_refused(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BenchmarkError) as raised:
        load([str(tmp_path / name)])
    assert says in str(raised.value)


def test_no_file_is_refused() -> None:
    with pytest.raises(BenchmarkError, match="no files"):
        load([])


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.jsonl").write_text(LINES)
    with pytest.raises(BenchmarkError, match="two benchmarks of one name"):
        load([str(tmp_path / folder / "a.jsonl") for folder in ("one", "other")])
