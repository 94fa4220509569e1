"""A fitted model in two files: tensors as safetensors, and beside them JSON that pins their SHA-256. No pickle."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load, save

from pipeline.storage import files

TENSORS, DESCRIPTION = "model.safetensors", "model.json"

Tensors = dict[str, NDArray[Any]]


class TensorsError(ValueError):
    """Tensors that are not those which were written; the message names the file."""


def save_tensors(folder: Path, tensors: Mapping[str, NDArray[Any]], description: Mapping[str, Any]) -> str:
    """Write both files, the description last; gives the tensors' SHA-256. Equal ones give equal bytes."""
    data = save({name: np.ascontiguousarray(tensor) for name, tensor in sorted(tensors.items())})
    digest = hashlib.sha256(data).hexdigest()
    files.atomic_write(str(folder / TENSORS), data)
    facts = {**description, "weights": {"file": TENSORS, "bytes": len(data), "sha256": digest}}
    files.atomic_write(str(folder / DESCRIPTION), (json.dumps(facts, indent=2, sort_keys=True) + "\n").encode())
    return digest


def load_tensors(folder: Path, digest: str) -> Tensors:
    """The tensors of this SHA-256. Raises TensorsError where the file holds others."""
    path = folder / TENSORS
    try:
        data = files.read_bytes(str(path))
    except OSError as error:
        raise TensorsError(f"{path}: cannot be read: {error}") from error
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise TensorsError(f"{path}: SHA-256 is {found}, {digest} was written")
    try:
        return load(data)
    except SafetensorError as error:
        raise TensorsError(f"{path}: not a safetensors file: {error}") from error
