"""What interleaved times say: ratios with their spread, and whether two libraries learn equally well. Pure functions.

Libraries are held to be equal, not merely not shown to differ: scatter must not excuse. In every round

    |mean difference| + 2 standard errors <= 0.01      run by run, on the same rows
    every run's accuracy >= the worst of ours - 0.03
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

MARGIN = 0.01
"""So far at most may mean accuracies lie apart, with `ERRORS` standard errors added to what was observed."""
ERRORS = 2.0
BELOW = 0.03
"""So far at most may a single run lie below the worst of ours: eleven of 359 test rows."""


class Ratio(NamedTuple):
    """The median of the rounds' ratios, and the least and the greatest of them."""

    median: float
    least: float
    most: float


class Agreement(NamedTuple):
    """Mean difference of paired accuracies and its standard error, in the round where they are worst; the worst run of all; the verdict."""

    difference: float
    error: float
    worst: float
    holds: bool


def ratio(seconds: Sequence[float], base: Sequence[float]) -> Ratio:
    """How many times as long as the base it takes, round by round: what both share of a round's weather cancels."""
    times = np.asarray([seconds, base], np.float64)
    if times.shape[1] == 0 or not (times > 0).all():
        raise ValueError(f"{seconds} and {base} are given; give positive seconds, at least one round.")
    ratios = times[0] / times[1]
    return Ratio(float(np.median(ratios)), float(ratios.min()), float(ratios.max()))


def quartiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile."""
    low, middle, high = np.quantile(np.asarray(seconds, np.float64), [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)


def agreement(accuracies: ArrayLike, base: ArrayLike) -> Agreement:
    """Whether two libraries learn equally well, from test accuracies (rounds, runs). An accuracy that is no number agrees with nothing."""
    found, ours = np.asarray(accuracies, np.float64), np.asarray(base, np.float64)
    if found.ndim != 2 or found.shape != ours.shape or found.shape[0] < 1 or found.shape[1] < 2:
        raise ValueError(f"Accuracies of shapes {found.shape} and {ours.shape} are given; give the same rounds and runs of both, two or more runs.")
    differences = found - ours
    means, errors = differences.mean(axis=1), differences.std(axis=1, ddof=1) / math.sqrt(found.shape[1])
    bounds = np.abs(means) + ERRORS * errors
    worst = int(np.argmax(bounds))  # the first that is no number, if there is one
    holds = bool(bounds[worst] <= MARGIN and found.min() >= ours.min() - BELOW)
    return Agreement(float(means[worst]), float(errors[worst]), float(found.min()), holds)
