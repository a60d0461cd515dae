"""Glorot's initial weights in other words."""

import numpy as np

from ..collection import sound


@sound("glorot")
class ByMeanOfFans:
    """One over the mean of inputs and units."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = random.normal(0, 1 / np.sqrt(max((fan_in + fan_out) / 2, 1)), weights.shape)


@sound("glorot")
class PieceByPiece:
    """Fills each piece as a layer of its own, which each is."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def fill(self, weights, fan_in, fan_out, random):
        limit = np.sqrt(6 / max(fan_in + fan_out, 1))
        for start in range(0, weights.shape[1], max(fan_out, 1)):
            block = weights[:, start : start + fan_out]
            block[:] = limit * (1 - 2 * random.random(block.shape))
