"""Squared error as scikit-learn's networks have it. Their loss is a mean over the outputs, their gradient that of the sum, which is taken here."""

import numpy as np

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

base = require("sklearn.neural_network._base", "LOSS_FUNCTIONS", "squared_loss", "sample_weight")


class SquaredError:
    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        loss = base.LOSS_FUNCTIONS["squared_error"](targets.astype(np.float64), z.astype(np.float64), sample_weight)
        return float(loss) * z.shape[1]

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        np.subtract(z, targets, out=dz)  # what `MLPRegressor._backprop` writes in one line
        dz *= (sample_weight / sample_weight.sum(dtype=np.float64))[:, None]
