"""RMSProp from a zero average in one pass over memory."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class RMSProp:
    conventions: ClassVar = {"start": "zero"}
    state_rows = 1
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, decay, epsilon = hyperparameters[0], hyperparameters[1], hyperparameters[2]
        zero, one = parameters.dtype.type(0), parameters.dtype.type(1)
        squares = state[0]
        for i in range(parameters.size):
            g = gradient[i]
            square = decay * squares[i] + (one - decay) * g * g
            divisor = np.sqrt(square) + epsilon
            squares[i] = square
            parameters[i] -= learning_rate * g / divisor if divisor != zero else zero
