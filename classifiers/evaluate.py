"""`evaluate(model, labelled)`: a model's ranking of judged documents, beside text length alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifiers.curves import Labels, Scores, auc, auc_interval, precision_at, roc, thinned
from classifiers.labelled import Example, LabelledError, Source, digest, read
from classifiers.model import Classifier, load
from pipeline.text.layer import Text

KEPT_SHARES = (0.1, 0.3, 0.5)
BOOTSTRAP_ROUNDS = 1000
ROC_POINTS = 101
POSITIVE = ("1", "true", "True", "keep")  # what a judgement may say instead of the model's positive label

Report = dict[str, Any]


def evaluate(model_folder: str | Path, labelled_path: str | Path, *, where: Mapping[str, Any] | None = None) -> Report:
    """ROC AUC with its interval, precision at kept shares and ROC points; a text that stands twice counts once."""
    model = load(model_folder)
    path = Path(labelled_path)
    examples = distinct(read(Source(path, where=where)), path)
    labels = positives(examples, str(model.description["positive"]), path)
    rankings = {"model": scores_of(model, examples), "text length": lengths(examples)}
    return {
        "model": {"kind": model.description["kind"], "sha256": model.digest},
        "labelled": {"file": path.name, "sha256": digest(path)},
        "documents": len(examples),
        "positives": int(labels.sum()),
        "rankings": {name: judged(scores, labels) for name, scores in rankings.items()},
    }


def distinct(examples: Sequence[Example], path: Path) -> list[Example]:
    """Each text once; one text under two labels is an error."""
    found: dict[str, Example] = {}
    for example in examples:
        if found.setdefault(example.text, example).label != example.label:
            raise LabelledError(f"{path}: one text has two labels: {example.text[:60]!r}")
    return list(found.values())


def positives(examples: Sequence[Example], positive: str, path: Path) -> Labels:
    labels = np.array([example.label == positive or example.label in POSITIVE for example in examples])
    if labels.all() or not labels.any():
        met = sorted({example.label for example in examples})
        raise LabelledError(f"{path}: all labels are alike ({', '.join(met)}; positive: {positive} or 1)")
    return labels


def scores_of(model: Classifier, examples: Sequence[Example]) -> Scores:
    return model.score_text(Text.from_strings([example.text for example in examples])).astype(np.float64)


def lengths(examples: Sequence[Example]) -> NDArray[np.float64]:
    return np.array([len(example.text) for example in examples], np.float64)


def judged(scores: Scores, labels: Labels) -> Report:
    """What one ranking is worth."""
    low, high = auc_interval(scores, labels, rounds=BOOTSTRAP_ROUNDS, seed=0)
    return {
        "auc": auc(scores, labels),
        "auc_95": [low, high],
        "precision": {f"{share:g}": precision_at(scores, labels, share) for share in KEPT_SHARES},
        "roc": [list(point) for point in thinned(roc(scores, labels)[1:], ROC_POINTS)],
    }


def table(report: Report) -> str:
    """The report as a table for people."""
    shares = "".join(f"  top {float(share):4.0%}" for share in map(str, KEPT_SHARES))
    lines = [
        f"{report['documents']} documents of {report['labelled']['file']}, {report['positives']} positive",
        f"{'ranking':<14}{'AUC':>6}  {'95 % interval':<15}{shares}",
    ]
    for name, ranking in report["rankings"].items():
        low, high = ranking["auc_95"]
        precision = "".join(f"{value:10.3f}" for value in ranking["precision"].values())
        lines.append(f"{name:<14}{ranking['auc']:6.3f}  {low:.3f} - {high:.3f}  {precision}")
    return "\n".join(lines)
