"""Faulty forms of sigmoid."""

from typing import ClassVar

import numpy as np

from ..collection import fault

VALUES = ("sigmoid.definition", "sigmoid.range")
SLOPE = ("sigmoid.derivative", "gradient.finite-difference", "network.gradient")


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


@fault(
    "sigmoid",
    *VALUES,
    "sigmoid.derivative",
    "sigmoid.attenuates",
    "erratum.range-argument",
    seen="BUG joaopauloschuler/neural-api#21 (act-sigmoid-numerator-x)",
)
class NumeratorX(Right):
    """z in the numerator: swish."""

    def value(self, z):
        return z * sigma(z)


@fault("sigmoid", *SLOPE, "sigmoid.depth-decay", seen="BUG yizt/numpy_neural_network#3 (act-sigmoid-backward-from-upstream)")
class FromUpstream(Right):
    """Backward is σ(1 - σ(∂L/∂a)); the input is never used."""

    def backward(self, da, z, a, dz):
        dz[:] = sigma(1 - sigma(da))


@fault("sigmoid", *SLOPE)
class UpstreamForInput(Right):
    """Backward takes the slope at the gradient from above."""

    def backward(self, da, z, a, dz):
        dz[:] = da * sigma(da) * (1 - sigma(da))


@fault("sigmoid", "sigmoid.range")
class Overflowing(Right):
    """e⁻ᶻ of a very negative z overflows."""

    def value(self, z):
        return 1 / (1 + np.exp(-z))


@fault("sigmoid", *VALUES, "sigmoid.derivative")
class PositiveForm(Right):
    """eᶻ/(1 + eᶻ) for every z: ∞/∞ for large ones."""

    def value(self, z):
        return np.exp(z) / (1 + np.exp(z))


@fault("sigmoid", *VALUES)
class WrongBranch(Right):
    """The numerators of the two branches are exchanged."""

    def value(self, z):
        decay = np.exp(-np.abs(z))
        return np.where(z < 0, 1, decay) / (1 + decay)


@fault("sigmoid", *VALUES)
class AbsoluteValue(Right):
    """e to -abs(z) without a branch: negative z get the value of positive ones."""

    def value(self, z):
        return 1 / (1 + np.exp(-np.abs(z)))


@fault("sigmoid", "sigmoid.range")
class ClippedInput(Right):
    """z is clipped to ±500 against overflow: -∞ does not give 0."""

    def value(self, z):
        return sigma(np.clip(z, -500 if z.dtype == np.float64 else -60, 500))


@fault("sigmoid", *VALUES)
class ClippedNear(Right):
    """z is clipped to ±20."""

    def value(self, z):
        return sigma(np.clip(z, -20, 20))


@fault("sigmoid", *VALUES)
class ClippedOutput(Right):
    """Kept away from 0 and 1 for the sake of a logarithm."""

    def value(self, z):
        return np.clip(sigma(z), 1e-7, 1 - 1e-7)


@fault("sigmoid", "sigmoid.range")
class FlushedTail(Right):
    """0 where z < -40, though the tail is declared to be right to the last place."""

    def value(self, z):
        return np.where(z < -40, 0, sigma(z))


@fault("sigmoid", "sigmoid.range")
class HyperbolicTail(Right):
    """(1 + tanh(z/2))/2, whose tail is absolute, declared as relative."""

    def value(self, z):
        return (1 + np.tanh(z / 2)) / 2


@fault("sigmoid", "sigmoid.range")
class DifferenceTail(Right):
    """1 - σ(-z) for every z, declared as relative."""

    conventions: ClassVar = {"negative_tail": "relative"}

    def value(self, z):
        return 1 - sigma(-z)


@fault("sigmoid", "sigmoid.range")
class LogarithmicTail(Right):
    """e to log σ(z), which loses digits where the logarithm is large, declared as relative."""

    def value(self, z):
        return np.exp(-np.logaddexp(0, -z))


@fault("sigmoid", "sigmoid.definition", "sigmoid.attenuates", "sigmoid.layer-gain", "sigmoid.depth-decay", "erratum.range-argument")
class Tanh(Right):
    """The hyperbolic tangent, with its own slope."""

    def value(self, z):
        return np.tanh(z)

    def slope(self, z, a):
        return 1 - a * a


@fault("sigmoid", "sigmoid.definition", "sigmoid.attenuates", "sigmoid.layer-gain", "sigmoid.depth-decay", "erratum.range-argument")
class Unhalved(Right):
    """(1 + tanh z)/2: twice as steep, with its own slope."""

    conventions: ClassVar = {"negative_tail": "absolute"}

    def value(self, z):
        return (1 + np.tanh(z)) / 2

    def slope(self, z, a):
        return 2 * a * (1 - a)


@fault(
    "sigmoid",
    "sigmoid.definition",
    "sigmoid.attenuates",
    "sigmoid.layer-gain",
    "sigmoid.perturbation-decay",
    "sigmoid.depth-decay",
    "erratum.range-argument",
)
class Steep(Right):
    """σ(10z), with its own slope: the same range."""

    def value(self, z):
        return sigma(10 * z)

    def slope(self, z, a):
        return 10 * a * (1 - a)


@fault("sigmoid", "sigmoid.definition", "sigmoid.attenuates", "sigmoid.layer-gain", "erratum.range-argument")
class Flat(Right):
    """σ(z/2), with its own slope."""

    def value(self, z):
        return sigma(z / 2)

    def slope(self, z, a):
        return a * (1 - a) / 2


@fault("sigmoid", "sigmoid.definition", "sigmoid.attenuates")
class BaseTwo(Right):
    """2 in the place of e, with its own slope."""

    def value(self, z):
        return sigma(z * np.log(2))

    def slope(self, z, a):
        return np.log(2) * a * (1 - a)


@fault("sigmoid", "sigmoid.definition", "sigmoid.range", "sigmoid.attenuates")
class Hard(Right):
    """Piecewise linear, with its own slope."""

    def value(self, z):
        return np.clip(0.2 * z + 0.5, 0, 1)

    def slope(self, z, a):
        return np.where((a > 0) & (a < 1), 0.2, 0)


@fault("sigmoid", "sigmoid.definition", "sigmoid.range")
class Algebraic(Right):
    """z/(1 + abs(z)), moved into [0, 1]."""

    def value(self, z):
        return 0.5 + 0.5 * z / (1 + np.abs(z))

    def slope(self, z, a):
        return 0.5 / (1 + np.abs(z)) ** 2


@fault("sigmoid", "sigmoid.definition", "sigmoid.range")
class Shifted(Right):
    """Less 1/2, to be centred."""

    def value(self, z):
        return sigma(z) - z.dtype.type(0.5)

    def slope(self, z, a):
        return (a + 0.5) * (0.5 - a)


@fault("sigmoid", "sigmoid.definition")
class Mirrored(Right):
    """1 - σ(z), with its own slope."""

    def value(self, z):
        return sigma(-z)

    def slope(self, z, a):
        return -a * (1 - a)


@fault("sigmoid", "sigmoid.definition", "sigmoid.attenuates")
class SlightlySteep(Right):
    """A hundred-thousandth too steep."""

    def value(self, z):
        return sigma(z * 1.00001)


@fault("sigmoid", "sigmoid.definition")
class Single(Right):
    """Computed in float32 whatever the dtype."""

    def value(self, z):
        return sigma(z.astype(np.float32))


@fault("sigmoid", "sigmoid.definition")
class Half(Right):
    """float32 is computed in float16."""

    def value(self, z):
        return sigma(z.astype(np.float16)) if z.dtype == np.float32 else sigma(z)


@fault("sigmoid", "sigmoid.definition", "sigmoid.range")
class Tabulated(Right):
    """Read from a table of 4096 values in [-8, 8]."""

    def value(self, z):
        places = np.linspace(-8, 8, 4096)
        return np.interp(z, places, sigma(places))


@fault("sigmoid", "sigmoid.definition")
class LongArrays(Right):
    """Arrays of more than 10 000 entries take a rational approximation."""

    def value(self, z):
        return 0.5 * (1 + z / 2 / (1 + np.abs(z) / 2)) if z.size > 10_000 else sigma(z)

    def slope(self, z, a):
        return sigma(z) * sigma(-z)


@fault("sigmoid", "sigmoid.range")
class NoNumber(Right):
    """NaN becomes 1/2."""

    def value(self, z):
        return sigma(np.nan_to_num(z, nan=0.0, posinf=np.inf, neginf=-np.inf))


@fault("sigmoid", "sigmoid.range")
class InfinityIsNoNumber(Right):
    """z - z is taken on the way, which is NaN at ±∞."""

    def value(self, z):
        return sigma(z) + (z - z)


@fault("sigmoid", "sigmoid.range")
class NegativeInfinity(Right):
    """e⁻ᶻ times its own inverse: 0 · ∞ at -∞."""

    def value(self, z):
        return np.where(np.isneginf(z), np.nan, sigma(z))


@fault("sigmoid", *VALUES)
class FirstRow(Right):
    """Writes the first row only."""

    def forward(self, z, a):
        a[0] = sigma(z[0])


@fault("sigmoid", "sigmoid.definition")
class LastColumn(Right):
    """A vectorised loop by fours leaves the last columns raw."""

    def value(self, z):
        found, whole = sigma(z), z.shape[1] // 4 * 4
        found[:, whole:] = z[:, whole:]
        return found


@fault("sigmoid", "sigmoid.derivative")
class LastColumnBackward(Right):
    """A vectorised loop by fours leaves the last columns of the gradient as they came."""

    def slope(self, z, a):
        found = a * (1 - a)
        found[:, z.shape[1] // 4 * 4 :] = 1
        return found


@fault("sigmoid", "sigmoid.definition")
class Transposed(Right):
    """Writes in the order of columns."""

    def value(self, z):
        return sigma(z).T.reshape(z.shape)


@fault("sigmoid", "network.batch-is-sum", "network.gradient", "sigmoid.definition")
class BatchCentred(Right):
    """The batch's mean is taken off first."""

    def value(self, z):
        return sigma(z - z.mean(axis=0))


@fault("sigmoid", "network.masked-unit", "network.gradient", "sigmoid.definition")
class RowCentred(Right):
    """The mean of a row's units is taken off first."""

    def value(self, z):
        return sigma(z - z.mean(axis=1, keepdims=True))


@fault("sigmoid", *SLOPE, "sigmoid.depth-decay")
class IgnoresUpstream(Right):
    """Backward gives the slope alone."""

    def backward(self, da, z, a, dz):
        dz[:] = a * (1 - a)


@fault("sigmoid", *SLOPE)
class InputForOutput(Right):
    """The slope of z, not of a: z(1 - z)."""

    def slope(self, z, a):
        return z * (1 - z)


@fault("sigmoid", *SLOPE)
class Twice(Right):
    """The slope at σ(z), not at z: the sigmoid of the activation."""

    def slope(self, z, a):
        return sigma(a) * (1 - sigma(a))


@fault("sigmoid", *SLOPE)
class WithoutActivation(Right):
    """1 - a for a(1 - a)."""

    def slope(self, z, a):
        return 1 - a


@fault("sigmoid", *SLOPE)
class TanhSlope(Right):
    """1 - a², tanh's slope."""

    def slope(self, z, a):
        return 1 - a * a


@fault("sigmoid", *SLOPE)
class Ascending(Right):
    """a(a - 1): the sign is lost."""

    def slope(self, z, a):
        return a * (a - 1)


@fault("sigmoid", *SLOPE)
class Squared(Right):
    """a²(1 - a)."""

    def slope(self, z, a):
        return a * a * (1 - a)


@fault("sigmoid", *SLOPE, "sigmoid.depth-decay")
class StraightThrough(Right):
    """Backward passes the gradient on."""

    def slope(self, z, a):
        return np.ones_like(a)


@fault("sigmoid", *SLOPE, "sigmoid.depth-decay")
class Normalised(Right):
    """The slope is multiplied by 4 so that gradients do not vanish."""

    def slope(self, z, a):
        return 4 * a * (1 - a)


@fault("sigmoid", "sigmoid.derivative")
class Floored(Right):
    """The slope is kept above 1e-6 so that a saturated unit goes on learning."""

    def slope(self, z, a):
        return np.maximum(a * (1 - a), 1e-6)


@fault("sigmoid", "sigmoid.derivative")
class OverflowingSlope(Right):
    """e⁻ᶻ/(1 + e⁻ᶻ)²: ∞/∞ for very negative z."""

    def slope(self, z, a):
        return np.exp(-z) / (1 + np.exp(-z)) ** 2


@fault("sigmoid", "sigmoid.derivative")
class SlopeBelowAQuarter(Right):
    """The slope is capped just below 1/4."""

    def slope(self, z, a):
        return np.minimum(a * (1 - a), np.nextafter(z.dtype.type(0.25), z.dtype.type(0)))


@fault("sigmoid", "sigmoid.derivative")
class Plateau(Right):
    """The slope is taken as 1/4 where z is small."""

    def slope(self, z, a):
        return np.where(np.abs(z) < 8 * np.sqrt(np.finfo(z.dtype).eps), 0.25, a * (1 - a))


@fault("sigmoid", *SLOPE)
class Averaged(Right):
    """Backward divides by the number of rows."""

    def slope(self, z, a):
        return a * (1 - a) / len(a)


@fault("sigmoid", "sigmoid.derivative", "gradient.finite-difference")
class ClippedGradient(Right):
    """Backward clips its gradient to ±1."""

    def backward(self, da, z, a, dz):
        dz[:] = np.clip(da * a * (1 - a), -1, 1)


@fault("sigmoid", "sigmoid.derivative", "gradient.finite-difference")
class SinglePrecisionGradient(Right):
    """Backward computes in float32 whatever the dtype."""

    def backward(self, da, z, a, dz):
        dz[:] = da.astype(np.float32) * (a * (1 - a)).astype(np.float32)


@fault("sigmoid", "sigmoid.derivative", "network.gradient")
class Added(Right):
    """Backward adds to what stands in its output."""

    def backward(self, da, z, a, dz):
        dz += da * a * (1 - a)


@fault("sigmoid", "network.gradient", "network.batch-is-sum")
class LastForward(Right):
    """Backward takes the activations of the last forward pass, whichever layer's it was."""

    def forward(self, z, a):
        a[:] = sigma(z)
        self.kept = a.copy()

    def backward(self, da, z, a, dz):
        kept = np.resize(self.kept, a.shape)
        dz[:] = da * kept * (1 - kept)


@fault("sigmoid", *SLOPE)
class RowsForUnits(Right):
    """Backward takes every unit's slope from the first row."""

    def slope(self, z, a):
        return a[:1] * (1 - a[:1])


@fault("sigmoid", "sigmoid.range")
class Sawtooth(Right):
    """A last digit that goes up and down: not monotone in the tail, though within an eps of 1."""

    def value(self, z):
        a = sigma(z)
        return np.where(z < -3, a * (1 + 8 * np.finfo(z.dtype).eps * np.sign(np.sin(1e3 * z))), a)
