"""A network of one activation, without training: what claims about "a stack" examine.

It is the harness's own network (`network.py`), interpreted, with an implementation's activation and, where wanted, masks; every layer's
values and gradients can be looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .arrays import Floats
from .network import Network, Slots, Space, backward, forward, network, weight_matrices, workspace
from .subject import ActivationSubject


class Stack:
    """Layers of widths (inputs, hidden ..., outputs) with given weights (fan_in, columns) and biases (columns,), zero unless given.

    The last layer is linear. With `pieces`, hidden layers have `pieces * width` columns, strided (piece outermost).
    """

    def __init__(self, activation: ActivationSubject, weights: Sequence[Any], biases: Sequence[Any] | None = None, pieces: int = 1) -> None:
        self.activation, self.pieces = activation, pieces
        hidden = [np.shape(weight)[1] // pieces for weight in weights[:-1]]
        self.widths = [np.shape(weights[0])[0], *hidden, np.shape(weights[-1])[1]]
        self.shape: Network = network(self.widths, pieces)
        self.parameters = activation.array(np.zeros(int(self.shape.biases_at[-1])))
        for view, weight in zip(weight_matrices(self.shape, self.parameters), weights, strict=True):
            view[:] = weight
        for layer, bias in enumerate(biases or ()):
            self.parameters[self.shape.biases_at[layer] : self.shape.biases_at[layer + 1]] = bias
        unused = Slots.__annotations__.keys() - {"forward", "backward"}
        functions = {"forward": activation.method("forward"), "backward": activation.method("backward")}
        self.slots = Slots(**functions, **dict.fromkeys(unused, _unused))

    def run(self, inputs: Any, masks: Sequence[Any] | None = None) -> Space:
        """A forward pass: `z[l]`, `a[l]`, `h[l]` of every layer, with masks (rows, units) on the hidden layers if given."""
        x = self.activation.array(inputs)
        space = workspace(self.shape, self._rates(masks), len(x), x)
        space.h[0][:] = x
        for room, mask in zip(space.mask, masks or (), strict=False):
            room[:] = mask
        forward(self.shape, self.parameters, self._rates(masks), space, len(x), self.slots)
        return space

    def outputs(self, inputs: Any, masks: Sequence[Any] | None = None) -> Floats:
        """The network's outputs (rows, outputs)."""
        return self.run(inputs, masks).z[-1].copy()

    def gradients(self, inputs: Any, upstream: Any, masks: Sequence[Any] | None = None) -> tuple[Space, Floats]:
        """A backward pass from `upstream` (rows, outputs): the space with `dz[l]`, and the gradient by every parameter."""
        space = self.run(inputs, masks)
        space.dz[-1][:] = upstream
        gradient = np.full_like(self.parameters, np.nan)
        backward(self.shape, self.parameters, gradient, self._rates(masks), space, len(space.h[0]), self.slots)
        return space, gradient

    def input_gradient(self, inputs: Any, upstream: Any, masks: Sequence[Any] | None = None) -> Floats:
        """The derivative of the outputs, weighted by `upstream`, by the inputs."""
        space, _ = self.gradients(inputs, upstream, masks)
        return space.dz[0] @ self.weights()[0].T

    def weights(self) -> list[Floats]:
        """Each layer's weights (fan_in, columns)."""
        return list(weight_matrices(self.shape, self.parameters))

    def biases(self) -> list[Floats]:
        """Each layer's biases (columns,)."""
        at = self.shape.biases_at
        return [self.parameters[at[layer] : at[layer + 1]] for layer in range(len(at) - 1)]

    def _rates(self, masks: Sequence[Any] | None) -> Any:
        return np.full(len(self.widths) - 2, 0.5 if masks is not None else 0.0)


def _unused(*_arguments: Any) -> None:
    raise AssertionError("A stack neither trains nor measures.")
