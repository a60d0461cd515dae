"""Adam as the paper's Algorithm 1 writes it."""

import numpy as np

from ...harness.arrays import Matrix, Vector


class Adam:
    state_rows = 2

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, beta1, beta2, epsilon = hyperparameters
        mean, square = state
        mean[:] = beta1 * mean + (1 - beta1) * gradient
        square[:] = beta2 * square + (1 - beta2) * gradient**2
        real = parameters.dtype.type
        corrected_mean = mean / real(1 - np.float64(beta1) ** step)
        corrected_square = square / real(1 - np.float64(beta2) ** step)
        divisor = np.sqrt(corrected_square) + epsilon
        parameters -= np.divide(learning_rate * corrected_mean, divisor, out=np.zeros_like(divisor), where=divisor != 0)
