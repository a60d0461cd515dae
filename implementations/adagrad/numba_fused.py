"""Adagrad in one pass over memory."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class Adagrad:
    state_rows = 1

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, epsilon = hyperparameters[0], hyperparameters[1]
        zero = parameters.dtype.type(0)
        squares = state[0]
        for i in range(parameters.size):
            squares[i] += gradient[i] * gradient[i]
            divisor = np.sqrt(squares[i]) + epsilon
            parameters[i] -= learning_rate * gradient[i] / divisor if divisor != zero else zero
