"""Vectors that begin at a line of the cache: where they do not, half of all loads of a whole vector register touch two lines."""

from __future__ import annotations

import numpy as np

from ..arrays import Vector
from ..kernel import kernel

LINE = 64
"""Bytes."""


@kernel
def aligned(size: int, like: Vector) -> Vector:
    """A new vector of the dtype of `like`, whose numbers mean nothing yet."""
    room = np.empty(size + LINE // like.itemsize, like.dtype)
    first = -room.ctypes.data % LINE // like.itemsize
    return room[first : first + size]
