"""L1 by its subgradient, without a temporary array."""

import numpy as np

from ...harness.arrays import Real, Vector
from ...harness.kernel import kernel


class L1:
    @kernel
    def value(weights: Vector, strength: Real) -> float:
        total = 0.0
        for i in range(weights.size):
            total += np.float64(abs(weights[i]))
        return np.float64(strength) * total

    @kernel
    def add_gradient(weights: Vector, strength: Real, gradient: Vector) -> None:
        for i in range(weights.size):
            gradient[i] += strength * np.sign(weights[i])

    @kernel
    def after_update(weights: Vector, strength: Real, learning_rate: Real) -> None:
        pass
