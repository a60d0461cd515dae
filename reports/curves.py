"""Learning curves over seeds: per arm and epoch the median and the quartiles, at few enough epochs for a chart.

A run that stopped early keeps its last value from there on. A run that diverged counts as infinitely large from where it ended, so a median
that half of the runs no longer support ends there instead of flattering the survivors. Failed and pending runs take no part.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_EPOCHS = 40
"""Points a line: a panel is some 250 pixels wide."""

HUGE = 1e300
"""Stands for infinity while quantiles are taken: between two infinities linear interpolation gives NaN."""


def thinned(first: int, last: int, most: int) -> list[int]:
    """At most `most` epochs between the first and the last, both among them, evenly spaced."""
    return sorted({round(epoch) for epoch in np.linspace(first, last, min(most, last - first + 1))})


class Line(NamedTuple):
    """One arm's quartiles over its runs, at those epochs at which there is a median; NaN where a quartile is infinite."""

    arm: str
    epoch: list[int]
    low: list[float]
    median: list[float]
    high: list[float]

    def data(self, **names: str) -> dict[str, Any]:
        """One row of a chart's data, with lists in it: a page's data a fifth of the size."""
        bands = {name: [None if math.isnan(value) else value for value in getattr(self, name)] for name in ("low", "median", "high")}
        return {**names, "epoch": self.epoch, **bands}

    def where(self, kept: Sequence[bool] | np.ndarray) -> Line:
        """Some of its epochs."""
        places = [place for place, keep in enumerate(kept) if keep]
        bands = ([values[place] for place in places] for values in (self.low, self.median, self.high))
        return Line(self.arm, [self.epoch[place] for place in places], *bands)


class Curves:
    """One dataset's epochs as arrays: a row for each run of each arm (arms whose recipes are equal share runs), a column for each epoch at which
    any run was looked at.
    """

    def __init__(self, epochs: DataFrame, diverged: frozenset[str]) -> None:
        import pandas as pd

        self.epochs = epochs
        arms, self.arms = pd.factorize(epochs["arm"])
        runs, names = pd.factorize(epochs["run"])
        self.rows, pairs = pd.factorize(arms * max(1, len(names)) + runs)
        self.arm_of_row, run_of_row = np.divmod(pairs, max(1, len(names)))
        self.diverged = np.isin(run_of_row, np.flatnonzero([name in diverged for name in names]))
        self.numbers, self.columns = np.unique(epochs["epoch"].to_numpy(int), return_inverse=True)

    def thinned(self, most: int) -> list[int]:
        """At most so many of the epochs."""
        return [int(self.numbers[place - 1]) for place in thinned(1, len(self.numbers), most)]

    def lines(self, quantity: str, kept: Sequence[int]) -> Iterator[Line]:
        """The quartiles of one quantity for each arm that has any."""
        filled = self._filled(quantity)[:, np.searchsorted(self.numbers, kept)]
        for number, arm in enumerate(self.arms):
            low, median, high = _quartiles(filled[self.arm_of_row == number])
            line = Line(str(arm), list(kept), low.tolist(), median.tolist(), high.tolist()).where(~np.isnan(median))
            if line.epoch:
                yield line

    def _filled(self, quantity: str) -> np.ndarray:
        """Each run's last value carried forward; of diverged runs, HUGE from the first epoch that is missing or not finite."""
        values = np.full((len(self.arm_of_row), len(self.numbers)), np.nan)
        values[self.rows, self.columns] = self.epochs[quantity].to_numpy(float)
        values[~np.isfinite(values)] = np.nan
        known = ~np.isnan(values)
        latest = np.maximum.accumulate(np.where(known, np.arange(values.shape[1]), 0), axis=1)
        carried = np.take_along_axis(values, latest, axis=1)
        if known[self.diverged].any():  # a quantity that no run has (dead units of a sigmoid) stays absent
            carried[self.diverged] = np.where(known, values, HUGE)[self.diverged]
        return carried


def _quartiles(values: np.ndarray) -> np.ndarray:
    """(runs, epochs) to (3, epochs), rounded to five digits; NaN where a run has no value yet, or the quartile is infinite."""
    known = values[~np.isnan(values).all(axis=1)]
    if not len(known):
        return np.full((3, values.shape[1]), np.nan)
    result = np.quantile(known, [0.25, 0.5, 0.75], axis=0)
    result[result > HUGE / 1e50] = np.nan
    return np.array([[float(f"{value:.5g}") for value in row] for row in result])


def values_of(lines: Sequence[Line], *names: str) -> np.ndarray:
    """All values of these bands, those that are infinite left out."""
    values = np.array([value for line in lines for name in names for value in getattr(line, name)], float)
    return values[~np.isnan(values)]
