"""From an interval to a verdict, with δ the edge of the region of practical equivalence.

| verdict              | when                                                                                                      |
|----------------------|-----------------------------------------------------------------------------------------------------------|
| helps, hurts         | the interval lies wholly on one side of 0                                                                 |
| equivalent           | the interval of two one-sided tests, 1 - 2α where the other has 1 - α, lies wholly inside ±δ              |
| helps, negligibly    | both at once (and `hurts, negligibly`)                                                                    |
| identical runs       | the arms ended with the same parameters, bit for bit, in every block                                      |
| undecided            | everything else; also where over half of the differences are exactly 0, or all are equal: t would be 0/0  |

Two one-sided tests: Schuirmann (1987). One comparison errs with probability α at most, equivalence included: where the true difference is 0 only
`helps` and `hurts` are wrong (α); where it is δ or more, `equivalent` is (α), and `hurts` only where the 1 - 2α interval lies below δ as well.

Differences are oriented so that positive is better.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, Protocol, get_args

import numpy as np

from ..arrays import Floats
from .intervals import Interval

Verdict = Literal["helps", "helps, negligibly", "equivalent", "undecided", "hurts, negligibly", "hurts", "identical runs"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DECIDED = frozenset(VERDICTS) - {"undecided"}


class Estimate(Protocol):
    """A difference, and what an interval of any confidence is made from: `intervals.Spread`, `ranks.Pseudomedian`."""

    @property
    def mean(self) -> float:
        """The estimate itself."""
        ...

    def interval(self, confidence: float) -> Interval:
        """NaN at both ends where there is none."""
        ...

    def p_value(self) -> float:
        """Two-sided, of no difference."""
        ...


class Judgement(NamedTuple):
    """A verdict, the interval it rests on, and the narrower one for equivalence; where an interval would mean nothing, both are NaN."""

    verdict: Verdict
    interval: Interval
    equivalence: Interval


def judge(estimate: Estimate, confidence: float, margin: float) -> Judgement:
    """The verdict on an estimate; `confidence` is that of its interval, already adjusted for its family."""
    interval = estimate.interval(confidence)
    if np.isnan(interval.low):
        return unjudged(estimate.mean)
    narrower = estimate.interval(2 * confidence - 1)
    return Judgement(verdict_of(interval, narrower, margin), interval, narrower)


def unjudged(mean: float, verdict: Verdict = "undecided") -> Judgement:
    """No interval, so that a verdict never disagrees with one."""
    nothing = Interval(mean, float("nan"), float("nan"))
    return Judgement(verdict, nothing, nothing)


def verdict_of(interval: Interval, narrower: Interval, margin: float) -> Verdict:
    """What two intervals say; NaN decides nothing."""
    negligible = -margin < narrower.low and narrower.high < margin
    if interval.low > 0:
        return "helps, negligibly" if negligible else "helps"
    if interval.high < 0:
        return "hurts, negligibly" if negligible else "hurts"
    return "equivalent" if negligible else "undecided"


def rounding(scale: float) -> float:
    """What two differences that are equal may differ by, where numbers of the size `scale` were subtracted."""
    return 4 * float(np.finfo(np.float64).eps) * max(scale, 1.0)


def reason_not_to_judge(differences: Floats, scale: float) -> str:
    """Why an interval of these differences (n,) means nothing; empty where it does. `scale` is the size of what was subtracted.

    What differs by the rounding of the scores only is equal.
    """
    if len(differences) < 2:
        return "fewer than two pairs of runs: no interval"
    zeros = int(np.count_nonzero(np.abs(differences) <= rounding(scale)))
    if zeros == len(differences):
        return "every pair of runs scored the same"
    if 2 * zeros > len(differences):
        return f"{zeros} of {len(differences)} pairs of runs scored the same: an interval would rest on the few others"
    if np.isfinite(differences).all() and np.ptp(differences) <= rounding(scale):
        return "every difference is the same: an interval would have no width"
    return ""


SKEWED = 2.58
"""Standard errors of the skewness of normal differences, beyond which one in a hundred lies."""

FEW = {5: 2.08, 6: 2.10, 7: 2.06}
"""The skewness itself beyond which one in a hundred lies, where so few differences are far from that (simulated). Of five it is at most 2.24."""


def skewness_warning(differences: Floats) -> str:
    """A warning where differences (n,) are so skewed that Student's interval holds less often than stated; empty elsewhere, and below n = 5.

    The adjusted skewness G₁ and its standard error under normality: Joanes and Gill (1998). Few differences seldom show it: exponential ones are
    warned of 6 times in 100 at n = 5, 20 times at 10, 74 times at 30.
    """
    n = len(differences)
    if n < 5 or not np.isfinite(differences).all():
        return ""
    deviations = differences - np.mean(differences)
    second, third = float(np.mean(np.square(deviations))), float(np.mean(np.power(deviations, 3)))
    skewness = math.sqrt(n * (n - 1)) / (n - 2) * third / second**1.5
    if abs(skewness) <= FEW.get(n, SKEWED * math.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3)))):
        return ""
    return f"the differences are skewed ({skewness:+.1f}): such intervals hold less often than stated"
