"""The inputs on which the members of each family are examined: lists of calls that stand alone, of any number of rows and any width."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..arrays import Floats
from ..subject import Subject
from .calls import Call, Draws, Outcome, another, make


def calls(examined: Subject, random: np.random.Generator, rows: int = 5, width: int = 7, *, other: bool = False) -> list[Call]:
    """The calls of one problem: `rows` rows of `width` units, outputs, weights or parameters. With `other`, hyperparameters are not the defaults."""
    return _CALLS[examined.implementation.technique.family](examined, random, rows, width, other)


def problems(examined: Subject, random: np.random.Generator) -> list[Call]:
    """Three problems in a row: the second of the same size, the third of another, each with hyperparameters of its own."""
    return [*calls(examined, random), *calls(examined, random, other=True), *calls(examined, random, rows=3, width=33, other=True)]


def _activation(examined: Subject, random: np.random.Generator, rows: int, width: int, other: bool) -> list[Call]:
    z = examined.array((1 + other) * random.normal(size=(rows, pieces(examined) * width)))
    return passes(examined, z, examined.array(random.normal(size=(rows, width))))


def passes(examined: Subject, z: Floats, da: Floats) -> list[Call]:
    """An activation's two methods for given inputs; backward gets forward's own output."""

    def output(given: Mapping[str, Any]) -> Outcome:
        call = Call("forward", {"z": given["z"], "a": np.zeros(given["da"].shape, given["z"].dtype)}, outputs=frozenset({"a"}))
        return make(another(examined, given["z"].dtype), call)

    forward = Call("forward", {"z": z, "a": np.zeros_like(da)}, outputs=frozenset({"a"}))
    backward = Call("backward", {"da": da, "z": z, "a": da, "dz": np.zeros_like(z)}, outputs=frozenset({"dz"}), derived=output)
    return [forward, backward.having()]


def pieces(examined: Subject) -> int:
    """How many columns of an activation's input make one unit."""
    found = examined.implementation.technique.hyperparameters.get("pieces")
    return int(found.default) if found else 1


def _loss(examined: Subject, random: np.random.Generator, rows: int, width: int, other: bool) -> list[Call]:
    z, weight = examined.array((1 + other) * random.normal(size=(rows, width))), examined.array(random.uniform(0.2, 2, rows))
    classes = np.eye(width)[random.integers(0, width, rows)].reshape(rows, width)
    targets = examined.array(classes if examined.implementation.technique.task == "classification" else random.normal(size=(rows, width)))
    return measures(z, targets, weight)


def measures(z: Floats, targets: Floats, weight: Floats) -> list[Call]:
    """A loss's two methods for given outputs; a loss over no row is not defined."""
    arguments = {"z": z, "targets": targets, "sample_weight": weight}
    gradient = Call("gradient", {**arguments, "dz": np.zeros_like(z)}, outputs=frozenset({"dz"}))
    return [Call("value", arguments), gradient] if len(z) else [gradient]


def _penalty(examined: Subject, random: np.random.Generator, rows: int, width: int, other: bool) -> list[Call]:
    del rows
    weights, gradient = random.choice([-1, 1], width) * random.uniform(0.1, 3, width), random.normal(size=width)
    return charges(examined, weights, gradient, 0.3 / (1 + other), 0.1 * (1 + other))


def charges(examined: Subject, weights: Any, gradient: Any, strength: float, learning_rate: float) -> list[Call]:
    """A penalty's three methods for given weights."""
    real = examined.dtype.type
    given = {"weights": examined.array(weights), "strength": real(strength)}
    return [
        Call("value", given),
        Call("add_gradient", {**given, "gradient": examined.array(gradient)}, changed=frozenset({"gradient"})),
        Call("after_update", {**given, "learning_rate": real(learning_rate)}, changed=frozenset({"weights"})),
    ]


def _optimizer(examined: Subject, random: np.random.Generator, rows: int, width: int, other: bool) -> list[Call]:
    """The first four steps of a walk, over gradients of sizes from 1e-3 to 1e3, one a parameter, the last parameter's first one 0."""
    del rows
    scales, chosen = 10 ** random.uniform(-3, 3, width), examined.hyperparameters(**(hyperparameters(examined, random) if other else {}))
    gradients = random.normal(size=(4, width)) * scales
    gradients[0, 1:][-1:] = 0
    return walk(examined, examined.array(random.normal(size=width)), gradients, [chosen] * 4)


def walk(examined: Subject, start: Floats, gradients: Any, chosen: Sequence[Mapping[str, float]]) -> list[Call]:
    """An optimiser's steps as calls that stand alone, each with the parameters and the state that the one before has left."""
    walker, found = another(examined), list[Call]()
    parameters, state = start, np.zeros((walker.state_rows, start.size), examined.dtype)
    for step, (gradient, values) in enumerate(zip(gradients, chosen, strict=True), 1):
        vector = examined.array(list(values.values()))
        arguments = {"parameters": parameters, "gradient": examined.array(gradient), "state": state, "hyperparameters": vector, "step": step}
        found.append(Call("update", arguments, changed=frozenset({"parameters", "state"})))
        left = make(walker, found[-1])
        parameters, state = left["parameters"], left["state"]
    return found


def hyperparameters(examined: Subject, random: np.random.Generator) -> dict[str, float]:
    """Values that are not the defaults: inside a bounded range, near the default of an unbounded one."""
    chosen: dict[str, float] = {}
    for name, bounds in examined.implementation.technique.hyperparameters.items():
        bounded = np.isfinite(bounds.high)
        value = bounds.low + (bounds.high - bounds.low) * random.uniform(0.3, 0.7) if bounded else (bounds.default or 0.01) * random.uniform(2, 5)
        chosen[name] = int(value) if bounds.integer else float(value)
    return chosen


def _dropout(examined: Subject, random: np.random.Generator, rows: int, width: int, other: bool) -> list[Call]:
    key, rate = np.uint64(random.integers(2**63, 2**64, dtype=np.uint64)), 0.3 + 0.4 * other
    mask = examined.array(np.zeros((rows, width)))
    draws = [
        Call("draw", {"key": key, "step": step, "layer": layer, "rate": rate, "mask": mask}, outputs=frozenset({"mask"}))
        for step, layer in ((1, 0), (1, 1), (700_000, 0))
    ]
    return [*draws, Call("test_scale", {"rate": rate})]


def _initializer(examined: Subject, random: np.random.Generator, rows: int, width: int, other: bool) -> list[Call]:
    del other
    weights, draws = examined.array(np.zeros((rows, width))), Draws(int(random.integers(2**32)))
    return [Call("fill", {"weights": weights, "fan_in": rows, "fan_out": width, "random": draws}, outputs=frozenset({"weights"}))]


_CALLS: dict[str, Callable[[Any, np.random.Generator, int, int, bool], list[Call]]] = {
    "activation": _activation,
    "loss": _loss,
    "penalty": _penalty,
    "optimizer": _optimizer,
    "dropout": _dropout,
    "initializer": _initializer,
}
