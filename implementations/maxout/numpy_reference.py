"""Maxout in array expressions over (rows, pieces, units)."""

import numpy as np

from ...harness.arrays import Matrix
from ._groups import pieces_of


class Maxout:
    def forward(self, z: Matrix, a: Matrix) -> None:
        z.reshape(len(z), pieces_of(z, a), a.shape[1]).max(axis=1, out=a)

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        grouped = (len(z), pieces_of(z, a), a.shape[1])
        winner = z.reshape(grouped).argmax(axis=1, keepdims=True)
        piece = np.arange(grouped[1])[:, None]
        dz.reshape(grouped)[:] = np.where(piece == winner, da[:, None, :], 0)
