"""A further dataset like these: how probable is it that the trick helps there, hurts, or changes nothing that matters?

The hierarchical model of Corani, Benavoli et al. (2017), with its parts chosen so that nothing has to be sampled. Dataset d has a true
difference δ_d, of which the mean m_d of its replicates is known up to a standard error e_d:

    m_d | δ_d ~ N(δ_d, e_d²)        δ_d ~ N(μ, τ²)

**Prior.** The reference prior for (μ, τ): flat in μ, and in τ proportional to sqrt(Σ (τ / (e_d² + τ²))²) (Bodnar et al. 2017, section 3). It has
no scale to be chosen, and where the errors are small against τ the prediction is exactly Student's, from the D means: it holds what it says.
A prior flat in τ does not: its intervals of 90 % held 93 to 94 % there, with 6 datasets.

**Errors.** Those of few replicates are known badly, and one that happens to be 0 would make a dataset infinitely heavy. Each variance is
therefore moderated: that of the dataset with its own degrees of freedom, and the mean of all datasets' with `WORTH` more.

Given τ, μ and a further δ are normal with known means, so that only τ is integrated numerically, by Gauss's rule over u = τ / (τ + c), which
brings (0, ∞) to (0, 1); c is the scale of the means.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..arrays import Floats
from .intervals import LEAST_DATASETS, Spread

WORTH = 2.0
"""Degrees of freedom that the datasets' mean variance counts for in each one's own."""

NODES = 200


class Further(NamedTuple):
    """What is expected of a further dataset: three probabilities that add up to 1, NaN where too little is known."""

    helps: float
    equivalent: float
    hurts: float


class Prediction(NamedTuple):
    """The distribution of a further dataset's true difference: a mixture of normal ones, (nodes,) each."""

    weights: Floats
    means: Floats
    variances: Floats

    def below(self, value: float) -> float:
        """The probability that the difference is less than a value."""
        from scipy.special import ndtr

        return float(self.weights @ ndtr((value - self.means) / np.sqrt(self.variances)))

    def above(self, value: float) -> float:
        """The probability that it is more, to full precision where it is small."""
        return self._replace(means=-self.means).below(-value)


def further(spreads: Sequence[Spread], margin: float) -> Further:
    """The probabilities of a difference above `margin`, within ±`margin`, and below -`margin`, from those of each dataset."""
    predicted = prediction(spreads)
    if predicted is None:
        return Further(float("nan"), float("nan"), float("nan"))
    helps, hurts = predicted.above(margin), predicted.below(-margin)
    return Further(helps, max(0.0, 1 - helps - hurts), hurts)


def prediction(spreads: Sequence[Spread]) -> Prediction | None:
    """From at least `LEAST_DATASETS` datasets with finite means that have an error; None where there are fewer, or nothing varies."""
    means = np.array([each.mean for each in spreads])
    if len(spreads) < LEAST_DATASETS or not np.isfinite(means).all() or min(each.freedom for each in spreads) < 1:
        return None
    errors = moderated(spreads)
    scale = float(np.sqrt(means.var(ddof=1) + errors.mean()))
    return predict(means, errors, scale) if scale > 0 else None


def moderated(spreads: Sequence[Spread]) -> Floats:
    """The squared errors (datasets,), each drawn towards the mean of all."""
    errors, freedoms = np.array([each.error for each in spreads]) ** 2, np.array([each.freedom for each in spreads])
    return (freedoms * errors + WORTH * errors.mean()) / (freedoms + WORTH)


def predict(means: Floats, errors: Floats, scale: float) -> Prediction:
    """From the means and squared errors (datasets,); `scale` has the size of the spread of the means."""
    places, weights = _nodes()
    tau = scale * places / (1 - places)
    spread = errors[:, None] + tau**2
    precision = 1 / spread
    variance = 1 / precision.sum(axis=0)
    centre = variance * (precision * means[:, None]).sum(axis=0)
    likelihood = 0.5 * (np.log(variance) - np.log(spread).sum(axis=0) - (precision * (means[:, None] - centre) ** 2).sum(axis=0))
    prior = 0.5 * np.log(((tau * precision) ** 2).sum(axis=0))
    logs = likelihood + prior + np.log(weights) - 2 * np.log1p(-places)
    chances = np.exp(logs - logs.max())
    return Prediction(chances / chances.sum(), centre, variance + tau**2)


@lru_cache(maxsize=1)
def _nodes() -> tuple[Floats, Floats]:
    """Gauss's on (0, 1), with their weights."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    return (nodes + 1) / 2, weights / 2
