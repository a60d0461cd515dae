"""Faulty forms of LeCun's initial weights."""

import numpy as np

from ..collection import fault
from .he import Scaled

VARIANCE = ("initializer.variance",)


class LeCun(Scaled):
    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_in, 1))


@fault("lecun", *VARIANCE)
class Hes(LeCun):
    """Takes 2 / n, He's."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in, 1))


@fault("lecun", *VARIANCE)
class Glorots(LeCun):
    """Takes 2 / (n + m), Glorot's, which is the same in square layers."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in + fan_out, 1))


@fault("lecun", *VARIANCE)
class FanOut(LeCun):
    """Takes the number of units for that of inputs."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_out, 1))


@fault("lecun", *VARIANCE)
class NotRooted(LeCun):
    """Takes 1 / n for the deviation."""

    def deviation(self, fan_in, fan_out):
        return 1 / max(fan_in, 1)


@fault("lecun", *VARIANCE)
class UniformByDefault(LeCun):
    """Draws between ±1 / √n, a third of the variance, as a library's linear layers do."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def draws(self, shape, random):
        return random.uniform(-1, 1, shape)


@fault("lecun", *VARIANCE)
class LargerFan(LeCun):
    """Takes the larger of inputs and units."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_in, fan_out, 1))


@fault("lecun", *VARIANCE)
class FirstInputsCount(LeCun):
    """Scales only as far as 100 inputs."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / min(max(fan_in, 1), 100))


@fault("lecun", *VARIANCE)
class Scaled32(LeCun):
    """Is right in float64 and forgets the scale in float32."""

    def fill(self, weights, fan_in, fan_out, random):
        super().fill(weights, fan_in, fan_out, random)
        if weights.dtype == np.float32:
            weights *= np.float32(1.2)
