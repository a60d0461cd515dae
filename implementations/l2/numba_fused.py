"""L2 without a temporary array."""

import numpy as np

from ...harness.arrays import Real, Vector
from ...harness.kernel import kernel


class L2:
    @kernel
    def value(weights: Vector, strength: Real) -> float:
        total = 0.0
        for i in range(weights.size):
            total += np.float64(weights[i]) * np.float64(weights[i])
        return np.float64(strength) / 2.0 * total

    @kernel
    def add_gradient(weights: Vector, strength: Real, gradient: Vector) -> None:
        for i in range(weights.size):
            gradient[i] += strength * weights[i]

    @kernel
    def after_update(weights: Vector, strength: Real, learning_rate: Real) -> None:
        pass
