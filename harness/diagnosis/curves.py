"""Learning curves as a diagnosis takes them: what was recorded of one training, whoever recorded it.

    History
      losses, scores    a Curve for each part that was measured: train, validation, test
      gradients         a Curve of the gradient's norm for each layer, the first layer's first
      measure           what the scores are: their direction, what is perfect, what a constant prediction scores

A part that was not recorded is absent, and an epoch at which nothing was recorded has no entry. NaN and infinity in a curve were recorded: the
training had them. Shares and percentages are told apart by the readers (`columns.py`): here every accuracy is a share, and `percent` remembers how it
was written, for what people type and read.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import InputError

Part = Literal["train", "validation", "test"]
PARTS: tuple[Part, ...] = get_args(Part)
Numbers = NDArray[np.float64]


class Bounds(NamedTuple):
    """Between which two numbers something lies; both the same where it is known, NaN where nothing is."""

    low: float
    high: float

    @property
    def words(self) -> str:
        """`from 0 to 1`, `up to 1`, `from 0`; without ends, that it is finite."""
        ends = [f"from {self.low:g}"] if math.isfinite(self.low) else []
        ends += [f"{'to' if ends else 'up to'} {self.high:g}"] if math.isfinite(self.high) else []
        return " ".join(ends) or "that is finite"


UNKNOWN = Bounds(float("nan"), float("nan"))
FEWEST_CLASSES = Bounds(0.0, 0.5)
"""What a constant prediction gets right of balanced classes: at most half, if there are two."""


@dataclass(frozen=True)
class Measure:
    """What a curve is of."""

    name: str
    higher_is_better: bool
    perfect: float
    chance: Bounds = UNKNOWN
    """What a constant prediction scores. Unknown for losses: the first recorded one stands for it."""
    share: bool = False
    """Whether it lies in [0, 1] and may be written in per cent."""

    @property
    def range(self) -> Bounds:
        """Between what it lies. A loss may be anything: that of a density is negative."""
        if self.share:
            return Bounds(0.0, 1.0)
        if self is LOSS:
            return Bounds(-np.inf, np.inf)
        return Bounds(-np.inf, self.perfect) if self.higher_is_better else Bounds(self.perfect, np.inf)

    def better(self, value: float, than: float) -> bool:
        """Whether a value is at least as good as another."""
        return value >= than if self.higher_is_better else value <= than


LOSS = Measure("loss", higher_is_better=False, perfect=0.0)
MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        LOSS,
        Measure("accuracy", higher_is_better=True, perfect=1.0, chance=FEWEST_CLASSES, share=True),
        Measure("error", higher_is_better=False, perfect=0.0, chance=Bounds(0.5, 1.0), share=True),
        Measure("f1", higher_is_better=True, perfect=1.0, chance=FEWEST_CLASSES, share=True),
        Measure("auc", higher_is_better=True, perfect=1.0, chance=Bounds(0.5, 0.5), share=True),
        Measure("r2", higher_is_better=True, perfect=1.0, chance=Bounds(0.0, 0.0)),
        Measure("score", higher_is_better=True, perfect=1.0, chance=FEWEST_CLASSES),
        Measure("mse", higher_is_better=False, perfect=0.0),
        Measure("rmse", higher_is_better=False, perfect=0.0),
        Measure("mae", higher_is_better=False, perfect=0.0),
    )
}
"""`score` is scikit-learn's: accuracy of a classifier, R² of a regressor."""


@dataclass(frozen=True, eq=False)
class Curve:
    """Values by epoch: both (n,), n at least 1, epochs rising. Neither can be written to."""

    epochs: Numbers
    values: Numbers

    @classmethod
    def of(cls, values: ArrayLike, epochs: ArrayLike | None = None) -> Curve:
        """Values of every epoch from 1, or of the epochs given. Raises `InputError` for other shapes, no values, or epochs that do not rise."""
        numbers = np.array(values, np.float64)
        counted = np.arange(1.0, numbers.size + 1) if epochs is None else np.array(epochs, np.float64)
        if numbers.ndim != 1 or numbers.size == 0 or counted.shape != numbers.shape:
            raise InputError(f"A curve has values of shape {numbers.shape} at epochs of shape {counted.shape}; accepted is a list of each, as long.")
        if not np.isfinite(counted).all() or (np.diff(counted) <= 0).any():
            raise InputError(f"The epochs of a curve are {counted[:6].tolist()}...; accepted are numbers that rise, each once.")
        numbers.flags.writeable = counted.flags.writeable = False
        return cls(counted, numbers)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def finite(self) -> bool:
        """Whether every value is a number."""
        return bool(np.isfinite(self.values).all())


@dataclass(frozen=True, eq=False)
class History:
    """What was recorded of one training, and what is known besides."""

    losses: Mapping[Part, Curve] = field(default_factory=dict[Part, Curve])
    scores: Mapping[Part, Curve] = field(default_factory=dict[Part, Curve])
    measure: Measure = LOSS
    """Of the scores; `LOSS` where there are none."""
    gradients: tuple[Curve, ...] = ()
    target: float | None = None
    """The result that is called good, in the unit of `measure`."""
    chance: float | None = None
    """What a constant prediction scores, in the unit of `measure`, where it is known better than the measure knows it."""
    reachable: float | None = None
    """The best validation result that any training of the same data is known to reach, in the unit of `measure`."""
    kept: float | None = None
    """The epoch whose parameters were kept, where they are not the last one's."""
    diverged: bool = False
    """Whether whoever trained it says that it diverged."""
    message: str = ""
    """Why, in their words."""
    name: str = ""
    percent: bool = False
    """Whether whoever recorded the scores wrote them in per cent; what is typed for them (a target) is in per cent then."""

    def __post_init__(self) -> None:
        if self.scores and self.measure is LOSS:
            raise InputError("A history has scores, but its measure is the loss; say which measure they are of, such as MEASURES['accuracy'].")

    def judged(self, part: Part) -> tuple[Curve, Measure] | None:
        """The curve by which the result on a part is judged: its score, else its loss."""
        if part in self.scores:
            return self.scores[part], self.measure
        return (self.losses[part], LOSS) if part in self.losses else None

    def written(self, value: float, measure: Measure, digits: int = 3) -> str:
        """A result in the unit in which it was recorded."""
        return f"{100 * value:.{digits}g} %" if self.percent and measure.share else f"{value:.{digits}g}"

    @property
    def held_out(self) -> Part | None:
        """The part whose result is the test result: test, else validation."""
        return next((part for part in ("test", "validation") if self.judged(part) is not None), None)

    @property
    def progress(self) -> tuple[Curve, Measure] | None:
        """The curve by which the course of the training is judged: its loss, which is what it lowers, else its score."""
        if "train" in self.losses:
            return self.losses["train"], LOSS
        return (self.scores["train"], self.measure) if "train" in self.scores else None
