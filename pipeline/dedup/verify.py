"""Pairs that share a band, looked at again: by the whole signature's estimate, or by the Jaccard of their shingles."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import Components, flatten, root_of
from pipeline.dedup.minhash import Scheme, signatures_of
from pipeline.text.hashing import GOLDEN
from pipeline.text.kernel import inline, kernel

VERIFY = BAND, ESTIMATE, EXACT = ("band", "estimate", "exact")
ROUNDING = 1e-9  # a threshold of 0.8 is met by 4 of 5

Offsets = NDArray[np.int64]
Hashes = NDArray[np.uint32]


def distinct_shingles(offsets: Offsets, hashes: Hashes) -> tuple[Offsets, Hashes]:
    """The shingles of each document once, ascending: sets, as Jaccard's arithmetic wants them."""
    document = np.repeat(np.arange(len(offsets) - 1, dtype=np.uint64), np.diff(offsets))
    packed = np.unique(document << np.uint64(32) | hashes.astype(np.uint64))
    sizes = np.bincount((packed >> np.uint64(32)).astype(np.int64), minlength=len(offsets) - 1)
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64), packed.astype(np.uint32)


def taken(sizes: NDArray[Any], hashes: Hashes, places: NDArray[np.int64]) -> tuple[Offsets, Hashes]:
    """The lists at `places`, of lists that stand end to end; signatures, of one length, are taken as rows."""
    if len(sizes) and (sizes == sizes[0]).all():
        rows = hashes.reshape(len(sizes), int(sizes[0]))[places]
        return np.arange(len(places) + 1) * rows.shape[1], rows.reshape(-1)
    start = np.cumsum(sizes, dtype=np.int64) - sizes
    size = sizes[places].astype(np.int64)
    offsets = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], size)
    return offsets, hashes[np.repeat(start[places], size) + within]


@inline
def common(offsets: Offsets, hashes: Hashes, one: int, other: int) -> int:
    """How many numbers stand in both of two ascending lists."""
    i, j, found = offsets[one], offsets[other], 0
    while i < offsets[one + 1] and j < offsets[other + 1]:
        left, right = hashes[i], hashes[j]
        found += left == right
        i += left <= right
        j += right <= left
    return found


@inline
def agreeing(offsets: Offsets, hashes: Hashes, one: int, other: int) -> int:
    """How many numbers of two lists of one length agree at their place."""
    found, apart = 0, offsets[other] - offsets[one]
    for i in range(offsets[one], offsets[one + 1]):
        found += hashes[i] == hashes[i + apart]
    return found


@inline
def similarity(offsets: Offsets, hashes: Hashes, one: int, other: int, sets: bool) -> float:
    """Of two sets their Jaccard, of two signatures the share of hashes that agree."""
    sizes = offsets[one + 1] - offsets[one], offsets[other + 1] - offsets[other]
    if not sets:
        return agreeing(offsets, hashes, one, other) / max(sizes[0], 1)
    both = common(offsets, hashes, one, other)
    return both / max(sizes[0] + sizes[1] - both, 1)


@kernel
def join_similar(
    starts: Offsets,
    members: NDArray[np.int64],
    offsets: Offsets,
    hashes: Hashes,
    sets: bool,
    threshold: float,
    parents: NDArray[np.int64],
) -> int:
    """Join every two members of a group that are as similar as `threshold`; returns how many pairs were compared.

    Two that are joined already are not compared: components are the same in whatever order pairs are taken. The members
    of a group so far stand in lists, one for each component, so that a hundred thousand copies cost one look each.
    """
    compared = 0
    following, tail = np.empty(len(parents), np.int64), np.empty(len(parents), np.int64)
    heads = np.empty(len(parents), np.int64)
    for group in range(len(starts) - 1):
        lists = 0
        for place in range(starts[group], starts[group + 1]):
            member, own, k = members[place], -1, 0
            following[member] = -1
            while k < lists:
                head = heads[k]
                other = head if root_of(parents, head) != root_of(parents, member) else -1
                apart = other >= 0
                while apart and other >= 0:
                    compared += 1
                    apart = similarity(offsets, hashes, other, member, sets) < threshold
                    other = following[other]
                if apart:
                    k += 1
                    continue
                one, root = root_of(parents, head), root_of(parents, member)
                parents[max(one, root)] = min(one, root)
                if own < 0:
                    following[tail[head]], tail[head], own = member, member, k
                    k += 1
                    continue
                following[tail[heads[own]]], tail[heads[own]] = head, tail[head]
                lists -= 1
                heads[k] = heads[lists]
            if own < 0:
                heads[lists], tail[member] = member, member
                lists += 1
    return compared


def groups_of_equal(keys: NDArray[np.uint64]) -> tuple[Offsets, NDArray[np.int64]]:
    """Where each group of equal keys starts, and the places of the keys, group by group."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return np.append(starts, len(keys)).astype(np.int64), order.astype(np.int64)


def verified(
    found: Components, offsets: Offsets, hashes: Hashes, scheme: Scheme, verify: str, threshold: float
) -> Components:
    """The components of all pairs that share a band and are similar enough; documents without one are left out.

    `found`: the components by bands alone, whole ones, addresses ascending. `hashes`: with `estimate` each document's
    signature, with `exact` its distinct shingles, ascending. All pairs of a band are compared that nothing joined yet.
    """
    addresses = found.address
    sets = verify == EXACT
    signatures = signatures_of(offsets, hashes, scheme) if sets else hashes.reshape(-1, scheme.hashes)
    keys = band_keys(signatures, scheme) ^ found.label[:, None] * np.uint64(GOLDEN)  # a scope's documents stay apart
    parents = np.arange(len(addresses), dtype=np.int64)
    for band in range(scheme.bands):
        starts, members = groups_of_equal(np.ascontiguousarray(keys[:, band]))
        join_similar(starts, members, offsets, hashes, sets, threshold - ROUNDING, parents)
    flatten(parents)
    clustered = np.bincount(parents, minlength=len(parents))[parents] > 1
    return Components(addresses[clustered], addresses[parents[clustered]])
