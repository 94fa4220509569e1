"""Signatures: datasketch's own, bit for bit, over the same shingle hashes."""

from itertools import pairwise

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.dedup.minhash import (
    Scheme,
    fill_shingles,
    permutations,
    preset,
    refuse_other,
    shingles,
    sign,
    signed,
)
from pipeline.text.hashing import GOLDEN, SPREAD
from pipeline.text.layer import Text

FINEWEB = preset("fineweb")
TEXTS = ["", "...", "one", "one two three four", "one two three four five", " ".join(map(str, range(300)))]


def datasketch_of(hashes: NDArray[np.uint32], scheme: Scheme = FINEWEB) -> MinHash:
    sketch = MinHash(num_perm=scheme.hashes, seed=scheme.seed, hashfunc=lambda value: value)
    for value in hashes:
        sketch.update(int(value))
    return sketch


def shingle_sets(texts: list[str]) -> list[set[int]]:
    offsets, hashes = shingles(Text.from_strings(texts), FINEWEB)
    return [set(hashes[start:stop].tolist()) for start, stop in pairwise(offsets)]


@pytest.mark.parametrize("seed", [0, 1, 42])
def test_permutations_are_datasketchs(seed: int) -> None:
    theirs = MinHash(num_perm=112, seed=seed).permutations
    assert np.array_equal(permutations(preset("fineweb", seed)), theirs)


@given(st.lists(st.text("abc ", max_size=80), min_size=1, max_size=6), st.integers(0, 3))
def test_signatures_are_datasketchs(texts: list[str], seed: int) -> None:
    scheme = preset("fineweb", seed)
    text = Text.from_strings(texts)
    offsets, hashes = shingles(text, scheme)
    for d, signature in enumerate(sign(text, scheme)):
        theirs = datasketch_of(hashes[offsets[d] : offsets[d + 1]], scheme)
        assert np.array_equal(signature, theirs.hashvalues)


def test_a_signature_is_a_lean_minhash() -> None:
    text = Text.from_strings(TEXTS)
    offsets, hashes = shingles(text, FINEWEB)
    lean = LeanMinHash(seed=FINEWEB.seed, hashvalues=sign(text, FINEWEB)[5], scheme="affine32")
    written = bytearray(lean.bytesize())
    lean.serialize(written)
    assert LeanMinHash.deserialize(written) == LeanMinHash(datasketch_of(hashes[offsets[5] : offsets[6]]))


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("...", 0), ("one", 1), ("a b c d", 1), ("a b c d e", 1), ("a b c d e f", 2), ("a - b c d e", 1)],
)
def test_a_text_of_few_words_is_one_shingle(text: str, count: int) -> None:
    assert len(shingle_sets([text])[0]) == count


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_shingle_sets_meet_where_pythons_do(one: list[str], other: list[str]) -> None:
    def grams(words: list[str]) -> set[tuple[str, ...]]:
        return {tuple(words[i : i + 5]) for i in range(max(1, len(words) - 4))} if words else set()

    ours, theirs = shingle_sets([" ".join(one), " ".join(other)])
    assert len(ours & theirs) == len(grams(one) & grams(other))
    assert len(ours | theirs) == len(grams(one) | grams(other))


@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=12), max_size=4), st.integers(1, 6))
def test_the_rolled_number_is_the_one_combined_anew(documents: list[list[int]], size: int) -> None:
    offsets = np.concatenate([[0], np.cumsum([len(words) for words in documents])]).astype(np.int64)
    words = np.array([word for document in documents for word in document], np.uint64)
    hashes, own = np.empty(len(words), np.uint32), np.empty(len(offsets), np.int64)
    found = fill_shingles(offsets, words, size, own, hashes)
    expected = [
        plain_hash(document[first : first + size])
        for document in documents
        for first in range(max(len(document) - size, 0) + bool(document))
    ]
    assert hashes[:found].tolist() == expected


def plain_hash(words: list[int]) -> int:
    """The words as digits to the base GOLDEN behind their count, mixed, the upper half."""
    value = len(words)
    for word in words:
        value = (value * int(GOLDEN) + word) % 2**64
    value ^= value >> 32
    value = value * int(SPREAD) % 2**64
    return (value ^ value >> 32) >> 32


def test_a_document_without_words_has_no_signature() -> None:
    signatures = sign(Text.from_strings(TEXTS), FINEWEB)
    assert signed(signatures).tolist() == [False, False, True, True, True, True]


def test_an_empty_batch_has_no_signatures() -> None:
    signatures = sign(Text.from_strings([]), FINEWEB)
    assert signatures.shape == (0, 112)


def test_the_scheme_is_said_in_full() -> None:
    described = FINEWEB.describe()
    assert (described["preset"], described["bands"], described["rows"], described["seed"]) == ("fineweb", 14, 8, 1)
    refuse_other(described, FINEWEB)


@pytest.mark.parametrize(
    ("change", "said"),
    [({"seed": 2}, "seed: 2 there, 1 here"), ({"rows": 9}, "rows: 9 there, 8 here"), ({"extra": 1}, "extra: 1 there")],
)
def test_signatures_of_another_kind_are_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        refuse_other({**FINEWEB.describe(), **change}, FINEWEB)


def test_an_unknown_preset_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"called lee \(fineweb, refinedweb, dclm, nemo\)"):
        preset("lee")
