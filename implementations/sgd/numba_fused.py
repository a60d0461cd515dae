"""Gradient descent without a temporary array."""

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class SGD:
    state_rows = 0
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate = hyperparameters[0]
        for i in range(parameters.size):
            parameters[i] -= learning_rate * gradient[i]
