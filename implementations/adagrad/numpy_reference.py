"""Adagrad in array expressions."""

import numpy as np

from ...harness.arrays import Matrix, Vector


class Adagrad:
    state_rows = 1

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, epsilon = hyperparameters
        squares = state[0]
        squares += gradient**2
        divisor = np.sqrt(squares) + epsilon
        parameters -= np.divide(learning_rate * gradient, divisor, out=np.zeros_like(divisor), where=divisor != 0)
