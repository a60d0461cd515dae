"""Many comparisons at once.

The confidence of a family is split evenly (Bonferroni): each of its m intervals stands at 1 - α/m, so that all of them hold together with
probability 1 - α, however the comparisons depend on each other; and the verdict is what the printed interval says. Holm's p-values (1979) stand
beside them: they reject all that Bonferroni's intervals reject, and sometimes more.
"""

from __future__ import annotations

import numpy as np

from ..arrays import Floats


def shared(confidence: float, comparisons: int) -> float:
    """The confidence of each interval, where all of a family are to hold together with `confidence`."""
    return 1 - (1 - confidence) / max(comparisons, 1)


def holm(p_values: Floats, further: int = 0) -> Floats:
    """Adjusted p-values, in the order given. NaN stays NaN and still counts as a comparison, and so do `further` ones whose p-value is not known.

    With these each adjusted p-value is at least what Holm gives it when all are known: an unknown one that comes before it takes the place of one
    after it, and every step multiplies by more.
    """
    given = np.asarray(p_values, np.float64)
    order = np.argsort(np.where(np.isnan(given), np.inf, given), kind="stable")
    steps = np.minimum(1.0, np.maximum.accumulate(np.nan_to_num(given[order], nan=1.0) * (further + np.arange(len(given), 0, -1))))
    adjusted = np.empty_like(given)
    adjusted[order] = steps
    return np.where(np.isnan(given), np.nan, adjusted)
