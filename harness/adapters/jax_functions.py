"""Functions of JAX on NumPy arrays: compiled once for each shape, in the precision of the arrays that are handed in.

JAX is imported at the first call, since it takes half a second. It computes in float64 only while a switch is on; the switch is turned for the
call, in this thread, and back. A compilation takes 20 to 100 ms, a call 5 to 40 microseconds: so that a thousand shapes do not cost a
thousand compilations, arrays are padded with zeros to one of a few lengths, and results are cut.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Any

import numpy as np

from ..arrays import Floats

SHORTEST, LONGEST = 16, 4096
"""Lengths between them are padded to the next power of four; at longer ones the work outweighs a compilation."""


def jitted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of arrays of rows that do not see one another, so that rows of zeros may be added, and of numbers: `@jitted`."""
    compiled = _compiled(function)

    @functools.wraps(function)
    def call(*arrays: Any) -> Any:
        rows = len(arrays[0])
        with precision(arrays[0].dtype):
            result = np.asarray(compiled()(*(lengthened(array, padded(rows)) if np.ndim(array) else array for array in arrays)))
        return result[:rows] if result.ndim else result[()]

    return call


def jitted_in_double(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of any arguments in float64; those given by name are constants to the compiler, so that they can be shapes: `@jitted_in_double`."""
    compiled = _compiled(function)

    @functools.wraps(function)
    def call(*arguments: Any, **constants: Any) -> Any:
        with precision(np.dtype(np.float64)):
            return np.asarray(compiled(*constants)(*arguments, **constants))

    return call


def with_derivative(function: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """An elementwise function of a flat array, and its derivative times a second one, as JAX finds it."""

    @jitted
    def derivative(z: Any, da: Any) -> Any:
        _, pull_back = import_module("jax").vjp(function, z)
        return pull_back(da)[0]

    return jitted(function), derivative


def precision(dtype: np.dtype[Any]) -> AbstractContextManager[Any]:
    """JAX at the precision of a dtype, in this thread, whatever is set outside."""
    return import_module("jax").enable_x64(dtype == np.float64)


def padded(length: int) -> int:
    """The length to which arrays of so many rows are padded."""
    return length if length > LONGEST else max(SHORTEST, 4 ** -(-(length - 1).bit_length() // 2))


def lengthened(array: Floats, length: int) -> Floats:
    """The array with rows of zeros after its own."""
    if len(array) == length:
        return array
    longer = np.zeros((length, *array.shape[1:]), array.dtype)
    longer[: len(array)] = array
    return longer


def _compiled(function: Callable[..., Any]) -> Callable[..., Callable[..., Any]]:
    @functools.cache
    def compiled(*constants: str) -> Callable[..., Any]:
        return import_module("jax").jit(function, static_argnames=constants)

    return compiled
