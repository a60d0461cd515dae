"""Squared error as PyTorch has it, `torch.nn.functional.mse_loss`: not halved. Its mean over the outputs is a sum here, as the contract asks."""

from typing import Any, ClassVar

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

torch = require("torch")


class SquaredError:
    conventions: ClassVar = {"factor": "one"}

    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        arrays = (torch.from_numpy(array).double() for array in (z, targets, sample_weight))
        return _mean_loss(*arrays).item()

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        variable = torch.from_numpy(z).requires_grad_()
        _mean_loss(variable, torch.from_numpy(targets), torch.from_numpy(sample_weight)).backward()
        dz[:] = variable.grad.numpy()


def _mean_loss(z: Any, targets: Any, sample_weight: Any) -> Any:
    loss = torch.nn.functional.mse_loss(z, targets, reduction="none").sum(dim=1)
    return (loss * (sample_weight / sample_weight.sum())).sum()
