"""Masks of 0 and 1 in one pass."""

from typing import ClassVar

from ...harness.arrays import Key, Matrix
from ...harness.kernel import kernel
from ._masks import fill


class Dropout:
    conventions: ClassVar = {"scaling": "test_time"}
    stream = "splitmix64"

    @kernel
    def draw(key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        fill(key, step, layer, rate, 1.0, mask)

    def test_scale(self, rate: float) -> float:
        return 1 - rate
