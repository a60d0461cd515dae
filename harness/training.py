"""One run: a recipe trained on a split with one seed, and what was recorded of it.

    streams(seed) -> initial weights, batch order, masks        each from a stream of its own, so that arms of one seed
    epoch by epoch: train, measure, record, ask the stopper     differ in nothing but their factor

A look at all rows costs as much as an epoch's updates, so a study may ask for one only every so many epochs. The training sees the training
rows, and the stopper the validation loss; the test rows are only ever measured. The same loop runs compiled where all slots are kernels, else
interpreted with whatever callables fill them.

A run has diverged where a training or validation loss is not finite, which ends it, or by the rule of `divergence.py`. Test rows do not decide it:
a trial that diverged is not chosen.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from . import loop, network
from .arrays import Floats
from .dataset import Part, Split
from .divergence import lost
from .engine.aligned import aligned
from .families import Initializer
from .machine import callable_of, machine, members
from .metrics import Metric, chance
from .outcome import Outcome
from .recipe import Resolved
from .replication import STREAMS, Streams

PARTS = ("train", "validation", "test")


def stream(seed: int, purpose: str) -> np.random.SeedSequence:
    """The seed of one purpose's random stream: switching dropout on does not reshuffle the batches."""
    return np.random.SeedSequence(seed, spawn_key=(STREAMS.index(purpose),))


def train(
    recipe: Resolved, split: Split, seed: int | Streams, epochs: int, metric: Metric, stopped: Callable[[], bool] = lambda: False, *,
    measure_every: int = 1,
) -> Outcome:  # fmt: skip
    """Train for `epochs` epochs or until the stopper says so, and measure every so many of them and the last.

    `seed` is that of weights, order and masks alike, or one of each; the split is drawn already.
    A stopper needs `measure_every` 1: it counts looks. Raises `Stopped` when `stopped` answers yes; it is asked after every call of the loop.
    """
    run = Run(recipe, split, seed, metric)
    with np.errstate(all="ignore"):  # a diverging interpreted run overflows on its way; the recorded loss shows it
        while run.epochs < epochs:
            next_look = min(run.epochs + measure_every, epochs)
            while run.epochs < next_look:
                run.advance(next_look - run.epochs)
                if stopped():
                    raise Stopped
            if not run.look():
                break
    return run.outcome()


class Stopped(Exception):  # noqa: N818  not an error: somebody wanted it
    """A run was ended from outside, without an outcome."""


ROWS_AT_ONCE = 2**16
"""Rows after which the loop comes back for more: below a tenth of a second for small networks, so that a run can be stopped."""


class Run:
    """The state of one training: `advance` trains, `look` measures, `outcome` sums it up."""

    def __init__(self, recipe: Resolved, split: Split, seed: int | Streams, metric: Metric) -> None:
        streams = Streams.of(seed)
        self.split = split
        self.metric = metric
        self.compute = metric.function(recipe.dtype)
        self.members = members(recipe)
        self.machine = machine(self.members, recipe.dtype, compiled=recipe.compiled)
        self.batch = recipe.batch
        self.order = np.random.default_rng(stream(streams.order, "order"))
        activation = recipe.choices["activation"]
        widths = [split.train.inputs.shape[1], *recipe.hidden, split.train.targets.shape[1]]
        self.shape = network.network(widths, int(activation.hyperparameters.get("pieces", 1)))
        self.dead_output = activation.implementation.technique.dead_output
        fill = callable_of(self.members.initializer.fill, Initializer.fill, recipe.dtype)
        parameters = network.initial_parameters(self.shape, fill, np.random.default_rng(stream(streams.weights, "weights")), recipe.dtype)
        self.progress = _progress(recipe, self.members.optimizer, parameters, int(self.shape.biases_at[0]))
        self.regulation, self.scales = _regulation(recipe, self.members.dropout, streams.masks)
        self.parts = {name: _rows(getattr(split, name)) for name in PARTS}
        self.outputs = {name: np.empty_like(rows.targets) for name, rows in self.parts.items()}
        self.activity = np.zeros(sum(recipe.hidden) if self.dead_output is not None else 0, recipe.dtype)
        self.units = np.split(self.activity, np.cumsum(recipe.hidden)[:-1]) if recipe.hidden else []
        self.weights, self.gradients = (
            [layer.ravel() for layer in network.weight_matrices(self.shape, values)] for values in (parameters, self.progress.gradient)
        )
        self.columns = _columns(len(recipe.hidden))
        self.history: list[list[float]] = []
        self.epochs = 0
        self.updates = 0
        self.seconds = 0.0
        self.problem = ""

    def epoch(self) -> bool:
        """Train one epoch and look at it; answer whether to go on."""
        self.advance(1)
        return self.look()

    def advance(self, epochs: int) -> None:
        """Train so many epochs, or fewer where rows are many: as many as pass in one call of the loop."""
        rows = len(self.parts["train"].inputs)
        epochs = min(epochs, max(1, ROWS_AT_ONCE // rows))
        begin = time.perf_counter()
        orders = [self.order.permutation(rows) for _ in range(epochs)]
        order = orders[0] if epochs == 1 else np.concatenate(orders)
        self.updates = self.machine.train_epoch(
            self.shape, self.progress, self.regulation, self.parts["train"], order, self.batch, self.updates, self.machine.slots
        )
        self.seconds += time.perf_counter() - begin
        self.epochs += epochs

    def look(self) -> bool:
        """Append a row on the epoch that has ended to the history; answer whether to go on."""
        losses = [self._measure(name) for name in PARTS]
        metrics = [self.compute(self.outputs[name], rows.targets) for name, rows in self.parts.items()] if self.compute else losses
        norms = [_norm(values) for values in (*self.gradients, *self.weights)]
        self.history.append([self.epochs, *losses, *metrics, _norm(self.progress.gradient), self.seconds, *norms, *self._dead_shares()])
        if not np.isfinite(losses[:2]).all():
            name, loss = (PARTS[0], losses[0]) if not np.isfinite(losses[0]) else (PARTS[1], losses[1])
            self.problem = f"the {name} loss became {loss} {self._since_the_last_look()}"
            return False
        stopper = self.members.stopper
        return stopper is None or not stopper.observe(self.epochs, losses[1], self.progress.parameters)

    def _since_the_last_look(self) -> str:
        before = int(self.history[-2][0]) if len(self.history) > 1 else 0
        return f"in epoch {self.epochs}" if self.epochs == before + 1 else f"between epochs {before + 1} and {self.epochs}"

    def _measure(self, name: str, parameters: Floats | None = None) -> float:
        """The loss of one part; on the training rows also the full gradient and the units' activity. Of the run's parameters, or of others."""
        training = name == "train"
        parameters = self.progress.parameters if parameters is None else parameters
        none = self.activity[:0]
        return self.machine.measure(
            self.shape, parameters, self.regulation, self.scales, self.parts[name], self.progress.gradient if training else none,
            self.activity if training else none, self.activity.dtype.type(self.dead_output or 0.0), self.outputs[name], self.machine.slots,
        )  # fmt: skip

    def _dead_shares(self) -> list[float]:
        """The share of dead units of each hidden layer; NaN where the activation has no such notion."""
        if self.dead_output is None:
            return [float("nan")] * (len(self.weights) - 1)
        return [1 - np.count_nonzero(units) / len(units) for units in self.units]

    def outcome(self) -> Outcome:
        """The run so far, with the figures of the parameters it returns."""
        history = np.array(self.history)
        best = self.members.stopper.best() if self.members.stopper is not None and not self.problem else None
        epoch, parameters = best or (self.epochs, self.progress.parameters)
        (row,) = history[history[:, 0] == epoch]
        figures = dict(zip(self.columns, row, strict=True))
        problem = self.problem or self._lost(history, figures)
        return Outcome(
            status="diverged" if problem else "done",
            message=problem,
            epochs=self.epochs,
            updates=self.updates,
            best_epoch=epoch,
            seconds=self.seconds,
            columns=self.columns,
            history=history,
            figures={name: float(figures[name]) for name in self.columns[1:7]},
            chance_metric=self._chance("test"),
            chance_validation_metric=self._chance("validation"),
            parameters_digest=hashlib.sha256(np.ascontiguousarray(parameters).tobytes()).hexdigest(),
        )

    def _lost(self, history: Floats, figures: dict[str, float]) -> str:
        """Why a run has diverged though its losses are finite; empty where it has not."""
        if self.compute and self.metric.better(figures["train_metric"], self._chance("train")):
            return ""
        constant = self._measure("train", _zeros(self.progress.parameters.size, self.progress.parameters))  # zeros predict the same for every row
        if not self.compute and figures["train_loss"] < constant:
            return ""
        return lost(history[:, 0], history[:, 1], constant)

    def _chance(self, part: str) -> float:
        """What a constant prediction scores on a part; infinity where the metric is the loss: a diverged run is worse than every other."""
        if self.compute is None:
            return float("inf")
        return self.compute(chance(self.split.task, self.split.train, getattr(self.split, part)), self.parts[part].targets)


def _norm(values: Floats) -> float:
    return math.sqrt(np.dot(values, values))


def _columns(hidden_layers: int) -> tuple[str, ...]:
    losses = [f"{part}_loss" for part in PARTS]
    metrics = [f"{part}_metric" for part in PARTS]
    norms = [f"{what}_norm_{layer}" for what in ("gradient", "weight") for layer in range(1, hidden_layers + 2)]
    dead = [f"dead_units_{layer}" for layer in range(1, hidden_layers + 1)]
    return ("epoch", *losses, *metrics, "gradient_norm", "seconds", *norms, *dead)


def _progress(recipe: Resolved, optimizer: Any, parameters: Floats, weights: int) -> loop.Progress:
    """Parameters with the optimiser's room; a group of its own for the biases where some hyperparameter applies to weights only."""
    chosen = recipe.choices["optimizer"]
    technique = chosen.implementation.technique
    grouped = bool(technique.weights_only)
    values = list(chosen.hyperparameters.values())
    of_biases = [0.0 if name in technique.weights_only else value for name, value in chosen.hyperparameters.items()]
    return loop.Progress(
        parameters=parameters,
        gradient=_zeros(parameters.size, parameters),
        state=_zeros(optimizer.state_rows * parameters.size, parameters),
        groups=np.array([0, weights, parameters.size] if grouped else [0, parameters.size], np.int64),
        hyperparameters=np.array([values, of_biases] if grouped else [values], parameters.dtype),
    )


def _zeros(size: int, like: Floats) -> Floats:
    vector = aligned(size, like)
    vector[:] = 0
    return vector


def _regulation(recipe: Resolved, dropout: Any, seed: int) -> tuple[loop.Regulation, Floats]:
    """What holds weights and activations back, and the factors that stand for the masks at test time."""
    strength = recipe.choices["penalty"].hyperparameters["strength"] if "penalty" in recipe.choices else 0.0
    rate = recipe.choices["dropout"].hyperparameters["rate"] if "dropout" in recipe.choices else 0.0
    key = stream(seed, "masks").generate_state(1, np.uint64)[0]
    hidden = len(recipe.hidden)
    scale = dropout.test_scale(rate)
    return loop.Regulation(recipe.dtype.type(strength), np.full(hidden, rate, np.float64), key), np.full(hidden, scale, recipe.dtype)


def _rows(part: Part) -> loop.Rows:
    """A run's own copy of a part: splits are shared between runs and read-only, which compiled code does not take."""
    return loop.Rows(part.inputs.copy(), part.targets.copy(), np.ones(len(part.inputs), part.inputs.dtype))
