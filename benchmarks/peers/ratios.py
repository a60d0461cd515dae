"""What interleaved times say: ratios with their spread, shares of a limit, and whether two libraries learn equally well. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

ERRORS = 3.0
"""Mean accuracies may differ by so many standard errors of the difference: with 32 runs chance alone goes further in one check of 190."""
RESAMPLES = 2000
COVERAGE = 0.95


class Ratio(NamedTuple):
    """A ratio of medians and the ends of its bootstrap interval."""

    value: float
    low: float
    high: float


class Agreement(NamedTuple):
    """The mean difference of paired accuracies, its standard error, and whether it is within `ERRORS` of them."""

    difference: float
    error: float
    holds: bool


def ratio(seconds: Sequence[float], base: Sequence[float], seed: int = 0) -> Ratio:
    """How many times as long as the base it takes, both timed once in each round; rounds are resampled whole, since both share a round's weather."""
    times = np.asarray([seconds, base], np.float64)
    if times.shape[1] == 0 or not (times > 0).all():
        raise ValueError(f"{seconds} and {base} are given; give positive seconds, at least one round.")
    rounds = np.random.default_rng(seed).integers(times.shape[1], size=(RESAMPLES, times.shape[1]))
    medians = np.median(times[:, rounds], axis=2)
    low, high = np.quantile(medians[0] / medians[1], [(1 - COVERAGE) / 2, (1 + COVERAGE) / 2])
    value = np.median(times[0]) / np.median(times[1])
    return Ratio(float(value), float(low), float(high))


def quartiles(seconds: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile."""
    low, middle, high = np.quantile(np.asarray(seconds, np.float64), [0.25, 0.5, 0.75])
    return float(low), float(middle), float(high)


def agreement(accuracies: ArrayLike, base: ArrayLike) -> Agreement:
    """Whether two libraries learn equally well, from test accuracies of the same runs: the same rows, so that the difference is taken run by run.

    Without spread, or with an accuracy that is no number, only equal means agree.
    """
    differences = np.asarray(accuracies, np.float64) - np.asarray(base, np.float64)
    if differences.size < 2:
        raise ValueError(f"{differences.size} runs are given; give two or more.")
    difference, error = float(differences.mean()), float(differences.std(ddof=1) / np.sqrt(differences.size))
    return Agreement(difference, error, abs(difference) <= ERRORS * error)
