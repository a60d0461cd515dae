"""Momentum in one pass over memory: two arrays read and written once a step."""

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class Momentum:
    state_rows = 1
    elementwise = True

    @kernel
    def update(parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, momentum = hyperparameters[0], hyperparameters[1]
        velocities = state[0]
        for i in range(parameters.size):
            velocity = momentum * velocities[i] - learning_rate * gradient[i]
            velocities[i] = velocity
            parameters[i] += velocity
