"""From samples to exponents: how fast time and memory grow from one size of an axis to the next. Pure functions.

An exponent is that of the work: 1 is cost in proportion to it, below 1 something fixed is still paid off, above 1 it costs more than it does. Its
ends are the most favourable and the least favourable of the repetitions; one repetition has no spread.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from .axes import Axis
from .points import Sample

LEAST_MEMORY = 4 * 2**20
"""Bytes over the baseline below which memory has no exponent: allocators ask the system for more than they need."""


class Spread(NamedTuple):
    """The median of the repetitions between the least and the most."""

    low: float
    median: float
    high: float


class Exponent(NamedTuple):
    """A slope in logarithms, with its ends."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Row:
    """One step at one size."""

    axis: str
    size: int
    work: float
    step: str
    rounds: int
    seconds: Spread
    memory: Spread
    """Bytes up to the end of the step, over the baseline."""
    baseline: float
    """Bytes at the beginning."""
    time_exponent: Exponent | None = None
    """From the size before; `None` at the first."""
    time_exponent_to_size: float | None = None
    memory_exponent: Exponent | None = None
    ratio: Exponent | None = None
    """Where the axis is flat: the time over that at the least size, of the same round."""

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return {name: value._asdict() if isinstance(value, (Spread, Exponent)) else value for name, value in vars(self).items()}


def spread(values: Sequence[float]) -> Spread:
    """Raises `ValueError` where there are none."""
    if not values:
        raise ValueError("No values are given; give at least one.")
    return Spread(min(values), float(np.median(values)), max(values))


def exponent(before: Spread, after: Spread, factor: float) -> Exponent | None:
    """Of growth by `factor`; none where it is 1 or a cost is not positive."""
    if factor <= 1 or min(before.low, after.low) <= 0:
        return None
    scale = math.log(factor)
    ends = ((after.median, before.median), (after.low, before.high), (after.high, before.low))
    return Exponent(*(math.log(upper / lower) / scale for upper, lower in ends))


def rows(axis: Axis, samples: Sequence[Sample]) -> list[Row]:
    """Every step at every size where it was done at least once, step by step."""
    found: list[Row] = []
    sizes = sorted({sample.size for sample in samples})
    for step in axis.steps:
        done = [row for size in sizes if (row := _row(axis, size, step, samples))]
        found += [_grown(axis, row, done[at - 1], done[0], samples) if at else row for at, row in enumerate(done)]
    return found


def _row(axis: Axis, size: int, step: str, samples: Sequence[Sample]) -> Row | None:
    taken = [sample for sample in samples if sample.size == size and step in sample.steps]
    if not taken:
        return None
    seconds = spread([sample.steps[step].seconds for sample in taken])
    memory = spread([float(sample.steps[step].memory - sample.baseline) for sample in taken])
    return Row(axis.name, size, axis.work(size), step, len(taken), seconds, memory, float(np.median([sample.baseline for sample in taken])))


def _grown(axis: Axis, row: Row, before: Row, first: Row, samples: Sequence[Sample]) -> Row:
    if axis.flat:
        return replace(row, ratio=paired(_seconds(samples, row), _seconds(samples, first)))
    factor = row.work / before.work
    to_size = exponent(before.seconds, row.seconds, row.size / before.size)
    enough = min(before.memory.median, row.memory.median) >= LEAST_MEMORY
    return replace(
        row,
        time_exponent=exponent(before.seconds, row.seconds, factor),
        time_exponent_to_size=to_size.value if to_size else None,
        memory_exponent=exponent(before.memory, row.memory, factor) if enough else None,
    )


def _seconds(samples: Sequence[Sample], row: Row) -> dict[int, float]:
    """By round."""
    return {sample.round: sample.steps[row.step].seconds for sample in samples if sample.size == row.size and row.step in sample.steps}


def paired(seconds: Mapping[int, float], base: Mapping[int, float]) -> Exponent | None:
    """The median of the rounds' ratios, and the least and the most of them, over the rounds that both have; none where there is no such round."""
    from benchmarks.peers.ratios import ratio

    both = sorted(seconds.keys() & base.keys())
    return Exponent(*ratio([seconds[each] for each in both], [base[each] for each in both])) if both else None
