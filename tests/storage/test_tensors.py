"""Tensors come back as they were written, and only those."""

import json
from pathlib import Path

import numpy as np
import pytest

from pipeline.storage.tensors import DESCRIPTION, TENSORS, TensorsError, load_tensors, save_tensors

WRITTEN = {"b": np.arange(6, dtype=np.float32).reshape(2, 3).T, "a": np.array([1.5])}


def test_what_was_written_comes_back_and_its_digest_is_described(tmp_path: Path) -> None:
    digest = save_tensors(tmp_path, WRITTEN, {"kind": "x"})
    read = load_tensors(tmp_path, digest)
    assert {name: tensor.tolist() for name, tensor in read.items()} == {k: v.tolist() for k, v in WRITTEN.items()}
    described = json.loads((tmp_path / DESCRIPTION).read_text())
    assert (described["kind"], described["weights"]["sha256"]) == ("x", digest)
    assert save_tensors(tmp_path / "again", dict(reversed(WRITTEN.items())), {"kind": "x"}) == digest


def test_other_bytes_are_refused_by_name(tmp_path: Path) -> None:
    digest = save_tensors(tmp_path, WRITTEN, {})
    whole = (tmp_path / TENSORS).read_bytes()
    (tmp_path / TENSORS).write_bytes(whole[:-1] + b"\xff")
    with pytest.raises(TensorsError, match=f"{TENSORS}: SHA-256 is"):
        load_tensors(tmp_path, digest)
    (tmp_path / TENSORS).unlink()
    with pytest.raises(TensorsError, match=f"{TENSORS}: cannot be read"):
        load_tensors(tmp_path, digest)
