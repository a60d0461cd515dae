"""The interquartile mean: the mean of the middle half of all values, which neither a diverged run nor an easy dataset can move far.

Recommended for comparing over tasks by Agarwal et al. (2021); their bootstrap interval does not hold for the few runs a dataset has here. This
one is the trimmed-mean t interval of Tukey and McLaughlin (1963), its squared standard error the winsorised sum of squares over h (h - 1), h
values being left after trimming. With values of several datasets the sum of squares is taken within each dataset, since the datasets are given,
and the degrees of freedom are Satterthwaite's; with one dataset it is Tukey's and McLaughlin's to the letter.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Floats
from .intervals import Spread

CUT = 0.25
"""Of the values at each end."""


def interquartile_mean(groups: Sequence[Floats]) -> Spread:
    """The mean of the middle half of all values of these groups (n_d,), each of two or more for an error. NaN without values."""
    values = np.sort(np.concatenate([*groups, np.empty(0)]))
    total = len(values)
    if not total or np.isnan(values).any():
        return Spread(float("nan"), float("nan"), 0.0)
    cut = int(CUT * total)
    kept = values[cut : total - cut]
    mean, left = float(kept.mean()), len(kept)
    if left < 2 or min(len(group) for group in groups) < 2 or not np.isfinite(kept).all():
        return Spread(mean, float("nan"), 0.0)
    within = [np.clip(group, kept[0], kept[-1]) for group in groups]
    sizes = np.array([len(group) for group in groups])
    variances = np.array([group.var(ddof=1) for group in within]) * sizes
    if not variances.any():
        return Spread(mean, 0.0, 0.0)
    freedom = variances.sum() ** 2 / (variances**2 / (sizes - 1)).sum()
    squared = variances.sum() / total * (total - 1) / (left * (left - 1))
    return Spread(mean, float(np.sqrt(squared)), float(freedom * (left - 1) / (total - 1)))
