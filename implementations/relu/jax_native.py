"""jax.nn.relu and its own derivative."""

from typing import Any

from ...harness.adapters.jax_functions import with_derivative
from ...harness.adoption import require
from ...harness.arrays import Matrix

jax = require("jax")


def _relu(z: Any) -> Any:
    return jax.nn.relu(z)


_forward, _backward = with_derivative(_relu)


class ReLU:
    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = _forward(z.reshape(-1)).reshape(z.shape)

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        dz[:] = _backward(z.reshape(-1), da.reshape(-1)).reshape(z.shape)
