"""He's initial weights, uniformly distributed."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Matrix


class He:
    conventions: ClassVar = {"distribution": "uniform"}
    stream = "numpy"

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        limit = np.sqrt(6.0 / max(fan_in, 1))
        weights[:] = limit * (2 * random.random(weights.shape) - 1)
