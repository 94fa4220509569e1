"""`train(config) -> model folder`: from labelled files to weights, the same bytes each time."""

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any

import fasttext
import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from classifiers.config import FastText, Sklearn, Training, read_config
from classifiers.folded import Folded, fold
from classifiers.hashed import Hashed, counts
from classifiers.labelled import Example, LabelledError, digest, read
from classifiers.model import Scorer, save
from pipeline.text.layer import Text

LIBRARIES = {"fasttext": ("fasttext-community", "numpy"), "sklearn": ("scikit-learn", "scipy", "numpy")}
# What fastText's file format would read as a label or as the end of a line; its predict never counts them as words.
MARKUP = re.compile(r"(?<![^\s\0])(__label__[^\s\0]*|</s>)(?![^\s\0])")


def train(config_path: str | Path) -> Path:
    """Train what the config describes; return the model's folder."""
    config = read_config(Path(config_path))
    found = [read(source) for source in config.labelled]
    examples = [example for part in found for example in part]
    negative = other_label(config, examples)
    labels = (negative, config.positive)
    scorer = FIT[config.kind](shuffled(examples, config.seed), labels, config.parameters, config.seed)
    save(config.out, scorer, description(config, negative, found))
    return config.out


def other_label(config: Training, examples: Iterable[Example]) -> str:
    """The label that is not the positive one: there must be exactly two."""
    labels = sorted({example.label for example in examples})
    if len(labels) != 2 or config.positive not in labels:
        raise LabelledError(f"two labels are needed, one of them {config.positive}; found: {', '.join(labels)}")
    return next(label for label in labels if label != config.positive)


def shuffled(examples: Sequence[Example], seed: int) -> list[Example]:
    """In the order of a hash of (seed, text): fastText learns line by line, so classes must not stand in blocks."""

    def place(example: Example) -> tuple[bytes, str, str]:
        return blake2b(f"{seed}\0{example.text}".encode(), digest_size=16).digest(), example.text, example.label

    return sorted(examples, key=place)


def description(config: Training, negative: str, found: Sequence[Sequence[Example]]) -> dict[str, Any]:
    """What model.json says beside the weights' digest: no date, no absolute path, so that it is reproducible too."""
    files = zip(config.labelled, found, strict=True)
    return {
        "labels": [negative, config.positive],
        "positive": config.positive,
        "parameters": asdict(config.parameters),
        "training": {
            "config_sha256": config.digest,
            "seed": config.seed,
            "examples": dict(Counter(example.label for part in found for example in part)),
            "labelled": [{"file": s.path.name, "sha256": digest(s.path), "examples": len(part)} for s, part in files],
        },
        "versions": {name: version(name) for name in LIBRARIES[config.kind]},
    }


def fit_fasttext(examples: Sequence[Example], labels: tuple[str, str], chosen: FastText, seed: int) -> Folded:
    """fastText's supervised training, kept as one float for each row."""
    return folded_from(learn(examples, labels, chosen, seed), chosen.word_ngrams)


def learn(examples: Sequence[Example], labels: tuple[str, str], chosen: FastText, seed: int) -> Any:
    """The library's model, trained in one thread: the only way it is reproducible."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "lines.txt"
        lines.write_text("".join(line(example, labels) for example in examples), encoding="utf-8", newline="\n")
        return fasttext.train_supervised(
            str(lines), wordNgrams=chosen.word_ngrams, dim=chosen.dimensions, bucket=chosen.buckets,
            minCount=chosen.min_count, epoch=chosen.epochs, lr=chosen.rate, loss="softmax",
            minn=0, maxn=0, thread=1, seed=seed, verbose=0,
        )  # fmt: skip


def folded_from(model: Any, word_ngrams: int) -> Folded:
    """The library's model of the labels 0 and 1, folded. Its rows are the words' in their order, then the buckets'."""
    words = [word.encode() for word in model.get_words()]
    order = [model.get_labels().index(f"__label__{label}") for label in (0, 1)]
    scores = fold(model.get_input_matrix(), model.get_output_matrix()[order])
    return Folded(words, scores[: len(words)], scores[len(words) :], word_ngrams)


def line(example: Example, labels: tuple[str, str]) -> str:
    text = MARKUP.sub(" ", example.text).replace("\n", " ")
    return f"__label__{labels.index(example.label)} {text}\n"


def fit_sklearn(examples: Sequence[Example], labels: tuple[str, str], chosen: Sklearn, seed: int) -> Hashed:
    """Hashed counts -> TF-IDF -> logistic regression, in one thread."""
    targets: NDArray[np.int64] = np.array([labels.index(example.label) for example in examples])
    texts = Text.from_strings([example.text for example in examples])
    with threadpool_limits(1):
        weigh = TfidfTransformer(sublinear_tf=True)
        features = weigh.fit_transform(counts(texts, chosen.buckets, chosen.word_ngrams))
        model = LogisticRegression(C=chosen.strength, max_iter=chosen.iterations, random_state=seed)
        model.fit(features, targets)
    idf, coefficients = weigh.idf_.astype(np.float32), model.coef_[0].astype(np.float32)
    return Hashed(idf, coefficients, float(model.intercept_[0]), chosen.word_ngrams)


FIT: dict[str, Callable[..., Scorer]] = {
    "fasttext": fit_fasttext,
    "sklearn": fit_sklearn,
}
