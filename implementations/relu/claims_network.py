"""What the lecture claims of ReLU in a network: for one input it is a thinner, linear network, which passes gradients on unchanged."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, close, equal, first_refuted
from ...harness.probe import Probe
from ...harness.stack import Stack
from ...harness.subject import ActivationSubject
from ._networks import Exact, Units, exact_networks


@claim("relu.remove-dead", kind="identity", section="ReLU", figures=6)
def silent_units_can_be_cut_out(relu: ActivationSubject, probe: Probe) -> Evidence:
    """A unit whose pre-activation is not positive contributes nothing: cut out of the network, with its weights, it leaves the output for that input
    unchanged.
    """
    return first_refuted(*(_same_when_cut(relu, network) for network in exact_networks(probe)))


def _same_when_cut(relu: ActivationSubject, network: Exact) -> Evidence:
    silent = network.silent()
    thin = network.without(silent)
    whole, cut = network.stack(relu), thin.stack(relu)
    names = [f"{np.flatnonzero(units).tolist()} of layer {layer}" for layer, units in enumerate(silent, 1) if units.any()]
    given = f"{network}, without units {', '.join(names)}"
    return first_refuted(
        equal(whole.outputs(network.inputs), cut.outputs(network.inputs).astype(np.float64), given=given),
        _silent_units_give_0(whole, network, silent),
    )


def _silent_units_give_0(stack: Stack, network: Exact, silent: Sequence[Units]) -> Evidence:
    space = stack.run(network.inputs)
    found = np.concatenate([a[0, units] for a, units in zip(space.a, silent, strict=True)])
    return equal(found, np.zeros(found.size), given=f"{network}, outputs of silent units:") if found.size else equal(0.0, 0.0)


@claim("relu.thin-linear", kind="identity", section="ReLU", figures=7)
def for_one_input_the_network_is_linear(relu: ActivationSubject, probe: Probe) -> Evidence:
    """For one input the network equals a thinner linear one: the matrix and the bias multiplied out from its active units reproduce the output, and
    keep reproducing it as the input moves, as long as no unit becomes active or silent.
    """
    at_the_input = [_linear(relu, network) for network in exact_networks(probe, times=2)]
    around_it = [_region(relu, random) for random in probe.random("regions").spawn(8)]
    return first_refuted(*at_the_input, *around_it)


def _linear(relu: ActivationSubject, network: Exact) -> Evidence:
    matrix, offset = _multiplied_out(network.without(network.silent()))
    return equal(network.stack(relu).outputs(network.inputs), network.inputs @ matrix + offset, given=str(network))


def _multiplied_out(thin: Exact) -> tuple[Floats, Floats]:
    matrix, offset = np.eye(thin.inputs.shape[1]), np.zeros(thin.inputs.shape[1])
    for weights, bias in zip(thin.weights, thin.biases, strict=True):
        matrix, offset = matrix @ weights, offset @ weights + bias
    return matrix, offset


def _region(relu: ActivationSubject, random: np.random.Generator) -> Evidence:
    """From an input in a random direction to nine tenths of the way to the first unit that changes sides."""
    widths = [3, 6, 5, 4, 2]
    shapes = list(pairwise(widths))
    weights = [relu.array(random.normal(size=shape)).astype(np.float64) for shape in shapes]
    biases = [relu.array(random.normal(0.5, 1, width)).astype(np.float64) for width in widths[1:]]
    start, direction = random.normal(size=(1, 3)), random.normal(size=(1, 3))
    network = Exact(weights, biases, start, np.ones((1, 2)))
    silent = network.silent()
    matrix, offset = _multiplied_out(network.without(silent))
    steps = 0.9 * _distance_to_a_kink(network, direction, silent) * np.array([[0.3], [0.7], [1.0]])
    inputs = relu.array(np.concatenate([start, start + steps * direction]))
    stack = network.stack(relu)
    space = stack.run(inputs)
    # every layer's sums round, and the error of one layer goes on through the weights of the next; the exact map has its own rounding in float64
    tolerance = stack.rounding(space)[-1] + 30 * np.finfo(np.float64).eps * (np.abs(inputs) @ np.abs(matrix) + np.abs(offset))
    return close(
        space.z[-1], inputs.astype(np.float64) @ matrix + offset, ulps=1, scale=tolerance / relu.eps,
        given=lambda at: f"{network}, moved to {inputs[at[0]].tolist()}: output {at[1]}",
    )  # fmt: skip


def _distance_to_a_kink(network: Exact, direction: Floats, silent: Sequence[Units]) -> float:
    """How far the input can move, at most 10, before a pre-activation changes its sign: they are linear in the distance until then."""
    value, slope, farthest = network.inputs, direction, 10.0
    for weights, bias, units in zip(network.weights[:-1], network.biases[:-1], silent, strict=True):
        value, slope = value @ weights + bias, slope @ weights
        crossing = -value / slope
        farthest = min([farthest, *crossing[crossing > 0]])
        value, slope = np.where(units, 0.0, value), np.where(units, 0.0, slope)
    return farthest


@claim("relu.gradient-passes", kind="identity", section="ReLU", figures=7)
def active_units_multiply_the_gradient_by_1(relu: ActivationSubject, probe: Probe) -> Evidence:
    """Along active units the activation multiplies the gradient by exactly 1, and along silent ones by 0: the gradient by the input is the product of
    the sub-matrices of the active units.
    """
    exact = [_product_of_active_weights(relu, network) for network in exact_networks(probe)]
    drawn = [_unchanged(relu, random) for random in probe.random("drawn").spawn(4)]
    return first_refuted(*exact, *drawn)


def _product_of_active_weights(relu: ActivationSubject, network: Exact) -> Evidence:
    active_at_zero = relu.conventions["derivative_at_zero"] == "1"
    closed, h = [], network.inputs
    for weights, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        z = h @ weights + bias
        closed.append(z[0] < 0 if active_at_zero else z[0] <= 0)
        h = np.where(z > 0, z, 0.0)
    matrix, _ = _multiplied_out(network.without(closed))
    found = network.stack(relu).input_gradient(network.inputs, network.upstream)
    return equal(found, network.upstream @ matrix.T, given=f"{network}, gradient {network.upstream[0].tolist()} by the outputs: by input")


def _unchanged(relu: ActivationSubject, random: np.random.Generator) -> Evidence:
    """In every layer of a deep network of real weights, bit for bit; behind a layer that is silent as a whole z is exactly 0."""
    at_zero = float(relu.conventions["derivative_at_zero"])
    stack = Stack.initialised(relu, lambda fan_in, fan_out, draws: draws.normal(0, np.sqrt(2 / fan_in), (fan_in, fan_out)), [6, *[9] * 10, 3], random)
    space, _ = stack.gradients(random.normal(size=(4, 6)), random.normal(size=(4, 3)) * 10.0 ** random.integers(-6, 7))
    parts = [
        equal(
            dz, np.where(z > 0, 1.0, np.where(z == 0, at_zero, 0.0)) * da,
            given=lambda at, layer=layer, da=da, z=z: f"layer {layer} of 10, z = {z[at]}, ∂L/∂a = {da[at]}",
        )
        for layer, (dz, z, da) in enumerate(zip(space.dz[:-1], space.z[:-1], space.da, strict=True), 1)
    ]  # fmt: skip
    return first_refuted(*parts)
