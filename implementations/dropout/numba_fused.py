"""Inverted dropout in one pass, no array of random numbers in between."""

from ...harness.arrays import Key, Matrix
from ...harness.kernel import kernel
from ._masks import fill


class Dropout:
    stream = "splitmix64"

    @kernel
    def draw(key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        fill(key, step, layer, rate, 1 - rate, mask)

    def test_scale(self, rate: float) -> float:
        return 1.0
