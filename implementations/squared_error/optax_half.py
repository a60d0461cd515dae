"""optax.l2_loss, summed over the outputs and averaged over the rows; its gradient is JAX's."""

from typing import Any

import numpy as np

from ...harness.adapters.jax_functions import jitted
from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

jax, optax = require("jax"), require("optax")


class SquaredError:
    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        return float(_value(*(array.astype(np.float64) for array in (z, targets, sample_weight))))

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        dz[:] = _gradient(z, targets, sample_weight)


def _mean(z: Any, targets: Any, sample_weight: Any) -> Any:
    return (optax.l2_loss(z, targets).sum(axis=1) * sample_weight).sum() / sample_weight.sum()


@jitted
def _value(z: Any, targets: Any, sample_weight: Any) -> Any:
    return _mean(z, targets, sample_weight)


@jitted
def _gradient(z: Any, targets: Any, sample_weight: Any) -> Any:
    return jax.grad(_mean)(z, targets, sample_weight)
