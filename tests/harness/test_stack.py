"""The stack that claims about depth and networks examine: it is the network it says, and its bounds and tests mean what they say."""

import numpy as np
import pytest

from trickbench.harness import registry
from trickbench.harness.errors import InputError
from trickbench.harness.stack import Stack, established, log_ratio
from trickbench.harness.subject import subject

WEIGHTS = [np.array([[1.0, -2.0], [0.0, 3.0]]), np.array([[2.0], [5.0]])]
BIASES = [[1.0, -1.0], [7.0]]


@pytest.fixture
def relu():
    return subject(registry.implementations()["relu/numpy_reference"], "float64")


def normal(fan_in, fan_out, random):
    return random.normal(size=(fan_in, fan_out))


def test_outputs_are_those_of_the_layers_written_out(relu):
    stack = Stack(relu, WEIGHTS, BIASES)
    # (1, 1) gives z = (2, 0), a = (2, 0), 11; (-3, 1) gives z = (-2, 8), a = (0, 8), 47
    assert stack.outputs([[1.0, 1.0], [-3.0, 1.0]]).tolist() == [[11.0], [47.0]]


def test_masks_multiply_what_a_hidden_layer_hands_on(relu):
    stack = Stack(relu, WEIGHTS, BIASES)
    space = stack.run([[-3.0, 2.0]], [np.array([[1.0, 0.5]])])
    assert space.a[0].tolist() == [[0.0, 11.0]]
    assert space.h[1].tolist() == [[0.0, 5.5]]
    assert space.z[-1].tolist() == [[34.5]]


def test_gradients_are_those_of_the_chain_rule(relu):
    stack = Stack(relu, WEIGHTS, BIASES)
    space, gradient = stack.gradients([[-3.0, 2.0]], [[2.0]])
    assert space.dz[0].tolist() == [[0.0, 10.0]]
    assert gradient.tolist() == [0, -30, 0, 20, 0, 22, 0, 10, 2]
    assert stack.input_gradient([[-3.0, 2.0]], [[2.0]]).tolist() == [[-20.0, 30.0]]
    assert stack.gradient_sizes([[-3.0, 2.0]], [[2.0]]).tolist() == [np.hypot(4, 10)]


def test_without_biases_they_are_zero(relu):
    assert not any(bias.any() for bias in Stack(relu, WEIGHTS).biases())


def test_the_output_layer_s_bias_cannot_be_forgotten(relu):
    with pytest.raises(InputError, match="2 layers"):
        Stack(relu, WEIGHTS, BIASES[:1])


def test_a_mask_for_every_hidden_layer_or_none(relu):
    with pytest.raises(ValueError, match="zip"):
        Stack(relu, WEIGHTS, BIASES).run([[1.0, 1.0]], [])


def test_weights_are_views_so_that_a_check_can_change_one(relu):
    stack = Stack(relu, WEIGHTS, BIASES)
    stack.weights()[1][0, 0] += 1
    assert stack.outputs([[1.0, 1.0]]).tolist() == [[13.0]]


def test_initialised_layers_come_from_the_fill_in_their_order(relu):
    stack = Stack.initialised(relu, normal, [3, 5, 2], np.random.default_rng(4))
    random = np.random.default_rng(4)
    assert [weights.shape for weights in stack.weights()] == [(3, 5), (5, 2)]
    assert all(np.array_equal(weights, random.normal(size=weights.shape)) for weights in stack.weights())


@pytest.mark.parametrize("masked", [False, True])
def test_rounding_bounds_the_error_of_float32(masked):
    implementation = registry.implementations()["relu/numpy_reference"]
    single, double = (subject(implementation, dtype) for dtype in ("float32", "float64"))
    closest = 0.0
    for seed in range(20):
        random = np.random.default_rng(seed)
        stack = Stack.initialised(single, normal, [4, 6, 5, 3], random)
        inputs = single.array(random.normal(size=(3, 4)))
        masks = [(random.random((3, width)) < 0.5) * np.float32(1.7) for width in (6, 5)] if masked else None
        exact = Stack(double, stack.weights()).run(inputs, masks)
        space = stack.run(inputs, masks)
        for error, found, expected in zip(stack.rounding(space), space.z, exact.z, strict=True):
            assert np.all(np.abs(found - expected) <= error)
            closest = max(closest, float((np.abs(found - expected) / error).max()))
    assert closest > 0.1, "it is no bound that anything satisfies"


@pytest.mark.parametrize("layout", ["numpy_reference", "numpy_consecutive"])
def test_rounding_of_maxout_follows_its_layout(layout):
    maxout = subject(registry.implementations()[f"maxout/{layout}"], "float64")
    # the second unit's pieces have inputs a thousand times larger, in whichever columns they stand
    large = np.array([1, 0, 1, 0]) if layout == "numpy_reference" else np.array([1, 1, 0, 0])
    first = np.where(large, 1.0, 1000.0)[None, :]
    stack = Stack(maxout, [first, np.eye(2)], pieces=2)
    carried = stack.rounding(stack.run([[1.0]]))[1][0]
    assert carried[1] > 100 * carried[0]


def test_the_log_ratio_is_that_of_a_geometric_sequence():
    assert log_ratio(3.0 * 0.5 ** np.arange(6)[::-1]) == pytest.approx(np.log(0.5), abs=1e-12)
    assert log_ratio([8.0, 4.0, 2.0]) == pytest.approx(np.log(2.0), abs=1e-12)


@pytest.mark.parametrize("size", [0.0, np.inf, np.nan])
def test_a_gradient_that_is_gone_or_infinite_has_no_log_ratio(size):
    assert np.isnan(log_ratio([1.0, size, 2.0]))


def test_a_mean_is_established_on_the_side_where_it_clearly_lies():
    values = np.random.default_rng(0).normal(-1, 0.1, 20)
    assert established(values, below=-0.5, what="x").held
    assert not established(values, above=-0.5, what="x").held
    assert established(values, above=-1.5, what="x").held
    assert not established(values, below=-1.5, what="x").held


def test_a_mean_near_the_limit_is_not_established():
    values = np.random.default_rng(0).normal(-1, 0.1, 20)
    assert not established(values, below=-0.97, what="x").held
    assert "20 networks" in established(values, below=-0.97, what="x").worst.got


def test_the_deviation_is_student_s_p_value_in_millionths():
    from scipy.stats import ttest_1samp

    values = np.random.default_rng(1).normal(0, 1, 12)
    for side, alternative in (("below", "less"), ("above", "greater")):
        p = ttest_1samp(values, 0.4, alternative=alternative).pvalue
        assert established(values, **{side: 0.4}, what="x").deviation == pytest.approx(1e6 * p, rel=1e-9)


@pytest.mark.parametrize("value", [np.nan, -np.inf])
def test_a_network_without_a_finite_ratio_establishes_nothing(value):
    assert not established([-1.0, -1.1, -0.9, value, -1.0], below=-0.5, what="x").held


def test_equal_values_are_on_the_side_where_they_are():
    assert established([-1.0, -1.0], below=-0.5, what="x").held
    assert not established([-0.5, -0.5], below=-0.5, what="x").held
    assert not established([-1.0, -1.0], above=-0.5, what="x").held


@pytest.mark.parametrize("arguments", [{}, {"below": 1.0, "values": [1.0]}])
def test_too_few_values_and_no_limit_are_refused(arguments):
    values = arguments.pop("values", [1.0, 2.0])
    with pytest.raises(InputError):
        established(values, what="x", **arguments)
