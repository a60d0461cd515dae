"""A claim is data: what is said of a technique, where the lecture says it, and a check that holds it against one implementation.

A check gets an implementation's instance and a `Probe`, seeded inputs of one dtype, and returns `Evidence`: whether the claim held, how closely, and
where it failed worst. A tolerance is a number of units in the last place of a natural scale, with its derivation beside the check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np

from .arrays import Floats

Kind = Literal["identity", "bound"]


@dataclass(frozen=True)
class Evidence:
    """What a check found. `deviation` and `tolerance` are in the same unit; the claim held where the one does not exceed the other."""

    deviation: float
    tolerance: float
    cases: int
    counterexample: str

    @property
    def held(self) -> bool:
        """Whether the claim held; a deviation that is NaN, and a check of no case, did not."""
        return self.cases > 0 and self.deviation <= self.tolerance


@dataclass(frozen=True)
class Probe:
    """Inputs for a check, all drawn from one seed."""

    dtype: np.dtype[Any]
    seed: int = 0
    hyperparameters: dict[str, float] = field(default_factory=dict[str, float])

    def random(self) -> np.random.Generator:
        """A generator of this probe's own; the same draws each time."""
        return np.random.default_rng(self.seed)

    def vector(self) -> Floats:
        """The hyperparameters as an optimiser takes them."""
        return np.array(list(self.hyperparameters.values()), self.dtype)


class Check(Protocol):
    """Holds a claim against one implementation."""

    def __call__(self, member: Any, probe: Probe) -> Evidence:
        """`member` is an instance of the implementation's class; `probe` supplies the inputs."""
        ...


@dataclass(frozen=True)
class Claim:
    """One claim. The sentence is its check's docstring."""

    id: str
    kind: Kind
    source: str
    conventions: dict[str, str]
    """The conventions an implementation must declare for the claim to be about it."""
    sentence: str
    check: Check


def claim(id: str, *, kind: Kind, source: str, **conventions: str) -> Callable[[Check], Claim]:  # noqa: A002  the word of the claims' list
    """Make a claim of a check: `@claim("momentum.zero-is-sgd", kind="identity", source="section Momentum")`."""

    def made(check: Check) -> Claim:
        return Claim(id, kind, source, conventions, (check.__doc__ or "").strip(), check)

    return made


def close(found: Floats, expected: Floats, *, ulps: float, scale: float) -> Evidence:
    """Evidence that two arrays agree within so many units in the last place of numbers of a scale; names where they differ most."""
    deviations = np.abs(found.astype(np.float64) - expected.astype(np.float64)).ravel()
    worst = int(np.argmax(np.where(np.isnan(deviations), np.inf, deviations))) if deviations.size else 0
    where = f"entry {worst}: expected {expected.ravel()[worst]!r}, got {found.ravel()[worst]!r}" if deviations.size else "no case"
    unit = float(np.finfo(found.dtype).eps) * scale
    return Evidence(float(deviations[worst]) / unit if deviations.size else 0.0, ulps, deviations.size, where)


def walk(member: Any, gradients: Floats, probe: Probe, start: Floats) -> Floats:
    """The path of an optimiser over these gradients (steps, parameters): positions (steps + 1, parameters), the start first."""
    parameters, path = start.astype(probe.dtype), [start.astype(probe.dtype)]
    state = np.zeros((member.state_rows, parameters.size), probe.dtype)
    for step, gradient in enumerate(gradients.astype(probe.dtype), 1):
        member.update(parameters, gradient, state, probe.vector(), step)
        path.append(parameters.copy())
    return np.array(path)
