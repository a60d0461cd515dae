"""RMSProp in one pass over memory; at the first step nothing is kept, so the gradient is taken in full."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class RMSProp:
    state_rows = 1
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, decay, epsilon = hyperparameters[0], hyperparameters[1], hyperparameters[2]
        zero, one = parameters.dtype.type(0), parameters.dtype.type(1)
        kept = zero if step == 1 else decay
        squares = state[0]
        for i in range(parameters.size):
            g = gradient[i]
            square = kept * squares[i] + (one - kept) * g * g
            divisor = np.sqrt(square) + epsilon
            squares[i] = square
            parameters[i] -= learning_rate * g / divisor if divisor != zero else zero
