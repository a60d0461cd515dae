"""The network: where its parameters lie, where they start, and that its backward pass is the derivative of its forward pass."""

import numpy as np
import pytest

from trickbench.harness import network as nw
from trickbench.harness.choice import choice
from trickbench.harness.loop import Rows
from trickbench.harness.network import Slots, backward, forward, initial_parameters, network, weight_matrices, workspace
from trickbench.harness.neutral import NoDropout, NoPenalty

EPS = np.finfo(float).eps


def slots(activation: str, loss: str, optimizer: str = "sgd/numpy_reference") -> Slots:
    """Interpreted slots."""
    chosen = {
        family: choice(family, text).implementation.create()
        for family, text in (("activation", activation), ("loss", loss), ("optimizer", optimizer))
    }
    activation_, loss_, optimizer_ = chosen["activation"], chosen["loss"], chosen["optimizer"]
    none = NoPenalty()
    return Slots(
        activation_.forward,
        activation_.backward,
        loss_.value,
        loss_.gradient,
        none.add_gradient,
        none.after_update,
        optimizer_.update,
        NoDropout().draw,
    )


def test_weights_come_first_and_biases_last():
    shape = network([3, 4, 2])
    parameters = np.arange(float(shape.biases_at[-1]))
    first, second = weight_matrices(shape, parameters)
    assert (first.shape, second.shape) == ((3, 4), (4, 2))
    assert np.concatenate([first.ravel(), second.ravel(), [20, 21, 22, 23, 24, 25]]).tolist() == parameters.tolist()
    assert shape.biases_at.tolist() == [20, 24, 26]


def test_pieces_widen_the_hidden_layers_only():
    shape = network([3, 4, 5, 2], pieces=3)
    assert shape.columns.tolist() == [12, 15, 2]
    assert [weights.shape for weights in weight_matrices(shape, np.zeros(shape.biases_at[-1]))] == [(3, 12), (4, 15), (5, 2)]


def test_every_layer_starts_from_a_stream_of_its_own_and_biases_from_zero():
    def fill(weights, fan_in, fan_out, random):
        weights[:] = random.normal(size=weights.shape)

    shape = network([4, 4, 4])
    first, second = weight_matrices(shape, parameters := initial_parameters(shape, fill, np.random.default_rng(0), np.dtype(float)))
    assert not np.any(first == second)
    assert not np.any(parameters[shape.biases_at[0] :])
    deeper = network([4, 4, 4, 4])
    again = next(weight_matrices(deeper, initial_parameters(deeper, fill, np.random.default_rng(0), np.dtype(float))))
    assert np.array_equal(first, again), "another layer above does not change the first"


CASES = [
    ("sigmoid", "softmax_cross_entropy", 1, 0.0),
    ("relu", "softmax_cross_entropy", 1, 0.4),
    ("maxout", "squared_error", 3, 0.4),
    ("sigmoid", "squared_error", 1, 0.4),
]


@pytest.mark.parametrize(("activation", "loss", "pieces", "rate"), CASES)
def test_backward_is_the_derivative_of_forward(activation, loss, pieces, rate):
    random = np.random.default_rng(5)
    shape = network([3, 5, 4, 2], pieces)
    parameters = random.normal(size=shape.biases_at[-1])
    targets = np.eye(2)[random.integers(2, size=6)] if "cross" in loss else random.normal(size=(6, 2))
    rows = Rows(random.normal(size=(6, 3)), targets, random.uniform(0.5, 2, 6))
    rates = np.full(2, rate)
    space = workspace(shape, rates, 6, rows.inputs)
    for mask in space.mask:
        mask[:] = random.integers(2, size=mask.shape) * 2.0
    functions = slots(f"{activation}/numpy_reference", f"{loss}/numpy_reference")

    def value(at):
        space.h[0][:] = rows.inputs
        forward(shape, at, rates, space, 6, functions)
        return functions.loss_value(space.z[-1], rows.targets, rows.sample_weight)

    value(parameters)
    functions.loss_gradient(space.z[-1], rows.targets, rows.sample_weight, space.dz[-1])
    gradient = np.empty_like(parameters)
    backward(shape, parameters, gradient, rates, space, 6, functions)
    step = EPS ** (1 / 3)
    numeric = np.array([(value(parameters + step * unit) - value(parameters - step * unit)) / (2 * step) for unit in np.eye(parameters.size)])
    # central differences: truncation step**2 / 6 times a third derivative, rounding eps / step times the value; both about eps**(2/3)
    assert np.abs(gradient - numeric).max() < 100 * EPS ** (2 / 3) * max(1, np.abs(numeric).max())


def test_a_masked_unit_contributes_nothing_and_gets_no_gradient():
    shape = network([2, 3, 1])
    parameters = np.random.default_rng(0).normal(size=shape.biases_at[-1])
    rates = np.array([0.5])
    space = workspace(shape, rates, 4, np.zeros((4, 2)))
    space.mask[0][:] = [1, 0, 1]
    functions = slots("sigmoid/numpy_reference", "squared_error/numpy_reference")
    space.h[0][:] = np.random.default_rng(1).normal(size=(4, 2))
    forward(shape, parameters, rates, space, 4, functions)
    space.dz[-1][:] = 1
    gradient = np.empty_like(parameters)
    backward(shape, parameters, gradient, rates, space, 4, functions)
    into, out = weight_matrices(shape, gradient)
    assert not np.any(into[:, 1])
    assert not np.any(out[1])
    assert np.all(into[:, 0])


def test_a_linear_model_has_no_hidden_layer():
    shape = nw.network([3, 2])
    space = workspace(shape, np.zeros(0), 5, np.ones((5, 3)))
    space.h[0][:] = 1
    forward(shape, np.ones(8), np.zeros(0), space, 5, slots("relu/numpy_reference", "squared_error/numpy_reference"))
    assert np.array_equal(space.z[0], np.full((5, 2), 4.0))
