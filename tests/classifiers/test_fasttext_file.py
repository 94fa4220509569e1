"""Reading .bin and .ftz files: what the library says is in them, and an error for whatever does not fit."""

import random
import struct
from pathlib import Path

import numpy as np
import pytest

from classifiers.fasttext_file import LABEL, ModelFileError, read_model
from classifiers.lid import Kernels, not_for_kernels
from classifiers.tokens import word_keys
from pipeline.text.layer import Text
from tests.classifiers.fasttext_models import KINDS, library, model_bytes, texts, write_model

ARGUMENTS, DICTIONARY, ENTRIES = 8, 64, 92  # the bytes at which they begin
MUTATIONS = 400


@pytest.mark.parametrize("kind", KINDS)
def test_words_labels_and_matrices_are_the_librarys(tmp_path: Path, kind: str) -> None:
    path = write_model(tmp_path, kind)
    model, peer = read_model(path), library(path)
    words, _ = peer.f.getVocab("strict")
    labels, counts = peer.f.getLabels("strict")
    assert np.array_equal(model.word_keys, word_keys([word.encode() for word in words]))
    assert [LABEL + label for label in model.labels] == labels
    assert model.label_counts.tolist() == counts
    assert model.arguments.dimensions == peer.f.getArgs().dim
    if "quantised" not in kind:  # the library does not give the matrices of these
        assert np.array_equal(model.rows, np.asarray(peer.f.getInputMatrix()))
        assert np.array_equal(model.outputs, np.asarray(peer.f.getOutputMatrix()))


@pytest.mark.parametrize("kind", ["hs, quantised", "softmax, quantised"])
def test_quantised_rows_are_the_librarys(tmp_path: Path, kind: str) -> None:
    path = write_model(tmp_path, kind)
    model, peer = read_model(path), library(path)
    for number in range(len(model.word_keys)):  # behind them stand the buckets', in another order
        assert np.allclose(model.rows[number], peer.get_input_vector(number), atol=1e-6)


def changed(kind: str, at: int, form: str, *values: int) -> bytes:
    """The model with other numbers at a byte."""
    data = bytearray(model_bytes(kind))
    struct.pack_into(form, data, at, *values)
    return bytes(data)


BROKEN = {
    "empty": (b"", r"magic number and version needs 2 x 4 bytes, 0 are left"),
    "not a model": (b"PK" * 50, "not a fastText model"),
    "a later version": (changed("hs", 4, "<i", 13), "version 13"),
    "no dimensions": (changed("hs", ARGUMENTS, "<i", 0), "0 dimensions"),
    "other dimensions": (changed("hs", ARGUMENTS, "<i", 11), r"rows are \(549, 10\), not \(549, 11\)"),
    "endless word n-grams": (changed("hs", ARGUMENTS + 20, "<i", 2**31 - 1), "n-grams of 2,147,483,647 words"),
    "an unknown loss": (changed("hs", ARGUMENTS + 24, "<i", 9), "loss 9"),
    "word vectors": (changed("hs", ARGUMENTS + 28, "<i", 1), "not a supervised model"),
    "no buckets": (changed("hs", ARGUMENTS + 32, "<i", 0), "0 buckets"),
    "more buckets": (changed("hs", ARGUMENTS + 32, "<i", 501), "rows are"),
    "endless character n-grams": (changed("hs", ARGUMENTS + 40, "<i", 2**30), "characters"),
    "no labels": (changed("hs", DICTIONARY, "<iii", 49, 49, 0), "49 words, 0 labels"),
    "negative sizes": (changed("hs", DICTIONARY, "<iii", -4, -5, 1), "-5 words"),
    "a huge dictionary": (changed("hs", DICTIONARY, "<iii", 2**30 + 5, 2**30, 5), "do not fit"),
    "a label among the words": (changed("hs", ENTRIES + 13, "<b", 1), "words, then labels"),
    "a flag of 7": (changed("words only", len(model_bytes("words only")) - 10 * 5 * 4 - 17, "<b", 7), "not 0 or 1"),
    "not a number": (changed("hs", len(model_bytes("hs")) - 4, "<i", 0x7FC00000), "not finite"),
    "a byte too many": (model_bytes("hs") + b"\0", "the model ends here"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_an_error_that_names_file_and_byte(tmp_path: Path, name: str) -> None:
    data, message = BROKEN[name]
    path = tmp_path / "broken.bin"
    path.write_bytes(data)
    with pytest.raises(ModelFileError, match=rf"broken\.bin: at byte [0-9,]+: .*{message}"):
        read_model(path)


@pytest.mark.parametrize("kind", ["hs", "hs, quantised"])
def test_a_file_cut_anywhere_is_an_error(tmp_path: Path, kind: str) -> None:
    data, path = model_bytes(kind), tmp_path / "cut.bin"
    for size in [*range(0, 200, 7), *range(200, len(data), 997)]:
        path.write_bytes(data[:size])
        with pytest.raises(ModelFileError, match="at byte"):
            read_model(path)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with up to four bytes or numbers changed, mostly in its first kilobytes, or a piece taken out."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(min(len(found), chance.choice([100, 2000, len(found)])))
        if chance.random() < 0.1:
            del found[at : at + chance.randint(1, 9)]
        elif chance.random() < 0.5:
            found[at] = chance.randrange(256)
        else:
            number = chance.choice([0, 1, -1, 255, 2**16, 2**31 - 1, -(2**31), chance.randrange(2**31)])
            found[at : at + 4] = struct.pack("<i", number)
    return bytes(found)


def test_a_mutated_file_is_an_error_or_a_model_that_predicts(tmp_path: Path) -> None:
    chance, path = random.Random(5), tmp_path / "mutated.bin"
    read_by_both = Text.from_strings([text for _, text in texts(20)])
    refused = 0
    for number in range(MUTATIONS):
        path.write_bytes(mutated(model_bytes(list(KINDS)[number % len(KINDS)]), chance))
        try:
            model = read_model(path)
        except ModelFileError:
            refused += 1
            continue
        if not not_for_kernels(model):
            labels, probabilities = Kernels(model).best(read_by_both)
            assert np.isfinite(probabilities).all()
            assert ((labels >= -1) & (labels < len(model.labels))).all()
    assert MUTATIONS // 10 < refused < MUTATIONS
