"""Arms ranked on every dataset: do their mean ranks differ at all, and by how much must two of them?

Friedman's statistic (1937) in the form of Iman and Davenport (1980), after Demšar (2006, section 3.2.2):

    χ² = 12 N / (k (k + 1)) · Σ_j (R_j - (k + 1) / 2)² / c        F = (N - 1) χ² / (N (k - 1) - χ²)

with N datasets, k arms, mean ranks R_j, and c the correction for ties, 1 - Σ (t³ - t) / (N k (k² - 1)) over groups of t tied arms. F has k - 1
and (k - 1)(N - 1) degrees of freedom.

Two mean ranks differ where they are further apart than Nemenyi's critical difference (1963)

    CD = q / sqrt(2) · sqrt(k (k + 1) / (6 N))

with q the quantile of the range of k standard normal numbers: all pairs together, at one level.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..arrays import Floats


def ranks(scores: Floats, resolution: Sequence[float] | Floats = (0.0,)) -> Floats:
    """Of the arms on each dataset (datasets, arms): 1 is the highest score, ties share the mean of their ranks. Infinite scores have their place.

    Neighbours that differ by no more than a dataset's `resolution`, the rounding of its scores, are tied.
    """
    order = np.argsort(scores, axis=1, kind="stable")
    with np.errstate(invalid="ignore"):  # an infinite score less another one
        apart = np.diff(np.take_along_axis(scores, order, axis=1), axis=1) > np.reshape(resolution, (-1, 1))
    level = np.empty(scores.shape, np.int64)
    np.put_along_axis(level, order, np.cumsum(np.pad(apart, ((0, 0), (1, 0))), axis=1), axis=1)
    above = (level[:, None, :] > level[:, :, None]).sum(axis=2)
    equal = (level[:, None, :] == level[:, :, None]).sum(axis=2)
    return above + (equal + 1) / 2


def friedman_p(ranked: Floats) -> float:
    """The p-value of no difference between the arms, from ranks (datasets, arms); NaN for one arm, one dataset, or nothing but ties.

    Never below what full agreement has by chance, (1/k!)^(N - 1), where F is infinite.
    """
    from scipy.special import fdtrc

    datasets, arms = len(ranked), len(ranked[0])
    if datasets < 2 or arms < 2:
        return float("nan")
    untied = float(np.sum((ranked - (arms + 1) / 2) ** 2))  # N k (k² - 1) / 12 without ties
    if untied == 0:
        return float("nan")
    between = float(np.sum((ranked.mean(axis=0) - (arms + 1) / 2) ** 2))
    statistic = (arms - 1) * datasets**2 * between / untied
    rest = datasets * (arms - 1) - statistic
    least = math.exp(-(datasets - 1) * math.lgamma(arms + 1))
    ratio = (datasets - 1) * statistic / rest if rest > 0 else math.inf
    return max(least, float(fdtrc(arms - 1, (arms - 1) * (datasets - 1), ratio))) if math.isfinite(ratio) else least


def critical_difference(arms: int, datasets: int, confidence: float = 0.95) -> float:
    """Nemenyi's; NaN for fewer than two arms, or no dataset."""
    if arms < 2 or datasets < 1:
        return float("nan")
    return range_quantile(confidence, arms) / math.sqrt(2) * math.sqrt(arms * (arms + 1) / (6 * datasets))


POINTS = np.linspace(-9.0, 9.0, 361)
"""The trapezoidal rule over a smooth function that vanishes at both ends: at steps of 0.05 its error is below rounding."""


def range_quantile(probability: float, number: int) -> float:
    """Of the range of `number` independent standard normal numbers, by bisection to the last place."""
    low, high = 0.0, 2.0
    while range_below(high, number) < probability:
        low, high = high, 2 * high
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if range_below(middle, number) < probability else (low, middle)
    return high


def range_below(value: float, number: int) -> float:
    """The probability that the range is less: n ∫ φ(z) (Φ(z) - Φ(z - value))ⁿ⁻¹ dz, z being the largest."""
    from scipy.special import ndtr

    density = np.exp(-(POINTS**2) / 2) / math.sqrt(2 * math.pi)
    return float(number * (density * (ndtr(POINTS) - ndtr(POINTS - value)) ** (number - 1)).sum() * (POINTS[1] - POINTS[0]))
