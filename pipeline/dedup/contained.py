"""Containment: a document goes where most of its shingles stand in a larger one that stays."""

import numpy as np
from numpy.typing import NDArray

from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import Addresses, Components
from pipeline.dedup.keep import Preferences
from pipeline.dedup.minhash import Scheme, signatures_of
from pipeline.dedup.verify import ROUNDING, Hashes, Offsets, common, groups_of_equal
from pipeline.text.hashing import GOLDEN
from pipeline.text.kernel import kernel


@kernel
def hold(
    ranked: NDArray[np.int64],
    group: NDArray[np.int64],
    starts: Offsets,
    members: NDArray[np.int64],
    offsets: Offsets,
    hashes: Hashes,
    at_least: float,
    keeper: NDArray[np.int64],
) -> None:
    """Fill each document's keeper, itself where none holds it. `members` of every group stand in the order of rank.

    group[d, b]: the group of document d in band b. Of several that hold a document, the one of the first band counts.
    """
    for document in ranked:
        needed = at_least * (offsets[document + 1] - offsets[document])
        for band in range(group.shape[1]):
            for place in range(starts[group[document, band]], starts[group[document, band] + 1]):
                other = members[place]
                if other == document or keeper[document] != document:
                    break
                if keeper[other] == other and common(offsets, hashes, document, other) >= needed:
                    keeper[document] = other


def containers(
    found: Components,
    offsets: Offsets,
    hashes: Hashes,
    scheme: Scheme,
    at_least: float,
    prefer: Preferences,
    ties: NDArray[np.uint64],
) -> Addresses:
    """The keeper of each document of the components by bands, itself where it stays.

    From the one with most distinct shingles down (of equals the preferred one first), a document goes if at least
    `at_least` of its shingles stand in one that shares a band with it and was kept before it. So a keeper is kept.
    """
    ranked = np.lexsort((found.address, ties, *(~prefer).T[::-1], -np.diff(offsets)))
    rank = np.empty(len(ranked), np.int64)
    rank[ranked] = np.arange(len(ranked))
    keys = band_keys(signatures_of(offsets, hashes, scheme), scheme) ^ found.label[:, None] * np.uint64(GOLDEN)
    group = np.empty(keys.shape, np.int64)
    starts, members = groups_of_equal(keys[ranked].T.reshape(-1))  # a band's keys differ from another's
    in_order = ranked[members % max(len(ranked), 1)]
    number = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    group[in_order, members // max(len(ranked), 1)] = number
    keeper = np.arange(len(ranked), dtype=np.int64)
    hold(ranked, group, starts, in_order, offsets, hashes, at_least - ROUNDING, keeper)
    return found.address[keeper]
