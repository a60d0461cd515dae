"""The words in which the families' contracts are written, and what each word means to a compiler.

A contract such as `update(parameters: Vector, gradient: Vector, ...)` is read twice: by people and pyright as ordinary annotations, and
by `kernel.py` as the machine types of a compiled function. Every float array of one call has the same dtype, float32 or float64, is
C-contiguous, and none aliases another.
"""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_type_hints

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


def contract_arguments(contract: Callable[..., Any]) -> list[str]:
    """The names a contract gives its arguments, without `self`."""
    return [name for name in inspect.signature(contract).parameters if name != "self"]


def contract_words(contract: Callable[..., Any]) -> dict[str, Any]:
    """Argument name (and `return`) to the annotation that stands there in the contract."""
    hints = get_type_hints(contract, include_extras=True)
    return {name: hint for name, hint in hints.items() if name != "self"}
