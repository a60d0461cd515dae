"""Gradient descent as scikit-learn's networks have it: `SGDOptimizer` without momentum."""

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

optimizers = require("sklearn.neural_network._stochastic_optimizers", "SGDOptimizer", "update_params")


class SGD:
    state_rows = 0

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        (learning_rate,) = hyperparameters.tolist()
        optimizer = optimizers.SGDOptimizer([parameters], learning_rate, momentum=0.0, nesterov=False)
        optimizer.update_params([parameters], [gradient])
