"""Sigmoid as scikit-learn's networks have it, both ways in place; backward reads the activations."""

from ...harness.adoption import require
from ...harness.arrays import Matrix

base = require("sklearn.neural_network._base", "ACTIVATIONS", "DERIVATIVES", "logistic")


class Sigmoid:
    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = z
        base.ACTIVATIONS["logistic"](a)

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        dz[:] = da
        base.DERIVATIVES["logistic"](a, dz)
