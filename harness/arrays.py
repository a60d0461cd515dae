"""The words in which the families' contracts are written, and what each word means to a compiler.

A contract such as `update(parameters: Vector, gradient: Vector, ...)` is read twice: by people and pyright as ordinary annotations, and
by `kernel.py` as the machine types of a compiled function. Every float array of one call has the same dtype, float32 or float64, is
C-contiguous, and none aliases another.
"""

from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

Vector = Annotated[Floats, "vector"]
"""Floats of the run's dtype, shape (n,)."""

Matrix = Annotated[Floats, "matrix"]
"""Floats of the run's dtype, shape (rows, columns)."""

Real = Annotated[float, "real"]
"""One number of the run's dtype."""

Doubles = Annotated[NDArray[np.float64], "doubles"]
"""float64 whatever the run's dtype, shape (n,)."""

Indices = Annotated[NDArray[np.int64], "indices"]
"""int64, shape (n,)."""

Key = Annotated[int, "key"]
"""An unsigned 64-bit integer that names a random stream."""
