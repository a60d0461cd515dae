"""L1 by its proximal step in PyTorch: `torch.nn.functional.softshrink`."""

from typing import ClassVar

from ...harness.adoption import require
from ...harness.arrays import Real, Vector

torch = require("torch")


class L1:
    conventions: ClassVar = {"form": "proximal"}

    def value(self, weights: Vector, strength: Real) -> float:
        return float(strength) * torch.from_numpy(weights).double().abs().sum().item()

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        pass

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        weights[:] = torch.nn.functional.softshrink(torch.from_numpy(weights), float(learning_rate * strength)).numpy()
