"""What an implementation is timed on: one method of it, bound to arrays that were made beforehand.

Every family has its arrays, of three usual sizes. The forms of one technique share what they only read or wholly overwrite; what they change in
place is each one's own.

A stopper is timed on a whole curve, because a single epoch depends on those before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..arrays import Floats
from ..errors import InputError
from ..subject import Subject
from ..technique import Implementation
from .arguments import WRITTEN, Shared, arguments, counted_by
from .costs import SMALL, costs
from .count import changes
from .hardware import filled

SIZES: dict[str, tuple[int, int, int]] = {
    "activation": (4_096, 131_072, 1_048_576),
    "loss": (320, 10_000, 320_000),
    "penalty": (10_000, 1_000_000, 10_000_000),
    "optimizer": (10_000, 1_000_000, 10_000_000),
    "dropout": (4_096, 131_072, 1_048_576),
    "initializer": (4_096, 131_072, 1_048_576),
    "stopper": (10_000, 100_000, 1_000_000),
}
"""Elements of the arrays: a small network's, one that fills the cache, and one that does not fit it."""

TIMED: dict[str, tuple[str, ...]] = {
    "activation": ("forward", "backward"),
    "loss": ("gradient", "value"),
    "penalty": ("add_gradient", "after_update", "value"),
    "optimizer": ("update",),
    "dropout": ("draw",),
    "initializer": ("fill",),
    "stopper": ("observe",),
}
IN_PLACE = {"add_gradient", "after_update", "update"}
"""Methods that change what they are given: the arrays are each form's own."""

CURVE = 30
"""Epochs of a stopper's curve; every third one improves."""


@dataclass(frozen=True)
class Workload:
    """One method of one implementation, ready to be called again and again."""

    implementation: str
    method: str
    call: Callable[[], object]
    elements: int
    bytes: int
    """The least that can be moved: every array that the result depends on read once, every array that is written written once."""
    working_set: int
    """Bytes of these arrays together, which decide in which cache they lie."""
    operations: float | None
    """Counted on a plain NumPy form of the same conventions; None where there is none that shows them."""
    kinds: dict[str, float] = field(default_factory=dict[str, float])
    """The operations by kind, a number an element."""
    written: tuple[Floats, ...] = ()
    """What the calls leave: finite, unless something is wrong."""


def workloads(implementation: Implementation, size: int, dtype: Any = np.float32, shared: Shared | None = None) -> list[Workload]:
    """One workload for each method worth timing: the training loop calls it, and this form does something in it.

    `size` is a number of elements; rows of 128 units or 10 outputs round it. Forms that are given the same `shared` share arrays.
    Raises `InputError` if the implementation cannot be run.
    """
    if size < 1:
        raise InputError(f"size is {size}; accepted is a whole number from 1.")
    dtype, shared = np.dtype(dtype), {} if shared is None else shared
    if implementation.technique.family == "stopper":
        return [_curve(implementation, size, dtype)]
    subject = Subject(implementation, dtype)
    return [_bound(subject, method, size, shared) for method in _useful(subject)]


def another(implementation: Implementation, method: str, size: int, dtype: Any = np.float32) -> Workload:
    """The workload of one method, none of its arrays shared with any other."""
    if implementation.technique.family == "stopper":
        return _curve(implementation, size, np.dtype(dtype))
    return _bound(Subject(implementation, np.dtype(dtype)), method, size, {})


def _useful(subject: Subject) -> list[str]:
    """The methods in which this form does something; each runs once on a few numbers."""
    family = subject.implementation.technique.family
    found = [
        method
        for method in TIMED[family]
        if family != "penalty" or changes(subject.method(method), arguments(subject, method, SMALL), WRITTEN.get(method, ()))
    ]
    if not found:
        raise InputError(f"{subject.name} does nothing in any of {', '.join(TIMED[family])}; there is nothing to time.")
    return found


def _bound(subject: Subject, method: str, size: int, shared: Shared) -> Workload:
    written = WRITTEN.get(method, ())
    given = arguments(subject, method, size, shared)
    if method in IN_PLACE:
        given |= {name: _own(given[name]) for name in written}
    elements = max(np.size(value) for name, value in given.items() if name in counted_by(method))
    moved, kinds = costs(subject.implementation, method, subject.dtype)
    passes = {name: (sum(moved.get(name, (True,))), value.nbytes) for name, value in given.items() if isinstance(value, np.ndarray)}
    nbytes, working_set = (sum(each) for each in zip(*((count * size, bool(count) * size) for count, size in passes.values()), strict=True))
    return Workload(
        subject.name, method, functools.partial(subject.method(method), *given.values()), elements, nbytes, working_set,
        sum(kinds.values()) * elements if kinds else None, kinds, tuple(given[name] for name in written),
    )  # fmt: skip


def _own(array: Floats) -> Floats:
    own = filled(array.shape, array.dtype)
    own[...] = array
    return own


def _curve(implementation: Implementation, size: int, dtype: np.dtype[Any]) -> Workload:
    """A stopper made anew, shown a curve, asked for its best: parameters are copied at every improvement and once at the end."""
    known = implementation.technique.hyperparameters
    values = {name: int(bounds.default) if bounds.integer else bounds.default for name, bounds in known.items()}
    scores = [1.0 - 0.01 * epoch if epoch % 3 == 0 else 2.0 for epoch in range(CURVE)]
    parameters = filled((size,), dtype, 1.0)

    def call() -> object:
        stopper = implementation.create(**values)
        for epoch, score in enumerate(scores, 1):
            stopper.observe(epoch, score, parameters)
        return stopper.best()

    copies = len([score for score in scores if score < 2]) + 1
    return Workload(implementation.name, "observe", call, size, 2 * copies * parameters.nbytes, 2 * parameters.nbytes, None)
