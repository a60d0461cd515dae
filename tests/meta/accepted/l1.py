"""What looks wrong in L1 and is right, and the declared proximal form in other words."""

from typing import ClassVar

import numpy as np

from ..collection import sound


class Subgradient:
    def value(self, weights, strength):
        return float(np.abs(weights).sum() * strength)

    def add_gradient(self, weights, strength, gradient):
        gradient[weights > 0] += strength
        gradient[weights < 0] -= strength
        gradient[np.isnan(weights)] = np.nan

    def after_update(self, weights, strength, learning_rate):
        pass


@sound("l1")
class TwoComparisons(Subgradient):
    """Adds the strength where weights are positive and takes it off where they are negative; sums in the run's precision."""


@sound("l1")
class GuardedDivision(Subgradient):
    """The sign as w / abs(w), which is exact, with 0 in its own branch."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.divide(np.clip(weights, -1, 1), np.abs(np.clip(weights, -1, 1)), out=np.zeros_like(weights), where=weights != 0)


@sound("l1")
class CopiedSign(Subgradient):
    """The sign of 0 is that of its bit, times 0."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.where(np.isnan(weights), weights, np.copysign(strength, weights) * (weights != 0))


class Proximal(Subgradient):
    conventions: ClassVar = {"form": "proximal"}

    def add_gradient(self, weights, strength, gradient):
        pass


@sound("l1")
class SignTimesExcess(Proximal):
    """The soft threshold as sgn(w) max(abs(w) - η λ, 0)."""

    def after_update(self, weights, strength, learning_rate):
        weights[:] = np.sign(weights) * np.maximum(np.abs(weights) - learning_rate * strength, 0)


@sound("l1")
class TwoExcesses(Proximal):
    """The soft threshold as max(w - η λ, 0) + min(w + η λ, 0), in double precision."""

    def after_update(self, weights, strength, learning_rate):
        threshold, wide = float(learning_rate) * float(strength), weights.astype(np.float64)
        weights[:] = np.maximum(wide - threshold, 0) + np.minimum(wide + threshold, 0)


@sound("l1")
class ByCases(Proximal):
    """The soft threshold in three cases."""

    def after_update(self, weights, strength, learning_rate):
        threshold = strength * learning_rate
        for i in range(weights.size):
            weight = weights[i]
            weights[i] = weight - threshold if weight > threshold else weight + threshold if weight < -threshold else 0 * weight
