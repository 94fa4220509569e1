"""Groups of the mixture: the first one whose `when` a document matches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

OTHER = "other"  # the group of what matches none; its target is 0


@dataclass(frozen=True)
class Group:
    """`when`: column -> the values that match; every column must. Without `when` all documents match."""

    name: str
    target: float
    when: Mapping[str, Sequence[str]] = field(default_factory=dict)


def matches(group: Group, columns: Mapping[str, pa.Array], documents: int) -> NDArray[np.bool_]:
    """Which documents the group's `when` is true of; a null matches nothing."""
    true = np.ones(documents, np.bool_)
    for name, values in group.when.items():
        member = pc.is_in(columns[name], pa.array(values, columns[name].type))
        true &= member.to_numpy(zero_copy_only=False)
    return true


def assign(groups: Sequence[Group], columns: Mapping[str, pa.Array], documents: int) -> NDArray[np.int32]:
    """The number of each document's group; len(groups) is `other`."""
    number = np.full(documents, len(groups), np.int32)
    for place in reversed(range(len(groups))):
        number[matches(groups[place], columns, documents)] = place
    return number


def columns_of(groups: Sequence[Group]) -> list[str]:
    """The document columns that the groups read."""
    return sorted({name for group in groups for name in group.when})
