"""Adam in one pass over memory, the corrections taken out of the loop: three arrays read and written once a step."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class Adam:
    state_rows = 2
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, beta1, beta2, epsilon = hyperparameters[0], hyperparameters[1], hyperparameters[2], hyperparameters[3]
        real = parameters.dtype.type
        zero, one = real(0), real(1)
        rate = real(learning_rate / (1.0 - np.float64(beta1) ** np.float64(step)))
        shrink = real(1.0 / np.sqrt(1.0 - np.float64(beta2) ** np.float64(step)))
        means, squares = state[0], state[1]
        for i in range(parameters.size):
            g = gradient[i]
            mean = beta1 * means[i] + (one - beta1) * g
            square = beta2 * squares[i] + (one - beta2) * g * g
            divisor = np.sqrt(square) * shrink + epsilon
            means[i], squares[i] = mean, square
            parameters[i] -= rate * mean / divisor if divisor != zero else zero
