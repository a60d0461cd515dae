"""Faulty forms of L2."""

import numpy as np

from ..collection import fault


class Right:
    def value(self, weights, strength):
        return float(strength) / 2 * float(np.square(weights, dtype=np.float64).sum())

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights

    def after_update(self, weights, strength, learning_rate):
        pass


@fault("l2", "l2.gradient", "erratum.l2-norm", "reg.tradeoff", seen="REP jingtinghuang/CS231n-Spring-2017#3 (reg-l2-gradient-factor-missing)")
class ValueWithoutHalf(Right):
    """The value is λ Σ w², the gradient that of half of it."""

    def value(self, weights, strength):
        return 2 * super().value(weights, strength)


@fault(
    "l2",
    "l2.gradient",
    "l2.decay-factor",
    "l2.shrink-range",
    "l1.fixed-shrink",
    "erratum.l2-norm",
    "reg.tradeoff",
    seen="REP cs231n/cs231n.github.io#89",
)
class GradientWithFactorTwo(Right):
    """The gradient is 2 λ w, the value has the half."""

    def add_gradient(self, weights, strength, gradient):
        gradient += 2 * strength * weights


@fault(
    "l2", "l2.gradient", "l2.decay-factor", "l2.shrink-range", "l1.fixed-shrink", "reg.tradeoff", seen="BUG nitrain/nitrain#42 (reg-lambda-squared)"
)
class StrengthSquared(Right):
    """The strength enters twice, in value and gradient."""

    def value(self, weights, strength):
        return super().value(weights, strength**2)

    def add_gradient(self, weights, strength, gradient):
        gradient += strength**2 * weights


@fault("l2", "l2.gradient", "l2.decay-factor", "l1.fixed-shrink", seen="reg-divided-by-weight-count, not declared")
class PerWeight(Right):
    """Divided by the number of weights."""

    def value(self, weights, strength):
        return super().value(weights, strength) / max(1, weights.size)

    def add_gradient(self, weights, strength, gradient):
        gradient += strength / weights.size * weights


@fault("l2", "l2.decay-factor", "l2.shrink-range", "l2.gradient", seen="REP clab/dynet#159 (reg-decay-without-lr-in-sparse-form)")
class DecayWithoutLearningRate(Right):
    """Takes λ w off after the update, whatever the learning rate."""

    def add_gradient(self, weights, strength, gradient):
        pass

    def after_update(self, weights, strength, learning_rate):
        weights *= 1 - strength


@fault("l2", "l2.gradient", "l2.decay-factor", seen="BUG pytorch/pytorch#30257 (the caller's gradient)")
class OverwritesGradient(Right):
    """Writes its term into the gradient instead of adding it."""

    def add_gradient(self, weights, strength, gradient):
        gradient[:] = strength * weights


@fault("l2", "l2.gradient", "l2.decay-factor", seen="BUG PaddlePaddle/Paddle#2088 (adam-l2-ignored)")
class Ignored(Right):
    """The strength is ignored: nothing is added."""

    def add_gradient(self, weights, strength, gradient):
        pass


@fault("l2", "l2.gradient", "l2.decay-factor", "l2.shrink-range", "erratum.l2-factor")
class Grows(Right):
    """The sign is wrong: weights grow."""

    def add_gradient(self, weights, strength, gradient):
        gradient -= strength * weights


@fault("l2", "erratum.l2-factor", "l2.shrink-range", "l2.decay-factor")
class NegativeFactor(Right):
    """Multiplies by a number smaller than 0, as the notes say."""

    def after_update(self, weights, strength, learning_rate):
        weights *= -1


@fault("l2", "l2.gradient", "erratum.l2-norm", "l2.decay-factor", "reg.tradeoff")
class NormNotSquared(Right):
    """The penalty and the gradient of the norm without a square, as the notes print it."""

    def value(self, weights, strength):
        return float(strength) / 2 * float(np.sqrt(np.square(weights, dtype=np.float64).sum()))

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights / (2 * np.sqrt(np.square(weights).sum()))


@fault("l2", "l2.gradient")
class ValueOfTheNorm(Right):
    """The value has the norm not squared."""

    def value(self, weights, strength):
        return float(strength) / 2 * float(np.sqrt(np.square(weights, dtype=np.float64).sum()))


@fault("l2", "l2.gradient")
class ValueWithoutStrength(Right):
    """The value leaves the strength out."""

    def value(self, weights, strength):
        return super().value(weights, 1.0)


@fault("l2", "l2.gradient", "l2.decay-factor")
class DecaysTwice(Right):
    """A gradient term and a decay after the update."""

    def after_update(self, weights, strength, learning_rate):
        weights *= 1 - learning_rate * strength


@fault("l2", "l2.decay-factor", "l2.gradient")
class Decoupled(Right):
    """Decay after the update instead of a gradient: shrinks the step that was just made too."""

    def add_gradient(self, weights, strength, gradient):
        pass

    def after_update(self, weights, strength, learning_rate):
        weights *= 1 - learning_rate * strength


@fault("l2", "l2.gradient", "l2.decay-factor")
class OnlyWhereTheLossPulls(Right):
    """No decay where the loss has no gradient."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.where(gradient == 0, 0, strength * weights)


@fault("l2", "l2.gradient", "l2.decay-factor")
class OnlyWhereTheLossRests(Right):
    """Decay only where the loss has no gradient."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.where(gradient == 0, strength * weights, 0)


@fault("l2", "l2.gradient", "l2.decay-factor")
class Sizes(Right):
    """Takes the weight's size for the weight: negative weights grow."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.abs(weights)


@fault("l2", "l2.gradient", "l2.decay-factor")
class Signs(Right):
    """Has L1's gradient."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * np.sign(weights)


@fault("l2", "l2.gradient", "l2.decay-factor")
class Clipped(Right):
    """The term is clipped at 1."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.clip(strength * weights, -1, 1)


@fault("l2", "l2.gradient", "l2.decay-factor")
class SparesTheLast(Right):
    """The last weight is left out."""

    def add_gradient(self, weights, strength, gradient):
        gradient[:-1] += strength * weights[:-1]


@fault("l2", "l2.gradient")
class FirstThousand(Right):
    """A buffer of 1024 weights; the others are left out."""

    def add_gradient(self, weights, strength, gradient):
        gradient[:1024] += strength * weights[:1024]


@fault("l2", "l2.gradient", "l2.decay-factor")
class SpareSmall(Right):
    """Weights below 1e-3 are left in peace."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.where(np.abs(weights) > 1e-3, strength * weights, 0)


@fault("l2", "l2.gradient", "l2.decay-factor")
class HalfPrecision(Right):
    """Computes in half precision."""

    def add_gradient(self, weights, strength, gradient):
        gradient += (np.float16(strength) * weights.astype(np.float16)).astype(weights.dtype)


@fault("l2", "l2.gradient", "l2.decay-factor")
class SinglePrecision(Right):
    """Computes in single precision whatever is asked for."""

    def add_gradient(self, weights, strength, gradient):
        gradient += np.float32(strength) * weights.astype(np.float32)


@fault("l2", "l2.gradient", "l2.decay-factor", "l2.shrink-range")
class StrengthPlusOffset(Right):
    """A small constant keeps the strength from being 0."""

    def add_gradient(self, weights, strength, gradient):
        gradient += (strength + weights.dtype.type(1e-3)) * weights


@fault("l2", "l2.gradient", "l2.decay-factor")
class MeansOfTheWeights(Right):
    """Pulls towards the weights' mean instead of 0."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * (weights - weights.mean())


@fault("l2", "l2.gradient")
class ValueOfTheFirst(Right):
    """The value counts all but the last weight."""

    def value(self, weights, strength):
        return super().value(weights[:-1], strength)
