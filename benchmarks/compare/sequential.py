"""What the log ratios of several passes say about their median. Pure functions.

The test is a sign test that may be looked at after every pass. If the median is at most m, each ratio lies above m with a chance of at most 1/2,
whatever came before; then betting a share b of one's fortune on "above" each time multiplies it by 1 + b or 1 - b, a fortune that is not
expected to grow. By Ville's inequality it ever reaches 1 / alpha with a chance of at most alpha. `fortune` is the average over all b from 0 to 1.
Nothing is assumed of the noise: heavy tails and drift are allowed, as long as a pass with equal commits is as likely above 1 as below it, which
the random order of the two within a pass sees to.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

FALSE_ALARM = 0.01
"""How often a comparison, however many benchmarks it has, may report a slowdown where no median ratio is above the factor."""
SHOWN = 0.05
"""How often each end of the interval that is shown may be wrong, for one benchmark."""
CLEAR_PASSES = 3
"""After so many passes a benchmark is let go if all of them lie in the lower half of the way to the factor."""

Verdict = Literal["slower", "no slowdown", "undecided"]


@functools.cache
def fortune(above: int, below: int) -> float:
    """The average over shares b of (1 + b)^above (1 - b)^below.

    With n = above + below, the integral over b is the sum of C(n + 1, j) for j up to `above`, divided by (n + 1) C(n, above).
    """
    n = above + below
    return sum(math.comb(n + 1, j) for j in range(above + 1)) / ((n + 1) * math.comb(n, above))


def lower_end(ratios: Sequence[float], alpha: float) -> float:
    """The largest m of which the test says, wrongly with a chance of at most alpha, that the median is above it; -inf before it can."""
    ordered = sorted(ratios, reverse=True)
    enough = (value for above, value in enumerate(ordered, start=1) if fortune(above, len(ordered) - above) >= 1 / alpha)
    return next(enough, -math.inf)


def upper_end(ratios: Sequence[float], alpha: float) -> float:
    """The same from above."""
    return -lower_end([-ratio for ratio in ratios], alpha)


@dataclass(frozen=True)
class Judgement:
    """What is known of one benchmark; logarithms of HEAD's time over BASE's."""

    verdict: Verdict
    passes: int
    ratio: float
    low: float
    high: float
    """The interval that is shown."""
    at_least: float
    """The end that decides, corrected for the number of benchmarks."""


def judge(ratios: Sequence[float], factor: float, benchmarks: int) -> Judgement:
    """Slower: the corrected lower end lies above the factor. No slowdown: the upper end lies below it, or all passes are far from it.

    Letting a benchmark go early can only take alarms away, so it leaves the rate of false ones alone.
    """
    limit = math.log(factor)
    at_least = lower_end(ratios, FALSE_ALARM / benchmarks)
    low, high = lower_end(ratios, SHOWN), upper_end(ratios, SHOWN)
    verdict: Verdict = "undecided"
    if at_least > limit:
        verdict = "slower"
    elif high < limit or (len(ratios) >= CLEAR_PASSES and max(ratios) < limit / 2):
        verdict = "no slowdown"
    return Judgement(verdict, len(ratios), median(ratios) if ratios else math.nan, low, high, at_least)


def passes_needed(benchmarks: int) -> int:
    """How many passes, all above the factor, a report of a slowdown takes."""
    return next(n for n in range(1, 1000) if fortune(n, 0) >= benchmarks / FALSE_ALARM)
