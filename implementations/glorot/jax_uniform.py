"""jax.nn.initializers.glorot_uniform."""

from typing import ClassVar

import numpy as np

from ...harness.adapters.jax_initializers import fill_by
from ...harness.adoption import require
from ...harness.arrays import Matrix

require("jax")


class Glorot:
    conventions: ClassVar = {"distribution": "uniform"}

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        fill_by("glorot_uniform", weights, fan_in, fan_out, random)
