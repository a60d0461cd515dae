"""A multilayer perceptron: where its numbers lie, and one pass forward and backward through it.

All parameters of a run stand in one vector, every layer's weights first and every layer's biases after them, so that a penalty sees the
weights as one slice. Layer l maps `widths[l]` inputs to `pieces * widths[l + 1]` pre-activations (one piece a unit but for Maxout; the output
layer always has one). Between two layers stand the activation and, where a rate is positive, a mask:

    z[l] = h[l] W[l] + b[l]      a[l] = activation(z[l])      h[l + 1] = a[l] * mask[l]

`Slots` is what varies from run to run: the techniques. The two passes are kernels whose slots are function pointers when compiled, and
any Python callables when interpreted; array expressions are used throughout, because they run interpreted at a fair speed and compiled
at full speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Annotated, Any, NamedTuple

import numpy as np

from .arrays import Doubles, Floats, Indices, Matrix, Vector
from .engine.aligned import aligned
from .engine.products import ROOM, product, product_of_turned, product_with_turned
from .engine.views import rows_of, stretch
from .families import Activation, Dropout, Loss, Optimizer, Penalty
from .kernel import kernel, twin


class Network(NamedTuple):
    """The shape of a network. `weights_at[l]` to `weights_at[l + 1]` are layer l's weights in the vector, and `biases_at` likewise."""

    widths: Indices
    """Units of each layer, inputs first, outputs last: shape (layers + 1,)."""
    columns: Indices
    """Pre-activations of each layer: units times pieces, shape (layers,)."""
    weights_at: Indices
    biases_at: Indices


class Slots(NamedTuple):
    """One technique's function in each place of the loop."""

    forward: Annotated[Callable[..., Any], Activation.forward]
    backward: Annotated[Callable[..., Any], Activation.backward]
    loss_value: Annotated[Callable[..., Any], Loss.value]
    loss_gradient: Annotated[Callable[..., Any], Loss.gradient]
    penalty_gradient: Annotated[Callable[..., Any], Penalty.add_gradient]
    penalty_after: Annotated[Callable[..., Any], Penalty.after_update]
    update: Annotated[Callable[..., Any], Optimizer.update]
    draw: Annotated[Callable[..., Any], Dropout.draw]


class Space(NamedTuple):
    """Room for the intermediate values of up to `rows` rows, one array a layer; `h[l + 1]` is `a[l]` itself where nothing is masked."""

    h: Sequence[Matrix]
    z: Sequence[Matrix]
    a: Sequence[Matrix]
    mask: Sequence[Matrix]
    da: Sequence[Matrix]
    dz: Sequence[Matrix]
    targets: Matrix
    sample_weight: Vector
    room: Vector
    """What the matrix products work in."""


def network(widths: Sequence[int], pieces: int = 1) -> Network:
    """The network of these widths (inputs, hidden layers, outputs), with `pieces` linear pieces a hidden unit."""
    layers = len(widths) - 1
    columns = [width * (pieces if layer < layers - 1 else 1) for layer, width in enumerate(widths[1:])]
    weights_at = np.concatenate([[0], np.cumsum([widths[layer] * columns[layer] for layer in range(layers)])])
    biases_at = weights_at[-1] + np.concatenate([[0], np.cumsum(columns)])
    return Network(*(np.asarray(values, np.int64) for values in (widths, columns, weights_at, biases_at)))


def weight_matrices(shape: Network, parameters: Floats) -> Iterator[Floats]:
    """Each layer's weights as a view (inputs, pre-activations) into the parameters."""
    for layer, columns in enumerate(shape.columns):
        yield parameters[shape.weights_at[layer] : shape.weights_at[layer + 1]].reshape(shape.widths[layer], columns)


def initial_parameters(shape: Network, fill: Callable[..., None], random: np.random.Generator, dtype: np.dtype[Any]) -> Floats:
    """Weights from an initializer, every layer from a stream of its own; biases zero."""
    parameters = aligned(int(shape.biases_at[-1]), np.empty(0, dtype))
    parameters[:] = 0
    for layer, (weights, stream) in enumerate(zip(weight_matrices(shape, parameters), random.spawn(len(shape.columns)), strict=True)):
        fill(weights, int(shape.widths[layer]), int(shape.widths[layer + 1]), stream)
    return parameters


def _compiled() -> ModuleType:
    from .engine import borrowed

    return borrowed


@twin(_compiled)
def blocks(columns: Indices, units: Indices, features: int, rates: Doubles, rows: int, like: Matrix) -> tuple[list[Matrix], ...]:
    """One array a layer, for each of h, z, a, mask, da, dz."""
    every, hidden = (([np.empty((rows, width), like.dtype) for width in widths]) for widths in (columns, units))
    mask = [np.empty((rows if rate > 0 else 0, width), like.dtype) for rate, width in zip(rates, units, strict=True)]
    h = [np.empty((rows, features), like.dtype)]
    h += [np.empty_like(a) if rate > 0 else a for rate, a in zip(rates, hidden, strict=True)]
    return h, every, hidden, mask, [np.empty_like(a) for a in hidden], [np.empty_like(z) for z in every]


@kernel
def workspace(shape: Network, rates: Doubles, rows: int, inputs: Matrix) -> Space:
    """Room for `rows` rows, of the dtype of `inputs`. A positive rate gives its layer's outputs a mask."""
    layers = shape.columns.size
    h, z, a, mask, da, dz = blocks(shape.columns, shape.widths[1:layers], shape.widths[0], rates, rows, inputs)
    targets = np.empty((rows, shape.widths[layers]), inputs.dtype)
    return Space(h, z, a, mask, da, dz, targets, np.empty(rows, inputs.dtype), aligned(ROOM, inputs))


@kernel
def forward(shape: Network, parameters: Vector, rates: Doubles, space: Space, rows: int, slots: Slots) -> None:
    """From `h[0]`, fill everything up to the outputs `z[-1]`, for the first `rows` rows."""
    layers = shape.columns.size
    for layer in range(layers):
        weights = stretch(parameters, shape.weights_at[layer], shape.weights_at[layer + 1])
        z = rows_of(space.z, layer, rows)
        product(rows_of(space.h, layer, rows), weights, z, space.room)
        z += stretch(parameters, shape.biases_at[layer], shape.biases_at[layer + 1])
        if layer < layers - 1:
            a = rows_of(space.a, layer, rows)
            slots.forward(z, a)
            if rates[layer] > 0:
                np.multiply(a, rows_of(space.mask, layer, rows), rows_of(space.h, layer + 1, rows))


@kernel
def backward(shape: Network, parameters: Vector, gradient: Vector, rates: Doubles, space: Space, rows: int, slots: Slots, fresh: bool = True) -> None:
    """From the loss's derivative by the outputs, in `dz[-1]`, write that by every parameter into `gradient`, or add it unless `fresh`."""
    for layer in range(shape.columns.size - 1, -1, -1):
        begin, end = shape.weights_at[layer], shape.weights_at[layer + 1]
        dz = rows_of(space.dz, layer, rows)
        product_of_turned(rows_of(space.h, layer, rows), dz, stretch(gradient, begin, end), fresh, space.room)
        by_bias = stretch(gradient, shape.biases_at[layer], shape.biases_at[layer + 1])
        if fresh:
            by_bias[:] = 0
        for row in range(rows):
            by_bias += dz[row]
        if layer > 0:
            da = rows_of(space.da, layer - 1, rows)
            product_with_turned(dz, stretch(parameters, begin, end), da, space.room)
            if rates[layer - 1] > 0:
                np.multiply(da, rows_of(space.mask, layer - 1, rows), da)
            slots.backward(da, rows_of(space.z, layer - 1, rows), rows_of(space.a, layer - 1, rows), rows_of(space.dz, layer - 1, rows))
