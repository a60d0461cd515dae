"""LeCun's initial weights, normally distributed."""

import numpy as np

from ...harness.arrays import Matrix


class LeCun:
    stream = "numpy"

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        deviation = np.sqrt(1.0 / max(fan_in, 1))
        weights[:] = deviation * random.standard_normal(weights.shape)
