"""optax.add_decayed_weights for the gradient, optax.l2_loss for the value."""

from typing import Any

import numpy as np

from ...harness.adapters.jax_functions import jitted
from ...harness.adoption import require
from ...harness.arrays import Real, Vector

optax = require("optax")


class L2:
    def value(self, weights: Vector, strength: Real) -> float:
        return float(strength) * float(_half_squares(weights.astype(np.float64)))

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        gradient[:] = _decayed(weights, gradient, strength)

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        pass


@jitted
def _half_squares(weights: Any) -> Any:
    return optax.l2_loss(weights).sum()


@jitted
def _decayed(weights: Any, gradient: Any, strength: Any) -> Any:
    decay = optax.add_decayed_weights(strength)
    return decay.update(gradient, decay.init(weights), weights)[0]
