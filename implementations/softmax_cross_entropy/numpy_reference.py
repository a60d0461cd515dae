"""Softmax cross-entropy in array expressions."""

import numpy as np

from ...harness.arrays import Matrix, Vector


class SoftmaxCrossEntropy:
    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        shifted = z.astype(np.float64) - z.max(axis=1, keepdims=True)
        chosen = np.multiply(targets, shifted, out=np.zeros_like(shifted), where=targets != 0)
        loss = np.log(np.exp(shifted).sum(axis=1)) * targets.sum(axis=1, dtype=np.float64) - chosen.sum(axis=1)
        return float(np.average(loss, weights=sample_weight))

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        exponential = np.exp(z - z.max(axis=1, keepdims=True))
        softmax = exponential / exponential.sum(axis=1, keepdims=True)
        share = sample_weight / sample_weight.sum(dtype=np.float64)
        dz[:] = (softmax * targets.sum(axis=1, keepdims=True) - targets) * share[:, None]
