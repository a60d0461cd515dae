"""A matrix product cut to the processor's measure: panels of columns, short enough a stretch of depth to stay in the first cache, tiles of registers.

    out (rows, columns)  =  or +=   Σ over p of a[i, p] b[p, j]

Where rows of `b` lie far apart, or `b` is to be read turned, its panel is first copied into `room`, row after row. The order of every element's
sum stays the same whatever the cut (see `tiles.py`). The kernels here are the compiled form of `products.py`.
"""

from __future__ import annotations

from typing import Any

from .arrays import Floats, Indices, Matrix, Vector
from .kernel import kernel
from .tiles import ROWS, VECTOR_BYTES, VECTORS, move, tile, turn

DEPTH = 128
"""Rows of a copied panel: with four vectors of 64 bytes each, 32 KiB."""
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
        a: Floats, a_at: int, a_row: int, a_step: int, b: Floats, b_at: int, b_step: int, out: Floats, out_at: int, out_step: int,
        rows: int, depth: int, columns: int, fresh: bool,
    ) -> None:  # fmt: skip
        i = 0
        while i + height <= rows:
            of_rows(a, a_at + i * a_row, a_row, a_step, b, b_at, b_step, out, out_at + i * out_step, out_step, depth, columns, fresh)
            i += height
        while i < rows:
            of_one(a, a_at + i * a_row, a_row, a_step, b, b_at, b_step, out, out_at + i * out_step, out_step, depth, columns, fresh)
            i += 1

    return strip


_strip_full = _strip(_tile_full, _line_full, ROWS)
_strip_two = _strip(_tile_two, _line_two, 2 * ROWS)
_strip_part = _strip(_tile_part, _line_part, 2 * ROWS)


@kernel
def _panel(
    a: Floats, a_at: int, a_row: int, a_step: int, b: Floats, b_at: int, b_step: int, out: Floats, out_at: int, out_step: int,
    rows: int, depth: int, columns: int, fresh: bool,
) -> None:  # fmt: skip
    """A panel of up to four vectors of columns, in strips as wide as they come."""
    lanes = VECTOR_BYTES // a.itemsize
    j = 0
    while j + VECTORS * lanes <= columns:
        _strip_full(a, a_at, a_row, a_step, b, b_at + j, b_step, out, out_at + j, out_step, rows, depth, columns, fresh)
        j += VECTORS * lanes
    while j + 2 * lanes <= columns:
        _strip_two(a, a_at, a_row, a_step, b, b_at + j, b_step, out, out_at + j, out_step, rows, depth, columns, fresh)
        j += 2 * lanes
    while j < columns:
        _strip_part(a, a_at, a_row, a_step, b, b_at + j, b_step, out, out_at + j, out_step, rows, depth, min(columns - j, lanes), fresh)
        j += lanes


@kernel
def _copied(b: Floats, at: int, step: int, depth: int, columns: int, room: Vector, width: int) -> None:
    """Rows of a panel of `b` one after the other, `width` apart."""
    for p in range(depth):
        _line(b, at + p * step, room, p * width, columns)


@kernel
def _line(a: Floats, a_at: int, out: Floats, out_at: int, columns: int) -> None:
    """Neighbours, copied."""
    lanes = VECTOR_BYTES // a.itemsize
    whole = columns // lanes * lanes
    for j in range(0, whole, lanes):
        _move_whole(a, a_at + j, out, out_at + j, lanes)
    if whole < columns:
        _move_part(a, a_at + whole, out, out_at + whole, columns - whole)


@kernel
def _turned(b: Floats, at: int, step: int, depth: int, columns: int, room: Vector, width: int) -> None:
    """Columns of a panel of `b` one after the other, `width` apart: element (p, j) is that at + j step + p."""
    lanes = VECTOR_BYTES // b.itemsize
    for j in range(0, columns, lanes):
        for p in range(0, depth, lanes):
            rows, across = min(lanes, columns - j), min(lanes, depth - p)
            if rows == lanes and across == lanes:
                _turn_whole(b, at + j * step + p, step, room, p * width + j, width, rows, across)
            else:
                _turn_part(b, at + j * step + p, step, room, p * width + j, width, rows, across)


@kernel
def _cut(
    a: Matrix, a_row: int, a_step: int, b: Floats, b_step: int, turned: bool, out: Floats, rows: int, depth: int, columns: int, fresh: bool,
    room: Vector,
) -> None:  # fmt: skip
    """The product, panel by panel, each copied. `turned`: `b` is read as (columns, depth)."""
    width = VECTORS * (VECTOR_BYTES // a.itemsize)
    for j in range(0, columns, width):
        across = min(width, columns - j)
        for p in range(0, depth, DEPTH):
            deep = min(DEPTH, depth - p)
            if turned:
                _turned(b, j * b_step + p, b_step, deep, across, room, width)
            else:
                _copied(b, p * b_step + j, b_step, deep, across, room, width)
            _panel(a, p * a_step, a_row, a_step, room, 0, width, out, j, columns, rows, deep, across, fresh and p == 0)


@kernel
def product(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None:
    (rows, depth), columns = a.shape, out.shape[1]
    if columns * a.itemsize < FAR:
        _panel(a, 0, depth, 1, b, 0, columns, out, 0, columns, rows, depth, columns, True)
    else:
        _cut(a, depth, 1, b, columns, False, out, rows, depth, columns, True, room)


@kernel
def product_of_turned(a: Matrix, b: Matrix, out: Vector, fresh: bool, room: Vector) -> None:
    (depth, rows), columns = a.shape, b.shape[1]
    if columns * a.itemsize < FAR:
        _panel(a, 0, 1, rows, b, 0, columns, out, 0, columns, rows, depth, columns, fresh)
    else:
        _cut(a, 1, rows, b, columns, False, out, rows, depth, columns, fresh, room)


@kernel
def product_with_turned(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None:
    (rows, depth), columns = a.shape, out.shape[1]
    _cut(a, depth, 1, b, depth, True, out, rows, depth, columns, True, room)


@kernel
def gather(rows: Matrix, chosen: Indices, out: Matrix) -> None:
    columns = rows.shape[1]
    for i in range(chosen.size):
        _line(rows, chosen[i] * columns, out, i * columns, columns)
