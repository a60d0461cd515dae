"""Dropout as the lecture has it: masks of 0 and 1, and outputs scaled in testing."""

from typing import ClassVar

from ...harness.arrays import Key, Matrix
from ._masks import kept


class Dropout:
    conventions: ClassVar = {"scaling": "test_time"}
    stream = "splitmix64"

    def draw(self, key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        mask[:] = kept(key, step, layer, rate, mask.size).reshape(mask.shape)

    def test_scale(self, rate: float) -> float:
        return 1 - rate
