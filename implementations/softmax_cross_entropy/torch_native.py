"""Softmax cross-entropy as PyTorch has it: `torch.nn.functional.cross_entropy` with probabilities as targets."""

from typing import Any, ClassVar

from ...harness.adoption import require
from ...harness.arrays import Matrix, Vector

torch = require("torch")


class SoftmaxCrossEntropy:
    departures: ClassVar = {"softmax_cross_entropy.impossible-class": "0 log 0 is NaN here, so a class of probability 0 spoils its row"}

    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        arrays = (torch.from_numpy(array).double() for array in (z, targets, sample_weight))
        return _mean_loss(*arrays).item()

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        variable = torch.from_numpy(z).requires_grad_()
        _mean_loss(variable, torch.from_numpy(targets), torch.from_numpy(sample_weight)).backward()
        dz[:] = variable.grad.numpy()


def _mean_loss(z: Any, targets: Any, sample_weight: Any) -> Any:
    loss = torch.nn.functional.cross_entropy(z, targets, reduction="none")
    return (loss * (sample_weight / sample_weight.sum())).sum()
