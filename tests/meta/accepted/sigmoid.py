"""Forms of sigmoid that look wrong and are right, or follow another convention and say so."""

from typing import ClassVar

import numpy as np

from ..collection import sound


def sigma(z):
    decay = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, decay) / (1 + decay)


class Right:
    def forward(self, z, a):
        a[:] = self.value(z)

    def backward(self, da, z, a, dz):
        dz[:] = da * self.slope(z, a)

    def value(self, z):
        return sigma(z)

    def slope(self, z, a):
        return a * (1 - a)


class Absolute(Right):
    conventions: ClassVar = {"negative_tail": "absolute"}


@sound("sigmoid", seen="EQUIV rasmusbergpalm/DeepLearnToolbox#165, tsoding/nn.h#18 (eq-sigmoid-grad-on-output)")
class SlopeOfOutput(Right):
    """a(1 - a) without another sigmoid, in this order of products."""

    def backward(self, da, z, a, dz):
        dz[:] = da * a * (1 - a)


@sound("sigmoid", seen="EQUIV eq-sigmoid-grad-on-output")
class SlopeOfInput(Right):
    """The sigmoid is computed once more from z."""

    def slope(self, z, a):
        return sigma(z) * sigma(-z)


@sound("sigmoid")
class Expanded(Right):
    """a - a²."""

    def slope(self, z, a):
        return a - a * a


@sound("sigmoid")
class SlopeOfDecay(Right):
    """e⁻ᶻ/(1 + e⁻ᶻ)², of abs(z)."""

    def slope(self, z, a):
        decay = np.exp(-np.abs(z))
        return decay / (1 + decay) ** 2


@sound("sigmoid")
class SlopeOfTanh(Right):
    """(1 - tanh²(z/2))/4."""

    def slope(self, z, a):
        return (1 - np.tanh(z / 2) ** 2) / 4


@sound("sigmoid")
class SlopeOfCosh(Right):
    """1/(4 cosh²(z/2)), with z cut off where the slope is 0 anyway."""

    def slope(self, z, a):
        return 0.25 / np.cosh(np.clip(z, -80, 80) / 2) ** 2


@sound("sigmoid")
class Silenced(Right):
    """1/(1 + e⁻ᶻ), whose overflow to ∞ gives the right 0, its flag suppressed."""

    def value(self, z):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-z))


@sound("sigmoid")
class TwoBranches(Right):
    """Each sign by its own formula, on its own part of the array."""

    def value(self, z):
        found, negative = np.empty(z.shape, np.result_type(z, np.float32)), z < 0
        decay = np.exp(z[negative])
        found[negative] = decay / (1 + decay)
        found[~negative] = 1 / (1 + np.exp(-z[~negative]))
        return found


@sound("sigmoid")
class SmallerExponent(Right):
    """e to min(z, 0) over 1 + e to -abs(z)."""

    def value(self, z):
        return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


@sound("sigmoid")
class Double(Right):
    """Computed in float64, both ways."""

    def value(self, z):
        return sigma(z.astype(np.float64))

    def backward(self, da, z, a, dz):
        s = sigma(z.astype(np.float64))
        dz[:] = da * s * sigma(-z.astype(np.float64))


@sound("sigmoid", seen="CONV negative_tail")
class Hyperbolic(Absolute):
    """(1 + tanh(z/2))/2, its tail declared absolute."""

    def value(self, z):
        return (1 + np.tanh(z / 2)) / 2


@sound("sigmoid", seen="CONV negative_tail")
class Difference(Absolute):
    """1 - σ(-z), its tail declared absolute."""

    def value(self, z):
        return 1 - sigma(-z)


@sound("sigmoid", seen="CONV negative_tail")
class Logarithmic(Absolute):
    """e to log σ(z), its tail declared absolute."""

    def value(self, z):
        return np.exp(-np.logaddexp(0, -z))


@sound("sigmoid", seen="CONV negative_tail")
class Flushed(Absolute):
    """0 in the far tail, declared absolute."""

    def value(self, z):
        return np.where(z < np.log(np.finfo(z.dtype).eps) - 3, 0, sigma(z))


@sound("sigmoid", seen="CONV negative_tail")
class Modest(Absolute):
    """Right to the last place, declared absolute: it keeps more than it says."""


@sound("sigmoid")
class RowByRow(Right):
    """A loop over rows, each in float64's own scalar functions."""

    def forward(self, z, a):
        for row, out in zip(z, a, strict=True):
            out[:] = sigma(row)
