"""Manifests: written last and whole; a reader trusts only the parts that one names."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.storage import files

MANIFEST = "manifest.json"


class ManifestError(Exception):
    """A manifest, or a part that it names, that is not there or not as it was written."""


def write_json_atomically(path: Path | str, value: Mapping[str, Any] | Sequence[Any]) -> None:
    """Whole or not at all; the same value gives the same bytes."""
    files.atomic_write(str(path), (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode())


def read_manifest(folder: Path | str) -> dict[str, Any]:
    """The folder's manifest; its absence is an error, since nothing was published there then."""
    path = Path(folder) / MANIFEST
    try:
        value = json.loads(files.read_bytes(str(path)))
    except FileNotFoundError as error:
        raise ManifestError(f"{path}: no manifest, so nothing was finished here") from error
    except ValueError as error:
        raise ManifestError(f"{path}: no JSON: {error}") from error
    if not isinstance(value, dict) or not isinstance(value.get("parts"), list):
        raise ManifestError(f"{path}: no manifest: an object with `parts` is wanted")
    return value


def named_parts(folder: Path | str, kind: str | None = None) -> list[Path]:
    """The parts that the folder's manifest names, in its order; of one kind (`kept`), or all."""
    listed = read_manifest(folder)["parts"]
    return [_checked(Path(folder), part) for part in listed if kind is None or part["path"].split("/")[0] == kind]


def read_parts(folder: Path | str, kind: str, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
    """The tables of those parts, one after the other, page checksums verified."""
    for path in named_parts(folder, kind):
        with files.open_input(str(path)) as file:
            yield pq.read_table(file, columns=columns, page_checksum_verification=True)


def check_parts(folder: Path | str) -> None:
    """Read every named part and compare its SHA-256: any flipped bit is found."""
    for part in read_manifest(folder)["parts"]:
        path = _checked(Path(folder), part)
        if hashlib.sha256(files.read_bytes(str(path))).hexdigest() != part["sha256"]:
            raise ManifestError(f"{path}: its bytes are not those that the manifest names")


def _checked(folder: Path, part: Mapping[str, Any]) -> Path:
    """The part's path, which must stay in the folder, exist, and have its size."""
    path = folder / str(part["path"])
    if not path.resolve().is_relative_to(folder.resolve()):
        raise ManifestError(f"{path}: a part outside of its manifest's folder")
    if not files.exists(str(path)):
        raise ManifestError(f"{path}: named in the manifest and missing")
    if files.size(str(path)) != part["bytes"]:
        raise ManifestError(f"{path}: {files.size(str(path))} bytes, the manifest says {part['bytes']}")
    return path
