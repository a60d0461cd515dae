"""One large update on several cores: an elementwise optimiser's parameters cut into parts, which threads take one after the other.

    parts = Parts(update, parameters.size, state_rows, parameters.dtype)
    parts.update(parameters, gradient, hyperparameters, step)

An optimiser that declares `elementwise = True` moves each parameter by its own gradient and state alone, so it may be called part by part. Each
part has a contiguous state of its own, laid out as the loop lays out parameter groups: the state of one part after that of another. The cut
depends on the size alone, never on the number of threads, and the result has the bits of one call over everything.

A part is taken by whoever is free, so a helper that wakes up late costs nothing: its parts have been done in the meantime. One that loses its core in
the middle of a part is waited for. Below `WORTH` bytes nobody is woken. The training loop never comes here: its runs share the cores among
themselves.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from .arrays import Floats
from .cores import available_cores
from .errors import InputError

PART = 1 << 17
"""Parameters of a part: some tens of microseconds of work, twenty times what taking it costs."""
WORTH = 100_000_000
"""Bytes read and written from which helpers are woken: one to two milliseconds of work, about what it takes until a helper has a core of its own."""


class Parts:
    """An optimiser's `update`, cut into parts, with its state. Compiled ones release the interpreter's lock, so that parts run at once."""

    def __init__(self, update: Callable[..., None], size: int, state_rows: int, dtype: Any, threads: int | None = None) -> None:
        self._update, self._rows = update, state_rows
        self._bounds = [*range(0, size, PART), size]
        self.state = np.zeros(state_rows * size, dtype)
        traffic = (3 + 2 * state_rows) * size * self.state.itemsize
        self._helpers = min(threads or available_cores(), len(self._bounds) - 1) - 1 if traffic >= WORTH else 0

    def update(self, parameters: Floats, gradient: Floats, hyperparameters: Floats, step: int) -> None:
        """Move `parameters` and advance the state, as one call of the optimiser's `update` would. Raises `InputError` for arrays of another size."""
        if not parameters.size == gradient.size == self._bounds[-1]:
            raise InputError(f"{parameters.size} parameters and {gradient.size} derivatives are given; accepted are {self._bounds[-1]} of each.")
        left = iter(range(len(self._bounds) - 1))  # it gives each number to one thread only: the next one is taken under the interpreter's lock
        helpers = [_pool().submit(self._work, left, parameters, gradient, hyperparameters, step) for _ in range(self._helpers)]
        try:
            self._work(left, parameters, gradient, hyperparameters, step)
        finally:  # nobody writes any more when this call ends, however it ends
            late = [helper for helper in helpers if not helper.cancel()]
            problems = [helper.exception() for helper in late]
        for problem in filter(None, problems):
            raise problem

    def _work(self, left: Iterator[int], parameters: Floats, gradient: Floats, hyperparameters: Floats, step: int) -> None:
        for part in left:
            begin, end = self._bounds[part], self._bounds[part + 1]
            state = self.state[self._rows * begin : self._rows * end].reshape(self._rows, end - begin)
            self._update(parameters[begin:end], gradient[begin:end], state, hyperparameters, step)


@functools.cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, available_cores() - 1), thread_name_prefix="trickbench-parts")
