"""Gradient descent in one array expression."""

from ...harness.arrays import Matrix, Vector


class SGD:
    state_rows = 0

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        parameters -= hyperparameters[0] * gradient
