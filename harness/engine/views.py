"""Views of arrays that cost a kernel nothing: some rows of a matrix, a stretch of a vector.

A slice in compiled code counts references, and a list of arrays counts more: half a microsecond a layer and update, as much as a small layer's
products. The compiled forms (`borrowed.py`) count none; so what is viewed must outlive the view, and no kernel may keep one. Called from
Python these are plain slices.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

from ..arrays import Matrix, Vector
from ..kernel import twin


def _compiled() -> ModuleType:
    from . import borrowed

    return borrowed


@twin(_compiled)
def rows_of(arrays: Sequence[Matrix], layer: int, count: int) -> Matrix:
    """The first rows of one of the arrays of a workspace."""
    return arrays[layer][:count]


@twin(_compiled)
def first_rows(matrix: Matrix, count: int) -> Matrix:
    """The first rows of a matrix."""
    return matrix[:count]


@twin(_compiled)
def stretch(vector: Vector, begin: int, end: int) -> Vector:
    """The elements of a vector from `begin` up to `end`."""
    return vector[begin:end]


@twin(_compiled)
def rows_in(vector: Vector, begin: int, rows: int, columns: int) -> Matrix:
    """A matrix whose numbers stand in a vector, from `begin` on."""
    return vector[begin : begin + rows * columns].reshape(rows, columns)
