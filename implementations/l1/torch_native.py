"""L1 in PyTorch: the sum of absolute values as a term of the loss, whose gradient its own differentiation finds."""

from typing import Any, ClassVar

from ...harness.adoption import require
from ...harness.arrays import Real, Vector

torch = require("torch")


class L1:
    departures: ClassVar = {"conformance.penalty.nan-and-infinity": "PyTorch's derivative of abs is 0 at NaN"}

    def value(self, weights: Vector, strength: Real) -> float:
        return _penalty(torch.from_numpy(weights).double(), strength).item()

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        variable = torch.from_numpy(weights).requires_grad_()
        _penalty(variable, strength).backward()
        gradient += variable.grad.numpy()

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        pass


def _penalty(weights: Any, strength: Real) -> Any:
    return float(strength) * weights.abs().sum()
