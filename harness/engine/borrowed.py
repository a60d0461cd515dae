"""The compiled form of `views.py`, and of a workspace: arrays that know where their numbers lie and not whose they are.

All arrays of a workspace lie in one vector; a `Block` says where each begins and how wide it is.
"""

# pyright: basic, reportMissingTypeStubs=false, reportUnknownMemberType=false
# numba ships no types

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from ..arrays import Doubles, Indices, Matrix, Vector
from ..kernel import kernel
from .aligned import aligned

NUMBERS_A_LINE = 16
"""Arrays of a workspace begin at multiples of so many numbers: lines of the cache."""


class Block(NamedTuple):
    """Matrices side by side in a vector: the place of the first number of each, and the width of each."""

    numbers: Vector
    at: Indices
    widths: Indices


def _array(context: Any, builder: Any, kind: Any, like_kind: Any, like: Any, at: Any, shape: list[Any]) -> Any:
    """An array of numpy's layout over memory that it does not own."""
    array, source = context.make_array(kind)(context, builder), context.make_array(like_kind)(context, builder, like)
    strides = [source.itemsize]
    for size in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], size))
    context.populate_array(
        array, data=builder.gep(source.data, [at]), shape=cgutils.pack_array(builder, shape), strides=cgutils.pack_array(builder, strides),
        itemsize=source.itemsize, meminfo=None,
    )  # fmt: skip
    return array._getvalue()


def _vector_at(_context: Any, array: Any, at: Any, size: Any) -> Any:
    kind = types.Array(array.dtype, 1, "C")

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _array(context, builder, kind, signature.args[0], given[0], given[1], [given[2]])

    return kind(array, types.intp, types.intp), generate


def _matrix_at(_context: Any, array: Any, at: Any, rows: Any, columns: Any) -> Any:
    kind = types.Array(array.dtype, 2, "C")

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return _array(context, builder, kind, signature.args[0], given[0], given[1], [given[2], given[3]])

    return kind(array, types.intp, types.intp, types.intp), generate


vector_at: Any = intrinsic(_vector_at)
matrix_at: Any = intrinsic(_matrix_at)


@kernel
def rows_of(arrays: Block, layer: int, count: int) -> Matrix:
    return matrix_at(arrays.numbers, arrays.at[layer], count, arrays.widths[layer])


@kernel
def first_rows(matrix: Matrix, count: int) -> Matrix:
    return matrix_at(matrix, 0, count, matrix.shape[1])


@kernel
def stretch(vector: Vector, begin: int, end: int) -> Vector:
    return vector_at(vector, begin, end - begin)


@kernel
def rows_in(vector: Vector, begin: int, rows: int, columns: int) -> Matrix:
    return matrix_at(vector, begin, rows, columns)


@kernel
def _placed(widths: Indices, heights: Indices, begin: int) -> Indices:
    """Where matrices of these sizes begin, one after the other, and where the last ends."""
    at = np.empty(widths.size + 1, np.int64)
    at[0] = begin
    for index in range(widths.size):
        at[index + 1] = at[index] + (widths[index] * heights[index] + NUMBERS_A_LINE - 1) // NUMBERS_A_LINE * NUMBERS_A_LINE
    return at


@kernel
def blocks(columns: Indices, units: Indices, features: int, rates: Doubles, rows: int, like: Matrix) -> tuple[Block, ...]:
    """What `network.arrays` makes, in one vector: h, z, a, mask, da, dz."""
    every, hidden = np.full(columns.size, rows), np.full(units.size, rows)
    masked = np.array([rows if rate > 0 else 0 for rate in rates])
    entering = np.concatenate((np.array([features]), units))
    z = _placed(columns, every, 0)
    dz = _placed(columns, every, z[-1])
    a = _placed(units, hidden, dz[-1])
    da = _placed(units, hidden, a[-1])
    mask = _placed(units, masked, da[-1])
    h = _placed(entering, np.concatenate((np.array([rows]), masked)), mask[-1])
    numbers = aligned(h[-1], like)
    for layer in range(units.size):
        if rates[layer] <= 0:
            h[layer + 1] = a[layer]
    return (
        Block(numbers, h, entering), Block(numbers, z, columns), Block(numbers, a, units), Block(numbers, mask, units), Block(numbers, da, units),
        Block(numbers, dz, columns),
    )  # fmt: skip
