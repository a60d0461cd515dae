"""ReLU in one pass each way."""

from ...harness.arrays import Matrix
from ...harness.kernel import kernel


class Relu:
    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        zero = z.dtype.type(0)
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                a[i, j] = zero if z[i, j] < zero else z[i, j]  # this way round NaN passes

    @kernel
    def backward(da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        zero = z.dtype.type(0)
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                dz[i, j] = da[i, j] if z[i, j] > zero else zero
