"""Which document of a cluster survives: preferences as numbers, ties by the id's hash, keepers followed to the end."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numba import uint64
from numpy.typing import NDArray

from pipeline.dedup.clusters import Addresses
from pipeline.text.kernel import inline, kernel
from pipeline.text.layer import Text
from pipeline.text.utf8 import Data

Preferences = NDArray[np.uint64]  # [m, k]: the larger survives, the first column decides first; 0 is a missing value

Policy = str | tuple[str, tuple[str, ...]]  # a name of POLICIES, or one of RANKED with its order, first the best

DATE_DIGITS = 18  # of an RFC 3339 date: to the ten-thousandth of a second, below 2^64
SIGN = np.uint64(1 << 63)


def by_number(column: pa.Array) -> NDArray[np.uint64]:
    """Order-preserving: the bits of a float, of a negative one turned over; null and NaN are 0."""
    numbers = column.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False) + 0.0  # -0 is 0
    bits = numbers.view(np.uint64)
    ordered = np.where(bits & SIGN, ~bits, bits | SIGN)
    return np.where(np.isnan(numbers), np.uint64(0), ordered)


@inline
def date_number(data: Data, start: int, stop: int) -> np.uint64:
    """The digits of a date up to its zone, as many as DATE_DIGITS, filled with zeros; 0 where it has no full year."""
    value, digits = uint64(0), 0
    for at in range(start, stop):
        letter = data[at]
        if letter == ord("Z") or letter == ord("+") or digits == DATE_DIGITS:
            break
        if ord("0") <= letter <= ord("9"):
            value = value * uint64(10) + uint64(letter - ord("0"))
            digits += 1
    if digits < 4:
        return uint64(0)
    for _ in range(digits, DATE_DIGITS):
        value *= uint64(10)
    return value


@kernel
def fill_dates(data: Data, start: NDArray[np.int64], stop: NDArray[np.int64], numbers: NDArray[np.uint64]) -> None:
    """The number of each date data[start:stop]."""
    for i in range(len(start)):
        numbers[i] = date_number(data, start[i], stop[i])


def by_date(column: pa.Array) -> NDArray[np.uint64]:
    """Order-preserving for RFC 3339 dates in UTC, of any precision; null and what is no date are 0."""
    text = Text.from_arrow(column)
    numbers = np.empty(len(text), np.uint64)
    fill_dates(text.data, text.start, text.stop, numbers)
    return numbers


def by_order(column: pa.Array, order: Sequence[str]) -> NDArray[np.uint64]:
    """Larger for a value that stands earlier in `order`; 0 for one that does not stand there, and for null."""
    place = pc.index_in(column.cast(pa.string()), pa.array(order, pa.string()))
    return (len(order) - pc.fill_null(place, len(order)).to_numpy(zero_copy_only=False)).astype(np.uint64)


POLICIES: Mapping[str, tuple[str, Callable[[pa.Array], NDArray[np.uint64]]]] = {
    "quality": ("quality", by_number),
    "newest": ("date", by_date),
    "longest": ("text_bytes", by_number),
}
RANKED: Mapping[str, str] = {"source": "source", "licence": "licence"}  # policies that are given an order of values
DEFAULTS: Mapping[str, Sequence[str]] = {  # the policy of a dedup step that names none
    "url": ("newest",),
    "exact": (),
    "minhash": ("quality", "longest"),
    "semantic": ("quality", "longest"),
}


def columns_of(keep: Sequence[Policy]) -> list[str]:
    """The document columns that a policy reads; an unknown name is an error."""
    unknown = [policy for policy in keep if not isinstance(policy, tuple) and policy not in POLICIES]
    if unknown:
        raise ValueError(f"keep: nothing is called {unknown[0]} ({', '.join((*POLICIES, *RANKED))})")
    return [RANKED[policy[0]] if isinstance(policy, tuple) else POLICIES[policy][0] for policy in keep]


def preferences(keep: Sequence[Policy], columns: Mapping[str, pa.Array], documents: int) -> Preferences:
    """uint64[documents, len(keep)] of the columns that `columns_of(keep)` names."""
    ordered = np.empty((documents, len(keep)), np.uint64)
    for k, (policy, column) in enumerate(zip(keep, columns_of(keep), strict=True)):
        if isinstance(policy, tuple):
            ordered[:, k] = by_order(columns[column], policy[1])
        else:
            ordered[:, k] = POLICIES[policy][1](columns[column])
    return ordered


@inline
def better(one: int, other: int, prefer: Preferences, ties: NDArray[np.uint64], addresses: NDArray[np.uint64]) -> bool:
    """Whether member `one` survives beside `other`."""
    for k in range(prefer.shape[1]):
        if prefer[one, k] != prefer[other, k]:
            return bool(prefer[one, k] > prefer[other, k])
    if ties[one] != ties[other]:
        return bool(ties[one] < ties[other])
    return bool(addresses[one] < addresses[other])


@kernel
def fill_best(
    group: NDArray[np.int64],
    prefer: Preferences,
    ties: NDArray[np.uint64],
    addresses: NDArray[np.uint64],
    best: NDArray[np.int64],
) -> None:
    """The member of each group that is better than all others; -1 where it has none."""
    for member in range(len(group)):
        holder = best[group[member]]
        if holder < 0 or better(member, holder, prefer, ties, addresses):
            best[group[member]] = member


def choose(
    cluster: NDArray[np.uint64], prefer: Preferences, ties: NDArray[np.uint64], addresses: Addresses
) -> Addresses:
    """The keeper's address for each member of a cluster: most preferred, then of smallest `ties` (its `id_hash`)."""
    labels, group = np.unique(cluster, return_inverse=True)
    best = np.full(len(labels), -1)
    writable = np.array(prefer), np.array(ties), np.array(addresses)  # the kernel is compiled for such only
    fill_best(group, *writable, best)
    return addresses[best[group]]


def follow(dropped: Addresses, keeper: Addresses) -> Addresses:
    """The keeper at the end of each chain: a keeper that a later step dropped has one of its own.

    Pointers jump, so a chain of n takes log2 n rounds; if they still move after that, it is a cycle.
    """
    order = np.argsort(dropped)
    names = dropped[order]
    if (names[1:] == names[:-1]).any():
        raise ValueError("a document is dropped twice")
    final = keeper.copy()
    for _ in range(len(dropped).bit_length() + 1):
        place = np.minimum(np.searchsorted(names, final), max(len(names) - 1, 0))
        again = names[place] == final if len(names) else np.zeros(0, np.bool_)
        if not again.any():
            return final
        final[again] = final[order[place[again]]]
    raise ValueError("keepers drop one another in a circle")
