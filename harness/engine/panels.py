"""A matrix product cut to the processor's measure: panels of columns, short enough a stretch of depth to stay in the first cache, tiles of registers.

    out (rows, columns)  =  or +=   Σ over p of a[i, p] b[p, j]

Where rows of `b` lie far apart, or `b` is to be read turned, its panel is first copied into `room`, row after row. The order of every element's
sum stays the same whatever the cut (see `tiles.py`). The kernels here are the compiled form of `products.py`.
"""

from __future__ import annotations

from typing import Any

from ..arrays import Indices, Matrix, Real, Vector
from ..kernel import kernel
from .tiles import ROWS, VECTOR_BYTES, VECTORS, address_of, bytes_of, move, tile, turn

DEPTH = 128
"""Rows of a copied panel: with four vectors of 64 bytes each, 32 KiB."""
NEAR = 49152
FAR = 2048
"""Bytes between rows from which copying a panel pays: rows would share few places of the first cache."""

_tile_full, _line_full = tile(ROWS, VECTORS, masked=False), tile(1, VECTORS, masked=False)
_tile_two, _line_two = tile(2 * ROWS, 2, masked=False), tile(1, 2, masked=False)
_tile_part, _line_part = tile(2 * ROWS, 1, masked=True), tile(1, 1, masked=True)
_move_whole, _move_part = move(masked=False), move(masked=True)
_turn_whole, _turn_part = turn(masked=False), turn(masked=True)


def _strip(of_rows: Any, of_one: Any, height: int) -> Any:
    """A kernel that goes down a strip of columns in tiles of `height` rows, then row by row."""

    @kernel
    def strip(
        like: Real, a: int, a_row: int, a_step: int, b: int, b_step: int, out: int, out_step: int, rows: int, depth: int, columns: int, fresh: bool
    ) -> None:
        size, left = bytes_of(like), rows
        while left >= height:
            of_rows(like, a, a_row, a_step, b, b_step, out, out_step, depth, columns, fresh)
            a, out, left = a + height * a_row * size, out + height * out_step * size, left - height
        while left > 0:
            of_one(like, a, a_row, a_step, b, b_step, out, out_step, depth, columns, fresh)
            a, out, left = a + a_row * size, out + out_step * size, left - 1

    return strip


_strip_full = _strip(_tile_full, _line_full, ROWS)
_strip_two = _strip(_tile_two, _line_two, 2 * ROWS)
_strip_part = _strip(_tile_part, _line_part, 2 * ROWS)


@kernel
def _panel(
    like: Real, a: int, a_row: int, a_step: int, b: int, b_step: int, out: int, out_step: int, rows: int, depth: int, columns: int, fresh: bool
) -> None:
    """All columns, in strips as wide as they come."""
    lanes = VECTOR_BYTES // bytes_of(like)
    while columns >= VECTORS * lanes:
        _strip_full(like, a, a_row, a_step, b, b_step, out, out_step, rows, depth, columns, fresh)
        b, out, columns = b + VECTORS * VECTOR_BYTES, out + VECTORS * VECTOR_BYTES, columns - VECTORS * lanes
    while columns >= 2 * lanes:
        _strip_two(like, a, a_row, a_step, b, b_step, out, out_step, rows, depth, columns, fresh)
        b, out, columns = b + 2 * VECTOR_BYTES, out + 2 * VECTOR_BYTES, columns - 2 * lanes
    while columns > 0:
        _strip_part(like, a, a_row, a_step, b, b_step, out, out_step, rows, depth, columns, fresh)
        b, out, columns = b + VECTOR_BYTES, out + VECTOR_BYTES, columns - lanes


@kernel
def _line(like: Real, a: int, out: int, columns: int) -> None:
    """Neighbours, copied."""
    lanes = VECTOR_BYTES // bytes_of(like)
    while columns >= lanes:
        _move_whole(like, a, out, columns)
        a, out, columns = a + VECTOR_BYTES, out + VECTOR_BYTES, columns - lanes
    if columns > 0:
        _move_part(like, a, out, columns)


@kernel
def _copied(like: Real, b: int, step: int, depth: int, columns: int, room: int, width: int) -> None:
    """Rows of a panel of `b` one after the other, `width` apart."""
    size = bytes_of(like)
    for p in range(depth):
        _line(like, b + p * step * size, room + p * width * size, columns)


@kernel
def _turned(like: Real, b: int, step: int, depth: int, columns: int, room: int, width: int) -> None:
    """Columns of a panel of `b` one after the other, `width` apart: element (p, j) stands j step + p after the first."""
    size = bytes_of(like)
    lanes = VECTOR_BYTES // size
    for j in range(0, columns, lanes):
        for p in range(0, depth, lanes):
            block, target = b + (j * step + p) * size, room + (p * width + j) * size
            if columns - j >= lanes and depth - p >= lanes:
                _turn_whole(like, block, step, target, width, lanes, lanes)
            else:
                _turn_part(like, block, step, target, width, columns - j, depth - p)


@kernel
def _cut(
    like: Real, a: int, a_row: int, a_step: int, b: int, b_step: int, turned: bool, out: int, rows: int, depth: int, columns: int, fresh: bool,
    room: int,
) -> None:  # fmt: skip
    """The product, panel by panel, each copied. `turned`: `b` is read as (columns, depth)."""
    size = bytes_of(like)
    width = VECTORS * (VECTOR_BYTES // size)
    for j in range(0, columns, width):
        across = min(width, columns - j)
        for p in range(0, max(depth, 1), DEPTH):  # depth 0 gives zeros
            deep = min(DEPTH, depth - p)
            if turned:
                _turned(like, b + (j * b_step + p) * size, b_step, deep, across, room, width)
            else:
                _copied(like, b + (p * b_step + j) * size, b_step, deep, across, room, width)
            at = out + j * size
            _panel(like, a + p * a_step * size, a_row, a_step, room, width, at, columns, rows, deep, across, fresh and p == 0)


@kernel
def _direct(like: Real, a: int, a_row: int, a_step: int, b: int, out: int, rows: int, depth: int, columns: int, fresh: bool, room: int) -> None:
    """The product with `b` as it lies, in stretches of depth whose panels stay in the first cache; copied where its rows lie too far apart."""
    size = bytes_of(like)
    if columns * size >= FAR:
        _cut(like, a, a_row, a_step, b, columns, False, out, rows, depth, columns, fresh, room)
        return
    most = max(1, NEAR // (columns * size))
    for p in range(0, max(depth, 1), most):
        deep, first = min(most, depth - p), fresh and p == 0
        _panel(like, a + p * a_step * size, a_row, a_step, b + p * columns * size, columns, out, columns, rows, deep, columns, first)


@kernel
def product(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None:
    (rows, depth), like = a.shape, a.dtype.type(0)
    _direct(like, address_of(a), depth, 1, address_of(b), address_of(out), rows, depth, out.shape[1], True, address_of(room))


@kernel
def product_of_turned(a: Matrix, b: Matrix, out: Vector, fresh: bool, room: Vector) -> None:
    (depth, rows), like = a.shape, a.dtype.type(0)
    _direct(like, address_of(a), 1, rows, address_of(b), address_of(out), rows, depth, b.shape[1], fresh, address_of(room))


@kernel
def product_with_turned(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None:
    (rows, depth), columns, like = a.shape, out.shape[1], a.dtype.type(0)
    _cut(like, address_of(a), depth, 1, address_of(b), depth, True, address_of(out), rows, depth, columns, True, address_of(room))


@kernel
def gather(rows: Matrix, chosen: Indices, out: Matrix) -> None:
    columns, like = rows.shape[1], rows.dtype.type(0)
    source, target, line = address_of(rows), address_of(out), columns * rows.itemsize
    for i in range(chosen.size):
        _line(like, source + chosen[i] * line, target + i * line, columns)
