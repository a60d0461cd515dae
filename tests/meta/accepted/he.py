"""Initial weights that are drawn otherwise than ours, and are right."""

import numpy as np

from ..collection import sound


@sound("he")
class UnitByUnit:
    """Draws one unit after the other."""

    def fill(self, weights, fan_in, fan_out, random):
        for unit in range(weights.shape[1]):
            weights[:, unit] = random.normal(0, (2 / max(fan_in, 1)) ** 0.5, weights.shape[0])


@sound("he")
class ByQuantile:
    """Uniform numbers through the normal distribution's quantiles."""

    def fill(self, weights, fan_in, fan_out, random):
        from scipy.special import ndtri

        weights[:] = ndtri(1 - random.random(weights.shape)) / np.sqrt(max(fan_in, 1) / 2)


@sound("he")
class SinglePrecision:
    """Draws in float32, whatever the weights are."""

    def fill(self, weights, fan_in, fan_out, random):
        weights[:] = random.standard_normal(weights.shape, np.float32) * np.float32(np.sqrt(2 / max(fan_in, 1)))


@sound("he")
class OwnGenerator:
    """Seeds a generator of its own by a draw of the given one, as adapters of other libraries must."""

    def fill(self, weights, fan_in, fan_out, random):
        own = np.random.Generator(np.random.Philox(int(random.integers(2**63))))
        weights[:] = own.standard_normal(weights.shape[::-1]).T * np.sqrt(2 / max(fan_in, 1))


@sound("he", seen="CONV a truncated normal distribution, declared")
class Truncated:
    """Draws again what lies beyond two deviations, and widens the rest."""

    conventions = {"distribution": "truncated_normal"}  # noqa: RUF012

    def fill(self, weights, fan_in, fan_out, random):
        found = random.standard_normal(weights.shape)
        while (beyond := np.abs(found) > 2).any():
            found[beyond] = random.standard_normal(int(beyond.sum()))
        weights[:] = found * np.sqrt(2 / max(fan_in, 1)) / 0.87962566103423978


@sound("he", seen="CONV a uniform distribution, declared")
class Uniform:
    """Uniform between the limits."""

    conventions = {"distribution": "uniform"}  # noqa: RUF012

    def fill(self, weights, fan_in, fan_out, random):
        limit = (6 / max(fan_in, 1)) ** 0.5
        weights[:] = random.uniform(-limit, limit, weights.shape)
