"""How far a pass is: units done, rate, time left, by the parts that stand; the same on every engine."""

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HEARTBEAT_SECONDS = 5.0
LOOK_SECONDS = 0.5  # listing a folder of many thousand parts takes milliseconds

Talk = Callable[[str], None]


def to_stderr(line: str) -> None:
    """stdout is data, stderr is talk."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


@dataclass
class Progress:
    """The heartbeat of one pass. `weights`: each unit's bytes of input, by which the share done is told."""

    stage: str
    folder: Path
    weights: dict[int, int]
    talk: Talk
    began: float = field(default_factory=time.monotonic)
    seen: set[str] = field(default_factory=set)
    moved: float = field(default_factory=time.monotonic)
    looked: float = 0.0
    told: float = field(default_factory=time.monotonic)

    def beat(self) -> float:
        """Look at the folder, talk if it is time, and give the seconds since the last new part."""
        now = time.monotonic()
        if now - self.looked > LOOK_SECONDS:
            self.looked = now
            names = {path.name for path in self.folder.glob("part-*.parquet")}
            if names != self.seen:
                self.seen, self.moved = names, now
            if now - self.told > HEARTBEAT_SECONDS:
                self.told = now
                self.talk(self.line(now))
        return now - self.moved

    def line(self, now: float) -> str:
        """`01-refine  12/40 units, 31 %, 8.2 MB/s, 14 s left`: a unit of which a part stands counts as half done."""
        units = {int(name[5:10]) for name in self.seen} & set(self.weights)
        done = sum(self.weights[unit] for unit in units)
        whole, seconds = max(sum(self.weights.values()), 1), max(now - self.began, 1e-9)
        share = done / whole
        left = f"{seconds * (1 - share) / share:.0f} s left" if share else "time left not known yet"
        rate = f"{done / seconds / 1e6:.1f} MB/s"
        return f"{self.stage}  {len(units)}/{len(self.weights)} units, {share:.0%}, {rate}, {left}"


def found_done(stage: str, done: Sequence[int], units: Sequence[int], talk: Talk) -> None:
    """A resumed pass says what it found."""
    if done:
        talk(f"{stage}  {len(done)} of {len(units)} units stand already")
