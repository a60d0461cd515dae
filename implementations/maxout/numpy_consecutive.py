"""Maxout as the lecture draws it: neighbouring columns are one group, so arrays are seen as (rows, units, pieces)."""

from typing import ClassVar

import numpy as np

from ...harness.arrays import Matrix
from ._groups import pieces_of


class Maxout:
    conventions: ClassVar = {"layout": "consecutive"}

    def forward(self, z: Matrix, a: Matrix) -> None:
        z.reshape(len(z), a.shape[1], pieces_of(z, a)).max(axis=2, out=a)

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        grouped = (len(z), a.shape[1], pieces_of(z, a))
        winner = z.reshape(grouped).argmax(axis=2, keepdims=True)
        piece = np.arange(grouped[2])
        dz.reshape(grouped)[:] = np.where(piece == winner, da[:, :, None], 0)
