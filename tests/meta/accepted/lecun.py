"""LeCun's initial weights under another name."""

import numpy as np

from ..collection import sound


@sound("lecun", seen="CONV LBANN/lbann#316 (init-xavier-name-means-lecun)")
class CaffesXavier:
    """What Caffe calls Xavier: uniform on ±√(3 / n)."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = random.uniform(-1, 1, weights.shape) * np.sqrt(3 / max(fan_in, 1))


@sound("lecun")
class HalfOfHes:
    """He's weights over √2."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = random.standard_normal(weights.shape) * np.sqrt(2 / max(fan_in, 1)) / np.sqrt(2)
