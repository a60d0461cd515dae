"""The rules' variances, and the distributions that may have them, in units of the standard deviation."""

from math import erf, exp, inf, pi, sqrt

import numpy as np

from ...harness.arrays import Floats

CUT = 2.0
"""Where the truncated normal distribution ends, in deviations of the normal one."""
_KEPT = erf(CUT / sqrt(2))
_DENSITY = 2 * exp(-(CUT**2) / 2) / sqrt(2 * pi) / _KEPT
_SECOND, _FOURTH = 1 - CUT * _DENSITY, 3 - (CUT**3 + 3 * CUT) * _DENSITY
"""Moments of the normal distribution cut at ±CUT, by parts."""


def variance(rule: str, fan_in: int, fan_out: int) -> float:
    """What the rule asks for."""
    return {"he": 2 / fan_in, "glorot": 2 / (fan_in + fan_out), "lecun": 1 / fan_in}[rule]


def kurtosis(shape: str) -> float:
    """The mean fourth power of a weight in deviations."""
    return {"normal": 3.0, "uniform": 1.8, "truncated_normal": _FOURTH / _SECOND**2}[shape]


def reach(shape: str) -> float:
    """The largest weight in deviations."""
    return {"normal": inf, "uniform": sqrt(3), "truncated_normal": CUT / sqrt(_SECOND)}[shape]


def cumulative(shape: str, x: Floats) -> Floats:
    """The share of weights below `x` deviations."""
    from scipy.special import ndtr

    if shape == "normal":
        return ndtr(x)
    if shape == "uniform":
        return np.clip((x / sqrt(3) + 1) / 2, 0, 1)
    return np.clip((ndtr(x * sqrt(_SECOND)) - (1 - _KEPT) / 2) / _KEPT, 0, 1)
