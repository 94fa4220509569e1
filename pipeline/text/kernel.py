"""`@kernel`: a Numba function without the GIL, compiled once and cached on disk."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., Any])

ROOT = Path(__file__).resolve().parents[2]


def sources_digest() -> str:
    """A digest of every file that defines a kernel.

    Numba notices a change in a kernel's own file but not in a kernel it imports
    (measured: stale code gave 2,867 wrong labels), so the cache's folder carries this digest.
    """
    digest = hashlib.sha256(numba.__version__.encode())
    for room in ("pipeline", "classifiers"):
        for path in sorted((ROOT / room).rglob("*.py")):
            code = path.read_bytes()
            if b"kernel" in code:
                digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + code)
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Beside the package where that can be written, otherwise in the user's cache."""
    if os.access(ROOT, os.W_OK):
        return ROOT / ".numba_cache" / sources_digest()
    return Path.home() / ".cache" / "gristmill" / "numba" / sources_digest()


if "NUMBA_CACHE_DIR" not in os.environ:
    numba.config.CACHE_DIR = str(cache_folder())


def kernel(function: Function) -> Function:
    """Compile `function` for the types it meets: no GIL, no Python objects, numpy's errors (x / 0 is inf or NaN)."""
    return cast(Function, numba.njit(nogil=True, cache=True, error_model="numpy")(function))


def inline(function: Function) -> Function:
    """A helper of kernels, pasted into its callers by LLVM."""
    return cast(Function, numba.njit(nogil=True, cache=True, error_model="numpy", forceinline=True)(function))
