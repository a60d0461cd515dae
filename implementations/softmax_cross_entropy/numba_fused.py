"""Softmax cross-entropy row by row, each exponential taken once."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class SoftmaxCrossEntropy:
    @kernel
    def value(z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        loss, whole = 0.0, 0.0
        for i in range(z.shape[0]):
            largest = _largest(z, i)
            total, target, chosen = 0.0, 0.0, 0.0
            for k in range(z.shape[1]):
                shifted = np.float64(z[i, k]) - largest
                total += np.exp(shifted)
                target += targets[i, k]
                chosen += targets[i, k] * shifted if targets[i, k] != 0 else 0.0
            loss += np.float64(sample_weight[i]) * (np.log(total) * target - chosen)
            whole += np.float64(sample_weight[i])
        return loss / whole

    @kernel
    def gradient(z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        real = z.dtype.type
        whole = 0.0
        for i in range(z.shape[0]):
            whole += np.float64(sample_weight[i])
        for i in range(z.shape[0]):
            largest = real(_largest(z, i))
            total, target = real(0), real(0)
            for k in range(z.shape[1]):
                dz[i, k] = np.exp(z[i, k] - largest)
                total += dz[i, k]
                target += targets[i, k]
            scale, share = target / total, real(sample_weight[i] / whole)
            for k in range(z.shape[1]):
                dz[i, k] = (dz[i, k] * scale - targets[i, k]) * share


@kernel
def _largest(z: Matrix, row: int) -> float:
    largest = -np.inf
    for k in range(z.shape[1]):
        largest = max(largest, np.float64(z[row, k]))
    return largest
