"""Uniform weights, drawn straight into their place."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Matrix
from ...harness.kernel import kernel


class LeCun:
    conventions: ClassVar = {"distribution": "uniform"}
    stream = "numpy"

    @kernel
    def fill(weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        limit = np.sqrt(3.0 / max(fan_in, 1))
        for i in range(weights.shape[0]):
            for j in range(weights.shape[1]):
                weights[i, j] = limit * (2 * random.random() - 1)
