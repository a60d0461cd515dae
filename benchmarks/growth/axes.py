"""The axes along which a study can grow, and by how much its work grows with each.

| axis    | what grows                                             | steps that are timed                        | its work          |
|---------|--------------------------------------------------------|---------------------------------------------|-------------------|
| runs    | runs of a study: a network of 8 units, iris, one epoch | plan; run; again, nothing left; report      | runs              |
| widths  | units of both hidden layers: digits, batches of 32     | an epoch's updates; a look at all rows      | weights           |
| depth   | hidden layers of 32 units: digits, batches of 32       | the same                                    | weights           |
| data    | rows of 20 columns, two hidden layers of 32 units      | load; split; an epoch's updates; a look     | rows              |
| per-run | runs of a study at a time: work W of the peers         | a run, the same number of them in portions  | none: it is flat  |

A cost in proportion to the work is what one may hope for: weights are the multiply-adds of one row, so that time over weights is a speed. In the
width itself the exponent of such a cost comes to 2. What is flat is compared with its smallest size instead.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

FEATURES, CLASSES = 64, 10
"""Of digits."""
LAYER = 32
"""Units of a hidden layer where it is not the width that grows."""


@dataclass(frozen=True)
class Axis:
    """One row of the table above."""

    name: str
    title: str
    unit: str
    sizes: tuple[int, ...]
    quick: tuple[int, ...]
    beyond: tuple[int, ...]
    """Larger than anybody needs: where it breaks."""
    steps: tuple[str, ...]
    work: Callable[[int], float]
    of_work: str
    rounds: int = 3
    flat: bool = False
    """Whether the time of a step should not grow at all."""

    def __post_init__(self) -> None:
        every = [*self.sizes, *self.beyond]
        if every != sorted(set(every)) or not set(self.quick) <= set(self.sizes):
            raise ValueError(f"{self.name} has sizes {every} and quick ones {self.quick}; give ascending ones, the quick among them.")


def weights(hidden: tuple[int, ...], features: int = FEATURES, outputs: int = CLASSES) -> int:
    """Of all layers, biases left out: the multiply-adds of one row's way forward."""
    return sum(fan_in * units for fan_in, units in pairwise((features, *hidden, outputs)))


def wide(width: int) -> tuple[int, ...]:
    """The hidden layers of the axis of widths."""
    return (width, width)


def deep(depth: int) -> tuple[int, ...]:
    """The hidden layers of the axis of depth."""
    return (LAYER,) * depth


LEARNING = ("updates", "look")

AXES: dict[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis(
            "runs", "Runs of a study", "runs", (10, 100, 1000, 10_000), (10, 100), (100_000,),
            ("plan", "run", "again", "report"), float, "runs",
        ),
        Axis(
            "widths", "Width of two hidden layers", "units", (16, 32, 64, 128, 256, 512, 1024), (16, 64), (2048, 4096),
            LEARNING, lambda width: weights(wide(width)), "weights",
        ),
        Axis(
            "depth", "Hidden layers of 32 units", "layers", (1, 2, 4, 8, 16, 32), (1, 4), (64, 128, 256),
            LEARNING, lambda depth: weights(deep(depth)), "weights",
        ),
        Axis(
            "data", "Rows of a dataset", "rows", (1000, 10_000, 100_000, 1_000_000), (1000, 10_000), (10_000_000,),
            ("load", "split", *LEARNING), float, "rows",
        ),
        Axis(
            "per-run", "Runs at a time", "runs", (8, 32, 128), (8, 32), (512,), ("a run",), lambda _: 1.0, "nothing", rounds=5, flat=True,
        ),
    )
}  # fmt: skip
