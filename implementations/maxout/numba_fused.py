"""Maxout row by row, units innermost, so that neighbours in memory are compared at once.

Backward hands each unit's gradient from piece to piece, in the place of the last one, until a winner takes it.
"""

from ...harness.arrays import Matrix
from ...harness.kernel import kernel
from ._groups import pieces_of


class Maxout:
    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        units, pieces = a.shape[1], pieces_of(z, a)
        grouped = z.reshape((z.shape[0], pieces, units))
        for i in range(z.shape[0]):
            for u in range(units):
                a[i, u] = grouped[i, 0, u]
            for p in range(1, pieces):
                for u in range(units):
                    rival, best = grouped[i, p, u], a[i, u]
                    a[i, u] = rival if rival > best or rival != rival else best  # noqa: PLR0124  NaN wins

    @kernel
    def backward(da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        units, pieces = a.shape[1], pieces_of(z, a)
        zero, last = z.dtype.type(0), pieces - 1
        grouped, by_piece = z.reshape((z.shape[0], pieces, units)), dz.reshape((z.shape[0], pieces, units))
        for i in range(z.shape[0]):
            for u in range(units):
                by_piece[i, last, u] = da[i, u]
            for p in range(last):
                for u in range(units):
                    value, left = grouped[i, p, u], by_piece[i, last, u]
                    wins = value == a[i, u] or value != value  # noqa: PLR0124
                    by_piece[i, p, u] = left if wins else zero
                    by_piece[i, last, u] = zero if wins else left
