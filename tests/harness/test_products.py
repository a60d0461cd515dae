"""The matrix products of a training step: right at every shape, never past an array's end, and the same bits however wide the vectors are."""

import os
import platform
import subprocess
import sys

import numpy as np
import pytest

from trickbench.harness.arrays import Indices, Matrix, Vector
from trickbench.harness.engine import panels, products

SHAPES = [
    (1, 1, 1),
    (32, 64, 128),
    (16, 32, 32),
    (32, 128, 10),
    (23, 128, 10),
    (7, 13, 33),
    (5, 130, 1),
    (3, 1, 70),
    (33, 70, 77),
    (9, 300, 600),
    (20, 500, 100),
    (3, 0, 5),
    (0, 4, 5),
    (3, 4, 0),
]
"""Rows, depth and columns: whole tiles and parts of them, one of everything, depths and widths beyond a panel, nothing at all."""
GUARD = 64


def product_contract(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None: ...


def of_turned_contract(a: Matrix, b: Matrix, out: Vector, fresh: bool, room: Vector) -> None: ...


def gather_contract(rows: Matrix, chosen: Indices, out: Matrix) -> None: ...


def guarded(random, *shape, dtype):
    """An array amid others' memory, and a look at whether that was written to."""
    size = int(np.prod(shape))
    whole = random.normal(size=size + 2 * GUARD).astype(dtype)
    before = whole.copy()

    def untouched():
        return np.array_equal(np.delete(whole, np.s_[GUARD : GUARD + size]), np.delete(before, np.s_[GUARD : GUARD + size]))

    return whole[GUARD : GUARD + size].reshape(shape), untouched


def bound(a, b):
    """A sum of n products, each step rounded once, errs by at most n eps/2 of the sum of their sizes; twice that for NumPy's own."""
    return a.shape[-1] * np.finfo(a.dtype).eps * (np.abs(a).astype(np.longdouble) @ np.abs(b).astype(np.longdouble)) + np.finfo(a.dtype).tiny


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("rows", "depth", "columns"), SHAPES)
def test_compiled_products_are_numpys(rows, depth, columns, dtype):
    dtype, random = np.dtype(dtype), np.random.default_rng(rows * depth + columns)
    a, b = random.normal(size=(rows, depth)).astype(dtype), random.normal(size=(depth, columns)).astype(dtype)
    room, room_untouched = guarded(random, products.ROOM, dtype=dtype)
    out, untouched = guarded(random, rows, columns, dtype=dtype)
    exact = a.astype(np.longdouble) @ b.astype(np.longdouble)
    for call in (
        lambda: products.product.compiled(product_contract, dtype)(a, b.ravel(), out, room),
        lambda: products.product_of_turned.compiled(of_turned_contract, dtype)(np.ascontiguousarray(a.T), b, out.ravel(), True, room),
        lambda: products.product_with_turned.compiled(product_contract, dtype)(a, b.T.ravel(), out, room),
    ):
        out[:] = np.nan
        call()
        assert (np.abs(out - exact) <= bound(a, b)).all()
        assert untouched()
        assert room_untouched()


@pytest.mark.parametrize(("rows", "depth", "columns"), SHAPES)
def test_a_product_that_is_not_fresh_is_added(rows, depth, columns):
    random, dtype = np.random.default_rng(depth), np.dtype(np.float32)
    a, b = random.normal(size=(depth, rows)).astype(dtype), random.normal(size=(depth, columns)).astype(dtype)
    before = random.normal(size=(rows, columns)).astype(dtype)
    exact = before + a.T.astype(np.longdouble) @ b.astype(np.longdouble)
    for form in (products.product_of_turned, products.product_of_turned.compiled(of_turned_contract, dtype)):
        out = before.copy()
        form(a, b, out.ravel(), False, np.empty(products.ROOM, dtype))
        assert (np.abs(out - exact) <= bound(np.vstack([a, np.eye(rows, dtype=dtype)]).T, np.vstack([b, before]))).all()


def test_the_room_holds_a_copied_panel_of_the_smallest_numbers():
    assert panels.DEPTH * panels.VECTORS * panels.VECTOR_BYTES // np.dtype(np.float32).itemsize <= products.ROOM


def test_a_sum_does_not_depend_on_the_other_rows_and_columns():
    random, dtype = np.random.default_rng(0), np.dtype(np.float32)
    a, b = random.normal(size=(33, 200)).astype(dtype), random.normal(size=(200, 77)).astype(dtype)
    product, room = products.product.compiled(product_contract, dtype), np.empty(products.ROOM, dtype)
    whole, one = np.empty((33, 77), dtype), np.empty((1, 1), dtype)
    product(a, b.ravel(), whole, room)
    for row, column in ((0, 0), (32, 76), (17, 64)):
        product(a[row : row + 1].copy(), b[:, column].copy(), one, room)
        assert one[0, 0] == whole[row, column]


@pytest.mark.parametrize("columns", [1, 10, 16, 64, 100])
def test_gathered_rows_are_the_chosen_ones(columns):
    random, dtype = np.random.default_rng(columns), np.dtype(np.float32)
    rows, chosen = random.normal(size=(9, columns)).astype(dtype), np.array([8, 0, 3, 3])
    out, untouched = guarded(random, 4, columns, dtype=dtype)
    for form in (products.gather, products.gather.compiled(gather_contract, dtype)):
        out[:] = np.nan
        form(rows, chosen, out)
        assert np.array_equal(out, rows[chosen])
        assert untouched()


GUARDED = """
import ctypes, mmap
import numpy as np
from trickbench.harness.engine import products
from trickbench.harness.arrays import Matrix, Vector

def plain(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None: ...
def turned(a: Matrix, b: Matrix, out: Vector, fresh: bool, room: Vector) -> None: ...

kept = []

def at_the_edge(*shape):
    # the array ends where a page begins that nobody may touch
    size = int(np.prod(shape)) * 4
    pages = -(-size // mmap.PAGESIZE) or 1
    memory = mmap.mmap(-1, (pages + 1) * mmap.PAGESIZE)
    kept.append(memory)
    edge = ctypes.addressof(ctypes.c_char.from_buffer(memory)) + pages * mmap.PAGESIZE
    assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(edge), mmap.PAGESIZE, 0) == 0
    array = np.ctypeslib.as_array((ctypes.c_float * (size // 4)).from_address(edge - size)).reshape(shape)
    array[...] = 1
    return array

dtype, room = np.dtype(np.float32), np.empty(products.ROOM, np.float32)
for rows, depth, columns in SHAPES:
    a, b, out = at_the_edge(rows, depth), at_the_edge(depth, columns), at_the_edge(rows, columns)
    products.product.compiled(plain, dtype)(a, b.reshape(-1), out, room)
    assert (out == depth).all()
    products.product_with_turned.compiled(plain, dtype)(a, at_the_edge(columns, depth).reshape(-1), out, room)
    assert (out == depth).all()
    products.product_of_turned.compiled(turned, dtype)(at_the_edge(depth, rows), b, out.reshape(-1), True, room)
    assert (out == depth).all()
print("untouched")
"""


def test_nothing_beyond_an_array_is_read_either():
    if platform.system() != "Linux":
        pytest.skip("memory is protected through Linux's mprotect")
    program = f"SHAPES = {SHAPES}\n{GUARDED}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout == "untouched\n", done.stderr


PROGRAM = """
import hashlib
import numpy as np
from trickbench.harness.engine import products
from trickbench.harness.engine import tiles
from trickbench.harness.arrays import Matrix, Vector

def contract(a: Matrix, b: Vector, out: Matrix, room: Vector) -> None: ...
def turned(a: Matrix, b: Matrix, out: Vector, fresh: bool, room: Vector) -> None: ...

digest = hashlib.sha256()
for rows, depth, columns in SHAPES:
    random = np.random.default_rng(depth)
    for dtype in (np.dtype(np.float32), np.dtype(np.float64)):
        a, b = random.normal(size=(rows, depth)).astype(dtype), random.normal(size=(depth, columns)).astype(dtype)
        room, out = np.empty(products.ROOM, dtype), np.empty((rows, columns), dtype)
        for product, factor in ((products.product, b.ravel()), (products.product_with_turned, b.T.ravel())):
            product.compiled(contract, dtype)(a, factor, out, room)
            digest.update(out.tobytes())
        products.product_of_turned.compiled(turned, dtype)(a.T.copy(), b, out.reshape(-1), True, room)
        digest.update(out.tobytes())
print(tiles.VECTOR_BYTES, digest.hexdigest())
"""


def bytes_and_bits(tmp_path, **settings):
    program = f"SHAPES = {SHAPES}\n{PROGRAM}"
    environment = os.environ | {"TRICKBENCH_CACHE_DIR": str(tmp_path)} | settings
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    width, digest = done.stdout.split()
    return int(width), digest


@pytest.mark.slow
def test_products_are_the_same_bits_whatever_the_width_of_the_vectors(tmp_path):
    if platform.machine() != "x86_64":
        pytest.skip("narrower vectors can be asked for on x86-64 only: other processors have one width")
    own = bytes_and_bits(tmp_path)
    narrower = [bytes_and_bits(tmp_path, NUMBA_CPU_NAME="x86-64", NUMBA_CPU_FEATURES=features) for features in ("+fma,+avx,+avx2", "+fma,+sse4.2")]
    assert [width for width, _ in narrower] == [32, 16]
    assert {digest for _, digest in narrower} == {own[1]}
