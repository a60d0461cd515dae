"""Machine code for one tile of a matrix product, and for turning a block of a matrix: what no compiler finds by itself.

A tile of the product is held in vector registers while the depth goes by: one row of `b` is loaded, each of the tile's elements of `a` is
spread over a vector, and multiply-adds gather the products. Every element of the result is one sum, from the first product to the last, each
step rounded once (on processors with fused multiply-add): so its bits do not depend on how wide the processor's vectors are or how the product
is cut into tiles. A masked tile loads and stores only so many columns of its last vector.

Written in LLVM's vectors, with numba's `intrinsic`. Arrays come as addresses, with the distances between rows in numbers: a whole array costs a
call as much as a row's worth of arithmetic. `like` is a number of the arrays' type.
"""

# pyright: basic, reportMissingTypeStubs=false, reportUnknownMemberType=false
# llvmlite and numba ship no types; with `compiler.py` this module is where they are kept from the others

from __future__ import annotations

import platform
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils, codegen, config
from numba.extending import intrinsic

INDEX, LANE = ir.IntType(64), ir.IntType(32)


X86 = platform.machine().lower() in ("x86_64", "amd64")


def _vector_bytes() -> int:
    asked = getattr(config, "CPU_FEATURES", None)  # NUMBA_CPU_FEATURES, from the environment
    features = (codegen.get_host_cpu_features() if asked is None else asked).split(",")
    return 64 if "+avx512f" in features else 32 if "+avx" in features else 16


VECTOR_BYTES = _vector_bytes()
"""Of one vector register."""
VECTORS = 4 if VECTOR_BYTES == 64 or not X86 else 2
"""Across a full tile: its sums take half of the registers (32 with AVX-512 and elsewhere, else 16), and the factors have room beside them."""
ROWS = 4


class _Writer:
    """LLVM's instructions for vectors of one float type."""

    def __init__(self, context: Any, builder: Any, real: Any) -> None:
        self.context, self.builder = context, builder
        self.bytes = real.bitwidth // 8
        self.lanes = VECTOR_BYTES // self.bytes
        self.vector = ir.VectorType(context.get_value_type(real), self.lanes)
        self.suffix = f"v{self.lanes}f{real.bitwidth}"
        self.zero = ir.Constant(self.vector, [0.0] * self.lanes)

    def pointer(self, address: Any) -> Any:
        """A pointer to the number at an address."""
        return self.builder.inttoptr(address, self.vector.element.as_pointer())

    def along(self, pointer: Any, step: Any, count: int) -> Any:
        """The pointer, `count` steps on."""
        return self.builder.gep(pointer, [self.builder.mul(step, INDEX(count))])

    def shuffled(self, one: Any, other: Any, places: list[int]) -> Any:
        return self.builder.shuffle_vector(one, other, ir.Constant(ir.VectorType(LANE, self.lanes), places))

    def spread(self, scalar: Any, kind: Any = None) -> Any:
        """A scalar in every lane."""
        single = self.builder.insert_element(ir.Constant(kind or self.vector, ir.Undefined), scalar, LANE(0))
        return self.shuffled(single, single, [0] * self.lanes)

    def mask(self, columns: Any) -> Any:
        """The first so many lanes, all where there are more columns than lanes."""
        lanes = ir.VectorType(LANE, self.lanes)
        return self.builder.icmp_signed("<", ir.Constant(lanes, list(range(self.lanes))), self.spread(self.builder.trunc(columns, LANE), lanes))

    def function(self, name: str, result: Any, *arguments: Any) -> Any:
        return cgutils.get_or_insert_function(self.builder.module, ir.FunctionType(result, arguments), f"llvm.{name}")

    def load(self, pointer: Any, mask: Any = None) -> Any:
        at = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is None:
            loaded = self.builder.load(at)
            loaded.align = self.bytes
            return loaded
        load = self.function(f"masked.load.{self.suffix}.p0", self.vector, at.type, LANE, mask.type, self.vector)
        return self.builder.call(load, [at, LANE(self.bytes), mask, self.zero])

    def store(self, value: Any, pointer: Any, mask: Any = None) -> None:
        at = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is None:
            self.builder.store(value, at).align = self.bytes
            return
        store = self.function(f"masked.store.{self.suffix}.p0", ir.VoidType(), self.vector, at.type, LANE, mask.type)
        self.builder.call(store, [value, at, LANE(self.bytes), mask])

    def multiply_add(self, one: Any, other: Any, addend: Any) -> Any:
        """Rounded once where the processor has the instruction, which all have of the last ten years, else a product and a sum."""
        return self.builder.call(self.function(f"fmuladd.{self.suffix}", *[self.vector] * 4), [one, other, addend])


def _address_of(_context: Any, array: Any) -> Any:
    """Where an array's first number lies."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.ptrtoint(context.make_array(signature.args[0])(context, builder, given[0]).data, INDEX)

    return types.intp(array), generate


def _bytes_of(_context: Any, like: Any) -> Any:
    """The size of a number."""
    return types.intp(like), lambda _context, _builder, _signature, _given: INDEX(like.bitwidth // 8)


address_of: Any = intrinsic(_address_of)
bytes_of: Any = intrinsic(_bytes_of)


def tile(rows: int, vectors: int, *, masked: bool) -> Any:
    """A kernel's function that adds to `rows` rows of the result the products of rows of `a` and `vectors` vectors of columns of `b`.

    Element (i, p) of `a` stands i a_row + p a_step numbers after the first, rows of `b` b_step and of the result out_step after each other. Where
    `fresh`, the sums start from 0 instead of what stands in the result. `columns` counts, in a masked tile.
    """

    def typed(_context: Any, like: Any, a: Any, a_row: Any, a_step: Any, b: Any, b_step: Any, out: Any, out_step: Any, depth: Any,
              columns: Any, fresh: Any) -> Any:  # fmt: skip
        def generate(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            _tile(_Writer(context, builder, like), given[1:], rows, vectors, masked)
            return context.get_dummy_value()

        return types.none(like, *[types.intp] * 9, types.boolean), generate

    return intrinsic(typed)


def _tile(write: _Writer, given: Any, rows: int, vectors: int, masked: bool) -> None:
    builder = write.builder
    a, a_row, a_step, b, b_step, out, out_step, depth, columns, fresh = given
    masks: list[Any] = [None] * vectors
    if masked:
        masks[-1] = write.mask(builder.sub(columns, INDEX(write.lanes * (vectors - 1))))
    places = [(row, vector) for row in range(rows) for vector in range(vectors)]
    begin = write.pointer(out)
    ends = {(row, vector): builder.gep(write.along(begin, out_step, row), [INDEX(vector * write.lanes)]) for row, vector in places}
    sums = {place: builder.select(fresh, write.zero, write.load(ends[place], masks[place[1]])) for place in places}
    before, body, after = builder.block, builder.append_basic_block("depth"), builder.append_basic_block("sums")
    starts = (INDEX(0), write.pointer(a), write.pointer(b))
    builder.cbranch(builder.icmp_signed(">", depth, INDEX(0)), body, after)

    builder.position_at_end(body)
    count, at_a, at_b = (_carried(builder, start, before) for start in starts)
    running = {place: _carried(builder, sums[place], before) for place in places}
    columns_of_b = [write.load(builder.gep(at_b, [INDEX(vector * write.lanes)]), masks[vector]) for vector in range(vectors)]
    factors = [write.spread(builder.load(write.along(at_a, a_row, row))) for row in range(rows)]
    grown = {(row, vector): write.multiply_add(factors[row], columns_of_b[vector], running[row, vector]) for row, vector in places}
    following = builder.add(count, INDEX(1)), builder.gep(at_a, [a_step]), builder.gep(at_b, [b_step])
    for carried, value in zip((count, at_a, at_b, *running.values()), (*following, *grown.values()), strict=True):
        carried.add_incoming(value, body)
    builder.cbranch(builder.icmp_signed("<", following[0], depth), body, after)

    builder.position_at_end(after)
    for place in places:
        total = _carried(builder, sums[place], before)
        total.add_incoming(grown[place], body)
        sums[place] = total
    for place in places:
        write.store(sums[place], ends[place], masks[place[1]])


def _carried(builder: Any, start: Any, before: Any) -> Any:
    """A value that the loop carries from turn to turn."""
    value = builder.phi(start.type)
    value.add_incoming(start, before)
    return value


def move(*, masked: bool) -> Any:
    """A kernel's function that copies a vector of `a`, a masked one so many `columns` of it, to `out`."""

    def typed(_context: Any, like: Any, a: Any, out: Any, columns: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            write = _Writer(context, builder, like)
            mask = write.mask(given[3]) if masked else None
            write.store(write.load(write.pointer(given[1]), mask), write.pointer(given[2]), mask)
            return context.get_dummy_value()

        return types.none(like, *[types.intp] * 3), generate

    return intrinsic(typed)


def turn(*, masked: bool) -> Any:
    """A kernel's function that writes a square block of `a`, as many rows and columns as a vector has lanes, turned into `out`.

    A masked one reads only so many `rows` and `columns` of `a`; what it writes for the others means nothing, so `out` has room for a whole block.
    """

    def typed(_context: Any, like: Any, a: Any, a_step: Any, out: Any, out_step: Any, rows: Any, columns: Any) -> Any:
        def generate(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
            _turn(_Writer(context, builder, like), given[1:], masked)
            return context.get_dummy_value()

        return types.none(like, *[types.intp] * 6), generate

    return intrinsic(typed)


def _turn(write: _Writer, given: Any, masked: bool) -> None:
    builder = write.builder
    a, a_step, out, out_step, rows, columns = given
    source, target = write.pointer(a), write.pointer(out)
    mask = write.mask(columns) if masked else None
    last = builder.gep(source, [builder.mul(a_step, builder.sub(rows, INDEX(1)))])
    block: list[Any] = []
    for row in range(write.lanes):
        at = write.along(source, a_step, row)
        if masked:  # past the last row, that row again
            at = builder.select(builder.icmp_signed("<", INDEX(row), rows), at, last)
        block.append(write.load(at, mask))
    distance = 1
    while distance < write.lanes:  # exchange the off-diagonal halves of ever larger squares
        for row in (row for row in range(write.lanes) if not row & distance):
            block[row], block[row + distance] = _exchanged(write, block[row], block[row + distance], distance)
        distance *= 2
    for row, turned in enumerate(block):
        write.store(turned, write.along(target, out_step, row))


def _exchanged(write: _Writer, upper: Any, lower: Any, distance: int) -> tuple[Any, Any]:
    """The upper row's lanes whose number lacks the bit `distance`, each followed by the lower row's; and the others."""
    lanes = range(write.lanes)
    kept = [lane if not lane & distance else write.lanes + lane - distance for lane in lanes]
    moved = [lane + distance if not lane & distance else write.lanes + lane for lane in lanes]
    return write.shuffled(upper, lower, kept), write.shuffled(upper, lower, moved)
