"""Forms of squared error that round elsewhere than ours, and both factors honestly declared."""

import numpy as np

from ..collection import sound


@sound("squared_error", seen="CONV the squared distance is halved, or not")
class One:
    """The mean squared distance, declared, in the outputs' dtype."""

    conventions = {"factor": "one"}  # noqa: RUF012

    def value(self, z, targets, sample_weight):
        return float(np.einsum("rk,rk,r->", z - targets, z - targets, sample_weight) / sample_weight.sum())

    def gradient(self, z, targets, sample_weight, dz):
        dz[:] = 2 / sample_weight.sum() * sample_weight[:, None] * (z - targets)


@sound("squared_error")
class Norms:
    """Half the squared norm of each row's difference."""

    def value(self, z, targets, sample_weight):
        distance = np.linalg.norm(targets - z, axis=1)
        return float(0.5 * np.sum(sample_weight * distance * distance) / np.sum(sample_weight))

    def gradient(self, z, targets, sample_weight, dz):
        np.subtract(z, targets, out=dz)
        dz *= sample_weight[:, None]
        dz /= sample_weight.sum()


@sound("squared_error")
class RowByRow:
    """Running sums over rows, the weights normalised beforehand."""

    def value(self, z, targets, sample_weight):
        share = sample_weight.astype(np.float64) / sample_weight.astype(np.float64).sum()
        return sum(float(part) * float(np.dot(row, row)) / 2 for part, row in zip(share, z.astype(np.float64) - targets, strict=True))

    def gradient(self, z, targets, sample_weight, dz):
        whole = sum(float(weight) for weight in sample_weight)
        for row in range(len(z)):
            dz[row] = (z[row].astype(np.float64) - targets[row]) * float(sample_weight[row]) / whole
