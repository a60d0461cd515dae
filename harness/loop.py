"""The training loop, and what is measured of a network: two kernels, each compiled once per dtype and run by every study.

`train_epoch` is one pass over the training rows in mini-batches; `measure` is one look at a set of rows, without masks, that also gives
the gradient of the full loss. Both take the techniques as `Slots`. `compiled.py` is the door to the compiled form; calling them as they
stand runs the same source interpreted, with any Python callables in the slots.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .arrays import Doubles, Indices, Key, Matrix, Real, Vector
from .engine.products import gather
from .engine.views import first_rows, rows_in, rows_of, stretch
from .kernel import kernel
from .network import Network, Slots, Space, backward, forward, workspace

CHUNK = 64
"""Rows that `measure` passes through the network at once: enough for full matrix-product speed, few enough for the cache."""


class Rows(NamedTuple):
    """Examples: inputs (rows, features), targets (rows, outputs), weights of the rows (rows,)."""

    inputs: Matrix
    targets: Matrix
    sample_weight: Vector


class Progress(NamedTuple):
    """What changes while a run trains. `groups` are the boundaries of the parameter groups: a row of `hyperparameters` for each."""

    parameters: Vector
    gradient: Vector
    state: Vector
    """The optimiser's, `state_rows` numbers a parameter; each group's part is contiguous."""
    groups: Indices
    hyperparameters: Matrix


class Regulation(NamedTuple):
    """How the weights and the activations are held back."""

    strength: Real
    """Of the penalty."""
    rates: Doubles
    """Dropout's drop probability for the outputs of each hidden layer: shape (hidden layers,)."""
    key: Key
    """Names the stream of masks of this run."""


@kernel
def train_epoch(shape: Network, progress: Progress, regulation: Regulation, rows: Rows, order: Indices, batch: int, step: int, slots: Slots) -> int:
    """Train on the rows in the given order, `batch` at a time; return the number of updates so far.

    `order` may hold the orders of several epochs, one after the other: no batch reaches from one into the next.
    """
    count = rows.inputs.shape[0]
    space = workspace(shape, regulation.rates, min(batch, count), rows.inputs)
    for begin in range(0, order.size, count):
        end = min(begin + count, order.size)
        for first in range(begin, end, batch):
            step += 1
            update(shape, progress, regulation, rows, stretch(order, first, min(first + batch, end)), step, space, slots)
    return step


@kernel
def update(shape: Network, progress: Progress, regulation: Regulation, rows: Rows, chosen: Indices, step: int, space: Space, slots: Slots) -> None:
    """One update, from the chosen rows."""
    parameters, gradient, rates = progress.parameters, progress.gradient, regulation.rates
    size, last = chosen.size, shape.columns.size - 1
    targets, sample_weight = first_rows(space.targets, size), stretch(space.sample_weight, 0, size)
    gather(rows.inputs, chosen, rows_of(space.h, 0, size))
    gather(rows.targets, chosen, targets)
    for row in range(size):
        sample_weight[row] = rows.sample_weight[chosen[row]]
    for layer in range(rates.size):
        if rates[layer] > 0:
            slots.draw(regulation.key, step, layer, rates[layer], rows_of(space.mask, layer, size))
    forward(shape, parameters, rates, space, size, slots)
    slots.loss_gradient(rows_of(space.z, last, size), targets, sample_weight, rows_of(space.dz, last, size))
    backward(shape, parameters, gradient, rates, space, size, slots)
    weights = stretch(parameters, 0, shape.biases_at[0])
    slots.penalty_gradient(weights, regulation.strength, stretch(gradient, 0, weights.size))
    state_rows = progress.state.size // parameters.size
    for group in range(progress.groups.size - 1):
        begin, end = progress.groups[group], progress.groups[group + 1]
        state = rows_in(progress.state, state_rows * begin, state_rows, end - begin)
        slots.update(stretch(parameters, begin, end), stretch(gradient, begin, end), state, progress.hyperparameters[group], step)
    slots.penalty_after(weights, regulation.strength, progress.hyperparameters[0, 0])


@kernel
def measure(
    shape: Network, parameters: Vector, regulation: Regulation, scales: Vector, rows: Rows, gradient: Vector, activity: Vector, dead: Real,
    outputs: Matrix, slots: Slots,
) -> float:  # fmt: skip
    """Fill `outputs` with the network's outputs on all rows and return their loss, nothing dropped and no penalty added.

    `scales` are dropout's factors at test time, one a hidden layer. Unless `gradient` is empty, it is filled with the derivative of that
    loss; unless `activity` is empty, it gets for every hidden unit the sum over the rows of abs(output - `dead`).
    """
    rates, count = regulation.rates, rows.inputs.shape[0]
    space = workspace(shape, rates, min(CHUNK, count), rows.inputs)
    for layer in range(rates.size):
        if rates[layer] > 0:
            rows_of(space.mask, layer, min(CHUNK, count))[:] = scales[layer]
    whole = rows.sample_weight.sum()
    activity[:] = 0
    for first in range(0, count, CHUNK):
        last = min(first + CHUNK, count)
        size = last - first
        rows_of(space.h, 0, size)[:] = rows.inputs[first:last]
        forward(shape, parameters, rates, space, size, slots)
        outputs[first:last] = rows_of(space.z, rates.size, size)
        if gradient.size > 0:
            weight, dz = rows.sample_weight[first:last], rows_of(space.dz, rates.size, size)
            slots.loss_gradient(outputs[first:last], rows.targets[first:last], weight, dz)
            dz *= weight.sum() / whole
            backward(shape, parameters, gradient, rates, space, size, slots, first == 0)
        if activity.size > 0:
            begin = 0
            for layer in range(rates.size):
                units, a = activity[begin : begin + shape.widths[layer + 1]], rows_of(space.a, layer, size)
                for row in range(size):
                    units += np.abs(a[row] - dead)
                begin += shape.widths[layer + 1]
    return slots.loss_value(outputs, rows.targets, rows.sample_weight)
