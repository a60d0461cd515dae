"""A compiled workspace: arrays side by side in one vector that do not overlap, and views of them that are what plain slices are."""

from itertools import combinations

import numpy as np
import pytest

from trickbench.harness.arrays import Doubles, Indices, Matrix, Vector
from trickbench.harness.engine import borrowed, views
from trickbench.harness.engine.borrowed import NUMBERS_A_LINE
from trickbench.harness.kernel import kernel
from trickbench.harness.network import network, workspace

NAMES = ("h", "z", "a", "mask", "da", "dz")


@kernel
def _places(columns: Indices, units: Indices, features: int, rates: Doubles, rows: int, like: Matrix, at: Indices) -> int:
    """Where every array of a workspace begins, and how many numbers there are; the address of the first comes last in `at`."""
    place = 0
    made = borrowed.blocks(columns, units, features, rates, rows, like)
    for block in made:
        for index in range(block.widths.size):
            at[place] = block.at[index]
            place += 1
    at[place] = made[0].numbers.ctypes.data
    return made[0].numbers.size


@kernel
def _viewed(vector: Vector, matrix: Matrix, out: Vector) -> None:
    out[0] = views.stretch(vector, 2, 5).sum()
    out[1] = views.rows_in(vector, 1, 2, 3)[1, 2]
    out[2] = views.first_rows(matrix, 2)[1, 1]
    out[3] = views.first_rows(matrix, 2).shape[0]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("widths", "rates"), [([5, 3, 7, 2], (0.5, 0.0)), ([4, 33, 1], (0.5,)), ([4, 33, 1], (0.0,)), ([3, 2], ())])
def test_arrays_lie_side_by_side_on_lines_of_the_cache(widths, rates, dtype):
    shape, rows, like = network(widths, 2), 9, np.zeros((1, 1), dtype)
    units, rates = shape.widths[1:-1], np.array(rates, np.float64)
    plain = workspace(shape, rates, rows, like)
    sizes = [(name, layer, array.size) for name in NAMES for layer, array in enumerate(getattr(plain, name))]
    at = np.zeros(len(sizes) + 1, np.int64)
    count = _places.compiled(_places.function, np.dtype(dtype))(shape.columns, units, int(shape.widths[0]), rates, rows, like, at)
    assert at[-1] % 64 == 0
    assert (at[:-1] % NUMBERS_A_LINE == 0).all()
    spans = {(name, layer): (first, first + size) for (name, layer, size), first in zip(sizes, at[:-1], strict=True)}
    assert all(0 <= first <= last <= count for first, last in spans.values())
    for (one, (first, last)), (other, (begin, end)) in combinations(spans.items(), 2):
        shared = one[0] == "h" and one[1] > 0 and rates[one[1] - 1] == 0 and other == ("a", one[1] - 1)
        assert (first == begin) if shared else (last <= begin or end <= first or first == last or begin == end), (one, other)


def test_views_are_slices():
    vector, matrix, out = np.arange(10.0), np.arange(12.0).reshape(4, 3), np.zeros(4)
    _viewed.compiled(_viewed.function, vector.dtype)(vector, matrix, out)
    compiled = out.copy()
    _viewed(vector, matrix, out)
    assert np.array_equal(out, compiled)
    assert out.tolist() == [2 + 3 + 4, 6, 4, 2]
