"""Wilcoxon's signed ranks (1945): for differences that have no mean, and beside the t test where they have one.

The smallest p-value that n non-zero differences can reach is 2/2ⁿ, so a test at level α is refused where that exceeds α: below 6 differences
alone at 0.05, below 10 in a family of 15. Differences of 0 are left out and not counted. The null hypothesis is a distribution symmetric about 0.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..arrays import Floats


class SignedRank(NamedTuple):
    """A two-sided p-value, or why there is none."""

    p_value: float
    refused: str = ""


def signed_rank(differences: Floats, level: float) -> SignedRank:
    """The exact test of differences (n,), infinite ones included: they have the largest ranks. Ties share the mean of their ranks."""
    values = np.asarray(differences, np.float64)
    values = values[values != 0]
    n = len(values)
    if np.isnan(values).any():
        return SignedRank(float("nan"), "a difference is missing")
    if 2.0 ** (1 - n) > level:
        return SignedRank(float("nan"), f"{n} differences that are not 0 cannot reject at {level:.2g}: the least p-value is {2.0 ** (1 - n):.2g}")
    ranks = _ranks(np.abs(values))
    positive = int(ranks[values > 0].sum())
    chances = _null(tuple(sorted(int(rank) for rank in ranks)))
    tail = min(chances[: positive + 1].sum(), chances[positive:].sum())
    return SignedRank(float(min(1.0, 2 * tail)))


def _ranks(sizes: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Twice the mid-ranks: whole numbers."""
    _, inverse, counts = np.unique(sizes, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (2 * last - counts + 1)[inverse].astype(np.int64)


@lru_cache(maxsize=64)
def _null(ranks: tuple[int, ...]) -> Floats:
    """The distribution of the sum of the positive ones among these ranks, each positive with probability 1/2: chances by sum."""
    chances = np.zeros(sum(ranks) + 1)
    chances[0] = 1.0
    for rank in ranks:
        chances[rank:] = chances[rank:] / 2 + chances[: len(chances) - rank] / 2
        chances[:rank] /= 2
    return chances
