"""A word's rows: those of the library, of words that it knows and does not, whole and pruned."""

from pathlib import Path

import numpy as np
import pytest

from classifiers.fasttext_file import read_model
from classifiers.subwords import Subwords, bitmap, sum_word
from classifiers.tokens import fnv32, word_keys
from pipeline.text.arrow import PADDING
from tests.classifiers.fasttext_models import KERNEL_KINDS, library, write_model

WORDS = [
    "the",
    "mill",
    "Mühle",
    "river",
    "wa",
    "x",
    "ß",
    "ßß",
    "😀",
    "a😀b",
    "水車は",
    "水",
    "unheard",
    "ñandú",
    "y" * 3000,
]


def ngrams(word: str, shortest: int, longest: int) -> list[str]:
    """The character n-grams of `<word>`, in plain Python; a bracket alone is none."""
    marked = f"<{word}>"
    found = [
        marked[first : first + size]
        for first in range(len(marked))
        for size in range(shortest, longest + 1)
        if first + size <= len(marked)
    ]
    return [gram for gram in found if gram not in "<>"]


def summed(model: Subwords, word: str) -> tuple[np.ndarray, int]:
    data = np.frombuffer(word.encode() + bytes(PADDING), np.uint8)
    total = np.full(model.rows.shape[1], 7.0, np.float32)
    size = len(word.encode())
    count = sum_word(model, data, 0, size, word_keys([word.encode()])[0], np.zeros(size + 2, np.uint8), total)
    return total, count


@pytest.mark.parametrize("kind", KERNEL_KINDS)
def test_the_rows_are_those_of_the_librarys_subwords(tmp_path: Path, kind: str) -> None:
    path = write_model(tmp_path, kind)
    model, peer = Subwords.of(read_model(path)), library(path)
    for word in WORDS:
        total, count = summed(model, word)
        rows = [peer.get_input_vector(row) for row in peer.get_subwords(word)[1]]
        assert count == len(rows), word
        assert np.allclose(total[: peer.get_dimension()], np.sum(rows, axis=0), rtol=1e-4, atol=1e-4), word
        assert not total[peer.get_dimension() :].any()


def test_the_rows_are_those_of_the_word_and_of_each_ngrams_hash(tmp_path: Path) -> None:
    read = read_model(write_model(tmp_path, "softmax"))
    model = Subwords.of(read)
    for word in WORDS:
        buckets = [fnv32(gram.encode()) % read.arguments.buckets for gram in ngrams(word, 1, 3)]
        own = np.flatnonzero(read.word_keys == word_keys([word.encode()])[0]).tolist()
        rows = [*own, *(model.words + bucket for bucket in buckets)]
        total, count = summed(model, word)
        assert count == len(rows), word
        assert np.allclose(total[:20], read.rows[rows].sum(axis=0, dtype=np.float64), rtol=1e-4, atol=1e-4), word


def test_a_bitmap_says_which_buckets_are_kept_and_how_many_stand_before() -> None:
    kept = np.array([0, 3, 63, 64, 130])
    bits, before = bitmap(kept, 131)
    assert [bit for bit in range(64 * len(bits)) if int(bits[bit // 64]) >> bit % 64 & 1] == kept.tolist()
    assert before.tolist() == [0, 3, 4]
