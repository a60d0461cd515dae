"""What a member of each family offers: the contracts between the harness and every technique.

A member is a class without constructor arguments. Its methods are plain Python (NumPy, torch, anything) or kernels (`kernel.py`), which take
the same arguments without `self`. Arrays named as outputs are written and nothing else is; no method keeps state between calls, except a
`Stopper`, which is made anew for every run. A class may declare more than its methods: `conventions` and `departures` (`technique.py`); what
claims of agreement compare: `state_holds`, the names of an optimiser's rows, `stream`, the name of the random numbers that several forms share, and
`rows_stand_alone = False` where a dropout's masks depend on the number of rows; and `elementwise = True` where an optimiser moves each parameter by
its own gradient and state alone, so that it may be called on parts. The words of the annotations stand in `arrays.py`.

| family      | called                                             | writes                          |
|-------------|----------------------------------------------------|---------------------------------|
| Activation  | once a hidden layer and mini-batch, each way       | `a`; `dz`                       |
| Loss        | once a mini-batch                                  | `dz`                            |
| Penalty     | once a mini-batch, on the weights, not the biases  | `gradient` (added); `weights`   |
| Optimizer   | once a mini-batch and parameter group              | `parameters`, `state`           |
| Dropout     | once a dropped-out layer and mini-batch            | `mask`                          |
| Initializer | once a layer, before training                      | `weights`                       |
| Stopper     | once an epoch                                      | itself                          |

A judge is a family that no training calls: it says something of what a training left.

| judge       | called                                             | answers                         |
|-------------|----------------------------------------------------|---------------------------------|
| Diagnoser   | once a training, when it is over                   | a diagnosis                     |
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .arrays import Floats, Key, Matrix, Real, Vector

if TYPE_CHECKING:
    from .diagnosis.curves import History
    from .diagnosis.diagnosed import Diagnosed


class Activation(Protocol):
    """An elementwise function, or a maximum over `pieces` values."""

    def forward(self, z: Matrix, a: Matrix) -> None:
        """Write the activations of `z` (rows, pieces * units) into `a` (rows, units). Piece p of unit u stands in column p * units + u."""
        ...

    def backward(self, da: Matrix, z: Matrix, a: Matrix, dz: Matrix) -> None:
        """Write the loss's derivative by `z` into `dz`, given that by `a` in `da`; `a` is forward's own output, before any mask."""
        ...


class Loss(Protocol):
    """How far outputs lie from targets: the weighted mean over the rows."""

    def value(self, z: Matrix, targets: Matrix, sample_weight: Vector) -> float:
        """The loss of outputs `z` (rows, outputs) against `targets` of the same shape (one-hot for classes), rows weighted by `sample_weight`."""
        ...

    def gradient(self, z: Matrix, targets: Matrix, sample_weight: Vector, dz: Matrix) -> None:
        """Write the derivative of `value` by `z` into `dz`."""
        ...


class Penalty(Protocol):
    """A price on large weights, as a term of the gradient or as a step of its own after the update."""

    def value(self, weights: Vector, strength: Real) -> float:
        """The penalty itself."""
        ...

    def add_gradient(self, weights: Vector, strength: Real, gradient: Vector) -> None:
        """Add the penalty's (sub)gradient to `gradient`; a proximal form adds nothing."""
        ...

    def after_update(self, weights: Vector, strength: Real, learning_rate: Real) -> None:
        """Change `weights` in place after the optimiser has moved them; only proximal forms do."""
        ...


class Optimizer(Protocol):
    """A rule that moves parameters against their gradient. `state_rows` says how many numbers it remembers for each parameter."""

    state_rows: int

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        """Move `parameters` and advance `state` (state_rows, parameters; zeros before the first step) in place; `step` counts from 1.

        `hyperparameters` holds the technique's values in their declared order, the learning rate first.
        """
        ...


class Dropout(Protocol):
    """Random masks for training and the factor that replaces them in testing."""

    def draw(self, key: Key, step: int, layer: int, rate: float, mask: Matrix) -> None:
        """Fill `mask` (rows, units) with the factors that units are multiplied by: a pure function of the other arguments."""
        ...

    def test_scale(self, rate: float) -> float:
        """The factor on a layer's outputs when nothing is dropped."""
        ...


class Initializer(Protocol):
    """The distribution of the weights before training."""

    def fill(self, weights: Matrix, fan_in: int, fan_out: int, random: np.random.Generator) -> None:
        """Fill `weights` with draws from `random`. For several pieces a unit, `fan_out` counts units: each piece is a layer of its own."""
        ...


class Stopper(Protocol):
    """Watches a score that should fall and says when to stop; keeps the parameters of the best epoch."""

    def __init__(self, **hyperparameters: float) -> None: ...

    def observe(self, epoch: int, score: float, parameters: Floats) -> bool:
        """Take note of an epoch (counted from 1) and answer whether training should end now."""
        ...

    def best(self) -> tuple[int, Floats] | None:
        """The best epoch and a copy of its parameters; None before any finite score."""
        ...


class Diagnoser(Protocol):
    """Says what is wrong with a training, from its learning curves: the words and their order stand in `diagnosed.py`."""

    def diagnose(self, history: History) -> Diagnosed:
        """The diagnosis of one training, whose history is left as it is."""
        ...

    def again(self, before: Diagnosed, history: History) -> Diagnosed:
        """The diagnosis of the training that was made after a remedy against what was diagnosed `before`."""
        ...


FAMILIES: dict[str, type[Any]] = {
    "activation": Activation,
    "loss": Loss,
    "penalty": Penalty,
    "optimizer": Optimizer,
    "dropout": Dropout,
    "initializer": Initializer,
    "stopper": Stopper,
}
"""What a training is made of."""

JUDGES: dict[str, type[Any]] = {"diagnosis": Diagnoser}
"""What is told of a training when it is over."""

COMPILED: dict[str, tuple[str, ...]] = {
    "activation": ("forward", "backward"),
    "loss": ("value", "gradient"),
    "penalty": ("add_gradient", "after_update"),
    "optimizer": ("update",),
    "dropout": ("draw",),
}
"""The methods that the training loop calls: where all of a run's are kernels, the whole loop runs compiled."""


def methods(family: str) -> dict[str, Callable[..., Any]]:
    """The contract of every method of a family, by name."""
    members = vars((FAMILIES | JUDGES)[family]).items()
    return {name: member for name, member in members if callable(member) and not name.startswith("_")}
