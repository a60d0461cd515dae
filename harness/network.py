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
from typing import Annotated, Any, NamedTuple

import numpy as np

from .arrays import Doubles, Floats, Indices, Matrix, Vector
from .families import Activation, Dropout, Loss, Optimizer, Penalty
from .kernel import kernel
from .products import ROOM, product, product_of_turned, product_with_turned


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

    h: list[Matrix]
    z: list[Matrix]
    a: list[Matrix]
    mask: list[Matrix]
    da: list[Matrix]
    dz: list[Matrix]
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
    parameters = np.zeros(shape.biases_at[-1], dtype)
    for layer, (weights, stream) in enumerate(zip(weight_matrices(shape, parameters), random.spawn(len(shape.columns)), strict=True)):
        fill(weights, int(shape.widths[layer]), int(shape.widths[layer + 1]), stream)
    return parameters


@kernel
def workspace(shape: Network, rates: Doubles, rows: int, inputs: Matrix) -> Space:
    """Room for `rows` rows, of the dtype of `inputs`. A positive rate gives its layer's outputs a mask."""
    dtype = inputs.dtype
    layers = shape.columns.size
    z = [np.empty((rows, shape.columns[layer]), dtype) for layer in range(layers)]
    a = [np.empty((rows, shape.widths[layer + 1]), dtype) for layer in range(layers - 1)]
    mask = [np.empty((rows if rates[layer] > 0 else 0, shape.widths[layer + 1]), dtype) for layer in range(layers - 1)]
    da = [np.empty((rows, shape.widths[layer + 1]), dtype) for layer in range(layers - 1)]
    dz = [np.empty((rows, shape.columns[layer]), dtype) for layer in range(layers)]
    h = [np.empty((rows, shape.widths[0]), dtype)]
    h += [np.empty((rows, shape.widths[layer + 1]), dtype) if rates[layer] > 0 else a[layer] for layer in range(layers - 1)]
    return Space(h, z, a, mask, da, dz, np.empty((rows, shape.widths[layers]), dtype), np.empty(rows, dtype), np.empty(ROOM, dtype))


@kernel
def forward(shape: Network, parameters: Vector, rates: Doubles, space: Space, rows: int, slots: Slots) -> None:
    """From `h[0]`, fill everything up to the outputs `z[-1]`, for the first `rows` rows."""
    layers = shape.columns.size
    for layer in range(layers):
        weights = parameters[shape.weights_at[layer] : shape.weights_at[layer + 1]].reshape((shape.widths[layer], shape.columns[layer]))
        z = space.z[layer][:rows]
        product(space.h[layer][:rows], weights, z, space.room)
        z += parameters[shape.biases_at[layer] : shape.biases_at[layer + 1]]
        if layer < layers - 1:
            a = space.a[layer][:rows]
            slots.forward(z, a)
            if rates[layer] > 0:
                np.multiply(a, space.mask[layer][:rows], space.h[layer + 1][:rows])


@kernel
def backward(shape: Network, parameters: Vector, gradient: Vector, rates: Doubles, space: Space, rows: int, slots: Slots, fresh: bool = True) -> None:
    """From the loss's derivative by the outputs, in `dz[-1]`, write that by every parameter into `gradient`, or add it unless `fresh`."""
    for layer in range(shape.columns.size - 1, -1, -1):
        begin, end, size = shape.weights_at[layer], shape.weights_at[layer + 1], (shape.widths[layer], shape.columns[layer])
        dz = space.dz[layer][:rows]
        product_of_turned(space.h[layer][:rows], dz, gradient[begin:end].reshape(size), fresh, space.room)
        by_bias = gradient[shape.biases_at[layer] : shape.biases_at[layer + 1]]
        if fresh:
            by_bias[:] = 0
        for row in range(rows):
            by_bias += dz[row]
        if layer > 0:
            da = space.da[layer - 1][:rows]
            product_with_turned(dz, parameters[begin:end].reshape(size), da, space.room)
            if rates[layer - 1] > 0:
                np.multiply(da, space.mask[layer - 1][:rows], da)
            slots.backward(da, space.z[layer - 1][:rows], space.a[layer - 1][:rows], space.dz[layer - 1][:rows])
