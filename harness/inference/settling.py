"""How many seeds would decide a comparison, as a range.

A pilot knows the spread of its differences badly: with 5 seeds the variance may be 0.36 to 8.3 times what was seen (95 % of the χ²
distribution with 4 degrees of freedom), and the number of seeds is wrong by as much. So two numbers are given.

The true difference is taken to be the one that was seen. Whatever it is, an interval narrower than δ decides: one that is short enough either
misses 0 or lies inside ±δ; the number never exceeds what that takes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from .intervals import t_quantile

MOST = 10_000_000


class Seeds(NamedTuple):
    """From how many to how many seeds; infinity where no number settles it."""

    low: float
    high: float


def seeds_needed(mean: float, deviation: float, seeds: int, confidence: float, margin: float, test_to_train: float = 0.0) -> Seeds:
    """The seeds in all that would decide, from a pilot of `seeds` differences with this mean and standard deviation.

    With `test_to_train` above 0 (*new datasets*) the interval has a least width that no number of seeds goes below.
    """
    from scipy.special import chdtri

    if seeds < 2 or not math.isfinite(mean) or not deviation > 0:
        return Seeds(math.nan, math.nan)
    freedom = seeds - 1
    factors = [freedom / float(chdtri(freedom, tail)) for tail in (0.025, 0.975)]
    return Seeds(*(_settled(mean, deviation * math.sqrt(factor), confidence, margin, test_to_train) for factor in factors))


def _settled(mean: float, deviation: float, confidence: float, margin: float, ratio: float) -> float:
    """The least n at which the interval around this mean decides, by doubling and bisection."""
    if not _decides(mean, deviation, MOST, confidence, margin, ratio):
        return math.inf
    low, high = 1, 2
    while not _decides(mean, deviation, high, confidence, margin, ratio):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _decides(mean, deviation, middle, confidence, margin, ratio) else (middle, high)
    return float(high)


def _decides(mean: float, deviation: float, n: int, confidence: float, margin: float, ratio: float) -> bool:
    error = deviation * math.sqrt(1 / n + ratio)
    wide, narrow = (t_quantile(0.5 + level / 2, n - 1) * error for level in (confidence, 2 * confidence - 1))
    return abs(mean) > wide or abs(mean) + narrow < margin or wide + narrow < margin


def floor(deviation: float, confidence: float, test_to_train: float) -> float:
    """Half the width below which no number of seeds brings the interval for *new datasets*."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2)) * deviation * float(np.sqrt(test_to_train))
