"""How many seeds would decide a comparison, as a range.

What is given: if the true difference is the one that was seen, then so many seeds in all decide with probability 0.8. A pilot knows the spread
of its differences badly: with 5 seeds the variance may be 0.36 to 8.3 times what was seen (95 % of the χ² distribution with 4 degrees of
freedom), and the number of seeds is wrong by as much. So two numbers are given, for the least and for the greatest variance.

What it does not hold: how wrong the difference that was seen may be. An interval so narrow that it either misses 0 or lies inside ±δ decides
whatever the truth is, and the numbers never exceed what that takes.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from .intervals import t_quantile

MOST = 10_000_000
POWER = 0.8
HELD = 0.95
"""The chance that the range holds the number for the true variance."""


class Seeds(NamedTuple):
    """From how many to how many seeds; infinity where no number settles it."""

    low: float
    high: float


def seeds_needed(mean: float, deviation: float, seeds: int, confidence: float, margin: float, test_to_train: float = 0.0) -> Seeds:
    """The seeds in all that would decide, from a pilot of `seeds` differences with this mean and standard deviation, which has not: more than it.

    With `test_to_train` above 0 (*new datasets*) the interval has a least width that no number of seeds goes below; infinite at both ends
    where the spread that was seen is too large for that.
    """
    from scipy.special import chdtri

    if seeds < 2 or not math.isfinite(mean) or not 0 < deviation < math.inf or math.isnan(test_to_train):
        return Seeds(math.nan, math.nan)
    if test_to_train and math.isinf(settled(mean, deviation, confidence, margin, test_to_train)):
        return Seeds(math.inf, math.inf)
    freedom = seeds - 1
    factors = [freedom / float(chdtri(freedom, tail)) for tail in ((1 - HELD) / 2, (1 + HELD) / 2)]
    needed = (settled(mean, deviation * math.sqrt(factor), confidence, margin, test_to_train) for factor in factors)
    return Seeds(*(max(number, seeds + 1.0) for number in needed))


def settled(mean: float, deviation: float, confidence: float, margin: float, test_to_train: float = 0.0) -> float:
    """The least n at which this mean and standard deviation decide with probability `POWER`, by doubling and bisection."""

    def decides(n: int) -> bool:
        return chance_of_deciding(mean, deviation, n, confidence, margin, test_to_train) >= POWER

    if not decides(MOST):
        return math.inf
    low, high = 1, 2
    while not decides(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if decides(middle) else (middle, high)
    return float(high)


def chance_of_deciding(mean: float, deviation: float, n: int, confidence: float, margin: float, test_to_train: float = 0.0) -> float:
    """The probability that the estimate from n seeds falls where its interval decides, the estimate taken as normal and the spread as known.

    Beyond ±wide it helps or hurts; within ±(margin - narrow) it is equivalent.
    """
    noise, error = deviation / math.sqrt(n), deviation * math.sqrt(1 / n + test_to_train)
    wide, narrow = (t_quantile(0.5 + level / 2, n - 1) * error for level in (confidence, 2 * confidence - 1))
    if wide <= margin - narrow:
        return 1.0
    inside = max(0.0, margin - narrow)
    return 1 - _between(-wide, wide, mean, noise) + _between(-inside, inside, mean, noise)


def _between(low: float, high: float, mean: float, deviation: float) -> float:
    """The probability of a normal number between two others."""
    root = math.sqrt(2) * deviation
    return 0.5 * (math.erf((high - mean) / root) - math.erf((low - mean) / root))


def floor(deviation: float, confidence: float, test_to_train: float) -> float:
    """Half the width below which no number of seeds brings the interval for *new datasets*."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + confidence / 2)) * deviation * math.sqrt(test_to_train)
