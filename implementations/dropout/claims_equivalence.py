"""The two forms of dropout, kept units scaled up in training or all units scaled down in testing, are one model.

Two hidden layers with different rates are read by two matrices. Theirs are 1 - p times as large in the inverted network, p that of the layer read;
everything else is equal. One form is the implementation's, the other the reference's factors at the places that the implementation dropped.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, true
from ...harness.network import backward
from ...harness.probe import Probe
from ...harness.stack import Stack
from ...harness.subject import DropoutSubject, OptimizerSubject, PenaltySubject
from ._thinned import drawn_factor

WIDTHS = (3, 6, 5, 2)
ROWS, STEPS = 5, 4
EXACT, ROUNDED = (0.5, 0.75), (0.3, 0.6)
DESCENTS = {"sgd": {"learning_rate": 0.5}, "momentum": {"learning_rate": 0.3, "momentum": 0.8}}
ADAPTIVE = {
    "rmsprop": {"learning_rate": 0.05, "epsilon": 0.03},
    "adagrad": {"learning_rate": 0.1, "epsilon": 0.03},
    "adam": {"learning_rate": 0.05, "epsilon": 0.03},
}
"""With an epsilon of the size of the gradients, so that it matters."""
PENALISED = (("sgd", "l2"), ("sgd", "l1"), ("momentum", "l2"), ("adam", "l2"), ("adam", "l1"))


@dataclass(frozen=True)
class Form:
    """One form of dropout in a network: its factors, and how much smaller the matrices that read hidden layers are (1 for the test-time form)."""

    masks: list[list[Floats]]
    """For every step, one for each hidden layer."""
    tested: list[float]
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Training:
    """What both forms are trained with: the optimiser, its hyperparameters for the test-time form, a penalty, the size to clip gradients to."""

    optimizer: OptimizerSubject
    hyperparameters: dict[str, float]
    penalty: PenaltySubject | None = None
    strength: float = 0.05
    clip: float = np.inf

    def of(self, share: float) -> dict[str, Any]:
        """The hyperparameters for a matrix that is `share` times as large."""
        adaptive = "epsilon" in self.hyperparameters
        changed = {"learning_rate": self.hyperparameters["learning_rate"] * share ** (1 if adaptive else 2)}
        return self.hyperparameters | changed | ({"epsilon": self.hyperparameters["epsilon"] / share} if adaptive else {})

    def strength_of(self, share: float) -> float:
        """The penalty's strength for such a matrix."""
        return self.strength / share ** (2 if self.penalty is not None and self.penalty.technique == "l2" else 1)

    def __str__(self) -> str:
        values = ", ".join(f"{name} {value:g}" for name, value in self.hyperparameters.items())
        return f"{self.optimizer.technique} ({values})" + (f" with {self.penalty.technique} {self.strength:g}" if self.penalty else "")


@dataclass(frozen=True)
class Start:
    """Weights and biases of the test-time form, inputs and targets."""

    weights: Sequence[Floats]
    biases: Sequence[Floats]
    inputs: Floats
    targets: Floats

    @classmethod
    def drawn(cls, random: np.random.Generator) -> Start:
        """Weights away from 0, where L1's sign would turn."""
        pairs = list(itertools.pairwise(WIDTHS))
        weights = [random.choice([-1, 1], pair) * random.uniform(0.5, 1.5, pair) for pair in pairs]
        biases = [random.normal(size=pair[1]) for pair in pairs]
        return cls(weights, biases, random.normal(size=(ROWS, WIDTHS[0])), 2 * random.normal(size=(ROWS, WIDTHS[-1])))

    def shaken(self, random: np.random.Generator, by: float) -> Start:
        """All numbers changed by this share of themselves, up or down."""
        change = lambda values: values * (1 + by * random.choice([-1, 1], values.shape))  # noqa: E731
        return Start([change(each) for each in self.weights], [change(each) for each in self.biases], change(self.inputs), change(self.targets))


@claim("dropout.inverted-equivalent", kind="identity", section="Dropout")
def both_forms_are_one_model(dropout: DropoutSubject, probe: Probe) -> Evidence:
    """Inverted dropout and test-time scaling give the same outputs, in training with the same masks and in testing, if the matrix that reads a layer
    dropped with rate p is 1 - p times as large in the inverted network; bit for bit at p = 1/2. Training keeps it so with (1-p)² times its learning
    rate under plain descent and momentum, with (1-p) times it and epsilon/(1-p) under Adam, RMSProp and Adagrad, with λ/(1-p)² under L2 and λ/(1-p)
    under L1, everything else being equal; not under clipping.
    """
    found = {name: probe.reference(name) for name in (*DESCENTS, *ADAPTIVE)}
    trainings = [Training(found[name], values) for name, values in (DESCENTS | ADAPTIVE).items()]
    trainings += [Training(found[name], (DESCENTS | ADAPTIVE)[name], probe.reference(penalty)) for name, penalty in PENALISED]
    forms = {rates: _forms(dropout, probe, rates) for rates in (EXACT, ROUNDED)}
    parts = [_corresponding(probe, training, rates, *forms[rates]) for training in trainings for rates in forms]
    return all_of(*parts, _clipped(probe, found["sgd"], *forms[EXACT]))


def _forms(dropout: DropoutSubject, probe: Probe, rates: tuple[float, ...]) -> tuple[Form, Form]:
    """The implementation's form first; it and the other have the same units dropped."""
    masks = _masks(dropout, rates, probe.random("key"))
    inverted = dropout.conventions["scaling"] == "inverted"
    other = probe.reference("dropout", scaling="test_time" if inverted else "inverted")
    theirs = [[(mask != 0) * drawn_factor(other, rate) for mask, rate in zip(of_step, rates, strict=True)] for of_step in masks]
    shares, ones = tuple(1 - rate for rate in rates), (1.0,) * len(rates)
    return (
        Form(masks, [dropout.test_scale(rate) for rate in rates], shares if inverted else ones),
        Form(theirs, [other.test_scale(rate) for rate in rates], ones if inverted else shares),
    )


def _masks(dropout: DropoutSubject, rates: tuple[float, ...], random: np.random.Generator) -> list[list[Floats]]:
    """Masks for every step and layer; of the first key that leaves every layer a unit at every step, so that all matrices have a gradient."""
    masks: list[list[Floats]] = []
    for key in random.integers(2**63, size=100):
        masks = [
            [dropout.mask(ROWS, WIDTHS[1 + at], rate=rate, key=int(key), step=step, layer=at) for at, rate in enumerate(rates)]
            for step in range(1, STEPS + 1)
        ]
        if all(mask.any() for of_step in masks for mask in of_step):
            break
    return masks


def _corresponding(probe: Probe, training: Training, rates: tuple[float, ...], mine: Form, other: Form) -> Evidence:
    start = Start.drawn(probe.random("start"))
    found, expected = _trained(probe, mine, training, start), _trained(probe, other, training, start)
    given = f"p = {rates}, {training}: outputs in training and in testing, then parameters, after {STEPS} updates, as those of the test-time form,"
    if rates == EXACT:  # factors are powers of two
        return close(found, expected, ulps=0, scale=0, given=given)
    # a rounding acts like a change of the inputs by half a unit: how far changes of all of them lead is measured, with larger ones. Two runs pass
    # through some 18 array operations a step (three layers, two directions, three operations each), whose roundings of either sign add up like
    # the root of their number: thrice that root, for thrice their standard deviation
    random, by = probe.random("shaken"), 2.0**-12
    responses = [np.abs(_trained(probe, other, training, start.shaken(random, by)) - expected) / by for _ in range(3)]
    scale = np.max([np.max(response) for response in responses]) + np.abs(expected)
    return close(found, expected, ulps=3 * np.sqrt(2 * 18 * STEPS) / 2, scale=scale, eps=probe.eps, given=given)


def _clipped(probe: Probe, sgd: OptimizerSubject, mine: Form, other: Form) -> Evidence:
    """Clipping the gradient to a size breaks the correspondence: the two gradients are not of one size."""
    start, training = Start.drawn(probe.random("start")), Training(sgd, DESCENTS["sgd"], clip=0.1)
    found, expected = (_trained(probe, form, training, start) for form in (mine, other))
    apart = float(np.abs(found - expected).max())
    case = Case(f"p = {EXACT}, gradients clipped to size {training.clip}", "different parameters", f"equal to {apart:.3g}")
    return true(apart > 1e-4, case).note(apart_under_clipping=apart)


def _trained(probe: Probe, form: Form, training: Training, start: Start) -> Floats:
    """Outputs in training at every step, in testing before and after, and all parameters in the end, of the test-time form's size."""
    factors = (1.0, *form.shares)
    stack = Stack(probe.reference("sigmoid"), [weight * factor for weight, factor in zip(start.weights, factors, strict=True)], start.biases)
    inputs, targets = stack.activation.array(start.inputs), stack.activation.array(start.targets)
    tested = [np.full((ROWS, WIDTHS[1 + at]), scale) for at, scale in enumerate(form.tested)]
    shape, slices = stack.shape, []
    for layer, factor in enumerate(factors):  # the first matrix, and the biases below, are as in the test-time form
        slices.append((slice(shape.weights_at[layer], shape.weights_at[layer + 1]), factor, True))
    slices.append((slice(shape.biases_at[0], shape.biases_at[-1]), 1.0, False))
    seen, states = [stack.outputs(inputs, tested)], [None] * len(slices)
    for step, masks in enumerate(form.masks, 1):
        outputs, gradient = _gradient(stack, inputs, targets, masks)
        seen.append(outputs)
        size = np.sqrt((gradient.astype(np.float64) ** 2).sum())
        gradient *= stack.activation.dtype.type(min(1.0, training.clip / size))
        for at, (where, factor, penalised) in enumerate(slices):
            states[at] = _moved(stack.parameters, gradient[where], where, training, factor, penalised, states[at], step)
    seen.append(stack.outputs(inputs, tested))
    sizes = np.ones(stack.parameters.size)
    for where, factor, _ in slices:
        sizes[where] = factor
    return np.concatenate([*(outputs.ravel() for outputs in seen), stack.parameters / sizes])


def _gradient(stack: Stack, inputs: Floats, targets: Floats, masks: Sequence[Floats]) -> tuple[Floats, Floats]:
    """Outputs, and the gradient of half the mean squared error."""
    space = stack.run(inputs, masks)
    outputs, gradient = space.z[-1].copy(), np.empty_like(stack.parameters)
    space.dz[-1][:] = (outputs - targets) / ROWS
    backward(stack.shape, stack.parameters, gradient, np.full(len(masks), 0.5), space, ROWS, stack.slots)
    return outputs, gradient


def _moved(parameters: Floats, gradient: Floats, where: slice, training: Training, share: float, penalised: bool, state: Any, step: int) -> Any:
    """Update one group in place; returns its state."""
    if penalised and training.penalty is not None:
        gradient = training.penalty.gradient(parameters[where], training.strength_of(share), gradient)
    walk = training.optimizer.walk(gradient[np.newaxis], start=parameters[where], state=state, first_step=step, **training.of(share))
    parameters[where] = walk.positions[-1]
    return walk.states[-1]
