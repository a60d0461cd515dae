"""From an interval to a verdict, with δ the edge of the region of practical equivalence.

| verdict              | when                                                                                                      |
|----------------------|-----------------------------------------------------------------------------------------------------------|
| helps, hurts         | the interval lies wholly on one side of 0                                                                 |
| equivalent           | the interval of two one-sided tests, 1 - 2α where the other has 1 - α, lies wholly inside ±δ              |
| helps, negligibly    | both at once (and `hurts, negligibly`)                                                                    |
| identical runs       | the two arms ended with the same parameters, bit for bit, in every pair                                   |
| undecided            | everything else; also where over half of the differences are exactly 0, or all are equal: t would be 0/0  |

Two one-sided tests: Schuirmann (1987). Differences are oriented so that positive is better.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np

from ..arrays import Floats
from .intervals import Interval, Spread

Verdict = Literal["helps", "helps, negligibly", "equivalent", "undecided", "hurts, negligibly", "hurts", "identical runs"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
DECIDED = frozenset(VERDICTS) - {"undecided"}


class Judgement(NamedTuple):
    """A verdict, the interval it rests on, the narrower one for equivalence, and a remark where something must be known besides."""

    verdict: Verdict
    interval: Interval
    equivalence: Interval
    note: str = ""


def judge(estimate: Spread, confidence: float, margin: float) -> Judgement:
    """The verdict on a mean; `confidence` is that of its interval, already adjusted for its family."""
    interval, narrower = estimate.interval(confidence), estimate.interval(2 * confidence - 1)
    return Judgement(verdict_of(interval, narrower, margin), interval, narrower)


def verdict_of(interval: Interval, narrower: Interval, margin: float) -> Verdict:
    """What two intervals say; NaN decides nothing."""
    negligible = -margin < narrower.low and narrower.high < margin
    if interval.low > 0:
        return "helps, negligibly" if negligible else "helps"
    if interval.high < 0:
        return "hurts, negligibly" if negligible else "hurts"
    return "equivalent" if negligible else "undecided"


def reason_not_to_judge(differences: Floats, scale: float) -> str:
    """Why an interval of these differences (n,) means nothing; empty where it does. `scale` is the size of what was subtracted.

    What differs by the rounding of the scores only is equal.
    """
    rounding = 4 * float(np.finfo(np.float64).eps) * max(scale, 1.0)
    if len(differences) < 2:
        return "fewer than two pairs of runs: no interval"
    zeros = int(np.count_nonzero(np.abs(differences) <= rounding))
    if zeros == len(differences):
        return "every pair of runs scored the same"
    if 2 * zeros > len(differences):
        return f"{zeros} of {len(differences)} pairs of runs scored the same: an interval would rest on the few others"
    if np.ptp(differences) <= rounding:
        return "every difference is the same: an interval would have no width"
    return ""
