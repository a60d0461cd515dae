"""Squared error in array expressions."""

import numpy as np

from ...harness.arrays import Matrix, Vector


class SquaredError:
    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        loss = np.square(z - targets.astype(np.float64)).sum(axis=1) / 2
        return float(np.average(loss, weights=sample_weight))

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        share = sample_weight / sample_weight.sum(dtype=np.float64)
        dz[:] = (z - targets) * share[:, None]
