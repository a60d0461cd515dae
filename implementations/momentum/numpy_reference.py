"""Momentum as the lecture writes it."""

from ...harness.arrays import Matrix, Vector


class Momentum:
    state_rows = 1

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, momentum = hyperparameters
        velocity = state[0]
        velocity[:] = momentum * velocity - learning_rate * gradient
        parameters += velocity
