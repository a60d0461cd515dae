"""jax.nn.initializers.glorot_normal, which is a truncated normal distribution."""

from typing import ClassVar

import numpy as np

from ...harness.adapters.jax_initializers import fill_by
from ...harness.adoption import require
from ...harness.arrays import Matrix

require("jax")


class Glorot:
    conventions: ClassVar = {"distribution": "truncated_normal"}

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        fill_by("glorot_normal", weights, fan_in, fan_out, random)
