"""jax.nn.initializers as members of the initializer family."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from ..adoption import in_blocks
from ..arrays import Floats, Matrix
from .jax_functions import jitted_in_double


def fill_by(initializer: str, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
    """Fill weights (fan_in, pieces * fan_out) by the function of this name in jax.nn.initializers; every piece is a layer of its own."""

    def draw() -> Floats:
        return _drawn(random.integers(2**32, size=4, dtype=np.uint32), initializer=initializer, shape=(fan_in, fan_out))

    in_blocks(weights, fan_in, fan_out, draw)


@jitted_in_double
def _drawn(words: Any, initializer: str, shape: tuple[int, int]) -> Any:
    jax = import_module("jax")
    key = jax.random.wrap_key_data(words, impl="rbg")  # a third of the time that the usual generator takes to compile, once for every shape
    return getattr(jax.nn.initializers, initializer)()(key, shape)
