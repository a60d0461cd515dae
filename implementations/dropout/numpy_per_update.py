"""Inverted dropout with one thinned network a mini-batch: every row has the same mask."""

from typing import ClassVar

from ...harness.arrays import Key, Matrix
from ._masks import kept


class Dropout:
    conventions: ClassVar = {"mask_reach": "update"}
    stream = "splitmix64"

    def draw(self, key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        mask[:] = kept(key, step, layer, rate, mask.shape[1]) / (1 - rate)

    def test_scale(self, rate: float) -> float:
        return 1.0
