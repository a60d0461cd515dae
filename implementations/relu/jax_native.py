"""jax.nn.relu and its own derivative."""

from typing import Any

from ...harness.adapters.jax_functions import jitted
from ...harness.adoption import require
from ...harness.arrays import Matrix

jax = require("jax")


class ReLU:
    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = _forward(z.reshape(-1)).reshape(z.shape)

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        dz[:] = _backward(z.reshape(-1), da.reshape(-1)).reshape(z.shape)


@jitted
def _forward(z: Any) -> Any:
    return jax.nn.relu(z)


@jitted
def _backward(z: Any, da: Any) -> Any:
    _, pull_back = jax.vjp(jax.nn.relu, z)
    return pull_back(da)[0]
