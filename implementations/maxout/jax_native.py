"""jax.numpy.max over the pieces and its own derivative, which shares the gradient among pieces that tie."""

from typing import Any, ClassVar

import numpy as np

from ...harness.adapters.jax_functions import jitted
from ...harness.adoption import require
from ...harness.arrays import Floats, Matrix
from ._groups import pieces_of

jax = require("jax")


class Maxout:
    conventions: ClassVar = {"ties": "split"}

    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = _largest(_groups(z, a)).reshape(a.shape)

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        by_group = _backward(_groups(z, a), da.reshape(-1))
        dz[:] = by_group.reshape(*a.shape, pieces_of(z, a)).swapaxes(1, 2).reshape(z.shape)


def _groups(z: Matrix, a: Matrix) -> Floats:
    """Each row's units one after the other: shape (rows * units, pieces)."""
    pieces = pieces_of(z, a)
    return np.ascontiguousarray(z.reshape(len(z), pieces, a.shape[1]).swapaxes(1, 2)).reshape(-1, pieces)


def _max(groups: Any) -> Any:
    return jax.numpy.max(groups, axis=1)


@jitted
def _largest(groups: Any) -> Any:
    return _max(groups)


@jitted
def _backward(groups: Any, da: Any) -> Any:
    _, pull_back = jax.vjp(_max, groups)
    return pull_back(da)[0]
