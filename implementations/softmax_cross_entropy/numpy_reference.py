"""Softmax cross-entropy in array expressions."""

import numpy as np

from ...harness.arrays import Matrix, Vector


class SoftmaxCrossEntropy:
    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        shifted = z - z.max(axis=1, keepdims=True)
        loss = np.log(np.exp(shifted).sum(axis=1)) * targets.sum(axis=1) - (targets * shifted).sum(axis=1)
        return float((sample_weight * loss).sum(dtype=np.float64) / sample_weight.sum(dtype=np.float64))

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        exponential = np.exp(z - z.max(axis=1, keepdims=True))
        softmax = exponential / exponential.sum(axis=1, keepdims=True)
        share = sample_weight / sample_weight.sum()
        dz[:] = (softmax * targets.sum(axis=1, keepdims=True) - targets) * share[:, None]
