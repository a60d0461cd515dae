"""jax.random.bernoulli, its key made of the run's, the step and the layer; p is met to 2⁻⁵³."""

from typing import Any

import numpy as np

from ...harness.adapters.jax_functions import jitted_in_double, padded
from ...harness.adoption import require
from ...harness.arrays import Key, Matrix

jax = require("jax")


class Dropout:
    def draw(self, key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        if not 0 <= rate < 1:  # NaN is neither
            raise ValueError("The drop rate is outside [0, 1); give a rate of at least 0 and below 1.")
        words = np.array([key], np.uint64).view(np.uint32)
        kept = _kept(words, step, layer, 1 - rate, length=padded(mask.size))[: mask.size]
        mask[:] = kept.reshape(mask.shape) / (1 - rate)

    def test_scale(self, rate: float) -> float:
        return 1.0


@jitted_in_double
def _kept(words: Any, step: Any, layer: Any, share: Any, length: int) -> Any:
    key = jax.random.wrap_key_data(words, impl="threefry2x32")  # position by position: fewer elements are the first ones of more
    return jax.random.bernoulli(jax.random.fold_in(jax.random.fold_in(key, step), layer), share, (length,))
