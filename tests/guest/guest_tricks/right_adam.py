"""Adam, right."""

import numpy as np


class RightAdam:
    technique = "adam"
    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] += (1 - beta1) * (gradient - state[0])
        state[1] += (1 - beta2) * (gradient**2 - state[1])
        corrections = [parameters.dtype.type(1 - np.float64(beta) ** step) for beta in (beta1, beta2)]
        divisor = np.sqrt(state[1] / corrections[1]) + epsilon
        parameters -= learning_rate * (state[0] / corrections[0]) / np.where(divisor == 0, 1, divisor)
