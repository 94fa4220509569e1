"""How often each 128-bit key was seen, over batches, units and ranges; which keys were seen too often."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.keys import Keys
from pipeline.text.kernel import kernel

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Counted:
    """Keys, each once or once for each unit that saw it: how often it was seen, and the smallest tie of who says it."""

    key: Keys
    count: NDArray[np.uint32]
    tie: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.count)

    def where(self, rows: NDArray[np.bool_]) -> "Counted":
        return Counted(self.key[rows], self.count[rows], self.tie[rows])

    @classmethod
    def together(cls, parts: "list[Counted]") -> "Counted":
        """End to end; nothing is summed."""
        nothing = cls(np.zeros((0, 2), np.uint64), np.zeros(0, np.uint32), np.zeros(0, np.uint64))
        whole = [nothing, *parts]
        key = np.concatenate([part.key for part in whole])
        return cls(key, np.concatenate([part.count for part in whole]), np.concatenate([part.tie for part in whole]))


@kernel
def settle(order: NDArray[np.int64], keys: Keys) -> NDArray[np.bool_]:
    """Sort each run of equal first halves by the second, nearly always one; returns where a key begins."""
    starts = np.ones(len(order), np.bool_)
    for i in range(1, len(order)):
        at = i
        while at > 0 and keys[order[at - 1], 0] == keys[order[at], 0] and keys[order[at - 1], 1] > keys[order[at], 1]:
            order[at - 1], order[at] = order[at], order[at - 1]
            at -= 1
    for i in range(1, len(order)):
        one, other = order[i - 1], order[i]
        starts[i] = keys[one, 0] != keys[other, 0] or keys[one, 1] != keys[other, 1]
    return starts


def in_order(keys: Keys) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The rows in the order of their keys, and which of them begins a key. One sort of the first halves: numpy's
    vector sort takes 60 ns a row where `lexsort` takes 300."""
    order = np.argsort(keys[:, 0])
    return order, settle(order, keys)


def merged(counted: Counted) -> Counted:
    """Each key once, in order: its counts summed, the smallest of its ties."""
    return summed(counted, *in_order(counted.key)) if len(counted) else counted


def summed(counted: Counted, order: NDArray[np.int64], starts: NDArray[np.bool_]) -> Counted:
    """Each key once, of rows that are in order."""
    begins = np.flatnonzero(starts)
    return Counted(
        counted.key[order[begins]],
        np.add.reduceat(counted.count[order], begins, dtype=np.uint32),
        np.minimum.reduceat(counted.tie[order], begins),
    )


def too_often(counted: Counted, more_than: int) -> tuple[NDArray[np.int64], Counted]:
    """The rows whose key was seen more than so often by all units together, and what all of them saw of it."""
    if not len(counted):
        return np.zeros(0, np.int64), counted
    order, starts = in_order(counted.key)
    whole = summed(counted, order, starts)
    group = np.cumsum(starts) - 1
    rows = np.flatnonzero(whole.count[group] > more_than)
    where = group[rows]
    return order[rows], Counted(whole.key[where], whole.count[where], whole.tie[where])


@kernel
def find(sorted_keys: Keys, keys: Keys, found: NDArray[np.int64]) -> None:
    """found[i]: the place of keys[i] among the sorted ones, NOWHERE where it is not there."""
    for i in range(len(keys)):
        low, high = 0, len(sorted_keys)
        while low < high:
            middle = (low + high) // 2
            is_below = sorted_keys[middle, 0] < keys[i, 0] or (
                sorted_keys[middle, 0] == keys[i, 0] and sorted_keys[middle, 1] < keys[i, 1]
            )
            low, high = (middle + 1, high) if is_below else (low, middle)
        same = low < len(sorted_keys) and sorted_keys[low, 0] == keys[i, 0] and sorted_keys[low, 1] == keys[i, 1]
        found[i] = low if same else NOWHERE


def places(sorted_keys: Keys, keys: Keys) -> NDArray[np.int64]:
    """Where each key stands among keys in order, NOWHERE where it does not."""
    found = np.full(len(keys), NOWHERE)
    if len(sorted_keys):
        find(sorted_keys, np.ascontiguousarray(keys), found)
    return found
