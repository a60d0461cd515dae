"""Adam as scikit-learn's networks have it, `AdamOptimizer`: the corrections are folded into the learning rate."""

from typing import ClassVar

import numpy as np

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

optimizers = require("sklearn.neural_network._stochastic_optimizers", "AdamOptimizer", "ms", "vs")


class Adam:
    state_rows = 2
    conventions: ClassVar = {"epsilon_at": "folded", "zero_over_zero": "nan"}

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        optimizer = optimizers.AdamOptimizer([parameters], *hyperparameters.tolist())
        optimizer.ms, optimizer.vs, optimizer.t = [state[0]], [state[1]], step - 1
        with np.errstate(divide="ignore", invalid="ignore"):
            optimizer.update_params([parameters], [gradient])
        state[0], state[1] = optimizer.ms[0], optimizer.vs[0]
