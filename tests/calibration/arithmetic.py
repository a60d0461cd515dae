"""The product's procedures on whole arrays, for counts that are too large to go through its tables. `test_arithmetic.py` holds each of them against
the product's own verdicts on the same draws.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from trickbench.harness.inference.sequential import Sequential

Floats = NDArray[np.float64]
TIED = 3
"""Looks at tied scores after which a comparison without a most number of seeds gets no more."""


def half(differences: Floats, confidence: float) -> Floats:
    """Half the width of Student's intervals of differences (..., seeds)."""
    n = differences.shape[-1]
    return stats.t.ppf(0.5 + confidence / 2, n - 1) * differences.std(axis=-1, ddof=1) / np.sqrt(n)


def called(differences: Floats, confidence: float) -> NDArray[np.bool_]:
    """Whether the interval of differences (..., seeds) lies on one side of 0; not where most of them are 0."""
    tied = 2 * np.count_nonzero(differences == 0, axis=-1) > differences.shape[-1]
    return ~tied & (np.abs(differences.mean(axis=-1)) > half(differences, confidence))


def stops(differences: Floats, looks: Sequence[int], confidence: Callable[[int, int], float], endless: bool = False) -> NDArray[np.int64]:
    """The look (from 0) at which differences (..., seeds) are called; -1 where none does."""
    found = np.full(differences.shape[:-1], -1)
    tied = np.zeros(differences.shape[:-1], int)
    stuck = np.zeros(differences.shape[:-1], bool)
    for look, n in enumerate(looks):
        some = differences[..., :n]
        found[(found < 0) & ~stuck & called(some, confidence(look, n))] = look
        tied = np.where(2 * np.count_nonzero(some == 0, axis=-1) > n, tied + 1, 0)
        stuck |= endless & (tied >= TIED)
    return found


def until_decided(differences: Floats, sequential: Sequential, alpha: float = 0.05) -> NDArray[np.int64]:
    """The same by the looks of a sequential study, as many as there are differences for."""
    looks = [n for n in sequential.looks if n <= differences.shape[-1]]
    return stops(differences, looks, lambda look, n: sequential.confidence(look, n, alpha), endless=sequential.most is None)


def seeds_used(stopped: NDArray[np.int64], looks: Sequence[int]) -> NDArray[Any]:
    """How many seeds a comparison has when it is called, or at the last look."""
    return np.where(stopped < 0, looks[-1], np.array(looks)[stopped])
