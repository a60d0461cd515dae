"""Faulty forms of L1."""

from typing import ClassVar

import numpy as np

from ..collection import fault


class Right:
    def value(self, weights, strength):
        return float(strength) * float(np.abs(weights).sum(dtype=np.float64))

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.sign(weights)

    def after_update(self, weights, strength, learning_rate):
        pass


class RightProximal(Right):
    conventions: ClassVar = {"form": "proximal"}

    def add_gradient(self, weights, strength, gradient):
        pass

    def after_update(self, weights, strength, learning_rate):
        weights -= np.clip(weights, -learning_rate * strength, learning_rate * strength)


@fault("l1", "l1.gradient", "reg.tradeoff", seen="BUG mlpack/mlpack#3545 (reg-l1-zero-division)")
class DividesByZero(Right):
    """The sign is computed as w / abs(w), NaN at 0."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights / np.abs(weights)


@fault("l1", "l1.gradient")
class AlmostSign(Right):
    """The sign is computed as w / (abs(w) + 1e-8), too small near 0."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * (weights / (np.abs(weights) + 1e-8)).astype(weights.dtype)


@fault("l1", "l1.gradient", "reg.tradeoff")
class OneAtZero(Right):
    """The sign of 0 is 1."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.where(weights >= 0, 1, -1).astype(weights.dtype)


@fault("l1", "l1.gradient", "l1.no-exact-zero", "l1.fixed-shrink", "erratum.l1-half", seen="UNC the notes' factor")
class Half(Right):
    """The gradient has the half of the notes' penalty, the value has not."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength / 2 * np.sign(weights)


@fault("l1", "l1.gradient", "erratum.l1-half", "reg.tradeoff", "erratum.l1-index")
class ValueWithHalf(Right):
    """The value has the half of the notes' penalty, the gradient has not."""

    def value(self, weights, strength):
        return super().value(weights, strength) / 2


@fault("l1", "l1.gradient", "erratum.l1-index")
class FirstWeightTwice(Right):
    """The value counts the first weight in every place, as the notes print it."""

    def value(self, weights, strength):
        return float(strength) * weights.size * float(abs(weights[0]))


@fault("l1", "l1.gradient", "erratum.l1-index")
class SignedValue(Right):
    """The value is the sum of the weights with their signs."""

    def value(self, weights, strength):
        return float(strength) * abs(float(weights.sum(dtype=np.float64)))


@fault("l1", "l1.gradient", "l1.fixed-shrink", "l1.no-exact-zero", "reg.tradeoff", seen="BUG nitrain/nitrain#42 (reg-lambda-squared)")
class StrengthSquared(Right):
    """The strength enters twice."""

    def value(self, weights, strength):
        return super().value(weights, strength**2)

    def add_gradient(self, weights, strength, gradient):
        gradient += strength**2 * np.sign(weights)


@fault("l1", "l1.gradient", "l1.fixed-shrink")
class Share(Right):
    """Has L2's gradient."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights


@fault("l1", "l1.gradient", "l1.fixed-shrink", "l1.no-exact-zero")
class Smooth(Right):
    """The sign is smoothed with a hyperbolic tangent."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.tanh(weights)


@fault("l1", "l1.gradient", "l1.fixed-shrink")
class Grows(Right):
    """The sign is wrong: weights grow."""

    def add_gradient(self, weights, strength, gradient):
        gradient -= strength * np.sign(weights)


@fault("l1", "l1.gradient")
class Overwrites(Right):
    """Writes its term into the gradient instead of adding it."""

    def add_gradient(self, weights, strength, gradient):
        gradient[:] = strength * np.sign(weights)


@fault("l1", "l1.gradient")
class GradientSign(Right):
    """Takes the sign of weight and gradient together."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.sign(weights + gradient)


@fault("l1", "l1.gradient", "l1.fixed-shrink", seen="reg-divided-by-weight-count, not declared")
class PerWeight(Right):
    """Divided by the number of weights."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength / weights.size * np.sign(weights)


@fault("l1", "l1.gradient", "l1.no-exact-zero")
class StopsAtZero(Right):
    """Declares a subgradient and clips at 0 what would cross it, as the truncated gradient does."""

    def add_gradient(self, weights, strength, gradient):
        self.signs = np.sign(weights)
        gradient += strength * self.signs

    def after_update(self, weights, strength, learning_rate):
        weights[weights * self.signs < 0] = 0


@fault("l1", "l1.gradient", "l1.fixed-shrink")
class BothForms(RightProximal):
    """A subgradient and a proximal step together."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.sign(weights)


@fault("l1", "l1.gradient", "l1.no-exact-zero")
class DeclaresProximalButIsNot(Right):
    """Declares the proximal form and follows the subgradient."""

    conventions: ClassVar = {"form": "proximal"}


@fault("l1", "l1.gradient", "l1.no-exact-zero")
class ProximalUndeclared(RightProximal):
    """Follows the proximal form and declares the subgradient."""

    conventions: ClassVar = {"form": "subgradient"}


@fault("l1", "l1.gradient", "l1.fixed-shrink", "l1.no-exact-zero")
class ProximalWithoutLearningRate(RightProximal):
    """The threshold is λ instead of η λ."""

    def after_update(self, weights, strength, learning_rate):
        weights -= np.clip(weights, -strength, strength)


@fault("l1", "l1.gradient", "l1.no-exact-zero", "l1.fixed-shrink")
class HalfThreshold(RightProximal):
    """The threshold is half of η λ."""

    def after_update(self, weights, strength, learning_rate):
        weights -= np.clip(weights, -learning_rate * strength / 2, learning_rate * strength / 2)


@fault("l1", "l1.gradient", "l1.fixed-shrink")
class HardThreshold(RightProximal):
    """Sets small weights to 0 and leaves the others as they are."""

    def after_update(self, weights, strength, learning_rate):
        weights[np.abs(weights) <= learning_rate * strength] = 0


@fault("l1", "l1.gradient", "l1.no-exact-zero")
class ShrinksWithoutStopping(RightProximal):
    """Takes η λ off without stopping at 0."""

    def after_update(self, weights, strength, learning_rate):
        weights -= learning_rate * strength * np.sign(weights)


@fault("l1", "l1.gradient", "l1.fixed-shrink")
class OnlyPositive(RightProximal):
    """Negative weights are set to 0."""

    def after_update(self, weights, strength, learning_rate):
        weights[:] = np.maximum(weights - learning_rate * strength, 0)


@fault("l1", "l1.gradient")
class LeavesALittle(RightProximal):
    """Stops at a thousandth of the threshold instead of at 0."""

    def after_update(self, weights, strength, learning_rate):
        threshold = learning_rate * strength
        weights[:] = np.sign(weights) * np.maximum(np.abs(weights) - threshold, threshold / 1000)


@fault("l1", "l1.no-exact-zero")
class AlmostZero(RightProximal):
    """Stops at a unit of rounding beside 0."""

    def after_update(self, weights, strength, learning_rate):
        threshold = learning_rate * strength
        weights[:] = np.sign(weights) * np.maximum(np.abs(weights) - threshold, threshold * np.finfo(weights.dtype).eps / 8)


@fault("l1", "l1.no-exact-zero", "l1.gradient")
class NoReturn(RightProximal):
    """A weight at 0 is never moved again."""

    def add_gradient(self, weights, strength, gradient):
        gradient[weights == 0] = 0


@fault("l1", "l1.gradient")
class SinglePrecision(Right):
    """Computes in single precision whatever is asked for."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.float32(strength) * np.sign(weights).astype(np.float32)


@fault("l1", "l1.gradient")
class ZeroesSmall(Right):
    """Weights below 1e-6 count as 0."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.sign(np.where(np.abs(weights) < 1e-6, 0, weights))


@fault("l1", "l1.gradient")
class LargestOnly(Right):
    """The subgradient of the largest weight alone."""

    def add_gradient(self, weights, strength, gradient):
        largest = np.abs(weights) == np.abs(weights).max()
        gradient += strength * np.sign(weights) * largest


@fault("l1", "l1.gradient", "reg.tradeoff")
class ValueSquared(Right):
    """The value is L2's."""

    def value(self, weights, strength):
        return float(strength) / 2 * float(np.square(weights, dtype=np.float64).sum())
