"""Languages by kernels: every label and score of the fastText library's own predict, and when the library is asked."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers import lid
from classifiers.fasttext_file import ModelFileError
from classifiers.lid import Languages, cut
from classifiers.subwords import SLOT
from classifiers.word_sums import CHUNK, Memo
from pipeline.text.layer import Text
from tests.classifiers.examples import odd_texts, real_examples
from tests.classifiers.fasttext_models import KERNEL_KINDS, library, texts, write_model

LID = lid.load()
MOST_DIFFERENT = 1e-4
OTHER_ALPHABETS = [
    "Кошка сидела на коврике. " * 3,
    "猫はマットの上に座って庭を見ていました。",
    "고양이가 매트 위에 앉아",
]
OTHER_ALPHABETS += ["Η γάτα καθόταν στο χαλί", "القطة جلست على السجادة", "בית ספר", "a\ufeffb \u2028 c"]
OTHER_ALPHABETS += ["บ้านริมแม่น้ำ", "बिल्ली चटाई पर बैठी थी"]


def predicted(model: Any, written: Sequence[str]) -> tuple[list[str | None], list[float]]:
    """By the library's own `predict`, a line feed written as a blank; none where a text is all white space."""
    labels, scores = [], []
    for text in written:
        found, chances = model.predict(text.replace("\n", " ")) if text.strip() else ([], [])
        labels.append(found[0].removeprefix("__label__") if found else None)
        scores.append(min(1.0, float(chances[0])) if found else np.nan)
    return labels, scores


def assert_equal(languages: Languages, written: Sequence[str], characters: int | None = None) -> None:
    """The same labels, and scores that differ by 1e-4 at most."""
    expected, probabilities = predicted(library(languages.path), [text[:characters] for text in written])
    labels, scores = languages.predict(Text.from_strings(written), characters)
    assert labels.to_pylist() == expected
    assert np.allclose(scores, probabilities, rtol=0, atol=MOST_DIFFERENT, equal_nan=True)


@pytest.mark.parametrize("characters", [None, 1000, 7])
def test_lid_176_says_what_the_library_says(characters: int | None) -> None:
    real = [example.text for example in real_examples(200)]
    assert_equal(LID, [*odd_texts(1800), *real, *OTHER_ALPHABETS], characters)


@pytest.mark.parametrize("kind", KERNEL_KINDS)
def test_other_models_say_what_the_library_says(tmp_path: Path, kind: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        languages = lid.load(str(write_model(tmp_path, kind)))
        assert_equal(languages, [*odd_texts(300), *(text for _, text in texts(300))])


@pytest.mark.parametrize(
    ("kind", "reason"), [("word pairs", "word n-grams .wordNgrams 2."), ("one against all", "the loss ova")]
)
def test_what_no_kernel_knows_is_predicted_by_the_library_and_said_aloud(
    tmp_path: Path, kind: str, reason: str
) -> None:
    languages = lid.load(str(write_model(tmp_path, kind)))
    with pytest.warns(UserWarning, match=rf"word_pairs|one_against_all.*the fastText library predicts.*{reason}"):
        assert_equal(languages, [text for _, text in texts(100)])


def test_a_label_without_the_prefix_is_left_to_the_library(tmp_path: Path) -> None:
    path = write_model(tmp_path, "hs")
    path.write_bytes(path.read_bytes().replace(b"__label__de\0", b"language-de\0"))
    languages = lid.load(str(path))
    with pytest.warns(UserWarning, match="a label that does not begin with __label__"):
        assert "language-de" in languages.names
    assert_equal(languages, ["die Mühle", "the mill"])


def test_results_depend_neither_on_batches_nor_on_a_memo_that_overflows(monkeypatch: pytest.MonkeyPatch) -> None:
    written = [f"{number} " + " ".join(f"word{number * place}" for place in range(900)) for number in range(40)]
    written.append(" ".join(f"{number}" for number in range(3 * CHUNK)))
    expected = LID.predict(Text.from_strings(written))[1]
    small = lid.load()
    monkeypatch.setattr("classifiers.word_sums.MEMO_FLOATS", 1)
    monkeypatch.setattr("classifiers.word_sums.MEMO_WORDS", 1)
    assert len(small._loaded[1].memo.rows) == 2 * CHUNK  # type: ignore[union-attr]
    together = small.predict(Text.from_strings(written))[1]
    alone = [small.predict(Text.from_strings([text]))[1][0] for text in written]
    assert np.array_equal(together, expected)
    assert np.array_equal(alone, expected)


@pytest.mark.parametrize("kind", KERNEL_KINDS)
def test_no_score_depends_on_neighbours(tmp_path: Path, kind: str) -> None:
    languages, written = lid.load(str(write_model(tmp_path, kind))), [text for _, text in texts(60)]
    together = languages.predict(Text.from_strings(written))[1]
    alone = [languages.predict(Text.from_strings([text]))[1][0] for text in written]
    assert np.array_equal(together, alone)


def test_a_memo_has_at_least_twice_as_many_slots_as_words() -> None:
    for columns in (16, 32, 256, 1 << 12):
        memo = Memo.of(columns)
        assert memo.slots.dtype == SLOT
        assert len(memo.slots) >= 2 * len(memo.rows) >= 4 * CHUNK


@pytest.mark.parametrize("characters", [1, 2, 63, 64, 65, 127, 128, 200])
def test_the_first_characters_end_where_python_says(characters: int) -> None:
    written = ["", "a", "é" * 64, "a" * 63 + "é" + "b" * 70, "😀a" * 90, "中" * 200, "x" * 128]
    text = Text.from_strings(written)
    ends = cut(text.data, text.start, text.stop, characters)
    assert (ends - text.start).tolist() == [len(each[:characters].encode()) for each in written]


def test_a_broken_model_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = write_model(tmp_path, "hs")
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ModelFileError, match=r"hs\.bin: at byte"):
        lid.load(str(path)).predict(Text.from_strings(["hello"]))
