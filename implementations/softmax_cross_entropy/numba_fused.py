"""Softmax cross-entropy row by row, the exponentials taken once."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.kernel import kernel


class SoftmaxCrossEntropy:
    @kernel
    def value(z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        loss, weight = 0.0, 0.0
        for i in range(z.shape[0]):
            largest = z[i, 0]
            for k in range(z.shape[1]):
                largest = max(largest, z[i, k])
            total, target, chosen = z.dtype.type(0), z.dtype.type(0), z.dtype.type(0)
            for k in range(z.shape[1]):
                total += np.exp(z[i, k] - largest)
                target += targets[i, k]
                chosen += targets[i, k] * (z[i, k] - largest)
            loss += np.float64(sample_weight[i]) * (np.log(total) * target - chosen)
            weight += np.float64(sample_weight[i])
        return loss / weight

    @kernel
    def gradient(z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        one = z.dtype.type(1)
        share = one / sample_weight.sum()
        for i in range(z.shape[0]):
            largest = z[i, 0]
            for k in range(z.shape[1]):
                largest = max(largest, z[i, k])
            total, target = z.dtype.type(0), z.dtype.type(0)
            for k in range(z.shape[1]):
                dz[i, k] = np.exp(z[i, k] - largest)
                total += dz[i, k]
                target += targets[i, k]
            scale = target / total
            weight = sample_weight[i] * share
            for k in range(z.shape[1]):
                dz[i, k] = (dz[i, k] * scale - targets[i, k]) * weight
