"""Wilcoxon's signed ranks (1945): for differences that have no mean, and beside the t test where they have one.

The smallest p-value that n non-zero differences can reach is 2/2ⁿ, so a test at level α is refused where that exceeds α: below 6 differences
alone at 0.05, below 10 in a family of 15. In the test, differences of 0 are left out and not counted.

The interval beside it is that of the pseudomedian: the median of all Walsh averages (dᵢ + dⱼ)/2, i ≤ j, whose ordered values from the k-th on
either side hold it with probability 1 - 2 P(W < k) (Hodges and Lehmann 1963; Hollander, Wolfe and Chicken 2014, section 3.3), and at least so
where differences are tied or 0 (Noether 1967). An infinite difference, a loss that diverged, has the largest rank: an end of the interval, and
the pseudomedian itself, may be infinite. Both assume differences that are symmetric about their centre.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..arrays import Floats
from .intervals import Interval

EXACT = 300
"""Up to so many differences the distribution is enumerated (0.1 s); beyond, it is normal to the fourth digit."""

ROUNDING = 1e-12
"""Of a level that was worked out from a confidence, relatively: 1 - (1 - α/m) is no longer α/m."""


class SignedRank(NamedTuple):
    """A two-sided p-value, or why there is none."""

    p_value: float
    refused: str = ""


def signed_rank(differences: Floats, level: float, resolution: float = 0.0) -> SignedRank:
    """The test of differences (n,), infinite ones included: they have the largest ranks. Ties share the mean of their ranks.

    What differs by no more than `resolution`, the rounding of the scores, is equal.
    """
    values = np.asarray(differences, np.float64)
    if np.isnan(values).any():
        return SignedRank(float("nan"), "a difference is missing")
    values = values[np.abs(values) > resolution]
    reason = refusal(len(values), level)
    if reason:
        return SignedRank(float("nan"), reason)
    ranks = _ranks(np.abs(values), resolution)
    return SignedRank(min(1.0, 2 * _tail(ranks, int(ranks[values > 0].sum()))))


def refusal(n: int, level: float) -> str:
    """Why n differences that are not 0 cannot be tested at this level; empty where they can."""
    least, reached = 2.0 ** (1 - n), level * (1 + ROUNDING)
    if least <= reached:
        return ""
    needed = next(number for number in range(n, 2000) if 2.0 ** (1 - number) <= reached)
    return f"signed ranks of {n} differences that are not 0 cannot reject at {level:.2g} (the least p-value is {least:.2g}); it takes {needed}"


class Pseudomedian(NamedTuple):
    """The estimate by signed ranks from differences (n,), in the place of a mean that does not exist."""

    differences: Floats
    resolution: float = 0.0

    @property
    def mean(self) -> float:
        """The median of the Walsh averages; those of +∞ with -∞ stand on both sides of it."""
        averages, both = self._averages()
        if not len(averages) + both:
            return float("nan")
        ordered = np.concatenate([np.full(both, -np.inf), np.sort(np.repeat(averages, 2)), np.full(both, np.inf)])
        low, high = ordered[len(ordered) // 2 - 1], ordered[len(ordered) // 2]
        return float("nan") if low == -high and np.isinf(low) else float(low if low == high else (low + high) / 2)

    def interval(self, confidence: float) -> Interval:
        """At least this confidence; NaN where so few differences can have no such interval."""
        if refusal(self._apart_from_zero, 1 - confidence):
            return Interval(self.mean, float("nan"), float("nan"))
        averages, both = self._averages()
        ordered = np.sort(averages)
        place = _place(len(self.differences), (1 - confidence) / 2)
        low = ordered[place - both] if place >= both else -np.inf
        high = ordered[len(ordered) - 1 - (place - both)] if place >= both else np.inf
        return Interval(self.mean, float(low), float(high))

    def p_value(self) -> float:
        """The least error at which the interval leaves 0 out. Unlike Wilcoxon's test it counts differences of 0, as the interval does."""
        averages, both = self._averages()
        outside = max(np.count_nonzero(averages > 0), np.count_nonzero(averages < 0))
        least = 2.0 ** (1 - self._apart_from_zero)
        return min(1.0, max(least, 2 * _below(len(self.differences), len(averages) + both - int(outside))))

    def refused(self, level: float) -> str:
        """Why there is no interval of confidence 1 - `level`; empty where there is."""
        return refusal(self._apart_from_zero, level)

    @property
    def _apart_from_zero(self) -> int:
        return int(np.count_nonzero(np.abs(self.differences) > self.resolution))

    def _averages(self) -> tuple[Floats, int]:
        """The Walsh averages, and how many more are of +∞ with -∞: they could be anything, and count against each end of an interval."""
        values = np.sort(np.asarray(self.differences, np.float64))
        with np.errstate(invalid="ignore"):
            averages = np.concatenate([(values[at] + values[at:]) / 2 for at in range(len(values))]) if len(values) else values
        known = ~np.isnan(averages)
        return np.where(np.abs(averages) <= self.resolution, 0.0, averages)[known], int(np.count_nonzero(~known))


def _place(n: int, tail: float) -> int:
    """The greatest k, from 0, with P(W ≤ k) ≤ `tail` among n ranks without ties: so many Walsh averages lie outside the interval at each end."""
    if n > EXACT:
        from scipy.special import ndtri

        return int(n * (n + 1) / 4 + ndtri(tail) * np.sqrt(n * (n + 1) * (2 * n + 1) / 24) - 0.5)
    below = np.cumsum(_null(tuple(range(1, n + 1))))
    return int(np.searchsorted(below, tail * (1 + ROUNDING), side="right")) - 1


def _below(n: int, place: int) -> float:
    """P(W ≤ place) among n ranks without ties: of this the greatest place is the inverse."""
    if n > EXACT:
        from scipy.special import ndtr

        return float(ndtr((place + 0.5 - n * (n + 1) / 4) / math.sqrt(n * (n + 1) * (2 * n + 1) / 24)))
    return float(_null(tuple(range(1, n + 1)))[: place + 1].sum())


def _ranks(sizes: Floats, resolution: float) -> NDArray[np.int64]:
    """Twice the mid-ranks, whole numbers; neighbours closer than the resolution are ties."""
    order = np.argsort(sizes, kind="stable")
    with np.errstate(invalid="ignore"):
        group = np.concatenate([[0], np.cumsum(np.diff(sizes[order]) > resolution)])
    counts = np.bincount(group)
    last = np.cumsum(counts)
    ranks = np.empty(len(sizes), np.int64)
    ranks[order] = (2 * last - counts + 1)[group]
    return ranks


def _tail(ranks: NDArray[np.int64], positive: int) -> float:
    """The smaller of P(W ≤ positive) and P(W ≥ positive), each rank counted with probability 1/2."""
    if len(ranks) > EXACT:
        from scipy.special import ndtr

        # the ranks here are twice the usual ones, and so is the correction for continuity
        deviation = math.sqrt(sum(rank * rank for rank in ranks.tolist()) / 4)
        return float(ndtr(-max(abs(positive - int(ranks.sum()) / 2) - 1, 0.0) / deviation))
    divisor = math.gcd(*ranks.tolist())
    chances = _null(tuple(sorted((ranks // divisor).tolist())))
    at = positive // divisor
    return min(float(chances[: at + 1].sum()), float(chances[at:].sum()))


@lru_cache(maxsize=64)
def _null(ranks: tuple[int, ...]) -> NDArray[np.float64]:
    """The distribution of the sum of the positive ones among these ranks, each positive with probability 1/2: chances by sum."""
    chances = np.zeros(sum(ranks) + 1)
    chances[0] = 1.0
    for rank in ranks:
        chances[rank:] = chances[rank:] / 2 + chances[: len(chances) - rank] / 2
        chances[:rank] /= 2
    return chances
