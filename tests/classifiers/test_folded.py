"""The folded model against fastText's own predict: probabilities within 1e-4, and every label."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from classifiers.config import FastText
from classifiers.folded import Folded
from classifiers.train import folded_from, learn
from pipeline.text.layer import Text
from tests.classifiers.examples import odd_texts, real_examples

LABELS = ("web", "reference")
TOLERANCE = 1e-4
LIBRARY_OFFSET = 1e-5  # predict returns exp(log(p + 1e-5))


@pytest.fixture(scope="module", params=[1, 2, 3])
def models(request: pytest.FixtureRequest) -> tuple[Any, Folded]:
    """The library's model and the same one folded, of 1, 2 and 3 words; the last has no row for `</s>`."""
    orders, fewest = request.param, 200 if request.param == 3 else 1
    chosen = FastText(word_ngrams=orders, dimensions=16, buckets=50_000, min_count=fewest, epochs=3, rate=0.5)
    library = learn(real_examples(150), LABELS, chosen, 1)
    return library, folded_from(library, orders)


def predicted(library: Any, texts: list[str]) -> NDArray[np.float64]:
    """The library's probability of label 1; NaN where it makes no prediction."""
    labels, probabilities = library.predict([text.replace("\n", " ") for text in texts])
    return np.array(
        [
            np.nan if not names else (p[0] - LIBRARY_OFFSET if names[0] == "__label__1" else 1 - p[0] + LIBRARY_OFFSET)
            for names, p in zip(labels, probabilities, strict=True)
        ]
    )


@pytest.mark.parametrize("texts", [odd_texts(3000), [e.text for e in real_examples(600)]], ids=["odd", "real"])
def test_probabilities_and_labels_are_the_librarys(models: tuple[Any, Folded], texts: list[str]) -> None:
    library, folded = models
    expected, scores = predicted(library, texts), folded.score(Text.from_strings(texts))
    known = ~np.isnan(expected)
    assert np.abs(scores[known] - expected[known]).max() < TOLERANCE
    undecided = np.abs(expected[known] - 0.5) < 1e-6  # float32 in the library: a coin's toss
    assert ((scores[known] > 0.5) == (expected[known] > 0.5))[~undecided].all()
    assert (scores[~known] == 0.5).all()


def test_two_words_of_one_key_are_refused() -> None:
    folded = Folded([b"a", b"a"], np.zeros(2, np.float32), np.zeros(8, np.float32), 2)
    with pytest.raises(ValueError, match="share a 64-bit key"):
        _ = folded.vocabulary
