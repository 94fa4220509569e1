"""Measuring: CPU time, the best of several rounds, in which the things measured take turns."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

ROUNDS = 5  # the machine's mood changes within a minute: what is compared runs close together
Work = Callable[[], object]


@dataclass(frozen=True)
class Row:
    """One line of the table, and of bench.json."""

    name: str
    mb_per_s: float
    r: float
    peer: str | None = None
    peer_ratio: float | None = None
    note: str = ""


def best_seconds(works: Mapping[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
    """CPU seconds of each, threads included; what the first call loads or compiles is not counted."""
    for work in works.values():
        work()
    best = dict.fromkeys(works, float("inf"))
    for _ in range(rounds):
        for name, work in works.items():
            started = time.process_time()
            work()
            best[name] = min(best[name], time.process_time() - started)
    return best
