"""Adam with the commonest mistake: the bias correction lacks the power of the step."""

import numpy as np


class WrongAdam:
    technique = "adam"
    state_rows = 2

    def update(self, parameters, gradient, state, hyperparameters, step):
        learning_rate, beta1, beta2, epsilon = hyperparameters
        state[0] = beta1 * state[0] + (1 - beta1) * gradient
        state[1] = beta2 * state[1] + (1 - beta2) * gradient**2
        divisor = np.sqrt(state[1] / (1 - beta2)) + epsilon
        parameters -= learning_rate * (state[0] / (1 - beta1)) / np.where(divisor == 0, 1, divisor)
