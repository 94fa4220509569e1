"""Every open, listing and rename of the project: local files now, one place to add object stores."""

import contextlib
import errno
import glob
import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa

EDGE_BYTES = 64 * 1024  # of a file's beginning and end that its digest covers
DAMAGE = (
    pa.ArrowException,
    OSError,
    ValueError,
)  # what Arrow raises over bad bytes; ValueError: a name that is no UTF-8
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WriteError(Exception):
    """A file that could not be written: what it needed, and what there is."""


def _local(address: str) -> str:
    if "://" in address and not address.startswith("file://"):
        raise ValueError(f"{address}: only local files can be opened")
    return address.removeprefix("file://")


def open_input(address: str) -> pa.NativeFile:
    """A random-access file for reading: read, seek, tell, size."""
    return pa.OSFile(_local(address), "rb")


def list_glob(pattern: str) -> list[str]:
    """The files that `pattern` names, absolute and sorted; `**` crosses folders, hidden files only by name."""
    literal = [_local(pattern)] if Path(_local(pattern)).is_file() else None
    found = literal or glob.glob(_local(pattern), recursive=True)  # noqa: PTH207 - Path.glob refuses absolute patterns
    return sorted({os.path.normpath(Path(path).absolute()) for path in found if Path(path).is_file()})


def fixed_folder(pattern: str) -> str:
    """The deepest folder of `pattern` above its first wildcard, absolute."""
    whole = Path(os.path.normpath(Path(_local(pattern)).absolute()))
    named = [folder for folder in whole.parents if folder.is_dir() or not glob.has_magic(str(folder))]
    return str(named[0])


def raise_if_real(error: Exception) -> None:
    """Raise again what the system refused (it has an errno); Arrow says of bad bytes in a file the same OSError."""
    if isinstance(error, OSError) and error.errno is not None:
        raise error


def exists(address: str) -> bool:
    return Path(_local(address)).exists()


def size(address: str) -> int:
    return Path(_local(address)).stat().st_size


def digest(address: str) -> str:
    """SHA-256 of size, first and last 64 KiB: enough to see that an input was exchanged, at no cost."""
    with open_input(address) as file:
        whole = file.size()
        edges = file.read(EDGE_BYTES)
        file.seek(max(whole - EDGE_BYTES, 0))
        edges += file.read(EDGE_BYTES)
    return hashlib.sha256(str(whole).encode() + b"\0" + edges).hexdigest()


def read_bytes(address: str) -> bytes:
    with open_input(address) as file:
        return bytes(file.read())


def atomic_write(address: str, data: Any) -> None:
    """Write `data` (bytes or a buffer) under another name in the same folder, flush it to the disk, rename it.

    A reader sees the whole file or none; the temporary name never ends as the final one does.
    """
    final = Path(_local(address))
    temporary = final.with_name(f".{final.name}.{secrets.token_hex(8)}.tmp")
    try:
        final.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(final)
        _flush_folder(final.parent)
    except OSError as error:
        raise WriteError(_why_unwritten(final, len(memoryview(data)), error)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def remove_folder(address: str) -> None:
    """Everything below, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(_local(address))


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _why_unwritten(final: Path, needed: int, error: OSError) -> str:
    """One line with what is needed and what is free."""
    if error.errno not in NO_ROOM:
        return f"{final}: {error.strerror or error} ({needed:,} bytes to write)"
    standing = next(folder for folder in final.parents if folder.exists())
    free = shutil.disk_usage(standing).free
    return f"{final}: no room: {needed:,} bytes needed, {free:,} free ({error.strerror})"
