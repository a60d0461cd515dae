"""Adam in one pass over memory, the corrections taken out of the loop: three arrays read and written once a step."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class Adam:
    state_rows = 2

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, beta1, beta2, epsilon = hyperparameters[0], hyperparameters[1], hyperparameters[2], hyperparameters[3]
        real = parameters.dtype.type
        one = real(1)
        rate = real(learning_rate / (1.0 - np.float64(beta1) ** step))
        shrink = real(1.0 / np.sqrt(1.0 - np.float64(beta2) ** step))
        mean, square = state[0], state[1]
        for i in range(parameters.size):
            g = gradient[i]
            m = beta1 * mean[i] + (one - beta1) * g
            s = beta2 * square[i] + (one - beta2) * g * g
            mean[i] = m
            square[i] = s
            parameters[i] -= rate * m / (np.sqrt(s) * shrink + epsilon)
