"""jax.numpy.max over the pieces and its own derivative, which shares the gradient among pieces that tie."""

from typing import Any, ClassVar

from ...harness.adoption import require
from ...harness.arrays import Matrix
from ...harness.jax_functions import jitted
from ._groups import pieces_of

jax = require("jax")


class Maxout:
    conventions: ClassVar = {"ties": "split"}

    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = _forward(z.reshape(len(z), pieces_of(z, a), a.shape[1]))

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        dz[:] = _backward(z.reshape(len(z), pieces_of(z, a), a.shape[1]), da).reshape(z.shape)


def _largest(z: Any) -> Any:
    return jax.numpy.max(z, axis=1)


@jitted
def _forward(z: Any) -> Any:
    return _largest(z)


@jitted
def _backward(z: Any, da: Any) -> Any:
    _, pull_back = jax.vjp(_largest, z)
    return pull_back(da)[0]
