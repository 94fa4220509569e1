"""Evaluation: AUC, precision and ROC on tables small enough to count by hand, and against scikit-learn's."""

import math
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from classifiers.curves import auc, auc_interval, precision_at, roc, thinned
from classifiers.evaluate import evaluate, table
from classifiers.labelled import LabelledError
from classifiers.train import train
from tests.classifiers.examples import tiny_config, tiny_rows, write_jsonl

SCORES = np.array([0.9, 0.8, 0.8, 0.4, 0.1])
LABELS = np.array([True, True, False, True, False])


def test_auc_counts_the_pairs_in_order_and_half_the_ties() -> None:
    assert auc(SCORES, LABELS) == pytest.approx((2 + 1.5 + 1) / 6)
    assert math.isnan(auc(SCORES, np.ones(5, bool)))


def test_auc_is_scikit_learns() -> None:
    generator = np.random.default_rng(3)
    scores, labels = generator.integers(0, 20, 500).astype(float), generator.random(500) < 0.4
    assert auc(scores, labels) == pytest.approx(roc_auc_score(labels, scores))


def test_the_interval_holds_the_auc_and_is_the_same_each_time() -> None:
    generator = np.random.default_rng(3)
    labels = generator.random(300) < 0.5
    scores = generator.normal(size=300) + labels
    low, high = auc_interval(scores, labels, rounds=200, seed=0)
    assert low < auc(scores, labels) < high
    assert (low, high) == auc_interval(scores, labels, rounds=200, seed=0)


@pytest.mark.parametrize(("share", "precision"), [(0.2, 1.0), (0.4, 0.75), (0.6, 2 / 3), (1.0, 0.6), (0.01, 1.0)])
def test_precision_at_a_kept_share_counts_ties_by_their_mean(share: float, precision: float) -> None:
    assert precision_at(SCORES, LABELS, share) == pytest.approx(precision)


def test_a_roc_begins_at_nothing_and_ends_at_everything() -> None:
    points = roc(SCORES, LABELS)
    assert points[0][:2] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0, 0.1)
    assert points[2] == pytest.approx((0.5, 2 / 3, 0.8))
    assert thinned(points, 2) == [points[0], points[-1]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tiny_config(tmp_path_factory.mktemp("evaluated"), "sklearn"))


def test_a_model_stands_beside_text_length_and_each_text_counts_once(model: Path, tmp_path: Path) -> None:
    rows = [{"text": row["text"], "label": int(row["label"] == "reference")} for row in tiny_rows()]
    report = evaluate(model, write_jsonl(tmp_path / "judged.jsonl", [*rows, *rows[:7]]))
    assert (report["documents"], report["positives"]) == (40, 20)
    assert set(report["rankings"]) == {"model", "text length"}
    ranking = report["rankings"]["model"]
    assert ranking["auc"] == 1.0
    assert ranking["precision"] == {"0.1": 1.0, "0.3": 1.0, "0.5": 1.0}
    assert all(math.isfinite(number) for point in ranking["roc"] for number in point)
    assert "text length" in table(report)


def test_only_the_rows_asked_for_are_judged(model: Path, tmp_path: Path) -> None:
    rows = [{**row, "set": "majority" if number < 10 else "other"} for number, row in enumerate(tiny_rows())]
    path = write_jsonl(tmp_path / "judged.jsonl", rows)
    assert evaluate(model, path, where={"set": "majority"})["documents"] == 10


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"text": "a", "label": 1}, {"text": "b", "label": 1}], "all labels are alike"),
        ([{"text": "a", "label": 1}, {"text": "a", "label": 0}], "one text has two labels"),
    ],
)
def test_judgements_that_say_nothing_are_refused(
    model: Path, tmp_path: Path, rows: list[dict[str, object]], message: str
) -> None:
    with pytest.raises(LabelledError, match=message):
        evaluate(model, write_jsonl(tmp_path / "judged.jsonl", rows))
