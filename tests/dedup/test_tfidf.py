"""TF-IDF and its projection are scikit-learn's, and a document's vector does not know its neighbours."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer

from pipeline.dedup.semantic_fit import clusters_for, fit_centroids, fit_projection
from pipeline.dedup.tfidf import BUCKETS, counts, features
from pipeline.text.layer import Text

TOPICS = ("mill river grain stone wheel", "court judge law appeal ruling", "cell gene protein enzyme membrane")


def texts(count: int) -> list[str]:
    """Documents of three topics, each with words of its own."""
    chance = np.random.default_rng(3)
    made = []
    for number in range(count):
        words = [*TOPICS[number % 3].split(), "the", "of", f"own{number}", f"rare{number // 6}"]
        made.append(" ".join(chance.choice(words, 40)))
    return made


def test_embeddings_are_scikit_learns() -> None:
    text = Text.from_strings(texts(60))
    fitted = fit_projection(text, 10, seed=4)
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(counts(text))
    used = np.flatnonzero(weighed.getnnz(axis=0))
    truth = TruncatedSVD(10, n_iter=4, random_state=4).fit_transform(weighed[:, used])
    truth /= np.linalg.norm(truth, axis=1, keepdims=True)
    assert fitted.embed(text) == pytest.approx(truth, abs=2e-5)


def test_a_document_has_the_same_bits_alone_and_among_others() -> None:
    every = texts(50)
    fitted = fit_projection(Text.from_strings(every), 16, seed=0)
    whole = fitted.embed(Text.from_strings(every))
    alone = np.concatenate([fitted.embed(Text.from_strings([one])) for one in every])
    backwards = fitted.embed(Text.from_strings(every[::-1]))[::-1]
    assert alone.tobytes() == whole.tobytes() == np.ascontiguousarray(backwards).tobytes()


def test_documents_of_one_topic_are_nearer_than_those_of_two() -> None:
    text = Text.from_strings(texts(60))
    vectors = fit_projection(text, 3, seed=0).embed(text)
    cosines = vectors @ vectors.T
    topic = np.arange(60) % 3
    same = topic[:, None] == topic[None]
    assert cosines[same].min() > cosines[~same].max()


def test_a_text_of_which_too_little_is_captured_has_no_embedding() -> None:
    text = Text.from_strings(texts(60))
    fitted = fit_projection(text, 3, seed=0)
    weighed = TfidfTransformer(sublinear_tf=True).fit_transform(counts(text))  # rows of length one
    shares = np.square(weighed @ fitted.components).sum(axis=1)
    least = float(np.median(shares))
    assert replace(fitted, captured=least).embed(text).any(axis=1).tolist() == (shares >= least).tolist()
    unknown = Text.from_strings([" ".join(f"unheard{number}" for number in range(30)) + " mill"])
    assert fitted.embed(unknown).any()
    assert not replace(fitted, captured=0.3).embed(unknown).any()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Mill, mill and MILL", 4),
        ("...", 0),
        ("東京都に", 4 + 3),  # each character, and each pair
        ("東 京", 2 + 0),  # no pair across a blank
        ("ภาษาไทย", 7 + 6),
        ("Übung größer", 2),
        ("日本語 and 中", 3 + 1 + 1 + 2),
    ],
)
def test_features_are_words_and_where_no_spaces_are_written_characters_and_their_pairs(text: str, count: int) -> None:
    offsets, buckets = features(Text.from_strings(["before", text, "after"]))
    assert np.diff(offsets).tolist() == [1, count, 1]
    assert ((buckets >= 0) & (buckets < BUCKETS)).all()


def test_equal_words_have_one_bucket_whatever_their_case_and_punctuation() -> None:
    assert counts(Text.from_strings(['Mill, "mill" (MILL)']))[0].max() == 3


@pytest.mark.parametrize("sample", [[], [""], ["", "..."], ["one text only"]])
def test_a_sample_of_next_to_nothing_fits_too(sample: list[str]) -> None:
    fitted = fit_projection(Text.from_strings(sample), 8, seed=0)
    vectors = fitted.embed(Text.from_strings(["one text only", "", "unheard of"]))
    known = "one text only" in sample
    assert vectors.any(axis=1).tolist() == [known, False, False]
    assert len(fit_centroids(vectors.astype(np.float16), 4, seed=0)) == 1


@pytest.mark.parametrize(
    ("documents", "sample", "clusters"),
    [(0, 0, 1), (299, 299, 17), (10_000, 10_000, 100), (10_000, 160, 10), (10**9, 20_000, 1250)],
)
def test_auto_clusters_are_the_root_of_the_documents_as_far_as_the_sample_places_them(
    documents: int, sample: int, clusters: int
) -> None:
    assert clusters_for(documents, sample) == clusters


def test_centroids_are_unit_vectors_and_the_same_again() -> None:
    text = Text.from_strings(texts(60))
    vectors = fit_projection(text, 3, seed=0).embed(text).astype(np.float16)
    one, again = (fit_centroids(vectors, 3, seed=1) for _ in range(2))
    assert one.tobytes() == again.tobytes()
    assert np.linalg.norm(one, axis=1) == pytest.approx([1, 1, 1])
