"""Momentum as PyTorch writes it: the velocity is a sum of gradients, and the learning rate enters when it is used."""

from typing import ClassVar

from ...harness.arrays import Matrix, Vector


class Momentum:
    conventions: ClassVar = {"learning_rate_in": "update"}
    state_rows = 1

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, momentum = hyperparameters
        velocity = state[0]
        velocity[:] = momentum * velocity + gradient
        parameters -= learning_rate * velocity
