"""Faulty forms of ReLU."""

from typing import ClassVar

import numpy as np

from ..collection import fault

VALUE = ("relu.definition", "relu.remove-dead", "relu.thin-linear")
SLOPE = ("relu.definition", "relu.gradient-passes", "gradient.finite-difference", "network.gradient")


class Right:
    def forward(self, z, a):
        a[:] = self.value(z)

    def backward(self, da, z, a, dz):
        dz[:] = np.where(self.active(z, a), da, 0)

    def value(self, z):
        return np.maximum(z, 0)

    def active(self, z, a):
        return z > 0


@fault("relu", *VALUE, "relu.no-depth-decay", "relu.gradient-passes", "erratum.relu-x-for-z", "erratum.relu-never-vanishes")
class Identity(Right):
    """Passes everything."""

    def value(self, z):
        return z

    def active(self, z, a):
        return np.full(z.shape, True)


@fault("relu", *VALUE, "erratum.relu-x-for-z", "relu.gradient-passes")
class Leaky(Right):
    """A hundredth of what is negative leaks, both ways."""

    def value(self, z):
        return np.where(z > 0, z, z / 100)

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da, da / 100)


@fault("relu", *VALUE, "erratum.relu-x-for-z", "gradient.finite-difference")
class LeakyForward(Right):
    """A hundredth of what is negative leaks, forward only."""

    def value(self, z):
        return np.where(z > 0, z, z / 100)


@fault("relu", *SLOPE)
class LeakyBackward(Right):
    """Backward lets a hundredth through silent units, to keep them alive."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da, da / 100)


@fault("relu", *VALUE, "erratum.relu-x-for-z")
class Absolute(Right):
    """abs(z), with its own slope."""

    def value(self, z):
        return np.abs(z)

    def backward(self, da, z, a, dz):
        dz[:] = da * np.sign(z)


@fault("relu", *VALUE)
class Negative(Right):
    """min(z, 0), with its own slope."""

    def value(self, z):
        return np.minimum(z, 0)

    def active(self, z, a):
        return z < 0


@fault("relu", *VALUE, "relu.gradient-passes")
class Swish(Right):
    """zσ(z), with its own slope."""

    def value(self, z):
        return z / (1 + np.exp(-z))

    def backward(self, da, z, a, dz):
        s = 1 / (1 + np.exp(-z))
        dz[:] = da * (s + z * s * (1 - s))


@fault("relu", *VALUE, "relu.gradient-passes")
class Softplus(Right):
    """log(1 + eᶻ), with its own slope."""

    def value(self, z):
        return np.logaddexp(z, 0)

    def backward(self, da, z, a, dz):
        dz[:] = da / (1 + np.exp(-z))


@fault("relu", *VALUE)
class Exponential(Right):
    """ELU, with its own slope."""

    def value(self, z):
        return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da, da * (a + 1))


@fault("relu", "relu.definition", "relu.thin-linear")
class Six(Right):
    """Capped at 6, with its own slope."""

    def value(self, z):
        return np.clip(z, 0, 6)

    def active(self, z, a):
        return (z > 0) & (z < 6)


@fault("relu", "relu.definition")
class CappedFar(Right):
    """Capped at a million."""

    def value(self, z):
        return np.clip(z, 0, 1e6)


@fault("relu", "relu.definition")
class InfinityCapped(Right):
    """+∞ becomes the largest number."""

    def value(self, z):
        return np.maximum(np.where(np.isposinf(z), np.finfo(z.dtype).max, z), 0)


@fault("relu", "relu.definition", "relu.thin-linear")
class Thresholded(Right):
    """Passes what exceeds 1."""

    def value(self, z):
        return np.where(z > 1, z, 0)

    def active(self, z, a):
        return z > 1


@fault("relu", "relu.definition")
class Tolerant(Right):
    """Passes what exceeds 1e-7."""

    def value(self, z):
        return np.where(z > 1e-7, z, 0)


@fault("relu", "relu.definition")
class TolerantBackward(Right):
    """Passes the gradient where the output exceeds 1e-7."""

    def active(self, z, a):
        return a > 1e-7


@fault("relu", "relu.definition")
class GenerousBackward(Right):
    """Passes the gradient where z exceeds -1e-7."""

    def active(self, z, a):
        return z > -1e-7


@fault("relu", "relu.definition", "relu.thin-linear", "relu.no-depth-decay", "erratum.relu-x-for-z")
class Scaled(Right):
    """√2 times what is positive, with its own slope, so that the weights need not make up for it."""

    def value(self, z):
        return np.maximum(z, 0) * np.sqrt(2)

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da * np.sqrt(2), 0)


@fault("relu", "relu.definition", "relu.thin-linear", "relu.no-depth-decay")
class Halved(Right):
    """(z + abs(z))/4, with its own slope."""

    def value(self, z):
        return (z + np.abs(z)) / 4

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da / 2, 0)


@fault("relu", *SLOPE)
class Damped(Right):
    """Backward loses a thousandth."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da * 0.999, 0)


@fault("relu", *SLOPE)
class IgnoresUpstream(Right):
    """Backward gives 1 and 0."""

    def backward(self, da, z, a, dz):
        dz[:] = z > 0


@fault("relu", *SLOPE)
class PassesAll(Right):
    """Backward passes everything."""

    def active(self, z, a):
        return np.full(z.shape, True)


@fault("relu", *SLOPE)
class Deconvolution(Right):
    """Backward keeps what is positive of the gradient, not of the input."""

    def active(self, z, a):
        return False

    def backward(self, da, z, a, dz):
        dz[:] = np.maximum(da, 0)


@fault("relu", *SLOPE)
class Guided(Right):
    """Backward keeps only what is positive of the gradient too."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where((z > 0) & (da > 0), da, 0)


@fault("relu", *SLOPE)
class TimesActivation(Right):
    """Backward multiplies by the activation, not by its slope."""

    def backward(self, da, z, a, dz):
        dz[:] = da * a


@fault("relu", *SLOPE)
class Ascending(Right):
    """Backward turns the sign."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, -da, 0)


@fault("relu", *SLOPE)
class Opposite(Right):
    """Backward passes the gradient of silent units."""

    def active(self, z, a):
        return z < 0


@fault("relu", "relu.definition", "gradient.finite-difference", "relu.gradient-passes")
class OneAtZero(Right):
    """The derivative at 0 is 1, declared as 0."""

    def active(self, z, a):
        return z >= 0


@fault("relu", "relu.definition", "gradient.finite-difference", "relu.gradient-passes")
class ZeroAtZero(Right):
    """The derivative at 0 is 0, declared as 1."""

    conventions: ClassVar = {"derivative_at_zero": "1"}


@fault("relu", "relu.definition", "gradient.finite-difference", "relu.gradient-passes")
class OneFromOutput(Right):
    """The derivative is 1 wherever the output is not negative, so everywhere; declared as 1 at 0."""

    conventions: ClassVar = {"derivative_at_zero": "1"}

    def active(self, z, a):
        return a >= 0


@fault("relu", "relu.definition", "gradient.finite-difference", "relu.gradient-passes")
class HalfAtZero(Right):
    """The derivative at 0 is 1/2."""

    def backward(self, da, z, a, dz):
        dz[:] = da * np.heaviside(z, 0.5)


@fault("relu", "relu.definition")
class SignedZero(Right):
    """The derivative at -0 is another one than at 0."""

    def active(self, z, a):
        return ~np.signbit(z) & (z != 0) | (np.signbit(z) & (z == 0))


@fault("relu", "relu.definition")
class NoNumber(Right):
    """NaN becomes 0."""

    def value(self, z):
        return np.where(z > 0, z, 0)


@fault("relu", "relu.definition")
class InfinityIsNoNumber(Right):
    """0 · ∞ is taken on the way."""

    def value(self, z):
        return np.maximum(z, 0) + 0 * z


@fault("relu", "relu.definition")
class ClippedGradient(Right):
    """Backward clips its gradient to ±1000."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, np.clip(da, -1000, 1000), 0)


@fault("relu", "relu.definition")
class FiniteGradient(Right):
    """Backward turns an infinite gradient into a finite one."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, np.nan_to_num(da), 0)


@fault("relu", "relu.definition", "relu.gradient-passes")
class SinglePrecisionGradient(Right):
    """Backward computes in float32 whatever the dtype."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da.astype(np.float32), 0)


@fault("relu", "relu.definition")
class Single(Right):
    """Computed in float32 whatever the dtype."""

    def value(self, z):
        return np.maximum(z.astype(np.float32), 0)


@fault("relu", "relu.definition")
class WholeNumbers(Right):
    """Computed on whole numbers."""

    def value(self, z):
        return np.maximum(z, 0) // 1


@fault("relu", "relu.definition", "relu.gradient-passes")
class Averaged(Right):
    """Backward divides by the number of rows."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da / len(da), 0)


@fault("relu", "relu.definition", "network.gradient")
class FirstRowMask(Right):
    """Backward takes every row's mask from the first."""

    def active(self, z, a):
        return np.broadcast_to(z[:1] > 0, z.shape)


@fault("relu", "relu.definition")
class LastColumn(Right):
    """A vectorised loop by fours leaves the last columns raw."""

    def value(self, z):
        found, whole = np.maximum(z, 0), z.shape[1] // 4 * 4
        found[:, whole:] = z[:, whole:]
        return found


@fault("relu", "relu.definition")
class OneColumn(Right):
    """Wrong for a single column."""

    def value(self, z):
        return np.abs(z) if z.shape[1] == 1 else np.maximum(z, 0)


@fault("relu", "relu.definition")
class LongArrays(Right):
    """Arrays of more than 10 000 entries are capped at 1000."""

    def value(self, z):
        return np.clip(z, 0, 1000) if z.size > 10_000 else np.maximum(z, 0)


@fault("relu", "relu.definition")
class Transposed(Right):
    """Writes in the order of columns."""

    def value(self, z):
        return np.ascontiguousarray(np.maximum(z, 0).T).reshape(z.shape)


@fault("relu", "relu.definition", "network.gradient")
class Added(Right):
    """Backward adds to what stands in its output."""

    def backward(self, da, z, a, dz):
        dz += np.where(z > 0, da, 0)


@fault("relu", "relu.definition", "network.batch-is-sum", "network.gradient")
class BatchNormalised(Right):
    """The batch's mean is taken off first."""

    def value(self, z):
        return np.maximum(z - z.mean(axis=0), 0)


@fault("relu", "network.masked-unit", "network.gradient", "relu.remove-dead")
class Competing(Right):
    """A row is divided by its largest unit where that exceeds 1."""

    def value(self, z):
        found = np.maximum(z, 0)
        return found / np.maximum(found.max(axis=1, keepdims=True), 1)


@fault("relu", "relu.gradient-passes", "network.gradient")
class LastForward(Right):
    """Backward takes the mask of the last forward pass, whichever layer's it was."""

    def forward(self, z, a):
        a[:] = np.maximum(z, 0)
        self.mask = z > 0

    def backward(self, da, z, a, dz):
        dz[:] = np.where(np.resize(self.mask, z.shape), da, 0)


@fault("relu", "erratum.relu-never-vanishes", "relu.gradient-passes")
class NeverVanishing(Right):
    """Backward brings every row's gradient back to size 1."""

    def backward(self, da, z, a, dz):
        dz[:] = np.where(z > 0, da, 0)
        dz /= np.maximum(np.linalg.norm(dz, axis=1, keepdims=True), 1e-300)


@fault("relu", "relu.remove-dead", "relu.thin-linear")
class Weakest(Right):
    """Units below the row's mean are silenced too."""

    def value(self, z):
        return np.where(z >= z.mean(axis=1, keepdims=True), np.maximum(z, 0), 0)
