"""What chance allows: the interval of a share, and how likely a count is where every trial has its own probability."""

from math import sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

CONFIDENCE = 0.95


def interval(found: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Clopper and Pearson 1934: shares under which `found` of `of` or worse is likelier than (1 - confidence) / 2."""
    if of == 0:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = float(betaincinv(found, of - found + 1, tail)) if found else 0.0
    high = float(betaincinv(found + 1, of - found, 1 - tail)) if found < of else 1.0
    return low, high


def counts(probabilities: ArrayLike) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """The distribution of how many of independent trials come true (Poisson's binomial), one number for each count."""
    chances = np.ones(1)
    for probability in np.asarray(probabilities, np.float64):
        chances = np.append(chances * (1 - probability), 0) + np.append(0, chances * probability)
    return chances


def tail(found: int, probabilities: ArrayLike) -> float:
    """How likely a count at least as far out as `found` is, on whichever side; twice the smaller tail, exact."""
    chances = counts(probabilities)
    below, above = float(chances[: found + 1].sum()), float(chances[found:].sum())
    return min(1.0, 2 * min(below, above))


def deviations(found: int, probabilities: ArrayLike) -> float:
    """How many standard deviations `found` is from what is expected; 0 where nothing is left to chance."""
    each = np.asarray(probabilities, np.float64)
    spread = sqrt(float((each * (1 - each)).sum()))
    difference = found - float(each.sum())
    return difference / spread if spread > 1e-9 else 0.0
