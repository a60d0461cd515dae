"""RMSProp as libraries write it: the average starts at 0, so the first steps are longer than the learning rate."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Matrix, Vector


class RMSProp:
    conventions: ClassVar = {"start": "zero"}
    state_rows = 1

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, decay, epsilon = hyperparameters
        square = state[0]
        square[:] = decay * square + (1 - decay) * gradient**2
        divisor = np.sqrt(square) + epsilon
        parameters -= np.divide(learning_rate * gradient, divisor, out=np.zeros_like(divisor), where=divisor != 0)
