"""Hashed TF-IDF: the scoring kernel against scikit-learn's own predict_proba, the counts against plain Python."""

from collections import Counter

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from classifiers.config import Sklearn
from classifiers.hashed import counts
from classifiers.tokens import fnv32, split
from classifiers.train import fit_sklearn
from pipeline.text.layer import Text
from tests.classifiers.examples import odd_texts, real_examples

BUCKETS = 4096
PRIME, MASK = 116049371, 2**64 - 1


def sign_extended(value: int) -> int:
    return value if value < 2**31 else value | 0xFFFFFFFF00000000


def expected_counts(text: str, orders: int) -> Counter[int]:
    """The buckets of words and n-grams in plain Python."""
    hashes = [sign_extended(fnv32(token)) for token in split(text.encode())[:-1]]
    found: Counter[int] = Counter()
    for first in range(len(hashes)):
        value = 0
        for order, one in enumerate(hashes[first : first + orders]):
            value = (value * PRIME + one) & MASK if order else one
            found[value % BUCKETS] += 1
    return found


def test_counts_are_those_of_plain_python() -> None:
    texts = odd_texts(300)
    matrix = counts(Text.from_strings(texts), BUCKETS, 3)
    for row, text in enumerate(texts):
        one = matrix[row].tocoo()
        found = dict(zip(one.col.tolist(), one.data.astype(int).tolist(), strict=True))
        assert found == dict(expected_counts(text, 3)), repr(text)


def test_scores_are_scikit_learns_probabilities() -> None:
    examples = real_examples(200)
    texts = Text.from_strings([example.text for example in examples])
    features = TfidfTransformer(sublinear_tf=True).fit_transform(counts(texts, BUCKETS, 2))
    model = LogisticRegression(C=1.0, max_iter=200, random_state=0)
    model.fit(features, [example.label == "reference" for example in examples])
    fitted = fit_sklearn(examples, ("web", "reference"), Sklearn(buckets=BUCKETS), 0)
    assert np.abs(fitted.score(texts) - model.predict_proba(features)[:, 1]).max() < 1e-6
