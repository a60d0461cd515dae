"""The three matrix products of a training step: forward, by the weights, by the inputs.

They are our own because they decide a run's speed and its bits. At the sizes of mini-batches a product costs a BLAS library several times what the
processor needs (it is made for large matrices, and goes by the processor's name where it does not know it), it holds a lock that runs in
threads wait for, and its bits depend on its version, its number of threads and the processor. The compiled form (`panels.py`) is written for
these sizes, runs anywhere and gives the same bits on any width of vector registers. Called from Python, NumPy's products stand in for it.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from ..arrays import Indices, Matrix, Vector
from ..kernel import twin

ROOM = 128 * 64
"""Numbers that a product needs room for, whatever its size: a panel of `panels.py`, at its largest."""


def _compiled() -> ModuleType:
    from . import panels

    return panels


@twin(_compiled)
def product(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None:
    """Write a b into `out` (rows, columns), for `a` (rows, depth) and `b` (depth, columns), whose rows stand one after the other."""
    np.dot(a, b.reshape(a.shape[1], out.shape[1]), out)


@twin(_compiled)
def product_of_turned(a: Matrix, b: Matrix, out: Vector, fresh: bool, room: Vector) -> None:
    """Write aᵀ b into `out` (rows, columns), row after row, or add it unless `fresh`, for `a` (depth, rows) and `b` (depth, columns)."""
    matrix = out.reshape(a.shape[1], b.shape[1])
    if fresh:
        np.dot(a.T, b, matrix)
    else:
        matrix += a.T @ b


@twin(_compiled)
def product_with_turned(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None:
    """Write a bᵀ into `out` (rows, columns), for `a` (rows, depth) and `b` (columns, depth), whose rows stand one after the other."""
    np.dot(a, b.reshape(out.shape[1], a.shape[1]).T, out)


@twin(_compiled)
def gather(rows: Matrix, chosen: Indices, out: Matrix) -> None:
    """Write the chosen rows into `out`, one after the other. Compiled, their numbers are not checked: they lie in [0, rows)."""
    np.take(rows, chosen, axis=0, out=out)
