"""The curves on which stoppers are examined, and what a stopper says along one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Floats
from ..evidence import Evidence, all_of
from ..probe import Probe
from ..subject import StopperSubject
from .calls import Outcome, same

EPOCHS = 30


@dataclass(frozen=True)
class Curve:
    """Scores, one an epoch, for parameters of some size."""

    scores: tuple[float, ...]
    width: int = 7

    def __str__(self) -> str:
        shown = ", ".join(f"{score:.3g}" for score in self.scores[:8])
        return f"scores {shown}{', ...' if len(self.scores) > 8 else ''} of {self.width} parameters"


class Watched:
    """A stopper that is shown a curve, epoch by epoch, in one array of parameters, as a training does; with all that it says."""

    def __init__(self, stopper: Any, curve: Curve, dtype: Any) -> None:
        self.stopper, self.curve, self.said, self.stopped = stopper, curve, list[Outcome](), False
        self.parameters = np.zeros(curve.width, dtype)

    def show(self, epochs: int = EPOCHS) -> Watched:
        """The next epochs, up to the end of the curve or until it asks to stop."""
        for score in self.curve.scores[len(self.said) :][:epochs]:
            if not self.stopped:
                epoch = len(self.said) + 1
                self.parameters[:] = values_of(epoch, self.curve.width)
                self.stopped = bool(self.stopper.observe(epoch, score, self.parameters))
                best: Any = self.stopper.best() or (0, np.zeros(0))
                self.said.append({"answer": np.array(self.stopped), "best epoch": np.array(best[0]), "best parameters": np.array(best[1])})
        return self


def values_of(epoch: int, width: int) -> Floats:
    """The parameters of an epoch, none like another's."""
    return epoch + np.arange(width) / 64.0


def curves(probe: Probe, count: int = 4) -> list[Curve]:
    """Falling and rising, noisy, with ties."""
    random = probe.random("curves")
    shape = np.abs(np.arange(EPOCHS) - random.uniform(3, 12, (count, 1))) / 10
    noisy = np.round(shape + random.normal(size=(count, EPOCHS)) * random.choice([0, 0.1, 1], (count, 1)), 1)
    return [Curve(tuple(map(float, scores)), width) for scores, width in zip(noisy, (7, 7, 33, 1), strict=False)]


def make(examined: StopperSubject, which: int = 0) -> Any:
    """A new stopper, with fewer epochs to wait than the defaults say."""
    known = examined.implementation.technique.hyperparameters
    return examined.make(**{name: 5 + which if bounds.integer else 0.05 * which for name, bounds in known.items()})


def watched(examined: StopperSubject, curve: Curve, which: int = 0) -> Watched:
    """A new stopper and its curve."""
    return Watched(make(examined, which), curve, examined.dtype)


def agree(found: Sequence[Outcome], expected: Sequence[Outcome], words: str) -> Evidence:
    """Two stoppers said the same after every epoch."""
    return all_of(*(same(one, other, f"{words}, epoch {epoch}") for epoch, (one, other) in enumerate(zip(found, expected, strict=True), 1)))
