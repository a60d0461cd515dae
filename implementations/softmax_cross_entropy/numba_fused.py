"""Softmax cross-entropy in three passes: the largest logit is taken off each row, all exponentials are taken at once, then each row's shares."""

import numpy as np

from ...harness.arrays import Matrix, Vector
from ...harness.exponential import exponential, single_exponential
from ...harness.kernel import kernel


class SoftmaxCrossEntropy:
    @kernel
    def value(z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        loss, whole = 0.0, 0.0
        powers = np.empty(z.shape[1], np.float64)
        for i in range(z.shape[0]):
            largest = np.float64(_largest(z, i))
            for k in range(z.shape[1]):
                powers[k] = exponential(np.float64(z[i, k]) - largest)
            total, target, chosen = 0.0, 0.0, 0.0
            for k in range(z.shape[1]):
                total += powers[k]
                target += targets[i, k]
                chosen += targets[i, k] * (np.float64(z[i, k]) - largest) if targets[i, k] != 0 else 0.0
            loss += np.float64(sample_weight[i]) * (np.log(total) * target - chosen)
            whole += np.float64(sample_weight[i])
        return loss / whole

    @kernel
    def gradient(z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        real = z.dtype.type
        whole = 0.0
        for i in range(z.shape[0]):
            whole += np.float64(sample_weight[i])
            largest = _largest(z, i)
            for k in range(z.shape[1]):
                dz[i, k] = z[i, k] - largest
        _exponentials(dz.reshape(dz.size))
        for i in range(z.shape[0]):
            total, target = real(0), real(0)
            for k in range(z.shape[1]):
                total += dz[i, k]
                target += targets[i, k]
            scale, share = target / total, real(sample_weight[i] / whole)
            for k in range(z.shape[1]):
                dz[i, k] = (dz[i, k] * scale - targets[i, k]) * share


@kernel
def _largest(z: Matrix, row: int) -> float:
    """A row's largest logit; a row with NaN gives NaN in what follows, whatever comes out here."""
    largest = z.dtype.type(-np.inf)
    for k in range(z.shape[1]):
        largest = z[row, k] if z[row, k] > largest else largest  # noqa: FURB136  as processors compare
    return largest


@kernel
def _exponentials(x: Vector) -> None:
    """e to the power of each number, in its place."""
    if x.itemsize == 4:
        for i in range(x.size):
            x[i] = single_exponential(np.float32(x[i]))
    else:
        for i in range(x.size):
            x[i] = exponential(np.float64(x[i]))
