"""The soft threshold in one pass without a branch."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Real, Vector
from ...harness.kernel import kernel


class L1:
    conventions: ClassVar = {"form": "proximal"}

    @kernel
    def value(weights: Vector, strength: Real) -> float:
        total = 0.0
        for i in range(weights.size):
            total += np.float64(abs(weights[i]))
        return np.float64(strength) * total

    @kernel
    def add_gradient(weights: Vector, strength: Real, gradient: Vector) -> None:
        pass

    @kernel
    def after_update(weights: Vector, strength: Real, learning_rate: Real) -> None:
        threshold = learning_rate * strength
        for i in range(weights.size):
            weights[i] -= min(max(weights[i], -threshold), threshold)
