"""The arguments that a method is timed on, by family.

They are filled so that a call repeated a million times does the same work each time: gradients lie between 0.1 and 2 and keep their signs, so
averages settle at them and no number decays into the subnormal range, where arithmetic is slow; what accumulates grows by so little that nothing
overflows. All arrays begin with a cache line.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats, contract_arguments
from ..families import methods
from ..subject import Subject
from .hardware import filled

WRITTEN = {
    "forward": ("a",), "backward": ("dz",), "gradient": ("dz",), "add_gradient": ("gradient",), "after_update": ("weights",),
    "update": ("parameters", "state"), "draw": ("mask",), "fill": ("weights",),
}  # fmt: skip
"""By method, the arrays that its contract says it writes."""

UNITS, OUTPUTS = 128, 10

Shared = dict[tuple[str, tuple[int, ...]], Floats]
"""By name and shape."""


def counted_by(method: str) -> tuple[str, ...]:
    """The array whose numbers are the elements: units, logits, weights or parameters."""
    return {"forward": ("a",), "backward": ("a",), "update": ("parameters",), "draw": ("mask",)}.get(method, ("z", "weights"))


def arguments(subject: Subject, method: str, size: int, shared: Shared | None = None, seed: int = 0) -> dict[str, Any]:
    """The arguments of one method by name, in its contract's order."""
    technique = subject.implementation.technique
    values = _VALUES[technique.family](subject, size, _Filler(subject.dtype, {} if shared is None else shared, seed))
    if method == "backward":
        values["a"] = filled(values["a"].shape, subject.dtype)
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
            made = filled(shape, self.dtype)
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
            self.shared[name, shape] = filled(shape, self.dtype)
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
    state = filled((subject.member.state_rows, size), subject.dtype)
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
