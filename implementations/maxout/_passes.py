"""Maxout row by row, units innermost, so that neighbours in memory are compared at once; in two forms.

Where the number of pieces is known when the loop is compiled, a unit's pieces are compared in registers, and every number is read and written
once. For any number of pieces, the best so far and the gradient that nobody has taken yet are handed on from piece to piece in memory.

In the first form several pieces of `dz` are written in one loop. Within a row they do not overlap, over all rows they do, and the compiler would look
for overlap there, since one check before all rows is cheaper than one before each: it would find it, and go number by number. The number of the row
goes through a float and back, which hides from the compiler how rows follow on each other.
"""

import numpy as np

from ...harness.arrays import Matrix
from ...harness.kernel import Kernel, kernel


def forward_of(pieces: int) -> Kernel:
    """The largest of so many pieces."""

    @kernel
    def forward(z: Matrix, a: Matrix) -> None:
        grouped = z.reshape((z.shape[0], pieces, a.shape[1]))
        for i in range(z.shape[0]):
            for u in range(a.shape[1]):
                best = grouped[i, 0, u]
                for p in range(1, pieces):
                    rival = grouped[i, p, u]
                    best = rival if rival > best or rival != rival else best  # noqa: PLR0124  NaN wins
                a[i, u] = best

    return forward


def backward_of(pieces: int) -> Kernel:
    """The gradient of the first of so many pieces that is the largest, or NaN."""

    @kernel
    def backward(da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        zero, last = z.dtype.type(0), pieces - 1
        grouped, by_piece = z.reshape((z.shape[0], pieces, a.shape[1])), dz.reshape((z.shape[0], pieces, a.shape[1]))
        for row in range(z.shape[0]):
            i = np.uint64(np.float64(row))
            for u in range(a.shape[1]):
                left = da[i, u]
                for p in range(last):
                    value = grouped[i, p, u]
                    wins = (value == a[i, u]) | (value != value)  # noqa: PLR0124
                    by_piece[i, p, u] = left if wins else zero
                    left = zero if wins else left
                by_piece[i, last, u] = left

    return backward


@kernel
def forward_of_any(z: Matrix, a: Matrix, pieces: int) -> None:
    """The largest of any number of pieces."""
    units = a.shape[1]
    grouped = z.reshape((z.shape[0], pieces, units))
    for i in range(z.shape[0]):
        for u in range(units):
            a[i, u] = grouped[i, 0, u]
        for p in range(1, pieces):
            for u in range(units):
                rival, best = grouped[i, p, u], a[i, u]
                a[i, u] = rival if rival > best or rival != rival else best  # noqa: PLR0124


@kernel
def backward_of_any(da: Matrix, z: Matrix, a: Matrix, dz: Matrix, pieces: int) -> None:
    """Each unit's gradient, kept in the place of the last piece until a winner takes it."""
    units = a.shape[1]
    zero, last = z.dtype.type(0), pieces - 1
    grouped, by_piece = z.reshape((z.shape[0], pieces, units)), dz.reshape((z.shape[0], pieces, units))
    for i in range(z.shape[0]):
        for u in range(units):
            by_piece[i, last, u] = da[i, u]
        for p in range(last):
            for u in range(units):
                value, left = grouped[i, p, u], by_piece[i, last, u]
                wins = (value == a[i, u]) | (value != value)  # noqa: PLR0124
                by_piece[i, p, u] = left if wins else zero
                by_piece[i, last, u] = zero if wins else left
