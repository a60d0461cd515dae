"""What this machine can do at most: matrix products, elementwise arithmetic and bytes moved a second, measured here and now.

A time alone says little; against one of these limits it says how much is left to gain. Each limit is the best of several rounds, since whatever
else runs on the machine only ever takes away, and none is kept: a machine is not the same an hour later.

    matrix products     2 m n k operations, BLAS on large matrices or our own on a batch's, whichever is faster
    arithmetic          multiply-add on one small array, 16 a number read, so that nothing waits for the cache
    bandwidth           y ← y + c x and y ← c y, whichever moves more, over a working set of any size: caches read faster than they write, and
                        memory does both at once
"""

from __future__ import annotations

import functools
import platform
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..arrays import Floats, Matrix, Real, Vector
from ..cores import available_cores
from ..engine.products import ROOM, product
from ..kernel import kernel

ROUNDS = 7
SECONDS = 0.005
"""How long one round takes at least: long against the clock and the start of threads."""
PRODUCT_SIZES = (256, 512, 1024)
OWN_PRODUCT = (64, 128, 128)
"""Rows, depth and columns at which our own products are fastest: everything lies in the first cache."""


def processor() -> str:
    """The processor's name and the number of cores that this process may use."""
    cores = available_cores()
    return f"{_processor_name()}, {cores} usable core{'s' if cores != 1 else ''}"


def _processor_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:  # not on Linux
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine() or "unknown processor"


def matrix_product_peak(dtype: Any = np.float32, threads: int = 1) -> float:
    """Operations a second of matrix products: `threads` of them at the same time, one BLAS thread each."""
    from ..execution import one_blas_thread

    with one_blas_thread():
        blas = max(_product_speed(size, np.dtype(dtype), threads) for size in PRODUCT_SIZES)
    return max(blas, _own_product_speed(np.dtype(dtype), threads))


def _product_speed(size: int, dtype: np.dtype[Any], threads: int) -> float:
    def work() -> Callable[[int], object]:
        left, right, result = (np.full((size, size), 1 / size, dtype) for _ in range(3))
        return lambda repeats: [np.matmul(left, right, out=result) for _ in range(repeats)]

    return 2.0 * size**3 * best_rate([work() for _ in range(threads)])


def _own_product_speed(dtype: np.dtype[Any], threads: int) -> float:
    rows, depth, columns = OWN_PRODUCT
    multiply = _products.compiled(_products.function, dtype)

    def work() -> Callable[[int], object]:
        arrays = [filled(shape, dtype, 1 / depth) for shape in ((rows, depth), (depth * columns,), (rows, columns), (ROOM,))]
        return lambda repeats: multiply(*arrays, repeats)

    return 2.0 * rows * depth * columns * best_rate([work() for _ in range(threads)])


@kernel
def _products(a: Matrix, b: Vector, out: Matrix, room: Vector, repeats: int) -> None:
    for _ in range(repeats):
        product(a, b, out, room)


class Stream(NamedTuple):
    """A call that does one thing and nearly nothing else, and how much of it: bytes moved, or operations."""

    call: Callable[[], object]
    amount: int


def arithmetic(dtype: Any) -> Stream:
    """The call that measures arithmetic: long enough for entering it to cost nothing beside."""
    dtype, size, passes = np.dtype(dtype), 1024, 512
    values = filled((size,), dtype, 0.5)
    call = functools.partial(_polynomial.compiled(_polynomial.function, dtype), values, dtype.type(0.5), passes)
    return Stream(call, 2 * 16 * size * passes)


def bandwidth(nbytes: int, threads: int = 1) -> float:
    """Bytes read and written a second over a working set of `nbytes`, split among `threads`."""
    each = [streams(nbytes // threads) for _ in range(threads)]
    return max(each[0][name].amount * best_rate([_repeated(part[name].call) for part in each]) for name in each[0])


def _repeated(call: Callable[[], object]) -> Callable[[int], object]:
    return lambda repeats: [call() for _ in range(repeats)]


def streams(nbytes: int) -> dict[str, Stream]:
    """The two kernels that measure bandwidth, by name; a call passes over its arrays so often that entering it costs nothing beside."""
    dtype, least = np.dtype(np.float32), 2**24
    found: dict[str, Stream] = {}
    for name, function, arrays, scale, passed in (("y + c x", _update, 2, 1e-6, 3), ("c y", _scale, 1, 1.0, 2)):
        size = max(nbytes // arrays // dtype.itemsize, 16)
        passes = max(least // (passed * size * dtype.itemsize), 1)
        y, x = (filled((size,), dtype, 1.0) for _ in range(2)) if arrays == 2 else (filled((size,), dtype, 1.0), filled((0,), dtype))
        call = functools.partial(function.compiled(function.function, dtype), y, x, dtype.type(scale), passes)
        found[name] = Stream(call, passes * passed * size * dtype.itemsize)
    return found


@kernel
def _update(y: Vector, x: Vector, scale: Real, repeats: int) -> None:
    for _ in range(repeats):
        for i in range(y.size):
            y[i] += scale * x[i]


@kernel
def _scale(y: Vector, x: Vector, scale: Real, repeats: int) -> None:  # noqa: ARG001  called like the other
    for _ in range(repeats):
        for i in range(y.size):
            y[i] *= scale


@kernel
def _polynomial(x: Vector, c: Real, repeats: int) -> None:
    """Sixteen multiply-adds a number, those of neighbours independent; the fixed point is 1, so nothing overflows or vanishes."""
    for _ in range(repeats):
        for i in range(x.size):
            v = x[i]
            v = (((v * c + c) * c + c) * c + c) * c + c
            v = (((v * c + c) * c + c) * c + c) * c + c
            v = (((v * c + c) * c + c) * c + c) * c + c
            x[i] = (((v * c + c) * c + c) * c + c) * c + c


Work = Callable[[int], object]
"""Does so many units of work."""


def best_rate(works: list[Work], rounds: int = ROUNDS, seconds: float = SECONDS) -> float:
    """Units of work a second in the best of several rounds, all works at the same time."""
    repeats = _enough(works[0], seconds)
    with ThreadPoolExecutor(len(works)) as pool:
        times = [_together(pool, works, repeats) for _ in range(rounds)]
    return len(works) * repeats / min(times)


def _enough(work: Work, seconds: float) -> int:
    """How many units fill a round."""
    repeats = 1
    while (taken := _seconds(work, repeats)) < seconds:
        repeats = max(2 * repeats, min(int(1.2 * repeats * seconds / max(taken, 1e-9)), 100 * repeats))
    return repeats


def _together(pool: ThreadPoolExecutor, works: list[Work], repeats: int) -> float:
    if len(works) == 1:
        return _seconds(works[0], repeats)
    begin = time.perf_counter()
    wait([pool.submit(work, repeats) for work in works])
    return time.perf_counter() - begin


def _seconds(work: Work, repeats: int) -> float:
    begin = time.perf_counter()
    work(repeats)
    return time.perf_counter() - begin


def filled(shape: tuple[int, ...], dtype: Any, value: float = 0.0) -> Floats:
    """A filled array that begins with a cache line: where an array happens to lie must not decide who is faster."""
    count, line = int(np.prod(shape)), 64
    room = np.empty(count * np.dtype(dtype).itemsize + line, np.uint8)
    begin = -room.ctypes.data % line
    array = room[begin : begin + count * np.dtype(dtype).itemsize].view(dtype).reshape(shape)
    array[...] = value
    return array
