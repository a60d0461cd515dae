"""One implementation bound for one dtype, with its methods as functions from arrays to arrays: what a check examines.

Every method is called in the form in which it runs: kernels as machine code, everything else as it is. Arguments are copied into
contiguous arrays of the dtype and outputs are filled with NaN beforehand, so that what is not written shows, and what a check hands in is
never changed. There is one class for each family.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from .arrays import Floats
from .errors import unknown
from .families import methods
from .kernel import Kernel
from .technique import Implementation

if TYPE_CHECKING:
    from .diagnosis.curves import History
    from .diagnosis.diagnosed import Diagnosed


class Subject:
    """What the subjects of all families have in common."""

    def __init__(self, implementation: Implementation, dtype: str | np.dtype[Any]) -> None:
        self.implementation = implementation
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        self.eps = float(np.finfo(self.dtype).eps)
        self._bound: dict[str, Callable[..., Any]] = {}

    def __repr__(self) -> str:
        return f"<{self.name} in {self.dtype}>"

    @property
    def name(self) -> str:
        """`technique/variant`."""
        return self.implementation.name

    @property
    def technique(self) -> str:
        """The technique's name."""
        return self.implementation.technique.name

    @property
    def conventions(self) -> Mapping[str, str]:
        """What it declares, or the technique's first choices."""
        return self.implementation.conventions

    @cached_property
    def member(self) -> Any:
        """An instance of the implementation's class."""
        return self.implementation.create()

    def method(self, name: str) -> Callable[..., Any]:
        """One method in the form in which it runs; takes raw arrays, as the contract says."""
        if name not in self._bound:
            function, contract = getattr(self.member, name), methods(self.implementation.technique.family)[name]
            self._bound[name] = function.compiled(contract, self.dtype) if isinstance(function, Kernel) else function
        return self._bound[name]

    def array(self, values: Any) -> Floats:
        """A contiguous copy of the values in this dtype."""
        with np.errstate(over="ignore", under="ignore"):
            return np.array(values, self.dtype, order="C")

    def empty(self, *shape: int) -> Floats:
        """An output to be written: NaN everywhere."""
        return np.full(shape, np.nan, self.dtype)

    def rounded(self, value: float) -> float:
        """A number as this dtype holds it."""
        return float(self.dtype.type(value))

    def hyperparameters(self, **given: float) -> dict[str, float]:
        """All hyperparameters as this dtype holds them: the technique's defaults, and the given ones in their place."""
        known = self.implementation.technique.hyperparameters
        for name in given:
            if name not in known:
                raise unknown(f"hyperparameter of {self.technique}", name, known)
        return {name: self.rounded(given.get(name, bounds.default)) for name, bounds in known.items()}


class ActivationSubject(Subject):
    """`z` (rows, pieces * units) to `a` (rows, units)."""

    def forward(self, z: Any, pieces: int = 1) -> Floats:
        """The activations of `z`."""
        z = self.array(z)
        a = self.empty(z.shape[0], z.shape[1] // pieces)
        self.method("forward")(z, a)
        return a

    def backward(self, da: Any, z: Any, pieces: int = 1) -> Floats:
        """The derivative by `z`, given that by the activations of `z`."""
        a = self.forward(z, pieces)
        z = self.array(z)
        dz = self.empty(*z.shape)
        self.method("backward")(self.array(da), z, a, dz)
        return dz

    def derivative(self, z: Any) -> Floats:
        """The derivative of an elementwise activation: `backward` of ones."""
        return self.backward(np.ones(np.shape(z)), z)


class LossSubject(Subject):
    """`z` and `targets` (rows, outputs), `sample_weight` (rows,), ones unless given."""

    def value(self, z: Any, targets: Any, sample_weight: Any = None) -> float:
        """The loss."""
        weight = np.ones(len(z)) if sample_weight is None else sample_weight
        return float(self.method("value")(self.array(z), self.array(targets), self.array(weight)))

    def gradient(self, z: Any, targets: Any, sample_weight: Any = None) -> Floats:
        """Its derivative by `z`."""
        weight = np.ones(len(z)) if sample_weight is None else sample_weight
        dz = self.empty(*np.shape(z))
        self.method("gradient")(self.array(z), self.array(targets), self.array(weight), dz)
        return dz


class PenaltySubject(Subject):
    """`weights` (n,)."""

    def value(self, weights: Any, strength: float) -> float:
        """The penalty."""
        return float(self.method("value")(self.array(weights), self.dtype.type(strength)))

    def gradient(self, weights: Any, strength: float, onto: Any = None) -> Floats:
        """What stands in the gradient after the penalty was added to `onto` (zeros unless given)."""
        gradient = self.array(np.zeros(np.shape(weights)) if onto is None else onto)
        self.method("add_gradient")(self.array(weights), self.dtype.type(strength), gradient)
        return gradient

    def after_update(self, weights: Any, strength: float, learning_rate: float) -> Floats:
        """The weights after the step that follows the optimiser's."""
        weights = self.array(weights)
        self.method("after_update")(weights, self.dtype.type(strength), self.dtype.type(learning_rate))
        return weights

    def descend(self, weights: Any, gradient: Any, strength: float, learning_rate: float) -> Floats:
        """One step of plain descent on loss and penalty: `gradient` is the loss's."""
        weights = self.array(weights)
        total = self.gradient(weights, strength, gradient)
        return self.after_update(weights - self.dtype.type(learning_rate) * total, strength, learning_rate)


@dataclass(frozen=True)
class Walk:
    """A walk of an optimiser: `positions` (steps + 1, n), the start first; `states` (steps + 1, rows, n); `movements` (steps, n)."""

    positions: Floats
    states: Floats
    movements: Floats
    """Each step measured from 0 where the walk was made with `from_zero`, else differences of positions."""


class OptimizerSubject(Subject):
    """Parameters and gradients (n,)."""

    @property
    def state_rows(self) -> int:
        """How many numbers it remembers for each parameter."""
        return self.member.state_rows

    def walk(
        self, gradients: Floats | Callable[[Floats, int], Any], *, steps: int | None = None, start: Any = 0.0, state: Floats | None = None,
        first_step: int = 1, from_zero: bool = False, **hyperparameters: float | Sequence[float] | Floats,
    ) -> Walk:  # fmt: skip
        """Walk over gradients (steps, n), or over a function of position and step.

        A hyperparameter may be a sequence, one value a step. With `from_zero` parameters are set back to 0 before every update, so that the
        movements are exact even where they are tiny against the positions; the positions are then sums of movements in float64.
        `state` and `first_step` continue an earlier walk.
        """
        count = len(gradients) if steps is None and not callable(gradients) else int(steps or 0)
        width = np.size(start) if callable(gradients) else np.shape(gradients)[1]
        position = self.array(np.broadcast_to(start, (width,)))
        current = self.array(np.zeros((self.state_rows, width)) if state is None else state)
        positions, states = [position.astype(np.float64 if from_zero else self.dtype)], [current.copy()]
        movements: list[Floats] = []
        for index in range(count):
            values = {name: float(np.broadcast_to(value, (count,))[index]) for name, value in hyperparameters.items()}
            vector = self.array(list(self.hyperparameters(**values).values()))
            gradient = self.array(gradients(positions[-1], first_step + index) if callable(gradients) else gradients[index])
            before = self.array(np.zeros(width)) if from_zero else position.copy()
            position = before.copy()
            self.method("update")(position, gradient, current, vector, first_step + index)
            movements.append(position - before)
            positions.append(positions[-1] + position if from_zero else position.copy())
            states.append(current.copy())
        return Walk(np.array(positions), np.array(states), np.array(movements).reshape(count, width))


class DropoutSubject(Subject):
    """Masks (rows, units)."""

    def mask(self, rows: int, units: int, *, rate: float, key: int = 1, step: int = 1, layer: int = 0) -> Floats:
        """The factors of one layer and update."""
        mask = self.empty(rows, units)
        self.method("draw")(np.uint64(key), step, layer, rate, mask)
        return mask

    def test_scale(self, rate: float) -> float:
        """The factor at test time."""
        return float(self.method("test_scale")(rate))


class InitializerSubject(Subject):
    """Weights (fan_in, pieces * fan_out)."""

    def weights(self, fan_in: int, fan_out: int, random: np.random.Generator, pieces: int = 1) -> Floats:
        """A layer's first weights."""
        weights = self.empty(fan_in, pieces * fan_out)
        self.method("fill")(weights, fan_in, fan_out, random)
        return weights


@dataclass(frozen=True)
class Stop:
    """Where a stopper ended a curve: epochs seen, whether it asked to stop, its best epoch (0 for none) with the parameters it kept."""

    epochs: int
    stopped: bool
    best_epoch: int
    best_parameters: Floats | None


class StopperSubject(Subject):
    """Curves of scores, one an epoch."""

    def make(self, **hyperparameters: float) -> Any:
        """A new stopper."""
        known = self.implementation.technique.hyperparameters
        values = {name: hyperparameters.get(name, bounds.default) for name, bounds in known.items()}
        return self.implementation.create(**{name: int(value) if known[name].integer else value for name, value in values.items()})

    def run(self, scores: Sequence[float] | Floats, **hyperparameters: float) -> Stop:
        """Show it a curve until it stops. The parameters of epoch e hold e; one array is used throughout, as a training loop does."""
        stopper, parameters, stopped, epoch = self.make(**hyperparameters), self.array(np.zeros(3)), False, 0
        for epoch, score in enumerate(scores, 1):
            parameters[:] = epoch
            stopped = bool(stopper.observe(epoch, float(score), parameters))
            if stopped:
                break
        parameters[:] = -1  # what it kept by reference is lost now
        best = stopper.best()
        return Stop(epoch, stopped, *((0, None) if best is None else (int(best[0]), np.array(best[1]))))


class DiagnosisSubject(Subject):
    """Histories of trainings."""

    def diagnose(self, history: History) -> Diagnosed:
        """The diagnosis of one training."""
        return self.method("diagnose")(history)

    def again(self, before: Diagnosed, history: History) -> Diagnosed:
        """The diagnosis after a remedy."""
        return self.method("again")(before, history)


SUBJECTS: dict[str, type[Subject]] = {
    "activation": ActivationSubject,
    "loss": LossSubject,
    "penalty": PenaltySubject,
    "optimizer": OptimizerSubject,
    "dropout": DropoutSubject,
    "initializer": InitializerSubject,
    "stopper": StopperSubject,
    "diagnosis": DiagnosisSubject,
}


def subject(implementation: Implementation, dtype: str | np.dtype[Any]) -> Any:
    """The implementation as its family's subject."""
    return SUBJECTS[implementation.technique.family](implementation, dtype)
