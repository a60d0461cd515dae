"""A network of one activation, without training: what claims about "a stack" examine.

It is the harness's own network (`network.py`), interpreted, with an implementation's activation and, where wanted, masks; every layer's
values and gradients can be looked at, and how large rounding may have made an error in them.

Below it stands what claims about depth share: how a gradient's size changes from layer to layer, one number a network, and whether several
such numbers establish that their mean lies on one side of a limit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from .arrays import Floats
from .errors import InputError
from .evidence import FALSE_ALARM, Case, Evidence
from .network import Network, Slots, Space, backward, forward, network, weight_matrices, workspace
from .subject import ActivationSubject


class Stack:
    """Layers of widths (inputs, hidden ..., outputs) with given weights (fan_in, columns) and biases (columns,), zero unless given.

    The last layer is linear. With `pieces`, hidden layers have `pieces * width` columns, in the layout that the activation declares.
    """

    def __init__(self, activation: ActivationSubject, weights: Sequence[Any], biases: Sequence[Any] | None = None, pieces: int = 1) -> None:
        self.activation, self.pieces = activation, pieces
        if biases is not None and len(biases) != len(weights):
            raise InputError(f"{len(biases)} biases are given for {len(weights)} layers; give one array a layer, the output's too, or none.")
        hidden = [np.shape(weight)[1] // pieces for weight in weights[:-1]]
        self.widths = [np.shape(weights[0])[0], *hidden, np.shape(weights[-1])[1]]
        self.shape: Network = network(self.widths, pieces)
        self.parameters = activation.array(np.zeros(int(self.shape.biases_at[-1])))
        for view, weight in zip(weight_matrices(self.shape, self.parameters), weights, strict=True):
            view[:] = weight
        for view, bias in zip(self.biases(), biases or (), strict=False):
            view[:] = bias
        unused = Slots.__annotations__.keys() - {"forward", "backward"}
        functions = {"forward": activation.method("forward"), "backward": activation.method("backward")}
        self.slots = Slots(**functions, **dict.fromkeys(unused, _unused))

    @classmethod
    def initialised(
        cls, activation: ActivationSubject, fill: Callable[[int, int, np.random.Generator], Any], widths: Sequence[int], random: np.random.Generator
    ) -> Stack:
        """Layers of widths (inputs, hidden ..., outputs), each `fill(fan_in, fan_out, random)`, as `InitializerSubject.weights` is; no bias."""
        return cls(activation, [fill(fan_in, fan_out, random) for fan_in, fan_out in pairwise(widths)])

    def run(self, inputs: Any, masks: Sequence[Any] | None = None) -> Space:
        """A forward pass: `z[l]`, `a[l]`, `h[l]` of every layer, with masks (rows, units) on the hidden layers if given."""
        x = self.activation.array(inputs)
        space = workspace(self.shape, self._rates(masks), len(x), x)
        for array in (*space.h, *space.z, *space.a, *space.mask, *space.da, *space.dz):
            array[:] = np.nan  # what an implementation leaves unwritten is seen, whatever stood in that memory
        space.h[0][:] = x
        for room, mask in zip(space.mask, () if masks is None else masks, strict=masks is not None):
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

    def gradient_sizes(self, inputs: Any, upstream: Any) -> Floats:
        """The norm of the derivative by every hidden layer's activations, the layer nearest to the inputs first."""
        space, _ = self.gradients(inputs, upstream)
        return np.array([np.linalg.norm(da.astype(np.float64)) for da in space.da])

    def rounding(self, space: Space, *, slope: float = 1.0, units: float = 0.0) -> list[Floats]:
        """How far rounding may have moved each layer's `z` in a run: an array of its shape a layer.

        A sum of n products is off by at most n half units of the sum of their sizes, in whatever order it is taken, and adding the bias by one more
        (Higham 2002, section 3.1). The activation passes an error on times its largest `slope` and adds `units` units in the last place of its own.
        """
        errors: list[Floats] = []
        carried = np.zeros(space.h[0].shape)
        for layer, (weights, bias) in enumerate(zip(self.weights(), self.biases(), strict=True)):
            sizes = np.abs(space.h[layer].astype(np.float64)) @ np.abs(weights.astype(np.float64)) + np.abs(bias)
            errors.append(carried @ np.abs(weights.astype(np.float64)) + (len(weights) + 1) / 2 * self.activation.eps * sizes)
            if layer < len(space.a):
                carried = slope * self._largest_piece(errors[-1], layer) + units * self.activation.eps * np.abs(space.a[layer])
                if len(space.mask[layer]):
                    carried = carried * np.abs(space.mask[layer]) + self.activation.eps / 2 * np.abs(space.h[layer + 1])
        return errors

    def weights(self) -> list[Floats]:
        """Each layer's weights (fan_in, columns)."""
        return list(weight_matrices(self.shape, self.parameters))

    def biases(self) -> list[Floats]:
        """Each layer's biases (columns,)."""
        at = self.shape.biases_at
        return [self.parameters[at[layer] : at[layer + 1]] for layer in range(len(at) - 1)]

    def _largest_piece(self, values: Floats, layer: int) -> Floats:
        units = self.widths[layer + 1]
        if self.activation.conventions.get("layout") == "consecutive":
            return values.reshape(len(values), units, self.pieces).max(axis=2)
        return values.reshape(len(values), self.pieces, units).max(axis=1)

    def _rates(self, masks: Sequence[Any] | None) -> Any:
        return np.full(len(self.widths) - 2, 0.5 if masks is not None else 0.0)


def _unused(*_arguments: Any) -> None:
    raise AssertionError("A stack neither trains nor measures.")


def log_ratio(sizes: Sequence[float] | Floats) -> float:
    """The slope of the logarithm of sizes, the layer nearest to the inputs first, against the distance from the output: below 0 they vanish.

    NaN where a size is 0 or not finite.
    """
    values = np.asarray(sizes, np.float64)[::-1]
    if not np.all((values > 0) & np.isfinite(values)):
        return float("nan")
    return float(np.polyfit(np.arange(len(values)), np.log(values), 1)[0])


def established(values: Sequence[float] | Floats, *, below: float | None = None, above: float | None = None, what: str) -> Evidence:
    """The claim is the alternative: Student's t test, one value a network, rejects at 1e-6 that their mean is not `below`, or not `above`, a limit.

    The deviation is the p-value in units of that rate, so a false claim is held at most once in a million; how often a true one is refuted
    depends on the number of values and is the check's to state. Values that are not all finite establish nothing.
    """
    from scipy.special import stdtr

    sample = np.asarray(values, np.float64)
    limit, sign = (below, 1) if below is not None else (above, -1)
    if limit is None or len(sample) < 2:
        raise InputError(f"{len(sample)} values and limits {below} and {above} are given; give two values or more, and one limit.")
    if not np.all(np.isfinite(sample)):
        return Evidence(float("inf"), 1.0, len(sample), Case(what, "finite numbers", str(sample.tolist())))
    error = float(sample.std(ddof=1) / np.sqrt(len(sample)))
    distance = sign * (float(sample.mean()) - limit)
    p = float(stdtr(len(sample) - 1, distance / error)) if error > 0 else float(not distance < 0)
    side = "below" if below is not None else "above"
    case = Case(
        what, f"a mean {side} {limit:.3g} at p < {FALSE_ALARM:g}", f"{sample.mean():.3g} ± {error:.2g} over {len(sample)} networks, p = {p:.2g}"
    )
    return Evidence(p / FALSE_ALARM, 1.0, len(sample), case, {f"{what}: mean": float(sample.mean()), "false_held": FALSE_ALARM})
