"""Faulty implementations, each with the claims that must refute it."""

import numpy as np


class OldVelocity:
    """Moves by the velocity of the step before."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        parameters += state[0]
        state[0] = momentum * state[0] - learning_rate * gradient


class Dampened:
    """Weighs the gradient by 1 - momentum, as an average does."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        state[0] = momentum * state[0] - (1 - momentum) * learning_rate * gradient
        parameters += state[0]


class Forgetful:
    """Keeps the last gradient only."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        parameters -= learning_rate * (gradient + momentum * state[0])
        state[0] = gradient


class NoFactorTwo:
    """The gradient of strength times the squared norm: twice as large."""

    def add_gradient(self, weights, strength, gradient):
        gradient += 2 * strength * weights

    def after_update(self, weights, strength, learning_rate): ...


class Overwrites:
    """Replaces the data's gradient instead of adding to it."""

    def add_gradient(self, weights, strength, gradient):
        gradient[:] = strength * weights

    def after_update(self, weights, strength, learning_rate): ...


class NormNotSquared:
    """The gradient of the norm itself, as the notes' formula says literally."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength * weights / (2 * np.linalg.norm(weights))

    def after_update(self, weights, strength, learning_rate): ...


class StrengthSquared:
    """Multiplies by the strength twice."""

    def add_gradient(self, weights, strength, gradient):
        gradient += strength**2 * weights

    def after_update(self, weights, strength, learning_rate): ...


REFUTED_BY = {
    OldVelocity: {"momentum.weighted-sum", "momentum.zero-is-sgd", "momentum.terminal-velocity"},
    Dampened: {"momentum.weighted-sum", "momentum.terminal-velocity"},
    Forgetful: {"momentum.weighted-sum", "momentum.terminal-velocity"},
    NoFactorTwo: {"l2.gradient", "l2.decay-factor"},
    Overwrites: {"l2.gradient"},
    NormNotSquared: {"l2.gradient", "l2.decay-factor"},
    StrengthSquared: {"l2.gradient", "l2.decay-factor"},
}
