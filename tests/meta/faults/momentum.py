"""Faulty forms of momentum."""

from ..collection import fault


@fault("momentum", "momentum.weighted-sum", "momentum.zero-is-sgd", seen="UNC mom-uses-old-velocity")
class OldVelocity:
    """Moves by the velocity of the step before."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        parameters += state[0]
        state[0] = momentum * state[0] - learning_rate * gradient


@fault("momentum", "momentum.weighted-sum")
class Dampened:
    """Weighs the gradient by 1 - momentum, as an average does."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        state[0] = momentum * state[0] - (1 - momentum) * learning_rate * gradient
        parameters += state[0]


@fault("momentum", "momentum.weighted-sum")
class Forgetful:
    """Keeps the last gradient only."""

    state_rows = 1

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, momentum = hyperparameters
        parameters -= learning_rate * (gradient + momentum * state[0])
        state[0] = gradient
