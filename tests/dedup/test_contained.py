"""Containment is that of plain Python: from the largest down, held by one that stays."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.dedup.bands import band_keys
from pipeline.dedup.clusters import components, edges_of_equal_keys
from pipeline.dedup.contained import containers
from pipeline.dedup.minhash import Scheme, shingles, sign
from pipeline.dedup.verify import distinct_shingles, taken
from pipeline.text.layer import Text
from tests.dedup.test_verify import LOOSE, TEXTS, sets_of


def held(texts: list[str], at_least: float, scheme: Scheme = LOOSE) -> dict[int, int]:
    """Dropped -> keeper, with the earlier of equal documents preferred."""
    text = Text.from_strings(texts)
    addresses = np.repeat(np.arange(len(texts), dtype=np.uint64), scheme.bands)
    near = components(edges_of_equal_keys(band_keys(sign(text, scheme), scheme).reshape(-1), addresses))
    offsets, distinct = distinct_shingles(*shingles(text, scheme))
    compared = taken(np.diff(offsets), distinct, near.address.astype(np.int64))
    prefer = (100 - near.address).reshape(-1, 1)
    keeper = containers(near, *compared, scheme, at_least, prefer, near.address)
    return {int(a): int(k) for a, k in zip(near.address, keeper, strict=True) if a != k}


def plainly(texts: list[str], at_least: float) -> set[int]:
    """Every pair that shares a band, looked at from the largest document down."""
    sets, keys = sets_of(texts), band_keys(sign(Text.from_strings(texts), LOOSE), LOOSE)
    kept: list[int] = []
    for one in sorted(range(len(texts)), key=lambda i: (-len(sets[i]), i)):
        near = [other for other in kept if (keys[one] == keys[other]).any()]
        if not any(len(sets[one] & sets[other]) >= at_least * len(sets[one]) - 1e-9 for other in near):
            kept.append(one)
    return set(range(len(texts))) - set(kept)


@given(TEXTS, st.sampled_from([0.5, 0.75, 1.0]))
@settings(deadline=None)
def test_who_goes_is_who_plain_python_drops(texts: list[str], at_least: float) -> None:
    found = held(texts, at_least)
    assert set(found) == plainly(texts, at_least)
    assert not set(found.values()) & set(found)


def test_an_excerpt_goes_and_the_whole_stays() -> None:
    assert held(["a b c", "x y z", "a b c d e f g"], 1.0) == {0: 2}


def test_of_equals_the_preferred_one_stays() -> None:
    assert held(["a b", "b a", "a b"], 1.0) == {1: 0, 2: 0}


def test_an_excerpt_of_an_excerpt_is_held_by_the_whole() -> None:
    assert held(["a b", "a b c d", "a b c d e f g h"], 1.0) == {0: 2, 1: 2}
