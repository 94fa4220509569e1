"""Planted copies: as similar as was asked, and edited only as their kind says."""

import numpy as np
import pytest

from pipeline.dedup.minhash import PRESETS, shingles
from pipeline.dedup.planted import KINDS, Edit, words_of
from pipeline.text.layer import Text

WORDS = [f"w{number}" for number in range(100_000)]
LENGTHS = (60, 300, 2000)


def text_of(seed: int, words: int) -> str:
    """Words that hardly come again, on lines of seven."""
    draw = np.random.default_rng(seed)
    chosen = [WORDS[at] for at in draw.integers(len(WORDS), size=words)]
    return "".join(word + ("\n" if at % 7 == 6 else " ") for at, word in enumerate(chosen))


def edited(kind: str, jaccard: float, words: int, seed: int = 1) -> tuple[str, str]:
    original = text_of(seed, words)
    others = words_of(text_of(seed + 1, 3000))
    return original, KINDS[kind](Edit(words_of(original), others, 5, jaccard, np.random.default_rng(seed)))


def jaccard_of(one: str, other: str) -> float:
    offsets, hashes = shingles(Text.from_strings([one, other]), PRESETS["fineweb"])
    ours, theirs = set(hashes[: offsets[1]].tolist()), set(hashes[offsets[1] :].tolist())
    return len(ours & theirs) / len(ours | theirs)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "case and punctuation"])
@pytest.mark.parametrize("words", LENGTHS)
@pytest.mark.parametrize("jaccard", [0.5, 0.7, 0.9, 0.97])
def test_a_copy_is_about_as_similar_as_was_asked(kind: str, words: int, jaccard: float) -> None:
    original, copy = edited(kind, jaccard, words)
    # a word replaced takes five shingles and brings five; the first word deleted takes five and brings four
    coarse = kind == "words replaced" or (kind == "block deleted" and words == min(LENGTHS))
    assert abs(jaccard_of(original, copy) - jaccard) <= (10 if coarse else 2) / words


@pytest.mark.parametrize("words", LENGTHS)
def test_case_and_punctuation_leave_the_words(words: int) -> None:
    original, copy = edited("case and punctuation", 0.5, words)
    assert copy != original
    assert jaccard_of(original, copy) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_is_the_same_each_time_and_keeps_its_lines(kind: str) -> None:
    assert edited(kind, 0.8, 300) == edited(kind, 0.8, 300)
    assert edited(kind, 0.8, 300)[1].count("\n") > 20


def test_each_kind_edits_as_it_says() -> None:
    original = text_of(1, 300)
    assert original.startswith(edited("truncated", 0.8, 300)[1])
    assert edited("block appended", 0.8, 300)[1].startswith(original)
    framed = edited("header and footer", 0.8, 300)[1]
    assert original in framed and not framed.startswith(original) and not framed.rstrip().endswith(original.rstrip())
    assert len(words_of(edited("words replaced", 0.8, 300)[1])) == 300
    kept = words_of(edited("block deleted", 0.8, 300)[1])
    gone = 300 - len(kept)
    whole = words_of(original)
    assert kept in [whole[:at] + whole[at + gone :] for at in range(300 - gone + 1)]
