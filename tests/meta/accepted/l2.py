"""What looks wrong in L2 and is right."""

import math

import numpy as np

from ..collection import sound


@sound("l2", seen="EQUIV google-deepmind/dm-haiku#178 (eq-l2-no-square-root)")
class NoSquareRoot:
    """No root is taken: the squared norm is the penalty. Summed by a dot product in the run's precision."""

    def value(self, weights, strength):
        return 0.5 * float(strength) * float(weights @ weights)

    def add_gradient(self, weights, strength, gradient):
        np.add(gradient, weights * strength, out=gradient)

    def after_update(self, weights, strength, learning_rate):
        pass


@sound("l2")
class TwiceHalf:
    """The derivative of the square, 2 w, times half the strength; in double precision throughout."""

    def value(self, weights, strength):
        return math.fsum(float(weight) ** 2 for weight in weights) * float(strength) / 2

    def add_gradient(self, weights, strength, gradient):
        gradient[:] = gradient.astype(np.float64) + 2 * weights.astype(np.float64) * (float(strength) / 2)

    def after_update(self, weights, strength, learning_rate):
        weights *= 1


@sound("l2")
class SquaredRoot:
    """The norm, squared again, weight by weight."""

    def value(self, weights, strength):
        return float(strength / 2) * float(np.linalg.norm(weights.astype(np.float64))) ** 2

    def add_gradient(self, weights, strength, gradient):
        for i in range(weights.size):
            gradient[i] = strength * weights[i] + gradient[i]

    def after_update(self, weights, strength, learning_rate):
        weights -= 0
