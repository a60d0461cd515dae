"""The works that everybody is timed on: one network each, trained on digits for twenty epochs, once for every seed.

| work | network       | batch | besides                                    |
|------|---------------|-------|--------------------------------------------|
| W    | 64-128-128-10 | 32    |                                            |
| S    | 64-32-32-10   | 16    |                                            |
| D    | 64-128-128-10 | 32    | dropout 0.5 after both hidden layers, L2   |
| M    | 64-128-128-10 | 32    | Maxout of 2 pieces in place of ReLU        |
| B    | 64-128-128-10 | 128   |                                            |

The penalty adds 1e-4 times the weights, not the biases, to the gradient. All of them: ReLU but for M, Adam with a learning rate of 1e-3, softmax
cross-entropy, float32, He's normal initial weights. An epoch is an update for every mini-batch of the 1,079 training rows in a fresh random order,
the last and smaller batch included. A run of seed s trains on the rows that the project's own split of seed s gives, in every library. What is
returned is the share of the test rows that is right after the last epoch; the works whose names end in `-measured` also take loss and accuracy on
training, validation and test rows after every epoch.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from trickbench.harness.recipe import Recipe

EPOCHS = 20
FEATURES, CLASSES = 64, 10
ROWS = {"train": 1079, "validation": 359, "test": 359}
LEARNING_RATE, BETA1, BETA2, EPSILON = 1e-3, 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Work:
    """One row of the table above."""

    name: str
    hidden: tuple[int, ...] = (128, 128)
    batch: int = 32
    dropout: float = 0.0
    penalty: float = 0.0
    pieces: int = 1
    """Linear pieces a hidden unit: above 1 it is Maxout, else ReLU."""
    measured: bool = False
    epochs: int = EPOCHS

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Inputs and pre-activations of every layer."""
        widths = (FEATURES, *self.hidden, CLASSES)
        return [(fan_in, units * (self.pieces if units_at < len(self.hidden) else 1)) for units_at, (fan_in, units) in enumerate(pairwise(widths))]

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return sum((fan_in + 1) * columns for fan_in, columns in self.shapes)

    @property
    def updates(self) -> int:
        """Mini-batches of a run."""
        return self.epochs * -(-ROWS["train"] // self.batch)

    @property
    def rows(self) -> int:
        """Training rows that a run passes through the network, once an epoch each."""
        return self.epochs * ROWS["train"]

    @property
    def operations(self) -> int:
        """Multiplications and additions of a run's matrix products: forward, by the weights, and by the inputs of all layers but the first."""
        weights = [fan_in * columns for fan_in, columns in self.shapes]
        training = 2 * ROWS["train"] * (3 * sum(weights) - weights[0])
        looks = self.epochs if self.measured else 0
        return self.epochs * training + 2 * sum(weights) * (looks * sum(ROWS.values()) if looks else ROWS["test"])

    @property
    def optimiser_bytes(self) -> int:
        """What Adam moves in a run: parameters and two moments read and written, the gradient read; 4 bytes each."""
        return self.updates * self.parameters * 7 * 4

    @property
    def optimiser_set(self) -> int:
        """Bytes of parameters, gradient and two moments: what a run's updates work on."""
        return self.parameters * 4 * 4

    @property
    def recipe(self) -> Recipe:
        """The same in the project's own words."""
        from trickbench.harness.recipe import Recipe

        return Recipe(
            activation=f"maxout[pieces={self.pieces}]" if self.pieces > 1 else "relu",
            optimizer="adam",
            initializer="he",
            dropout=f"dropout[rate={self.dropout}]" if self.dropout else "none",
            penalty=f"l2[strength={self.penalty}]" if self.penalty else "none",
            hidden=self.hidden,
            batch=self.batch,
        )


_PLAIN = (
    Work("W"),
    Work("S", hidden=(32, 32), batch=16),
    Work("D", dropout=0.5, penalty=1e-4),
    Work("M", pieces=2),
    Work("B", batch=128),
)
WORKS: dict[str, Work] = {
    work.name: work for plain in _PLAIN for work in (plain, *([replace(plain, name=f"{plain.name}-measured", measured=True)] * (plain.name in "WS")))
}


@dataclass(frozen=True)
class Part:
    """Some rows: inputs (rows, features) in float32, the numbers of their classes (rows,)."""

    inputs: NDArray[np.float32]
    labels: NDArray[np.int64]


@functools.lru_cache(maxsize=256)
def parts(seed: int) -> dict[str, Part]:
    """The training, validation and test rows of a seed."""
    from trickbench.harness.execution import splits

    split = splits("digits", seed, "float32")
    return {name: Part(np.array(getattr(split, name).inputs), getattr(split, name).targets.argmax(axis=1)) for name in ROWS}


def initial(work: Work, seed: int) -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """He's normal weights and zero biases of every layer."""
    random = np.random.default_rng([seed, 1])
    return [
        (random.normal(0, np.sqrt(2 / fan_in), (fan_in, columns)).astype(np.float32), np.zeros(columns, np.float32))
        for fan_in, columns in work.shapes
    ]


def orders(work: Work, seed: int) -> NDArray[np.int64]:
    """A random order of the training rows for every epoch: shape (epochs, rows)."""
    random: Any = np.random.default_rng([seed, 2])
    return np.stack([random.permutation(ROWS["train"]) for _ in range(work.epochs)])


def noise(work: Work, seed: int) -> Iterator[NDArray[np.uint8]]:
    """For dropout, an epoch at a time, a random byte of every row and hidden unit; no columns without dropout.

    A unit is dropped where its byte is below 256 times the rate, exact for 0.5. NumPy's SFC64 is what every library takes them from: their own
    generators take ten times as long (XLA's) and a hundred times (PyTorch's).
    """
    random, shape = np.random.Generator(np.random.SFC64([seed, 3])), (ROWS["train"], sum(work.hidden) if work.dropout else 0)
    for _ in range(work.epochs):
        yield np.frombuffer(random.bytes(shape[0] * shape[1]), np.uint8).reshape(shape)
