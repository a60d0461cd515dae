"""Squared error in one pass."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class SquaredError:
    @kernel
    def value(z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        loss, whole = 0.0, 0.0
        for i in range(z.shape[0]):
            distance = 0.0
            for k in range(z.shape[1]):
                difference = np.float64(z[i, k]) - np.float64(targets[i, k])
                distance += difference * difference
            loss += np.float64(sample_weight[i]) * distance / 2.0
            whole += np.float64(sample_weight[i])
        return loss / whole

    @kernel
    def gradient(z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        whole = 0.0
        for i in range(z.shape[0]):
            whole += np.float64(sample_weight[i])
        for i in range(z.shape[0]):
            share = z.dtype.type(sample_weight[i] / whole)
            for k in range(z.shape[1]):
                dz[i, k] = (z[i, k] - targets[i, k]) * share
