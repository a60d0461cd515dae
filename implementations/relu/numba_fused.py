"""ReLU in one pass each way."""

from ...harness.arrays import Matrix
from ...harness.kernel import kernel


class ReLU:
    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        zero = z.dtype.type(0)
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                a[i, j] = zero if z[i, j] <= zero else z[i, j]  # noqa: FURB136  max would turn NaN into 0

    @kernel
    def backward(da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        zero = z.dtype.type(0)
        for i in range(z.shape[0]):
            for j in range(z.shape[1]):
                dz[i, j] = zero if z[i, j] <= zero else da[i, j]
