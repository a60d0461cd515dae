"""From samples to what may be said of them: medians, quartiles, ratios within rounds with an interval, and a verdict in words.

The interval is the sign test's, between two order statistics of the rounds' ratios: it assumes no distribution and needs no random numbers,

    [r₍ₖ₎, r₍ₙ₊₁₋ₖ₎]   with the largest k for which   P(Binomial(n, ½) < k) ≤ 2.5 %

The noise of the run is how far a call differs from itself: the reference runs twice in each round, on arrays of its own each time, and the end of
that interval farther from 1 is the least factor that is believed of any other. A difference is told where the interval leaves out 1 and the median
lies beyond the noise.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import Literal, NamedTuple

CONFIDENCE = 0.95

Outcome = Literal["the reference", "faster", "slower", "no difference", "too few rounds"]
"""What a comparison comes to; `the reference` is compared with nothing."""


class Ratio(NamedTuple):
    """How many times as fast as another call: the median over the rounds, with its interval; NaN where there are too few rounds."""

    median: float
    low: float
    high: float


class Spread(NamedTuple):
    """Median and quartiles of the seconds a call."""

    median: float
    low: float
    high: float


def spread(seconds: Sequence[float]) -> Spread:
    """Half of the samples lie between `low` and `high`."""
    if len(seconds) < 2:
        return Spread(*(list(seconds) or [math.nan]) * 3)
    low, median, high = statistics.quantiles(seconds, n=4, method="inclusive")
    return Spread(median, low, high)


def ratio(slower: Sequence[float], faster: Sequence[float]) -> Ratio:
    """How many times as fast the second is, from samples of the same rounds; above 1 where it takes less time."""
    ratios = sorted(one / other for one, other in zip(slower, faster, strict=True))
    if not ratios:
        return Ratio(math.nan, math.nan, math.nan)
    place = interval_place(len(ratios))
    low, high = (ratios[place - 1], ratios[-place]) if place else (math.nan, math.nan)
    return Ratio(statistics.median(ratios), low, high)


def interval_place(n: int, confidence: float = CONFIDENCE) -> int:
    """The k of the interval: the k-th smallest and k-th largest of n values enclose the median as often as `confidence` says. 0: too few values."""
    tail, place = 0.0, 0
    while place < n:
        tail += math.comb(n, place) / 2**n
        if tail > (1 - confidence) / 2:
            break
        place += 1
    return place


def noise(itself: Ratio) -> float:
    """The least factor that is a difference, from the ratio of a call to itself."""
    ends = [math.log(end) for end in itself if end > 0]
    return math.exp(max((abs(end) for end in ends), default=0.0))


def outcome(found: Ratio, least: float) -> Outcome:
    """What the ratio to the reference comes to, where factors below `least` say nothing."""
    if math.isnan(found.low):
        return "too few rounds"
    if found.low > 1 and found.median > least:
        return "faster"
    if found.high < 1 and found.median < 1 / least:
        return "slower"
    return "no difference"


def verdict(found: Ratio, outcome: Outcome) -> str:
    """The outcome with its numbers."""
    if outcome == "faster":
        return f"faster by {found.median:.3g}x [{found.low:.3g}, {found.high:.3g}]"
    if outcome == "slower":
        return f"slower by {1 / found.median:.3g}x [{1 / found.high:.3g}, {1 / found.low:.3g}]"
    return {"no difference": "no difference that this run can tell", "too few rounds": "too few rounds to tell"}.get(outcome, outcome)
