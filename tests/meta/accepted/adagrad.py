"""Right forms of Adagrad that look otherwise."""

from typing import ClassVar

import numpy as np

from ..collection import sound


class Rule:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, epsilon = hyperparameters
        state[0] += gradient**2
        parameters -= self.step_of(gradient, state[0], rate, epsilon)


def quotient(product, divisor):
    return np.divide(product, divisor, out=np.zeros_like(divisor), where=divisor != 0)


@sound("adagrad")
class KeepsTheRoot:
    """Keeps the root of the sum, a length that grows by Pythagoras: squares can neither overflow nor vanish."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, epsilon = hyperparameters
        state[0] = np.hypot(state[0], gradient)
        parameters -= quotient(rate * gradient, state[0] + epsilon)


@sound("adagrad")
class RateLast(Rule):
    """Divides first and multiplies by the learning rate afterwards."""

    def step_of(self, gradient, squares, rate, epsilon):
        return rate * quotient(gradient, squares**0.5 + epsilon)


@sound("adagrad")
class ByTheReciprocal(Rule):
    """Multiplies by the reciprocal of the divisor."""

    def step_of(self, gradient, squares, rate, epsilon):
        return rate * gradient * quotient(np.ones_like(gradient), np.sqrt(squares) + epsilon)


@sound("adagrad")
class InDoublePrecision(Rule):
    """Takes root and quotient in float64."""

    def step_of(self, gradient, squares, rate, epsilon):
        return quotient(np.float64(rate) * gradient, np.sqrt(squares.astype(np.float64)) + np.float64(epsilon))


@sound("adagrad", seen="BUG davharris/mistnet#94 (adagrad-zero-first-gradient-nan), declared")
class ZeroOverZero(Rule):
    """Divides 0 by 0 and says so."""

    conventions: ClassVar = {"zero_over_zero": "nan"}

    def step_of(self, gradient, squares, rate, epsilon):
        return rate * gradient / (np.sqrt(squares) + epsilon)


@sound("adagrad", seen="CONV rmsprop-eps-inside-outside, as Adagrad's")
class Inside(Rule):
    """Has epsilon inside the root and says so."""

    conventions: ClassVar = {"epsilon_at": "inside"}

    def step_of(self, gradient, squares, rate, epsilon):
        return quotient(rate * gradient, np.sqrt(squares + epsilon))


@sound("adagrad", seen="CONV rmsprop-eps-inside-outside, as Adagrad's")
class InsideAndZeroOverZero(Rule):
    """Has epsilon inside the root, multiplies by the root's reciprocal, and declares what 0 over 0 is."""

    conventions: ClassVar = {"epsilon_at": "inside", "zero_over_zero": "nan"}

    def step_of(self, gradient, squares, rate, epsilon):
        return rate * (gradient * (1 / np.sqrt(squares + epsilon)))
