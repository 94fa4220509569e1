"""Who is at work in a run's folder: one run, or several different shards of its first pass."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOCK = ".lock"

Shard = tuple[int, int]  # I of N, from 1


class Occupied(Exception):
    """Another process is at work in the folder; one line that names it."""


@contextmanager
def alone(run: Path) -> Iterator[None]:
    """Hold the folder; the system lets go of it when the process ends, however it ends."""
    run.mkdir(parents=True, exist_ok=True)
    with (run / LOCK).open("a+") as lock:
        hold(run, lock, fcntl.LOCK_EX)
        yield


@contextmanager
def beside(run: Path, shard: Shard) -> Iterator[None]:
    """Share the folder with other shards; the same shard twice is refused, and so is a whole run beside one."""
    run.mkdir(parents=True, exist_ok=True)
    own = run / f"{LOCK}-{shard[0]}-of-{shard[1]}"
    with (run / LOCK).open("a+") as whole, own.open("a+") as lock:
        hold(run, whole, fcntl.LOCK_SH)
        hold(run, lock, fcntl.LOCK_EX)
        yield


def hold(run: Path, lock: IO[str], kind: int) -> None:
    """Take the lock or say who has it; who holds it alone writes who it is."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError as error:
        lock.seek(0)
        raise Occupied(f"{run}: {lock.read().strip() or 'another run'} is at work here") from error
    lock.truncate(0)
    lock.write(f"process {os.getpid()}")
    lock.flush()
