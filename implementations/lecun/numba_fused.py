"""Drawn straight into the weights, no array in between."""

import numpy as np

from ...harness.arrays import Matrix
from ...harness.kernel import kernel


class LeCun:
    stream = "numpy"

    @kernel
    def fill(weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        deviation = np.sqrt(1.0 / max(fan_in, 1))
        for i in range(weights.shape[0]):
            for j in range(weights.shape[1]):
                weights[i, j] = deviation * random.standard_normal()
