"""ROC, AUC and precision at a kept share: arithmetic over scores and 0/1 labels."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

Scores = NDArray[np.float64]
Labels = NDArray[np.bool_]


def auc(scores: Scores, labels: Labels) -> float:
    """The chance that a positive scores above a negative, a tie counting half (Mann and Whitney's U)."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if not positives or not negatives:
        return float("nan")
    ranks = rankdata(scores)
    return float((ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def auc_interval(scores: Scores, labels: Labels, *, rounds: int, seed: int, share: float = 0.95) -> tuple[float, float]:
    """The middle `share` of the AUC over `rounds` resamples, positives and negatives drawn apart."""
    generator = np.random.default_rng(seed)
    groups = np.flatnonzero(labels), np.flatnonzero(~labels)
    drawn = [np.concatenate([generator.choice(group, len(group)) for group in groups]) for _ in range(rounds)]
    low, high = np.quantile([auc(scores[rows], labels[rows]) for rows in drawn], [(1 - share) / 2, (1 + share) / 2])
    return float(low), float(high)


def precision_at(scores: Scores, labels: Labels, share: float) -> float:
    """The positives among the `share` of highest scores, at least one document; ties at the cut count by their mean."""
    kept = max(1, round(share * len(scores)))
    cut = np.sort(scores)[len(scores) - kept]
    above, level = scores > cut, scores == cut
    return float((labels[above].sum() + labels[level].mean() * (kept - above.sum())) / kept)


def roc(scores: Scores, labels: Labels) -> list[tuple[float, float, float]]:
    """(false positive rate, true positive rate, threshold) after each distinct score, from the highest down."""
    order = np.argsort(-scores, kind="stable")
    descending = scores[order]
    last = np.append(np.flatnonzero(np.diff(descending)), len(scores) - 1)
    true = np.cumsum(labels[order])[last] / max(labels.sum(), 1)
    false = np.cumsum(~labels[order])[last] / max((~labels).sum(), 1)
    return [(0.0, 0.0, float("inf")), *zip(false.tolist(), true.tolist(), descending[last].tolist(), strict=True)]


def thinned(points: list[tuple[float, float, float]], most: int) -> list[tuple[float, float, float]]:
    """At most `most` of the points, the first and the last among them."""
    if len(points) <= most:
        return points
    rows = np.linspace(0, len(points) - 1, most).round().astype(int)
    return [points[row] for row in rows]
