"""Learning curves over seeds: per arm and epoch the median and the quartiles, at few enough epochs for a chart.

A run that stopped early keeps its last value from there on. A run that diverged counts as infinitely large from where it ended, so a median
that half of the runs no longer support ends there instead of flattering the survivors. Failed and pending runs take no part.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pandas import DataFrame, Series

MOST_EPOCHS = 40
"""Points a line: a panel is some 250 pixels wide."""

HUGE = 1e300
"""Stands for infinity while quantiles are taken: between two infinities linear interpolation gives NaN."""


def thinned(first: int, last: int, most: int) -> list[int]:
    """At most `most` epochs between the first and the last, both among them, evenly spaced."""
    return sorted({round(epoch) for epoch in np.linspace(first, last, min(most, last - first + 1))})


def bands(epochs: DataFrame, quantity: str, kept: Sequence[int], diverged: frozenset[str]) -> DataFrame:
    """One dataset's epochs to one row an arm and kept epoch: low, median, high (quartiles over seeds) of one quantity."""
    import pandas as pd

    # arms whose recipes are equal share their runs: a run is one row of each
    values = epochs.pivot(index=["arm", "run"], columns="epoch", values=quantity).reindex(columns=range(min(kept), max(kept) + 1)).astype(float)
    filled = _carried(values, values.index.isin(list(diverged), level="run"))[list(kept)]
    frames = [
        pd.DataFrame(_quartiles(rows.to_numpy()).T, columns=["low", "median", "high"]).assign(arm=str(arm), epoch=list(kept))
        for arm, rows in filled.groupby(level="arm", sort=False)
    ]
    return pd.concat(frames, ignore_index=True).dropna(subset="median").reset_index(drop=True)


def _carried(values: DataFrame, diverged: np.ndarray) -> DataFrame:
    """Each run's last value carried forward; of diverged runs, HUGE from the first epoch that is missing or not finite."""
    finite = values.where(np.isfinite(values))
    carried = finite.ffill(axis=1)
    if finite.loc[diverged].notna().any(axis=None):  # a quantity that no run has (dead units of a sigmoid) stays absent
        carried.loc[diverged] = finite.loc[diverged].fillna(HUGE)
    return carried


def _quartiles(values: np.ndarray) -> np.ndarray:
    """(runs, epochs) to (3, epochs), rounded to five digits; NaN where a run has no value yet, or the quartile is infinite."""
    known = values[~np.isnan(values).all(axis=1)]
    if not len(known):
        return np.full((3, values.shape[1]), np.nan)
    result = np.quantile(known, [0.25, 0.5, 0.75], axis=0)
    result[result > HUGE / 1e50] = np.nan
    return np.array([[float(f"{value:.5g}") for value in row] for row in result])


def lines(rows: DataFrame, *names: str) -> list[dict[str, Any]]:
    """Rows that agree in `names` folded into one, with lists for epoch, low, median and high: a page's data a fifth of the size."""
    return [
        dict(zip(names, key, strict=True)) | {column: _plain(group[column]) for column in ("epoch", "low", "median", "high")}
        for key, group in rows.groupby(list(names), sort=False)
    ]


def _plain(values: Series) -> list[float | None]:
    return [None if math.isnan(value) else value for value in values.tolist()]
