"""Manifests: only what they name is read, and what they name must be as they say."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.storage.manifest import (
    ManifestError,
    check_parts,
    named_parts,
    read_manifest,
    read_parts,
    write_json_atomically,
)
from pipeline.storage.write import write_part


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pass with two parts that its manifest names, and one that it does not."""
    records = [
        write_part(tmp_path / kind / "part-00000-0000.parquet", pa.table({"text": [kind]}), {})
        for kind in ("kept", "dropped")
    ]
    write_json_atomically(tmp_path / "manifest.json", {"parts": [dataclasses.asdict(record) for record in records]})
    write_part(tmp_path / "kept" / "part-00001-0000.parquet", pa.table({"text": ["a stranger"]}), {})
    return tmp_path


def named(folder: Path, **changed: Any) -> None:
    manifest = read_manifest(folder)
    manifest["parts"][0] |= changed
    write_json_atomically(folder / "manifest.json", manifest)


def test_only_named_parts_are_read(folder: Path) -> None:
    assert [table["text"].to_pylist() for table in read_parts(folder, "kept")] == [["kept"]]
    assert [path.name for path in named_parts(folder)] == ["part-00000-0000.parquet"] * 2
    check_parts(folder)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"path": "kept/part-00009-0000.parquet"}, "named in the manifest and missing"),
        ({"path": "../elsewhere.parquet"}, "outside of its manifest's folder"),
        ({"bytes": 3}, "the manifest says 3"),
        ({"sha256": "00"}, "not those that the manifest names"),
    ],
)
def test_a_part_that_is_not_as_named_is_an_error(folder: Path, changed: dict[str, Any], message: str) -> None:
    named(folder, **changed)
    with pytest.raises(ManifestError, match=message):
        check_parts(folder)


@pytest.mark.parametrize(
    ("content", "message"), [(None, "nothing was finished here"), ("{", "no JSON"), ("[]", "an object with `parts`")]
)
def test_what_is_no_manifest_is_an_error(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(ManifestError, match=message):
        read_manifest(tmp_path)


def test_json_is_written_whole(tmp_path: Path) -> None:
    write_json_atomically(tmp_path / "plan.json", {"ü": [1, None]})
    assert json.loads((tmp_path / "plan.json").read_text(encoding="utf-8")) == {"ü": [1, None]}
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]
