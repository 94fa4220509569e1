"""Shingles of characters are those of plain Python, and bands for a Jaccard are datasketch's."""

import itertools

import numpy as np
import pytest
from datasketch.lsh import _optimal_param
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dedup.characters import character_shingles
from pipeline.dedup.minhash import for_jaccard
from pipeline.text.layer import Text

GOLDEN, SPREAD, BITS = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, (1 << 64) - 1
LETTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def plain_hash(characters: str) -> int:
    value = 0
    for character in characters:
        value = (value * GOLDEN + ord(character) + 1) & BITS
    value ^= value >> 32
    value = value * SPREAD & BITS
    return (value ^ value >> 32) >> 32


@given(st.lists(LETTERS, max_size=4), st.sampled_from([1, 3, 24]))
def test_shingles_of_characters_are_those_of_plain_python(texts: list[str], size: int) -> None:
    offsets, hashes = character_shingles(Text.from_strings(texts), size)
    found = [hashes[a:b].tolist() for a, b in itertools.pairwise(offsets)]
    assert found == [
        [plain_hash(text[i : i + size]) for i in range(max(len(text) - size, 0) + 1)] if text else [] for text in texts
    ]


@pytest.mark.parametrize(("jaccard", "hashes"), [(0.5, 64), (0.7, 128), (0.8, 128), (0.9, 128), (0.8, 256)])
def test_bands_for_a_jaccard_are_datasketchs(jaccard: float, hashes: int) -> None:
    scheme = for_jaccard(jaccard, hashes)
    assert (scheme.bands, scheme.rows) == _optimal_param(jaccard, hashes, 0.5, 0.5)


@pytest.mark.parametrize("jaccard", [0.5, 0.7, 0.9])
def test_half_of_the_pairs_at_about_the_jaccard_are_found(jaccard: float) -> None:
    scheme = for_jaccard(jaccard, 128)
    near = np.array([jaccard - 0.12, min(jaccard + 0.12, 1.0)])
    low, high = 1 - (1 - near**scheme.rows) ** scheme.bands
    assert low < 0.5 < high
