"""L1 by its subgradient."""

import numpy as np

from ...harness.arrays import Real, Vector


class L1:
    def value(self, weights: Vector, strength: Real) -> float:
        return float(strength) * float(np.abs(weights).sum(dtype=np.float64))

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        gradient += strength * np.sign(weights)

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        pass
