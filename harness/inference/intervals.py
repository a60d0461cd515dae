"""A mean with its confidence interval, one function for each way in which the values may be random.

| values                             | interval                                                          | speaks of                    |
|------------------------------------|-------------------------------------------------------------------|------------------------------|
| differences over splits and seeds  | Student's t                                                       | this dataset                 |
| the same                           | the corrected resampled t (Nadeau and Bengio 2003, section 3)     | new datasets of this size    |
| differences over folds, repeated   | the same with n_test/n_train = 1/(K-1) (Bouckaert and Frank 2004) | new datasets of this size    |
| blocks of several datasets         | t with Satterthwaite's degrees of freedom (1946)                  | these datasets               |
| means of several datasets          | Student's t over datasets                                         | datasets like these          |

Replicates drawn afresh from one dataset are independent given that dataset, although their training rows overlap: for *this dataset* Student's
interval needs no correction. Over *new datasets* they are correlated by about n_test / (n_test + n_train), which the corrected variance
s² (1/n + n_test/n_train) allows for, conservatively. Folds are not independent given the dataset: they speak of *new datasets* only. All of
them assume differences whose mean of n is near normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..arrays import Floats


class Interval(NamedTuple):
    """A mean with its confidence interval; `low` and `high` are NaN where there are too few values."""

    mean: float
    low: float
    high: float

    @property
    def half(self) -> float:
        """Half of its width."""
        return (self.high - self.low) / 2


class Spread(NamedTuple):
    """What an interval of any confidence is made from: mean, standard error, degrees of freedom."""

    mean: float
    error: float
    freedom: float

    def interval(self, confidence: float) -> Interval:
        """Student's interval of this confidence."""
        if self.freedom < 1:
            return Interval(self.mean, float("nan"), float("nan"))
        half = t_quantile(0.5 + confidence / 2, self.freedom) * self.error
        return Interval(self.mean, self.mean - half, self.mean + half)

    def p_value(self) -> float:
        """Two-sided, of a mean of 0; NaN where it is undefined."""
        from scipy.special import stdtr

        if self.freedom < 1 or self.error == 0:
            return float("nan")
        return float(2 * stdtr(self.freedom, -abs(self.mean / self.error)))


def t_quantile(probability: float, freedom: float) -> float:
    """Of Student's t."""
    from scipy.special import stdtrit

    return float(stdtrit(freedom, probability))


def spread(differences: Floats, test_to_train: float = 0.0) -> Spread:
    """Of the mean of differences (n,). `test_to_train` is the ratio n_test / n_train for *new datasets*, 0 for *this dataset*."""
    n = len(differences)
    mean = float(np.mean(differences)) if n else float("nan")
    if n < 2:
        return Spread(mean, float("nan"), 0.0)
    return Spread(mean, float(np.std(differences, ddof=1) * np.sqrt(1 / n + test_to_train)), n - 1.0)


def averaged(spreads: Sequence[Spread]) -> Spread:
    """The mean of independent means, of one dataset each, with the same weight; undefined where one of them has no error."""
    mean = float(np.mean([each.mean for each in spreads])) if spreads else float("nan")
    if not spreads or min(each.freedom for each in spreads) < 1:
        return Spread(mean, float("nan"), 0.0)
    variances = np.array([each.error for each in spreads]) ** 2 / len(spreads) ** 2
    freedoms = np.array([each.freedom for each in spreads])
    total = float(variances.sum())
    if total == 0:
        return Spread(mean, 0.0, float(freedoms.sum()))
    return Spread(mean, float(np.sqrt(total)), total**2 / float((variances**2 / freedoms).sum()))


LEAST_DATASETS = 6
"""Below this a random effect of datasets is not estimated: its variance would have fewer than five degrees of freedom."""


def over_such(means: Floats) -> Spread:
    """The mean over datasets like these, from the mean of each; undefined below six of them."""
    return spread(means) if len(means) >= LEAST_DATASETS else Spread(float(np.mean(means)) if len(means) else float("nan"), float("nan"), 0.0)


def t_interval(differences: Floats, confidence: float = 0.95) -> Interval:
    """Student's interval for the mean of independent differences (n,)."""
    return spread(differences).interval(confidence)
