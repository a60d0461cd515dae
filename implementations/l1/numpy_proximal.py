"""L1 by its proximal step, the soft threshold: what lies between −η λ and η λ is taken off, and so much of the rest."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Real, Vector


class L1:
    conventions: ClassVar = {"form": "proximal"}

    def value(self, weights: Vector, strength: Real) -> float:
        return float(strength) * float(np.abs(weights).sum(dtype=np.float64))

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        pass

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        threshold = learning_rate * strength
        weights -= np.clip(weights, -threshold, threshold)
