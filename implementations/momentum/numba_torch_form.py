"""PyTorch's form of momentum in one pass over memory."""

from typing import ClassVar

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class Momentum:
    conventions: ClassVar = {"learning_rate_in": "update"}
    state_rows = 1
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, momentum = hyperparameters[0], hyperparameters[1]
        velocities = state[0]
        for i in range(parameters.size):
            velocity = momentum * velocities[i] + gradient[i]
            velocities[i] = velocity
            parameters[i] -= learning_rate * velocity
