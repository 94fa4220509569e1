"""Fault 3: little files that become large. Limits hold while reading: under 2 GB of memory, each is one failed row."""

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.storage.limits import Limits
from tests.storage.reading import documents, read_all, web, write_jsonl, write_parquet

MEMORY_BYTES = 2 << 30
GOOD = b'{"id": "good", "text": "fine"}\n'
READ = """
import json, sys
from pathlib import Path
from tests.storage.reading import read_all, web
everything = read_all(web(Path(sys.argv[1])))
status = Path("/proc/self/status").read_text()  # ru_maxrss would count the parent's memory too
peak = int(status.split("VmHWM:")[1].split()[0]) * 1024
failed = [(failure.error, len(failure.payload)) for failure in everything.failed]
print(json.dumps({"rows": len(everything.rows), "failed": failed, "peak": peak}))
"""


def gzip_of_100_mb(path: Path) -> None:
    path.write_bytes(gzip.compress(b'{"text": "' + bytes([97]) * 100_000_000 + b'"}\n', mtime=0))


def document_of_100_mb(path: Path) -> None:
    path.write_bytes(GOOD + b'{"text": "' + b"word " * 20_000_000 + b'"}\n' + GOOD)


def line_of_1_gb(path: Path) -> None:
    with path.open("wb") as file:
        file.write(GOOD)
        for _ in range(1000):
            file.write(b"a" * 1_000_000)
        file.write(b"\n" + GOOD)


def parquet_of_one_page(path: Path) -> None:
    write_parquet(
        path, {"text": ["a" * 500_000_000]}, compression="brotli", use_dictionary=False, write_statistics=False
    )


def parquet_of_one_repeated_text(path: Path) -> None:
    write_parquet(path, {"text": ["a" * 1_000_000] * 500}, compression="brotli", write_statistics=False)


def parquet_of_nulls(path: Path) -> None:
    write_parquet(path, {"text": pa.nulls(30_000_000, pa.string())})


@pytest.mark.parametrize(
    ("name", "make", "rows", "error"),
    [
        ("a.jsonl.gz", gzip_of_100_mb, 0, "expands to more than 200 times its size"),
        ("a.jsonl", document_of_100_mb, 2, "the text is over the limit of 20,000,000 bytes"),
        ("a.jsonl", line_of_1_gb, 2, "a line of 1,000,000,000 bytes is over the limit"),
        ("a.parquet", parquet_of_one_page, 0, "a page expands to 500,000,0"),
        ("a.parquet", parquet_of_one_repeated_text, 0, "expands to more than 200 times its size"),
        ("a.parquet", parquet_of_nulls, 0, "30,000,000 rows in "),
    ],
)
def test_a_bomb_is_one_failed_row_in_little_memory(
    tmp_path: Path, name: str, make: Callable[[Path], None], rows: int, error: str
) -> None:
    make(tmp_path / name)
    done = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path / name)], capture_output=True, text=True, check=True, timeout=300
    )
    (tmp_path / name).unlink()
    said = json.loads(done.stdout)
    assert said["peak"] < MEMORY_BYTES
    assert said["rows"] == rows
    assert len(said["failed"]) == 1
    assert error in said["failed"][0][0]
    assert said["failed"][0][1] <= 1024


def test_a_stream_keeps_what_it_gave_before_it_grew_too_far(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "a.jsonl.gz", [*documents(10), *[{"text": "x" * 10_000}] * 1000])
    everything = read_all(web(path), limits=Limits(expansion=100, expansion_free_bytes=1_000_000))
    assert everything.ids[:10] == [f"d{number}" for number in range(10)]
    assert [failure.error for failure in everything.failed] == ["expands to more than 100 times its size"]


def test_prefixes_that_repeat_are_held_to_the_limit(tmp_path: Path) -> None:
    texts = ["a" * 1_000_000] * 200
    path = write_parquet(
        tmp_path / "a.parquet", {"text": texts}, use_dictionary=False, column_encoding={"text": "DELTA_BYTE_ARRAY"}
    )
    everything = read_all(web(path))
    assert len(everything.rows) < 100
    assert ["expands to more than" in failure.error for failure in everything.failed] == [True]
