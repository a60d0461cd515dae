"""Small networks with masks, and what declared conventions make of kept units: what checks expect, computed without the implementation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.evidence import Case, Evidence, all_of, close, true
from ...harness.network import backward
from ...harness.stack import Stack
from ...harness.subject import DropoutSubject


def kept_factor(dropout: DropoutSubject, rate: float) -> float:
    """What a kept unit is multiplied by in training, as declared."""
    return 1 / (1 - rate) if dropout.conventions["scaling"] == "inverted" else 1.0


def test_factor(dropout: DropoutSubject, rate: float) -> float:
    """What every unit is multiplied by in testing, as declared."""
    return 1.0 if dropout.conventions["scaling"] == "inverted" else 1 - rate


def rounding(rate: float) -> float:
    """Units within which a factor of 1 - p, or over it, may lie: its own, and that of p where it is rounded to the dtype first."""
    return 0.5 + 0.5 / (1 - rate)


def mask_values(dropout: DropoutSubject, found: Any, rate: float, given: str) -> Evidence:
    """A mask's values are 0 and one other number, which is the factor declared."""
    values = np.unique(found)
    others = values[values != 0]
    single = true(others.size <= 1, Case(given, "0 and one other number", str(values[:4])), cases=max(1, values.size))
    if not others.size:
        return single
    exact = rate == 0.5 or dropout.conventions["scaling"] == "test_time"
    factor = close(others[0], kept_factor(dropout, rate), ulps=0 if exact else rounding(rate), given=f"{given}: factor of a kept unit")
    return all_of(single, factor)


def drawn_factor(dropout: DropoutSubject, rate: float) -> float:
    """What a kept unit is multiplied by in training, as found in a mask so wide that with p = 0.997 none is kept once in 10²¹; 0 if none is."""
    mask = dropout.mask(1, 2**14, rate=rate)
    return float(np.append(mask[mask != 0], 0)[0])


@dataclass(frozen=True)
class Layers:
    """A network's weights (fan_in, fan_out) and biases (fan_out,), or their gradients; ReLU between the layers."""

    weights: list[Floats]
    biases: list[Floats]

    @property
    def sizes(self) -> Layers:
        """The same without signs."""
        return Layers([np.abs(weight) for weight in self.weights], [np.abs(bias) for bias in self.biases])

    def flat(self) -> Floats:
        """All in one vector, as the harness orders them."""
        return np.concatenate([np.ravel(each) for each in (*self.weights, *self.biases)])


def thinned(
    layers: Layers, x: Floats, upstream: Floats, kept: Sequence[Any], factors: Sequence[float], active: list[Any] | None = None
) -> tuple[Floats, Layers, list[Any]]:
    """Outputs and gradients of the network in which dropped units do not exist and what the others give is multiplied by their layer's factor.

    One example, in float64; the gradients stand at the places of the full network. `active` are the units that ReLU passes, found here unless given.
    """
    places = [np.arange(x.size), *(np.flatnonzero(each) for each in kept), np.arange(upstream.size)]
    inputs, found, z = [x], [], x
    for layer, (weight, bias) in enumerate(zip(layers.weights, layers.biases, strict=True)):
        z = inputs[-1] @ weight[np.ix_(places[layer], places[layer + 1])] + bias[places[layer + 1]]
        if layer == len(kept):
            break
        found.append(z > 0 if active is None else active[layer])
        inputs.append(z * found[-1] * factors[layer])
    gradient = Layers([np.zeros_like(weight) for weight in layers.weights], [np.zeros_like(bias) for bias in layers.biases])
    dz = upstream
    for layer in range(len(kept), -1, -1):
        gradient.weights[layer][np.ix_(places[layer], places[layer + 1])] = np.outer(inputs[layer], dz)
        gradient.biases[layer][places[layer + 1]] = dz
        if layer:
            dz = layers.weights[layer][np.ix_(places[layer], places[layer + 1])] @ dz * found[layer - 1] * factors[layer - 1]
    return z, gradient, found


def forth_and_back(stack: Stack, inputs: Any, upstream: Any, masks: Sequence[Floats], again: Sequence[Floats]) -> tuple[Floats, Floats]:
    """The outputs with some masks, and the gradient by every parameter with others, which should be the same ones."""
    space = stack.run(inputs, masks)
    outputs, gradient = space.z[-1].copy(), np.full_like(stack.parameters, np.nan)
    for room, mask in zip(space.mask, again, strict=True):
        room[:] = mask
    space.dz[-1][:] = upstream
    backward(stack.shape, stack.parameters, gradient, np.full(len(masks), 0.5), space, len(space.h[0]), stack.slots)
    return outputs, gradient
