"""Inverted dropout in array expressions."""

from ...harness.arrays import Key, Matrix
from ._masks import kept


class Dropout:
    stream = "splitmix64"

    def draw(self, key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        mask[:] = kept(key, step, layer, rate, mask.size).reshape(mask.shape) / (1 - rate)

    def test_scale(self, rate: float) -> float:
        return 1.0
