"""What any activation owes in the harness's network: the backward pass is the derivative of the forward pass, rows and units stand alone."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, close, equal, first_refuted
from ...harness.network import Network
from ...harness.probe import Probe
from ...harness.stack import Stack
from ...harness.subject import ActivationSubject
from ._drawn import WIDTHS, Drawn, drawn
from ._steps import pieces_of, third_root

Units = NDArray[np.bool_]
ACTIVATIONS = ("sigmoid", "relu", "maxout")
CUT = (1, WIDTHS[2] - 1)
"""The unit of each hidden layer that is masked in every row."""


@claim("network.gradient", kind="identity", section="not in the notes", about=ACTIVATIONS, dtypes=("float64",))
def backward_is_the_derivative_of_forward(activation: ActivationSubject, probe: Probe) -> Evidence:
    """In a network of several layers, with biases and masks, what backward gives by every layer's weights, by its biases and by the inputs is the
    effect of a small change of them on the outputs.
    """
    networks = [(drawn(activation, probe, pieces), masked) for pieces in pieces_of(activation) for masked in (False, True)]
    return first_refuted(*(part for network, masked in networks for part in _effects(network, masked, probe)))


def _effects(network: Drawn, masked: bool, probe: Probe) -> Iterator[Evidence]:
    stack, masks = network.stack, network.masks if masked else None
    space, gradient = stack.gradients(network.inputs, network.upstream, masks)
    by_inputs = space.dz[0] @ stack.weights()[0].T
    errors, _ = network.rounding(space)
    h = third_root(stack.activation.eps)
    # two differences, of steps h and 2h, give a derivative without the third-order term: (4 D(h) - D(2h)) / 3; rounding of the values over h counts
    # 4/3 and 1/6 times. Along one layer's numbers ReLU and Maxout are linear until the next kink.
    tolerance = 1.5 * float((np.abs(network.upstream) * errors[-1]).sum()) / h

    def value(parameters: Floats, inputs: Floats) -> float:
        kept = stack.parameters.copy()
        stack.parameters[:] = parameters
        outputs = stack.outputs(inputs, masks)
        stack.parameters[:] = kept
        return float((network.upstream * outputs).sum())

    for name, place in _places(stack.shape):
        direction = np.zeros(gradient.size)
        direction[place] = probe.random(f"along {name}").normal(size=direction[place].size)
        direction /= np.linalg.norm(direction)
        effect = _derivative(lambda step, d=direction: value(stack.parameters + step * d, network.inputs), h)
        given = f"{name} of {WIDTHS}, pieces {stack.pieces}, {'masked' if masked else 'unmasked'}: along a random direction"
        yield close(float(gradient @ direction), effect, ulps=1, scale=tolerance, eps=1, given=given)
    direction = probe.random("along the inputs").normal(size=network.inputs.shape)
    direction /= np.linalg.norm(direction)
    effect = _derivative(lambda step: value(stack.parameters, network.inputs + step * direction), h)
    yield close(float((by_inputs * direction).sum()), effect, ulps=1, scale=tolerance, eps=1, given="the inputs: along a random direction")


def _derivative(value: Callable[[float], float], h: float) -> float:
    near, far = ((value(step) - value(-step)) / (2 * step) for step in (h, 2 * h))
    return (4 * near - far) / 3


def _places(shape: Network) -> Iterator[tuple[str, slice]]:
    """Every layer's weights, the last layer first, since an error there is the plainest; then the biases."""
    for layer in range(shape.columns.size - 1, -1, -1):
        yield f"weights of layer {layer + 1}", slice(shape.weights_at[layer], shape.weights_at[layer + 1])
        yield f"biases of layer {layer + 1}", slice(shape.biases_at[layer], shape.biases_at[layer + 1])


@claim("network.batch-is-sum", kind="identity", section="not in the notes", about=ACTIVATIONS)
def a_batch_s_gradient_is_the_sum_over_its_rows(activation: ActivationSubject, probe: Probe) -> Evidence:
    """Rows do not know of each other: a row's outputs are the same alone and in a batch, and a batch's gradient is the sum of its rows' gradients."""
    return first_refuted(*(part for pieces in pieces_of(activation) for part in _rows_alone(drawn(activation, probe, pieces))))


def _rows_alone(network: Drawn) -> tuple[Evidence, Evidence]:
    space, gradient = network.stack.gradients(network.inputs, network.upstream)
    errors, off = network.rounding(space)
    eps = network.stack.activation.eps
    alone = [network.stack.gradients(row[None], above[None]) for row, above in zip(network.inputs, network.upstream, strict=True)]
    outputs = np.concatenate([each.z[-1] for each, _ in alone]).astype(np.float64)
    total = np.sum([each.astype(np.float64) for _, each in alone], axis=0)
    # both runs round, in different orders
    return (
        close(
            space.z[-1], outputs, ulps=2, scale=errors[-1] / eps, given=lambda at: f"row {at[0]} in a batch of {len(network.inputs)}, output {at[1]}"
        ),
        close(gradient, total, ulps=2, scale=off / eps, given=lambda at: f"gradient of a batch of {len(network.inputs)} by parameter {at[0]}"),
    )


@claim("network.masked-unit", kind="identity", section="not in the notes", about=ACTIVATIONS)
def a_masked_unit_is_as_if_it_were_not_there(activation: ActivationSubject, probe: Probe) -> Evidence:
    """Units do not know of each other: a network in which a unit of each layer is masked gives the outputs and the gradients of the network without
    these units, and their own weights and biases get no gradient.
    """
    return first_refuted(*(part for pieces in pieces_of(activation) for part in _cut(drawn(activation, probe, pieces))))


def _cut(network: Drawn) -> tuple[Evidence, ...]:
    whole = network.stack
    kept, wide = _kept(whole)
    for bias, columns in zip(whole.biases()[:-1], wide[:-1], strict=True):
        bias[~columns] += 8  # so large that the unit would outdo the others, if they competed
    weights = [each[np.ix_(rows, columns)] for each, rows, columns in zip(whole.weights(), kept[:-1], wide, strict=True)]
    thin = Stack(whole.activation, weights, [bias[columns] for bias, columns in zip(whole.biases(), wide, strict=True)], whole.pieces)
    thin_masks = tuple(mask[:, units] for mask, units in zip(network.masks, kept[1:-1], strict=True))
    space, gradient = whole.gradients(network.inputs, network.upstream, network.masks)
    thin_space, thin_gradient = thin.gradients(network.inputs, network.upstream, thin_masks)
    errors, off = network.rounding(space)
    by_weights = [np.outer(rows, columns).ravel() for rows, columns in zip(kept[:-1], wide, strict=True)]
    there = np.concatenate([*by_weights, *wide])
    eps = whole.activation.eps
    return (
        close(space.z[-1], thin_space.z[-1], ulps=2, scale=errors[-1] / eps, given=lambda at: f"row {at[0]}, output {at[1]}, units {CUT} masked"),
        close(
            gradient[there], thin_gradient, ulps=2, scale=off[there] / eps, given=lambda at: f"gradient by the thinner network's parameter {at[0]}"
        ),
        equal(gradient[~there], np.zeros(int(np.sum(~there))), given=lambda at: f"gradient by the masked units' parameter {at[0]}"),
    )


def _kept(stack: Stack) -> tuple[list[Units], list[Units]]:
    """Which units of every layer stay, inputs first, and which pre-activations."""
    kept = [np.full(width, True) for width in stack.widths]
    for units, cut in zip(kept[1:-1], CUT, strict=True):
        units[cut] = False
    consecutive = stack.activation.conventions.get("layout") == "consecutive"
    wide = [np.repeat(units, stack.pieces) if consecutive else np.tile(units, stack.pieces) for units in kept[1:-1]]
    return kept, [*wide, kept[-1]]
