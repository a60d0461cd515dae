"""The course of one curve, told robustly: where it starts and ends, whether its end still moves, whether it came back up.

Everything is computed on a curve turned so that lower is better, and with medians and ranks, so that a few wild epochs change nothing:

    end       the median of the last tenth of the epochs (1 to 15 of them)
    best      the lowest running median of as many
    noise     1.4826 times the median absolute deviation of the second differences, over √6: the standard deviation of independent noise
    tail      the last quarter of the epochs, at least 5: Theil (1950) and Sen's (1968) slope, and Kendall's S with its normal approximation
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .curves import Curve, Measure, Numbers

FEWEST = 5
"""Epochs below which nothing is said of a trend: five values fall by chance, one after the other, once in 120."""
MOST = 200
"""Epochs that a trend is taken of, evenly spread: their pairs are counted."""
CLEAR = 2.0
"""Standard deviations of Kendall's S from which a trend is none of chance (one-sided 0.023)."""


@dataclass(frozen=True)
class Course:
    """Of a curve turned so that lower is better. All in the curve's own unit."""

    start: float
    end: float
    best: float
    noise: float
    epochs: int
    tail_fall: float
    """By how much the last quarter falls, along its slope; 0 below five epochs."""
    trend: float
    """Kendall's S of the last quarter in standard deviations, positive where it falls; 0 below five epochs."""
    whole_trend: float
    """The same of all epochs."""

    @property
    def fall(self) -> float:
        """From start to end."""
        return self.start - self.end

    @property
    def still_falls(self) -> bool:
        """Whether the last quarter falls clearly, and by at least a twentieth of the whole fall; of half the start, where there is none.

        An exponential approach with time constant τ does until 3.2 τ: then it has covered 96 % of its way.
        """
        whole = self.fall if self.fall > 0 else abs(self.start) / 2
        return self.trend >= CLEAR and self.tail_fall >= 0.05 * whole > 0

    @property
    def rises(self) -> bool:
        """Whether it ended clearly above its start, or lost half of what it had gained: by a quarter of its start, and five times its noise."""
        least = max(0.25 * abs(self.start), 5 * self.noise)
        gained = self.start - self.best
        return self.end - self.start > least or (self.end - self.best > max(least, gained / 2) and gained > 0)

    def flat(self, scale: float) -> bool:
        """Whether start and end are within a hundredth of a scale, or within the noise of a curve without a trend."""
        return abs(self.fall) <= 0.01 * scale or (abs(self.fall) <= 2 * self.noise and abs(self.whole_trend) < CLEAR)


def course(curve: Curve, measure: Measure) -> Course:
    """The course of a curve of finite values."""
    values = -curve.values if measure.higher_is_better else curve.values.copy()
    smooth = smoothed(values)
    enough = len(values) >= FEWEST
    trend, fall = _trend(values[-max(FEWEST, len(values) // 4) :]) if enough else (0.0, 0.0)
    whole = _trend(values)[0] if enough else 0.0
    return Course(float(values[0]), float(smooth[-1]), float(smooth.min()), _noise(values), len(values), fall, trend, whole)


def window(count: int) -> int:
    """How many epochs a median is taken of."""
    return min(max(count // 10, 1), 15)


def smoothed(values: Numbers) -> Numbers:
    """The running median over the last so many epochs, (n,): the first ones have fewer."""
    width = window(len(values))
    first = [float(np.median(values[:end])) for end in range(1, width)]
    return np.concatenate([first, np.median(np.lib.stride_tricks.sliding_window_view(values, width), axis=1)])


def end_of(curve: Curve, kept: float | None = None) -> float:
    """The value that a curve ends with, smoothed; of the kept parameters exactly, where an epoch is named that was recorded."""
    if kept is not None and kept in curve.epochs:
        return float(curve.values[curve.epochs == kept][0])
    return float(smoothed(curve.values)[-1]) if curve.finite else float(curve.values[-1])


def _noise(values: Numbers) -> float:
    if len(values) < FEWEST:
        return 0.0
    second = np.diff(values, 2)
    return 1.4826 * float(np.median(np.abs(second))) / math.sqrt(6)


def _trend(values: Numbers) -> tuple[float, float]:
    """Kendall's S in standard deviations, with its correction for continuity and for ties, and the fall along Theil and Sen's slope."""
    values = values[np.unique(np.linspace(0, len(values) - 1, min(len(values), MOST)).astype(np.int64))]
    first, second = np.triu_indices(len(values), 1)
    change = values[second] - values[first]
    falling = float(np.sign(-change).sum())
    n, ties = len(values), np.unique(values, return_counts=True)[1]
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    if variance == 0:
        return 0.0, 0.0
    trend = math.copysign(max(abs(falling) - 1, 0), falling) / math.sqrt(variance)
    return trend, -float(np.median(change / (second - first))) * (n - 1)
