"""L2 in array expressions."""

import numpy as np

from ...harness.arrays import Real, Vector


class L2:
    def value(self, weights: Vector, strength: Real) -> float:
        return float(strength) / 2 * float(np.square(weights, dtype=np.float64).sum())

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        gradient += strength * weights

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        pass
