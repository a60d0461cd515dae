"""A mean of numbers between 0 and 1, such as how often a trick improves, with an interval that holds for every such distribution.

Near 0 and 1, where tricks that work end up, the usual intervals fail: all five of five runs improve, the deviation is 0, and Student's interval
(or DeLong's, or a bootstrap) has no width. What does hold: among all distributions on [0, 1] with one mean, that of a coin is the most spread
out, so a mean of n independent numbers is spread no more than that of n tosses (Hoeffding 1963, section 4), nor is it where every toss has a
chance of its own (Hoeffding 1956). The interval is therefore that of Clopper and Pearson (1934) for n tosses, whatever was averaged.

    these datasets, each with its own chance     n: datasets × the blocks of the one with the fewest; a mean of more is spread less
    datasets like these                          n: datasets, of which each contributes its share

It is conservative, the more the further the chances of the datasets lie apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Floats
from .intervals import Interval


def share(mean: float, number: float, confidence: float) -> Interval:
    """The interval of a mean of `number` independent values in [0, 1]; neither has to come from whole counts. NaN without values."""
    from scipy.special import betaincinv

    if not number > 0 or np.isnan(mean):
        return Interval(mean, float("nan"), float("nan"))
    tail, successes = (1 - confidence) / 2, mean * number
    failures = number - successes
    low = float(betaincinv(successes, failures + 1, tail)) if successes > 0 else 0.0
    high = float(betaincinv(successes + 1, failures, 1 - tail)) if failures > 0 else 1.0
    return Interval(mean, low, high)


def improvements(differences: Floats) -> Floats:
    """1 where a difference is positive, 1/2 where it is 0, else 0."""
    return (1 + np.sign(differences)) / 2


def improvement_on_these(blocks: Sequence[Floats], confidence: float, test_to_train: float | Sequence[float] = 0.0) -> Interval:
    """How often a fresh block of one of these datasets improves, each dataset with the same weight; blocks (n_d,) of differences.

    Replicates that speak of *new datasets* (n_test / n_train above 0) count for fewer, 1 / (1/n + n_test/n_train), as in the corrected t.
    """
    sizes = np.array([len(block) for block in blocks], np.float64)
    if not len(sizes) or not sizes.min():
        return share(float("nan"), 0.0, confidence)
    counted = 1 / (1 / sizes + np.asarray(test_to_train))
    return share(float(np.mean(_means(blocks))), len(sizes) * float(counted.min()), confidence)


def improvement_on_such(blocks: Sequence[Floats], confidence: float) -> Interval:
    """How often a fresh block of a fresh dataset improves."""
    return share(float(np.mean(_means(blocks))) if len(blocks) else float("nan"), len(blocks), confidence)


def _means(blocks: Sequence[Floats]) -> list[float]:
    return [float(np.mean(improvements(block))) for block in blocks]
