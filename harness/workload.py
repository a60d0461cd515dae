"""What an implementation is timed on: one method of it, bound to arrays that were made beforehand.

Every family has its arrays, of three usual sizes. They are filled so that a call repeated a million times does the same work each time: gradients
lie between 0.1 and 2 and keep their signs, so averages settle at them and no number decays into the subnormal range, where arithmetic is slow; what
accumulates grows by so little that nothing overflows. All arrays begin with a cache line. The forms of one technique share what they only read or
wholly overwrite; what they change in place is each one's own.

A stopper is timed on a whole curve, because a single epoch depends on those before.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import registry
from .arrays import Floats, contract_arguments
from .choice import PREFERRED
from .errors import InputError
from .families import methods
from .hardware import aligned
from .kernel import Kernel
from .speed_count import changes, operations, traffic
from .subject import Subject
from .technique import Implementation

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
WRITTEN = {
    "forward": ("a",), "backward": ("dz",), "gradient": ("dz",), "add_gradient": ("gradient",), "after_update": ("weights",),
    "update": ("parameters", "state"), "draw": ("mask",), "fill": ("weights",),
}  # fmt: skip
"""By method, the arrays that its contract says it writes."""
IN_PLACE = {"add_gradient", "after_update", "update"}
"""Methods that change what they are given: the arrays are each form's own."""

UNITS, OUTPUTS = 128, 10
SMALL = 2560
"""Operations are counted on so few elements: they are proportional to them."""
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


Shared = dict[tuple[str, tuple[int, ...]], Floats]


def workload(implementation: Implementation, size: int, dtype: Any = np.float32) -> Workload:
    """The first of `workloads`."""
    return workloads(implementation, size, dtype)[0]


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


def _useful(subject: Subject) -> list[str]:
    """The methods in which this form does something; each runs once on a few numbers."""
    family = subject.implementation.technique.family
    found = [
        method
        for method in TIMED[family]
        if family != "penalty" or changes(subject.method(method), _arguments(subject, method, SMALL), WRITTEN.get(method, ()))
    ]
    if not found:
        raise InputError(f"{subject.name} does nothing in any of {', '.join(TIMED[family])}; there is nothing to time.")
    return found


def _bound(subject: Subject, method: str, size: int, shared: Shared) -> Workload:
    written = WRITTEN.get(method, ())
    arguments = _arguments(subject, method, size, shared)
    if method in IN_PLACE:
        arguments |= {name: _own(arguments[name]) for name in written}
    elements = max(np.size(value) for name, value in arguments.items() if name in _counted_by(method))
    moved, kinds = _costs(subject.implementation, method, subject.dtype)
    passes = {name: (sum(moved.get(name, (True,))), value.nbytes) for name, value in arguments.items() if isinstance(value, np.ndarray)}
    nbytes, working_set = (sum(each) for each in zip(*((count * size, bool(count) * size) for count, size in passes.values()), strict=True))
    return Workload(
        subject.name, method, functools.partial(subject.method(method), *arguments.values()), elements, nbytes, working_set,
        sum(kinds.values()) * elements if kinds else None, kinds, tuple(arguments[name] for name in written),
    )  # fmt: skip


def _counted_by(method: str) -> tuple[str, ...]:
    """The array whose numbers are the elements: units, logits, weights or parameters."""
    return {"forward": ("a",), "backward": ("a",), "update": ("parameters",), "draw": ("mask",)}.get(method, ("z", "weights"))


def _own(array: Floats) -> Floats:
    own = aligned(array.shape, array.dtype)
    own[...] = array
    return own


def _arguments(subject: Subject, method: str, size: int, shared: Shared | None = None, seed: int = 0) -> dict[str, Any]:
    """The arguments of one method by name, in its contract's order."""
    technique = subject.implementation.technique
    values = _VALUES[technique.family](subject, size, _Filler(subject.dtype, {} if shared is None else shared, seed))
    if method == "backward":
        values["a"] = aligned(values["a"].shape, subject.dtype)
        subject.method("forward")(values["z"], values["a"])
    return {name: values[name]() if callable(values[name]) else values[name] for name in contract_arguments(methods(technique.family)[method])}


@dataclass(frozen=True)
class _Filler:
    """Makes the arrays of one workload, or finds them among the shared ones."""

    dtype: np.dtype[Any]
    shared: Shared
    seed: int

    def inputs(self, name: str, *shape: int) -> Floats:
        """Numbers between 0.1 and 2 in size, of either sign, in no order."""
        if (name, shape) not in self.shared:
            random = np.random.default_rng([self.seed, sum(name.encode())])
            made = aligned(shape, self.dtype)
            made[...] = random.uniform(0.1, 2.0, shape)
            np.negative(made, out=made, where=random.random(shape, np.float32) < 0.5)
            self.shared[name, shape] = made
        return self.shared[name, shape]

    def weights_of_rows(self, rows: int) -> Floats:
        """Positive numbers."""
        return np.abs(self.inputs("sample_weight", rows))

    def empty(self, name: str, *shape: int) -> Floats:
        """Room that is wholly overwritten."""
        if (name, shape) not in self.shared:
            self.shared[name, shape] = aligned(shape, self.dtype)
        return self.shared[name, shape]


def _activation(subject: Subject, size: int, fill: _Filler) -> dict[str, Any]:
    known = subject.implementation.technique.hyperparameters
    pieces = int(known["pieces"].default) if "pieces" in known else 1
    rows, units = _table(size, UNITS)
    wide = pieces * units
    return {
        "z": fill.inputs("z", rows, wide),
        "a": fill.empty("a", rows, units),
        "da": fill.inputs("da", rows, units),
        "dz": fill.empty("dz", rows, wide),
    }


def _loss(subject: Subject, size: int, fill: _Filler) -> dict[str, Any]:
    rows, outputs = _table(size, OUTPUTS)
    targets = fill.inputs("targets", rows, outputs)
    if subject.implementation.technique.task == "classification":
        classes = np.random.default_rng(fill.seed).integers(0, outputs, rows)
        targets[...] = np.arange(outputs) == classes[:, None]
    return {
        "z": fill.inputs("z", rows, outputs), "targets": targets, "sample_weight": fill.weights_of_rows(rows), "dz": fill.empty("dz", rows, outputs),
    }  # fmt: skip


def _penalty(subject: Subject, size: int, fill: _Filler) -> dict[str, Any]:
    real = subject.dtype.type
    strength = real(subject.implementation.technique.hyperparameters["strength"].default)
    learning_rate = real(1e-3)  # a soft threshold takes so little off that the weights outlast millions of calls
    return {
        "weights": fill.inputs("weights", size), "strength": strength, "gradient": fill.inputs("gradient", size), "learning_rate": learning_rate,
    }  # fmt: skip


def _optimizer(subject: Subject, size: int, fill: _Filler) -> dict[str, Any]:
    values = [bounds.default for bounds in subject.implementation.technique.hyperparameters.values()]
    state = aligned((subject.member.state_rows, size), subject.dtype)
    if fill.seed:  # other numbers than zeros, to see whether they matter
        state[...] = 0.5
    return {
        "parameters": fill.inputs("parameters", size), "gradient": fill.inputs("gradient", size), "state": state,
        "hyperparameters": np.array(values, subject.dtype), "step": 1000,
    }  # fmt: skip


def _dropout(subject: Subject, size: int, fill: _Filler) -> dict[str, Any]:
    rate = subject.implementation.technique.hyperparameters["rate"].default
    return {"key": np.uint64(1), "step": 1, "layer": 0, "rate": rate, "mask": fill.empty("mask", *_table(size, UNITS))}


def _initializer(_subject: Subject, size: int, fill: _Filler) -> dict[str, Any]:
    rows, units = _table(size, UNITS)
    return {"weights": fill.empty("weights", rows, units), "fan_in": rows, "fan_out": units, "random": lambda: np.random.default_rng(fill.seed)}


_VALUES: dict[str, Callable[[Subject, int, _Filler], dict[str, Any]]] = {
    "activation": _activation,
    "loss": _loss,
    "penalty": _penalty,
    "optimizer": _optimizer,
    "dropout": _dropout,
    "initializer": _initializer,
}


def _table(size: int, columns: int) -> tuple[int, int]:
    columns = min(columns, size)
    return max(round(size / columns), 1), columns


def _costs(implementation: Implementation, method: str, dtype: np.dtype[Any]) -> tuple[dict[str, tuple[bool, bool]], dict[str, float]]:
    """Which arrays are read and written, and the operations an element by kind: of the nearest plain form, or of this one itself."""
    plain = nearest_plain(implementation, method) or implementation
    subject = Subject(plain, dtype)
    arguments, written = _arguments(subject, method, SMALL), WRITTEN.get(method, ())
    moved = traffic(subject.method(method), arguments, _arguments(subject, method, SMALL, seed=1), written)
    elements = max(np.size(value) for name, value in arguments.items() if name in _counted_by(method))
    shows = plain if plain.conventions == implementation.conventions else implementation
    function = getattr(shows.create(), method)
    found = None if isinstance(function, Kernel) else operations(function, arguments)
    return moved, {kind: count / elements for kind, count in (found or {}).items()}


def nearest_plain(implementation: Implementation, method: str) -> Implementation | None:
    """The project's own NumPy form that shares the most conventions, the reference first. All forms of a technique touch the same arrays."""
    own = (each for each in registry.implementations(implementation.technique.name).values() if each.origin == registry.OWN)
    plain = [each for each in own if each.variant.startswith("numpy_") and not isinstance(getattr(each.cls, method), Kernel)]

    def distance(each: Implementation) -> tuple[int, bool, str]:
        return (
            sum(each.conventions[name] != choice for name, choice in implementation.conventions.items()),
            each.variant not in PREFERRED,
            each.variant,
        )

    return min(plain, key=distance, default=None)


def _curve(implementation: Implementation, size: int, dtype: np.dtype[Any]) -> Workload:
    """A stopper made anew, shown a curve, asked for its best: parameters are copied at every improvement and once at the end."""
    known = implementation.technique.hyperparameters
    values = {name: int(bounds.default) if bounds.integer else bounds.default for name, bounds in known.items()}
    scores = [1.0 - 0.01 * epoch if epoch % 3 == 0 else 2.0 for epoch in range(CURVE)]
    parameters = aligned((size,), dtype, 1.0)

    def call() -> object:
        stopper = implementation.create(**values)
        for epoch, score in enumerate(scores, 1):
            stopper.observe(epoch, score, parameters)
        return stopper.best()

    copies = len([score for score in scores if score < 2]) + 1
    return Workload(implementation.name, "observe", call, size, 2 * copies * parameters.nbytes, 2 * parameters.nbytes, None)
