"""Made learning curves: the training and the test result of each are good or bad beyond doubt, and everything else is as unkind as it can be.

A result is a quality from 0 to 1, of which 0.8 is good: what is good ends at 0.87 or above, what is bad at 0.7 or below, and the last third of a
curve stays there, to ±0.02. It is written as accuracy, error, loss or R², with that much as the target. Nothing is left to a threshold of an
implementation's own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ...harness.arrays import Floats
from ...harness.diagnosis.curves import MEASURES, Curve, History, Measure, Part

TARGET, GOOD, BAD, NOISE = 0.8, (0.87, 0.97), (0.05, 0.7), 0.02
LENGTHS = (30, 1, 2, 6, 300)
WRITTEN: dict[str, Callable[[Floats], Floats]] = {
    "accuracy": lambda quality: quality,
    "error": lambda quality: 1 - quality,
    "loss": lambda quality: 2.5 * (1 - quality),
    "r2": lambda quality: 2 * quality - 1,
}
"""A quality in the unit of each measure."""

Shape = Callable[[Floats, float], Floats]
"""From the share of the training that is over, rising from 0 to 1, and the last quality, to qualities."""

APPROACHES: dict[str, Shape] = {
    "approaches its end": lambda time, end: end * (1 - np.exp(-8 * time)),
    "is there from the start": lambda time, end: np.full(time.shape, end),
    "rests, then leaps": lambda time, end: np.where(time < 0.4, 0.1, end),
    "was the opposite before": lambda time, end: np.where(time < 0.5, 0.95 if end < TARGET else 0.2, end),
    "dips in between": lambda time, end: np.where((time > 0.3) & (time < 0.5), 0.05, end),
}
BREAKS: dict[str, Shape] = {"is no number at its end": lambda time, end: np.where(time > 0.8, np.nan, end)}


@dataclass(frozen=True)
class Made:
    """A history with what is true of it; None for a part that is not there."""

    history: History
    words: str
    train: bool | None
    test: bool | None


def made(random: np.random.Generator, train: bool | None, test: bool | None) -> Iterator[Made]:
    """Histories whose results are good or bad as asked, or missing: plain ones first."""
    for length in LENGTHS:
        for name in WRITTEN:
            for number, words in enumerate(APPROACHES):
                others = list(APPROACHES)
                yield _one(random, length, name, {"train": (words, train), "test": (others[(number + length) % len(others)], test)})
            if train is False:
                yield _one(random, length, name, {"train": (next(iter(BREAKS)), train), "test": ("approaches its end", test)})


def with_validation(one: Made, validation: bool, random: np.random.Generator) -> Made:
    """The same with a validation result beside the test result."""
    measure, epochs = one.history.measure, (one.history.scores or one.history.losses)["test"].epochs
    curve = _written(_quality(random, epochs, "approaches its end", validation), measure)
    parts = {"scores": {**one.history.scores, "validation": curve}} if one.history.scores else {"losses": {**one.history.losses, "validation": curve}}
    return replace(one, history=replace(one.history, **parts), words=f"{one.words}, validation {_last(curve)}")


def _one(random: np.random.Generator, length: int, name: str, parts: dict[Part, tuple[str, bool | None]]) -> Made:
    measure, epochs = MEASURES[name], np.arange(1.0, length + 1)
    qualities = {part: _quality(random, epochs, shape, good) for part, (shape, good) in parts.items() if good is not None}
    curves = {part: _written(quality, measure) for part, quality in qualities.items()}
    ends = [f"{part} {name} {parts[part][0]}: {_last(curve)}" for part, curve in curves.items()]
    target = float(WRITTEN[name](np.array(TARGET)))
    told = f"{', '.join(ends)}; target {target:.3g}; {length} epochs" + "".join(f"; no {part} result" for part in parts if part not in curves)
    losses = {part: _written(quality, MEASURES["loss"]) for part, quality in qualities.items() if name in ("accuracy", "loss")}
    history = History(losses, {} if name == "loss" else curves, measure, target=target)
    return Made(history, told, parts["train"][1], parts["test"][1])


def _quality(random: np.random.Generator, epochs: Floats, shape: str, good: bool) -> Floats:
    time = np.ones(1) if len(epochs) == 1 else np.linspace(0, 1, len(epochs))
    end = random.uniform(*(GOOD if good else BAD))
    return np.clip((APPROACHES | BREAKS)[shape](time, end) + random.uniform(-NOISE, NOISE, len(epochs)), 0, 1)


def _written(quality: Floats, measure: Measure) -> Curve:
    return Curve.of(WRITTEN[measure.name](quality))


def _last(curve: Curve) -> str:
    return f"{curve.values[-1]:.3g} at its end"
