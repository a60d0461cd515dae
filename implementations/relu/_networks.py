"""Networks for the checks of ReLU, and what is left of one when its silent units are cut out.

Weights, biases and inputs are small whole numbers times a power of two for each layer, so that every product and every sum is exact in either
dtype, and zeros happen; what should agree then agrees bit for bit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ...harness.arrays import Floats
from ...harness.probe import Probe
from ...harness.stack import Stack
from ...harness.subject import ActivationSubject

Units = NDArray[np.bool_]
"""Some of a layer's units."""
WIDTHS = ((1, 1, 1), (2, 3, 1), (3, 5, 2), (4, 7, 6, 3), (5, 6, 8, 4, 2), (3, 8, 1, 5, 3))
"""Sums stay below 2²⁴: 4 times 2 · 8 in each of four layers, the biases included."""


@dataclass(frozen=True)
class Exact:
    """A network of numbers that round nowhere, with one input row and a gradient for its outputs."""

    weights: Sequence[Floats]
    biases: Sequence[Floats]
    inputs: Floats
    upstream: Floats

    def __str__(self) -> str:
        layers = "; ".join(f"{weights.tolist()} + {bias.tolist()}" for weights, bias in zip(self.weights, self.biases, strict=True))
        return f"input {self.inputs[0].tolist()}, layers {layers}"

    def stack(self, relu: ActivationSubject) -> Stack:
        """It as a stack."""
        return Stack(relu, self.weights, self.biases)

    def silent(self) -> list[Units]:
        """For every hidden layer, which of its pre-activations are not positive: computed without the implementation."""
        h, found = self.inputs, []
        for weights, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            z = h @ weights + bias
            found.append(z[0] <= 0)
            h = np.where(z > 0, z, 0.0)
        return found

    def without(self, silent: Sequence[Units]) -> "Exact":
        """The network from which these units are cut."""
        kept = [np.full(self.inputs.shape[1], True), *(~units for units in silent), np.full(self.upstream.shape[1], True)]
        weights = [each[np.ix_(rows, columns)] for each, rows, columns in zip(self.weights, kept[:-1], kept[1:], strict=True)]
        return Exact(weights, [bias[columns] for bias, columns in zip(self.biases, kept[1:], strict=True)], self.inputs, self.upstream)


def exact_networks(probe: Probe, times: int = 4) -> Iterator[Exact]:
    """Networks of growing size, of which every hidden layer has an active unit and some unit is silent (but in the smallest)."""
    random = probe.random("networks")
    for widths in WIDTHS * times:
        for _ in range(60):
            network = _drawn(random, widths)
            silent = network.silent()
            if all(not units.all() for units in silent) and (sum(widths[1:-1]) < 2 or any(units.any() for units in silent)):
                yield network
                break


def _drawn(random: np.random.Generator, widths: tuple[int, ...]) -> Exact:
    scales = 2.0 ** random.integers(-6, 7, len(widths) - 1)
    sizes = np.cumprod(scales)
    weights = [scale * random.integers(-2, 3, shape) for scale, shape in zip(scales, pairwise(widths), strict=True)]
    biases = [size * random.integers(-3, 4, width) for size, width in zip(sizes, widths[1:], strict=True)]
    return Exact(weights, biases, random.integers(-4, 5, (1, widths[0])).astype(float), random.integers(1, 5, (1, widths[-1])).astype(float))
