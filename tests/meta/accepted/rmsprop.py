"""Right forms of RMSProp that look otherwise."""

from typing import ClassVar

import numpy as np

from ..collection import sound


class Rule:
    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        self.average(state[0], gradient, decay, step)
        parameters -= self.step_of(gradient, state[0], rate, epsilon)

    def average(self, square, gradient, decay, step):
        square[:] = gradient**2 if step == 1 else decay * square + (1 - decay) * gradient**2

    def step_of(self, gradient, square, rate, epsilon):
        return quotient(rate * gradient, np.sqrt(square) + epsilon)


class ZeroStart(Rule):
    conventions: ClassVar = {"start": "zero"}

    def average(self, square, gradient, decay, step):
        square *= decay
        square += (1 - decay) * gradient * gradient


def quotient(product, divisor):
    return np.divide(product, divisor, out=np.zeros_like(divisor), where=divisor != 0)


@sound("rmsprop", seen="EQUIV the lecture's own σ")
class KeepsTheRoot:
    """Keeps σ instead of its square, as the lecture writes it."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters
        state[0] = np.abs(gradient) if step == 1 else np.sqrt(decay * state[0] ** 2 + (1 - decay) * gradient**2)
        parameters -= quotient(rate * gradient, state[0] + epsilon)


@sound("rmsprop")
class MovesTowards(Rule):
    """Moves the average towards the square by a share of the difference."""

    def average(self, square, gradient, decay, step):
        square += (1 if step == 1 else 1 - decay) * (gradient**2 - square)


@sound("rmsprop")
class FirstByDivision(Rule):
    """Averages from 0 and divides the first average by 1 - decay."""

    def average(self, square, gradient, decay, step):
        square[:] = decay * square + (1 - decay) * gradient**2
        if step == 1:
            square /= 1 - decay


@sound("rmsprop")
class RateLast(Rule):
    """Divides first and multiplies by the learning rate afterwards."""

    def step_of(self, gradient, square, rate, epsilon):
        return rate * quotient(gradient, square**0.5 + epsilon)


@sound("rmsprop")
class ByTheReciprocal(ZeroStart):
    """Multiplies by the reciprocal of the divisor."""

    def step_of(self, gradient, square, rate, epsilon):
        return rate * gradient * quotient(np.ones_like(gradient), np.sqrt(square) + epsilon)


@sound("rmsprop")
class InDoublePrecision(ZeroStart):
    """Computes each step in float64."""

    def update(self, parameters, gradient, state, hyperparameters, step):
        rate, decay, epsilon = hyperparameters.astype(np.float64)
        state[0] = decay * state[0] + (1 - decay) * gradient.astype(np.float64) ** 2
        parameters -= quotient(rate * gradient, np.sqrt(state[0].astype(np.float64)) + epsilon)


@sound("rmsprop", seen="CONV chainer/chainer#4754 (rmsprop-eps-inside-outside), declared")
class Inside(Rule):
    """Has epsilon inside the root and says so."""

    conventions: ClassVar = {"epsilon_at": "inside"}

    def step_of(self, gradient, square, rate, epsilon):
        return quotient(rate * gradient, np.sqrt(square + epsilon))


@sound("rmsprop", seen="CONV jax-ml/jax#1427 (rmsprop-eps-inside-outside), declared")
class InsideFromZero(ZeroStart):
    """Has epsilon inside the root, from an average of 0, with 0 over 0 as it comes."""

    conventions: ClassVar = {"start": "zero", "epsilon_at": "inside", "zero_over_zero": "nan"}

    def step_of(self, gradient, square, rate, epsilon):
        return rate * (gradient * (1 / np.sqrt(square + epsilon)))


@sound("rmsprop")
class ZeroOverZero(Rule):
    """Divides 0 by 0 and says so."""

    conventions: ClassVar = {"zero_over_zero": "nan"}

    def step_of(self, gradient, square, rate, epsilon):
        return rate * gradient / (np.sqrt(square) + epsilon)


@sound("rmsprop")
class ASecondRow(Rule):
    """Keeps the mean of the gradients as well, for the centred form, and does not use it."""

    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        state[1] += hyperparameters[1] * (gradient - state[1])
        super().update(parameters, gradient, state, hyperparameters, step)
