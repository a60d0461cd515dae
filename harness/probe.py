"""The inputs of a check: seeded random numbers, the scales that tell faults apart, and the other implementations to compare with.

What lets faults survive is an input that is too kind: gradients of size 1 hide every placement of epsilon, an upstream gradient of ones
a backward pass that ignores it, square layers a swap of fan-in and fan-out. The generators here are unkind by default.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from .arrays import Floats
from .subject import Subject

SCALES = (1e-8, 1e-4, 1e-2, 1.0, 1e2, 1e4, 1e8)
"""Sizes of gradients, one a parameter, that tell every placement of epsilon apart."""

LANDMARKS = (
    10, 50, 64, 75, 100, 128, 200, 256, 500, 512, 1000, 1024, 2000, 2048, 4096, 5000, 10_000, 2**15, 2**16, 100_000, 1_000_000, 10_000_000,
)  # fmt: skip
"""Numbers of steps at which something might change that should not; checks cross them by a few steps each."""


class Others(Protocol):
    """Finds implementations to compare with."""

    def __call__(self, technique: str, dtype: np.dtype[Any]) -> Sequence[Any]:
        """Subjects of every implementation of a technique that can be loaded here; the project's own, in a fixed order."""
        ...


@dataclass(frozen=True)
class Probe:
    """Inputs for a check, all drawn from one seed. The same seed gives the same inputs to every implementation."""

    dtype: np.dtype[Any]
    seed: int
    claim: str
    others: Others = field(repr=False)
    laboratory: Any = field(default=None, repr=False)
    """Trains networks (`laboratory.py`)."""

    def random(self, purpose: str = "") -> np.random.Generator:
        """A generator of this claim's own; the same draws each time for the same purpose."""
        return np.random.default_rng([self.seed, zlib.crc32(f"{self.claim}/{purpose}".encode())])

    @property
    def eps(self) -> float:
        """The distance from 1 to the next number of the dtype."""
        return float(np.finfo(self.dtype).eps)

    def subjects(self, technique: str, **conventions: str) -> list[Any]:
        """Every implementation of a technique that declares these conventions, in this probe's dtype."""
        return [other for other in self.others(technique, self.dtype) if conventions.items() <= dict(other.conventions).items()]

    def reference(self, technique: str, **conventions: str) -> Any:
        """The plainest implementation of a technique that declares these conventions, and first choices in everything else."""
        wanted = {**self._first_choices(technique), **conventions}
        found = self.subjects(technique, **wanted)
        return next((other for other in found if "reference" in other.name), found[0])

    def _first_choices(self, technique: str) -> Mapping[str, str]:
        some: Subject = self.others(technique, self.dtype)[0]
        return {name: choices[0] for name, choices in some.implementation.technique.conventions.items()}

    def gradients(
        self, steps: int, scales: Sequence[float] = SCALES, *, drift: float = 0.5, zeros: bool = True, purpose: str = "gradients"
    ) -> Floats:
        """Gradients (steps, parameters) of very different sizes, one scale a parameter, as the dtype holds them.

        They have a mean of `drift` standard deviations, so that momentum builds up. With `zeros` the last parameter's gradient is 0 at the
        first two steps and at every fifth, and the parameter before it gets one gradient only, at the third step.
        """
        random = self.random(purpose)
        drawn = (random.normal(size=(steps, len(scales))) + drift * random.choice([-1, 1], len(scales))) * np.asarray(scales)
        if zeros:
            drawn = np.concatenate([drawn, random.normal(size=(steps, 2))], axis=1)
            drawn[:2, -1] = drawn[::5, -1] = 0
            drawn[np.arange(steps) != 2, -2] = 0
        return drawn.astype(self.dtype)

    def matrix(self, rows: int, columns: int, *, scale: float = 1.0, purpose: str = "matrix") -> Floats:
        """Normal draws (rows, columns), as the dtype holds them."""
        return (scale * self.random(purpose).normal(size=(rows, columns))).astype(self.dtype)

    def magnitudes(self, count: int, low: float, high: float, *, purpose: str = "magnitudes") -> Floats:
        """Numbers of random sign whose sizes are spread over decades from 10^low to 10^high."""
        random = self.random(purpose)
        return (random.choice([-1.0, 1.0], count) * 10 ** random.uniform(low, high, count)).astype(self.dtype)


def shrink(values: Sequence[float], fails: Callable[[list[float]], bool], *, attempts: int = 400) -> list[float]:
    """A shorter and rounder sequence on which a check still fails: entries are left out, then replaced by 0, 1, -1 or fewer digits."""
    best, left = [float(value) for value in values], attempts
    improved = True
    while improved and left > 0:
        improved = False
        for candidate in _simpler(best):
            left -= 1
            if left <= 0:
                break
            if fails(candidate):
                best, improved = candidate, True
                break
    return best


def _simpler(values: list[float]) -> list[list[float]]:
    shorter = [values[: len(values) // 2], values[len(values) // 2 :], values[:-1], values[1:]] if len(values) > 1 else []
    shorter += [values[:i] + values[i + 1 :] for i in range(1, len(values) - 1)]
    rounder: list[list[float]] = []
    for i, value in enumerate(values):
        simple = [0.0, 1.0, -1.0, float(f"{value:.0e}"), float(f"{value:.1e}")]
        cost = len(repr(value))
        rounder += [[*values[:i], new, *values[i + 1 :]] for new in simple if (len(repr(new)), abs(new)) < (cost, abs(value))]
    return shorter + rounder
