"""Momentum as scikit-learn's networks have it, `SGDOptimizer` without Nesterov's correction: the lecture's form."""

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

optimizers = require("sklearn.neural_network._stochastic_optimizers", "SGDOptimizer", "velocities")


class Momentum:
    state_rows = 1

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        learning_rate, momentum = hyperparameters.tolist()
        optimizer = optimizers.SGDOptimizer([parameters], learning_rate, momentum=momentum, nesterov=False)
        optimizer.velocities = [state[0]]
        optimizer.update_params([parameters], [gradient])
        state[0] = optimizer.velocities[0]
