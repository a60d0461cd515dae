"""jax.nn.initializers.lecun_uniform."""

from typing import Any, ClassVar

import numpy as np

from ...harness.adapters.jax_functions import jitted_in_double
from ...harness.adoption import in_blocks, require
from ...harness.arrays import Floats, Matrix

jax = require("jax")


class LeCun:
    conventions: ClassVar = {"distribution": "uniform"}

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        def draw() -> Floats:
            return _drawn(random.integers(2**32, size=4, dtype=np.uint32), shape=(fan_in, fan_out))

        in_blocks(weights, fan_in, fan_out, draw)


@jitted_in_double
def _drawn(words: Any, shape: tuple[int, int]) -> Any:
    key = jax.random.wrap_key_data(words, impl="rbg")  # a third of the time that the usual generator takes to compile, once for every shape
    return jax.nn.initializers.lecun_uniform()(key, shape)
