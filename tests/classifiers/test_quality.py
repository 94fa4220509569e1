"""The step `quality`: its column, its metric, its reason."""

import numpy as np
import pyarrow as pa

from classifiers.model import SAMPLE, load
from classifiers.quality import quality
from pipeline.rules import REGISTRY
from tests.classifiers.examples import documents

PROSE = "The origin of species was long debated among naturalists, and the theory of descent explained many facts. " * 5
BLOG = "Our team is hiring! Read the blog post, join the community, and tell us what you think about the release. " * 5


def test_the_rule_is_registered_with_its_model_as_a_resource() -> None:
    rule = REGISTRY["quality"]
    assert rule.resources == {"model": "classifier"}
    assert {name: parameter.default for name, parameter in rule.parameters.items()} == {"model": SAMPLE, "min": None}
    assert rule.needs == []


def test_the_column_is_the_score_as_float32() -> None:
    model, docs = load(SAMPLE), documents([PROSE, BLOG, None])
    verdict = quality(docs, model=model)
    assert verdict.columns["quality"].type == pa.float32()
    assert verdict.columns["quality"].to_pylist() == model.score(docs).tolist() == verdict.metrics["score"].tolist()
    assert not verdict.failed


def test_documents_below_min_are_low() -> None:
    verdict = quality(documents([PROSE, BLOG]), model=load(SAMPLE), min=0.5)
    assert verdict.failed["low"].tolist() == [False, True]
    assert (verdict.bounds["low"].metric, verdict.bounds["low"].value) == ("score", 0.5)


def test_a_score_equal_to_min_is_kept() -> None:
    model, docs = load(SAMPLE), documents([PROSE])
    verdict = quality(docs, model=model, min=float(np.float64(model.score(docs)[0])))
    assert not verdict.failed["low"].any()
