"""Maxout in PyTorch: `torch.max` over the pieces, which gives a tie's gradient to the first."""

from ...harness.adoption import require
from ...harness.arrays import Matrix
from ._groups import pieces_of

torch = require("torch")


class Maxout:
    def forward(self, z: Matrix, a: Matrix) -> None:
        a[:] = torch.from_numpy(z).reshape(len(z), pieces_of(z, a), a.shape[1]).max(dim=1).values.numpy()

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        variable = torch.from_numpy(z).requires_grad_()
        variable.reshape(len(z), pieces_of(z, a), a.shape[1]).max(dim=1).values.backward(torch.from_numpy(da))
        dz[:] = variable.grad.numpy()
