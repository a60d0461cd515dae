"""A t test that may be looked at after every seed, for ever, and the intervals that belong to it.

With t the one-sample statistic of n differences, the mixture over effects of N(0, 1/c²) standard deviations, whatever the standard deviation is,
has the likelihood ratio

    E(t, n) = √(c²/(n + c²)) (1 - n/(n + c²) · t²/(t² + n - 1))^(-n/2)

which is a martingale where the mean is 0 (Lai 1976 with a flat mixture; Wang and Ramdas 2023 with this one): with probability 1 - α it stays below
1/α at all n at once. An interval of the means that it does not reject holds the true one at all looks at once, however it is decided to stop.
"""

from __future__ import annotations

import math

PRECISION = 1.0
"""c²: effects are expected to be of the size of their standard deviation. Whatever it is, the error holds; it moves power from look to look."""


def log_evidence(t: float, n: int) -> float:
    """log E, against a mean of 0; t may be infinite."""
    weight = n / (n + PRECISION)
    share = 1.0 if math.isinf(t) else t * t / (t * t + n - 1)
    return math.log(PRECISION / (n + PRECISION)) / 2 - n / 2 * math.log1p(-weight * share)


def critical(alpha: float, n: int) -> float:
    """The t at which E is 1/α; infinite where n differences never reach it."""
    log_power = (2 * math.log(alpha) + math.log(PRECISION / (n + PRECISION))) / n
    share = -math.expm1(log_power) * (n + PRECISION) / n
    return math.sqrt((n - 1) * share / (1 - share)) if share < 1 else math.inf


def level(alpha: float, n: int) -> float:
    """The two-sided level whose t quantile is the critical value: Student's interval at 1 minus it belongs to the sequence of error `alpha`."""
    from scipy.special import stdtr

    reached = critical(alpha, n)
    return 0.0 if math.isinf(reached) else 2 * float(stdtr(n - 1, -reached))


def p_value(nominal: float, n: int) -> float:
    """1/E, at most 1, given the two-sided p-value of t: the least error with which this look would reject."""
    from scipy.special import stdtrit

    return min(1.0, math.exp(-log_evidence(-float(stdtrit(n - 1, nominal / 2)), n)))
