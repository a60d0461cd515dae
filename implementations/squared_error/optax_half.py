"""optax.l2_loss, summed over the outputs and averaged over the rows; its gradient is JAX's."""

from typing import Any

import numpy as np

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector
from ._optax import value_and_gradient

optax = require("optax")


def _entry(z: Any, targets: Any) -> Any:
    return optax.l2_loss(z, targets)


_value, _gradient = value_and_gradient(_entry)


class SquaredError:
    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        return float(_value(*(array.astype(np.float64) for array in (z, targets, sample_weight))))

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        dz[:] = _gradient(z, targets, sample_weight)
