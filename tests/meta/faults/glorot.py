"""Faulty forms of Glorot's initial weights: mostly of the two numbers that they add."""

import numpy as np

from ..collection import fault
from .he import Scaled

VARIANCE = ("initializer.variance",)


class Glorot(Scaled):
    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(fan_in + fan_out, 1))


@fault("glorot", *VARIANCE, seen="CONV LBANN/lbann#316 (init-xavier-name-means-lecun), undeclared")
class LeCuns(Glorot):
    """Takes 1 / n, which some call by the same name: another rule is another technique."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_in, 1))


@fault("glorot", *VARIANCE)
class OneOverTheSum(Glorot):
    """Takes 1 / (n + m)."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_in + fan_out, 1))


@fault("glorot", *VARIANCE)
class SixOverTheSum(Glorot):
    """Takes the square of the uniform limit, 6 / (n + m), for the variance."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(6 / max(fan_in + fan_out, 1))


@fault("glorot", *VARIANCE)
class TwiceTheInputs(Glorot):
    """Adds the inputs to themselves."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / max(2 * fan_in, 1))


@fault("glorot", *VARIANCE)
class FanOutOnly(Glorot):
    """Takes 1 / m."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_out, 1))


@fault("glorot", *VARIANCE)
class GeometricMean(Glorot):
    """Takes the geometric mean of inputs and units, which is the same in square layers."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(np.sqrt(fan_in * fan_out), 1))


@fault("glorot", *VARIANCE)
class HarmonicMean(Glorot):
    """Averages 1 / n and 1 / m, which is the same in square layers."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt((1 / max(fan_in, 1) + 1 / max(fan_out, 1)) / 2)


@fault("glorot", *VARIANCE)
class LargerFan(Glorot):
    """Takes the larger of inputs and units."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(fan_in, fan_out, 1))


@fault("glorot", *VARIANCE)
class SmallerFan(Glorot):
    """Takes the smaller of inputs and units."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(1 / max(min(fan_in, fan_out), 1))


@fault("glorot", *VARIANCE)
class RootTwoForgotten(Glorot):
    """Adds the roots of inputs and units."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2) / (np.sqrt(fan_in) + np.sqrt(fan_out))


@fault("glorot", "initializer.counts-units")
class OneMore(Glorot):
    """Counts the bias as an input, which shows in the smallest layers."""

    def deviation(self, fan_in, fan_out):
        return np.sqrt(2 / (fan_in + fan_out + 1))


@fault("glorot", "initializer.counts-units")
class CountsPieces:
    """Counts pieces as units."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = np.sqrt(2 / max(sum(weights.shape), 1)) * random.standard_normal(weights.shape)


@fault("glorot", *VARIANCE)
class Gain(Glorot):
    """Multiplies by a gain of 5/3, tanh's."""

    def deviation(self, fan_in, fan_out):
        return 5 / 3 * np.sqrt(2 / max(fan_in + fan_out, 1))


@fault("glorot", "initializer.distribution")
class DeclaresNormal(Glorot):
    """Draws uniform numbers, as in the paper, and declares normal ones."""

    def draws(self, shape, random):
        return random.uniform(-np.sqrt(3), np.sqrt(3), shape)


@fault("glorot", *VARIANCE)
class LimitForDeviation(Glorot):
    """Takes the limit of the uniform form for a deviation."""

    def draws(self, shape, random):
        return np.sqrt(3) * random.standard_normal(shape)


@fault("glorot", *VARIANCE)
class UniformOfRootOne(Glorot):
    """Takes 1 / √n for the uniform limit, the older rule that the paper starts from."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = random.uniform(-1, 1, weights.shape) / np.sqrt(max(fan_in, 1))
