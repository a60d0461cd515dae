"""Adagrad in one pass over memory, every number read once: what was just written is not read again, which held up what follows."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class Adagrad:
    state_rows = 1
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, epsilon = hyperparameters[0], hyperparameters[1]
        zero = parameters.dtype.type(0)
        squares = state[0]
        for i in range(parameters.size):
            g = gradient[i]
            square = squares[i] + g * g
            divisor = np.sqrt(square) + epsilon
            squares[i] = square
            parameters[i] -= learning_rate * g / divisor if divisor != zero else zero
