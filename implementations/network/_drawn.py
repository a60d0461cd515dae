"""A small network of one activation with everything that a harness's network has: biases, masks, several pieces, layers of unlike widths.

Beside it stands how far rounding may have moved its gradients, in a run of either order of summation.
"""

from dataclasses import dataclass

import numpy as np

from ...harness.arrays import Floats
from ...harness.network import Space
from ...harness.probe import Probe
from ...harness.stack import Stack
from ...harness.subject import ActivationSubject
from ._steps import distance_to_a_kink

WIDTHS, ROWS = (3, 5, 4, 2), 6
CLEAR = 1e-3
"""No pre-activation lies nearer to a kink: neither rounding nor the step of a difference crosses one."""
BENDS = {"sigmoid": (0.25, 0.1, 1.0)}
"""Largest slope, largest second derivative (1/(6√3), rounded up), and error in units in the last place; ReLU and Maxout are (1, 0, 0)."""


@dataclass(frozen=True)
class Drawn:
    """A stack with rows to run through it. The first hidden layer's second unit and the second's last are masked in every row."""

    stack: Stack
    inputs: Floats
    upstream: Floats
    masks: tuple[Floats, Floats]

    def rounding(self, space: Space) -> tuple[list[Floats], Floats]:
        """How far rounding may have moved each `z` of a run, and each entry of the gradient: the sums of n products n half units, and what an
        earlier error goes on to.
        """
        slope, bend, units = BENDS.get(self.stack.activation.technique, (1.0, 0.0, 0.0))
        eps, weights = self.stack.activation.eps, [np.abs(each.astype(np.float64)) for each in self.stack.weights()]
        errors = self.stack.rounding(space, slope=slope, units=units)
        by_weights, by_biases = [], []
        off, size = np.zeros(self.upstream.shape), np.abs(self.upstream.astype(np.float64))
        for layer in range(len(weights) - 1, -1, -1):
            h = np.abs(space.h[layer].astype(np.float64))
            h_off = self._after(errors[layer - 1], layer - 1, space, slope, units) if layer else np.zeros(h.shape)
            by_weights.append(h.T @ off + h_off.T @ size + len(h) / 2 * eps * (h.T @ size))
            by_biases.append(off.sum(axis=0) + len(h) / 2 * eps * size.sum(axis=0))
            if layer:
                mask = self._mask(space, layer - 1)
                above = (off @ weights[layer].T + weights[layer].shape[1] / 2 * eps * (size @ weights[layer].T)) * mask
                da = np.abs(space.da[layer - 1].astype(np.float64))
                off = slope * self._to_pieces(above) + self._to_pieces(da) * (bend * errors[layer - 1] + units * eps)
                size = np.abs(space.dz[layer - 1].astype(np.float64))
        return errors, np.concatenate([each.ravel() for each in (*reversed(by_weights), *reversed(by_biases))])

    def _after(self, error: Floats, layer: int, space: Space, slope: float, units: float) -> Floats:
        """The error of a hidden layer's outputs, masked: that of its pre-activations, of a unit's worst piece, and the activation's own."""
        passed = slope * self._worst_piece(error) + units * self.stack.activation.eps * np.abs(space.a[layer])
        return passed * self._mask(space, layer)

    def _mask(self, space: Space, layer: int) -> Floats:
        return np.abs(space.mask[layer]) if len(space.mask[layer]) else np.ones(space.a[layer].shape)

    def _consecutive(self) -> bool:
        return self.stack.activation.conventions.get("layout") == "consecutive"

    def _worst_piece(self, values: Floats) -> Floats:
        pieces = self.stack.pieces
        return values.reshape(len(values), -1, pieces).max(axis=2) if self._consecutive() else values.reshape(len(values), pieces, -1).max(axis=1)

    def _to_pieces(self, values: Floats) -> Floats:
        pieces = self.stack.pieces
        return np.repeat(values, pieces, axis=1) if self._consecutive() else np.tile(values, (1, pieces))


def drawn(activation: ActivationSubject, probe: Probe, pieces: int) -> Drawn:
    """The first draw without a pre-activation near a kink."""
    for random in probe.random(f"network {pieces}").spawn(200):
        columns = [*(pieces * width for width in WIDTHS[1:-1]), WIDTHS[-1]]
        weights = [random.normal(size=shape) for shape in zip(WIDTHS[:-1], columns, strict=True)]
        stack = Stack(activation, weights, [random.normal(size=count) for count in columns], pieces)
        first, second = (1.5 * (random.random((ROWS, width)) < 2 / 3) for width in WIDTHS[1:-1])
        first[:, 1] = second[:, -1] = 0
        masks = (first, second)
        inputs = random.normal(size=(ROWS, WIDTHS[0]))
        runs = (stack.run(inputs), stack.run(inputs, masks))
        if min(distance_to_a_kink(activation, z, pieces).min() for run in runs for z in run.z[:-1]) > CLEAR:
            return Drawn(stack, stack.activation.array(inputs), stack.activation.array(random.normal(size=(ROWS, WIDTHS[-1]))), masks)
    raise AssertionError("every one of 200 networks has a pre-activation at a kink")
