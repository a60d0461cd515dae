"""Forms of ReLU that look wrong and are right, or follow another convention and say so."""

from typing import ClassVar

import numpy as np

from ..collection import sound


class Right:
    def forward(self, z, a):
        a[:] = self.value(z)

    def backward(self, da, z, a, dz):
        dz[:] = np.where(self.active(z, a), da, 0)

    def value(self, z):
        return np.maximum(z, 0)

    def active(self, z, a):
        return z > 0


class One(Right):
    conventions: ClassVar = {"derivative_at_zero": "1"}


@sound("relu", seen="EQUIV scikit-learn/scikit-learn#14244 (eq-relu-grad-on-output)")
class MaskOfOutput(Right):
    """The gradient is masked where the output, not the input, is 0."""

    def backward(self, da, z, a, dz):
        dz[:] = da
        dz[a == 0] = 0


@sound("relu", seen="EQUIV eq-relu-grad-on-output")
class TimesOutputMask(Right):
    """The gradient is multiplied by whether the output is not 0."""

    def backward(self, da, z, a, dz):
        dz[:] = da * (a != 0)


@sound("relu", seen="CONV tensorflow/playground#19, uptake/numpynet#35, pytorch/tutorials#269 (act-relu-grad-one-at-zero)")
class OneAtZero(One):
    """The derivative at 0 is 1, and declared so."""

    def active(self, z, a):
        return z >= 0


@sound("relu", seen="CONV act-relu-grad-one-at-zero")
class CutBelowZero(One):
    """The gradient is copied and cut where z < 0."""

    def backward(self, da, z, a, dz):
        dz[:] = da
        dz[z < 0] = 0


@sound("relu")
class Product(Right):
    """z times whether it is positive, both ways."""

    def value(self, z):
        return z * (z > 0)

    def backward(self, da, z, a, dz):
        dz[:] = da * (z > 0)


@sound("relu")
class MeanWithAbsolute(Right):
    """(z + abs(z))/2."""

    def value(self, z):
        return (z + np.abs(z)) / 2


@sound("relu")
class LessNegativePart(Right):
    """z less its negative part."""

    def value(self, z):
        return z - np.minimum(z, 0)


@sound("relu")
class Clipped(Right):
    """Clipped from below, with no end above."""

    def value(self, z):
        return np.clip(z, 0, None)


@sound("relu")
class NegativeZero(Right):
    """A silent unit gives -0."""

    def value(self, z):
        return np.where(z <= 0, z.dtype.type(-0.0), z)


@sound("relu")
class Heaviside(Right):
    """The derivative is Heaviside's step, 0 at 0."""

    def backward(self, da, z, a, dz):
        dz[:] = da * np.heaviside(z, 0)


@sound("relu")
class MaxoutOfZero(Right):
    """The larger of two pieces, one of them 0, with the zero first, so that a tie gives the gradient to it."""

    def value(self, z):
        return np.stack([np.zeros_like(z), z]).max(axis=0)

    def active(self, z, a):
        return np.stack([np.zeros_like(z), z]).argmax(axis=0) == 1


@sound("relu")
class RowByRow(Right):
    """A loop over rows."""

    def forward(self, z, a):
        for row, out in zip(z, a, strict=True):
            out[:] = np.maximum(row, 0)
