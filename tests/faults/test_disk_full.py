"""Fault 18: no room, or no leave to write. One line says what is needed and free; nothing half-written is left."""

import subprocess
import sys
from pathlib import Path

import pytest

WRITE = """
import resource, signal, sys
import pyarrow as pa
from pipeline.storage.files import WriteError
from pipeline.storage.write import write_part
limit = int(sys.argv[2])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
texts = [str(hash(str(number) * 3)) for number in range(100_000)]
try:
    write_part(sys.argv[1] + "/kept/part-00000-0000.parquet", pa.table({"text": texts}), {})
except WriteError as error:
    print(error)
"""


def write(folder: Path, limit: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WRITE, str(folder), str(limit)], capture_output=True, text=True, check=True
    )
    return done.stdout


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


def test_a_file_that_may_not_grow_leaves_nothing_and_says_what_it_needs(tmp_path: Path) -> None:
    said = write(tmp_path, 100_000)
    assert "part-00000-0000.parquet: no room: " in said
    assert "bytes needed" in said
    assert "free" in said
    assert names(tmp_path) == []


def test_a_full_disk_leaves_nothing_and_there_is_a_part_when_there_is_room(tmp_path: Path) -> None:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(tmp_path)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk needs leave to mount one")
    try:
        said = write(tmp_path, 0)
        assert "no room: " in said
        assert names(tmp_path) == []
        subprocess.run(["mount", "-o", "remount,size=20m", str(tmp_path)], capture_output=True, check=True)
        assert write(tmp_path, 0) == ""
        assert names(tmp_path) == ["part-00000-0000.parquet"]
    finally:
        subprocess.run(["umount", str(tmp_path)], capture_output=True, check=True)
