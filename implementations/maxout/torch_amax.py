"""Maxout in PyTorch by `torch.amax`, which shares a tie's gradient equally. Where a piece is NaN, so is the gradient of all its group."""

from typing import ClassVar

from ...harness.adoption import require
from ...harness.arrays import Matrix
from ._groups import pieces_of

torch = require("torch")


class Maxout:
    conventions: ClassVar = {"ties": "split"}

    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = torch.from_numpy(z).reshape(len(z), pieces_of(z, a), a.shape[1]).amax(dim=1).numpy()

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        variable = torch.from_numpy(z).requires_grad_()
        variable.reshape(len(z), pieces_of(z, a), a.shape[1]).amax(dim=1).backward(torch.from_numpy(da))
        dz[:] = variable.grad.numpy()
