"""Optimisers: known answers, identities between techniques, and the ends of the range of gradients. Starts are at 0, where rounding hides nothing."""

import numpy as np
import pytest

from trickbench.harness.registry import implementations

STEPS = 50
LARGEST = {"float32": 1e18, "float64": 1e150}


def settings(member, **more):
    """No epsilon and no decay of the weights, where the technique has them."""
    return {name: 0.0 for name in ("epsilon", "strength") if name in member.implementation.technique.hyperparameters} | more


def other(member, name):
    """Another implementation, for arrays of the same dtype."""
    return type(member)(implementations()[name], member.dtype)


def steps(path):
    return np.diff(np.asarray(path, np.float64), axis=0)


def test_gradient_descent_subtracts_learning_rate_times_gradient(sgd):
    path, state = sgd.walk([[2.0, -4.0]], start=[1.0, 0.0], learning_rate=0.25)
    assert path[-1].tolist() == [0.5, 1.0]
    assert state.shape == (0, 2)


def test_momentum_s_forms_agree_at_a_constant_rate_and_part_when_it_changes(momentum):
    # all numbers are sums of powers of 2, so there is no rounding: v = -1/4, -3/8 against v = 1, 3/2
    path, state = momentum.walk([[1.0], [1.0]], learning_rate=0.25, momentum=0.5)
    assert path[:, 0].tolist() == [0, -0.25, -0.625]
    further, _ = momentum.walk([[1.0]], path[-1], state, first=3, learning_rate=0.5, momentum=0.5)
    # lecture: v = -3/16 - 1/2; PyTorch: 1/2 (3/4 + 1)
    assert further[-1, 0] - path[-1, 0] == {"velocity": -0.6875, "update": -0.875}[momentum.conventions["learning_rate_in"]]


def test_momentum_without_momentum_is_gradient_descent(momentum, random):
    gradients = random.normal(size=(STEPS, 9))
    path, _ = momentum.walk(gradients, momentum=0.0)
    expected, _ = other(momentum, "sgd/numpy_reference").walk(gradients)
    if not momentum.plain:  # may fuse product and sum: half a unit in the last place of the position a step
        np.testing.assert_allclose(path, expected, rtol=0, atol=STEPS * momentum.eps * np.abs(expected).max())
    else:
        assert np.array_equal(path, expected)


def test_adagrad_s_steps_shrink_with_the_root_of_time(adagrad):
    path, state = adagrad.walk(np.full((STEPS, 2), [3.0, -1e-5]), learning_rate=0.25, epsilon=0.0)
    time = np.arange(1, STEPS + 1)[:, None]
    # the sum of t equal squares has rounded t times, and its root half as much; the position rounds by half an eps of at most 2 sqrt(t) steps
    np.testing.assert_allclose(steps(path) * np.sqrt(time), np.tile([-0.25, 0.25], (STEPS, 1)), rtol=2 * STEPS * adagrad.eps)
    np.testing.assert_allclose(state[0], STEPS * np.square([3.0, 1e-5]), rtol=STEPS * adagrad.eps)


def test_rmsprop_s_first_steps_are_as_its_start_says(rmsprop):
    gradient = rmsprop.array([3.0, -1e-5])
    path, state = rmsprop.walk(np.tile(gradient, (STEPS, 1)), learning_rate=0.25, decay=0.75, epsilon=0.0)
    time = np.arange(1, STEPS + 1)[:, None]
    share = {"first_gradient": np.ones((STEPS, 1)), "zero": 1 - 0.75**time}[rmsprop.conventions["start"]]
    # an average forgets its roundings with ratio 3/4: 4 of 2 half units; the position rounds by half an eps of itself, up to t steps
    np.testing.assert_allclose(steps(path) * np.sqrt(share), np.tile([-0.25, 0.25], (STEPS, 1)), rtol=(8 + STEPS) * rmsprop.eps)
    np.testing.assert_allclose(state[0], share[-1] * np.square(gradient, dtype=np.float64), rtol=8 * rmsprop.eps)


def test_rmsprop_without_memory_is_sign_descent(rmsprop, random):
    gradients = random.normal(size=(STEPS, 9))
    path, _ = rmsprop.walk(gradients, learning_rate=0.25, decay=0.0, epsilon=0.0)
    np.testing.assert_allclose(steps(path), -0.25 * np.sign(gradients), rtol=0, atol=STEPS * rmsprop.eps)


def test_adam_s_steps_are_the_learning_rate_under_a_constant_gradient(adam):
    path, _ = adam.walk(np.full((STEPS, 2), [3.0, -1e-5]), learning_rate=0.25, epsilon=0.0)
    # both averages are corrected; the second one's rounding error is up to eps / (1 - beta2) of the little it holds at first
    np.testing.assert_allclose(steps(path), np.tile([-0.25, 0.25], (STEPS, 1)), rtol=STEPS * adam.eps)


def test_adam_without_momentum_is_zero_start_rmsprop_corrected(adam, random):
    gradients = random.normal(size=(STEPS, 9))
    path, (_, square) = adam.walk(gradients, beta1=0.0, beta2=0.9, epsilon=0.0)
    expected, (average,) = other(adam, "rmsprop/numpy_zero_start").walk(gradients, decay=0.9, epsilon=0.0)
    correction = np.sqrt(1 - float(adam.dtype.type(0.9)) ** np.arange(1, STEPS + 1))[:, None]
    np.testing.assert_allclose(steps(path), correction * steps(expected), rtol=0, atol=2 * STEPS * adam.eps * np.abs(expected).max())
    np.testing.assert_allclose(square, average, rtol=10 * 2 * adam.eps)  # two roundings a step, forgotten with ratio 9/10


def test_adam_s_mean_is_a_share_of_torch_form_momentum(adam, random):
    gradients = random.normal(size=(STEPS, 9))
    _, (mean, _) = adam.walk(gradients, beta1=0.75)
    _, (velocity,) = other(adam, "momentum/numpy_torch_form").walk(gradients, momentum=0.75)
    np.testing.assert_allclose(mean, 0.25 * velocity, rtol=0, atol=8 * adam.eps * np.abs(gradients).max())


def test_adamw_without_decay_is_adam_bit_for_bit(adamw, random):
    gradients = random.normal(size=(STEPS, 37))
    path, state = adamw.walk(gradients, strength=0.0)
    expected, expected_state = other(adamw, f"adam/{adamw.implementation.variant}").walk(gradients)
    assert np.array_equal(path, expected)
    assert np.array_equal(state, expected_state)


def test_adamw_without_gradient_shrinks_by_one_factor_a_step(adamw):
    path, _ = adamw.walk(np.zeros((STEPS, 2)), start=[3.0, -0.1], learning_rate=0.125, strength=0.5)
    factor = {"learning_rate_times_strength": 1 - 0.125 * 0.5, "strength": 0.5}[adamw.conventions["decay_factor"]]
    expected = adamw.array([3.0, -0.1]).astype(float) * factor ** np.arange(STEPS + 1)[:, None]
    np.testing.assert_allclose(path, expected, rtol=STEPS * adamw.eps / 2)


def test_decay_comes_before_the_step_and_does_not_shrink_it(adamw):
    path, _ = adamw.walk([[1.0]], start=[1.0], learning_rate=0.5, strength=1.0, epsilon=0.0)
    np.testing.assert_allclose(path[-1, 0], 1 * (1 - 0.5) - 0.5, atol=4 * adamw.eps)


def test_adaptive_paths_do_not_depend_on_the_unit_of_the_gradient(adaptive_optimizer, random):
    member = adaptive_optimizer
    gradients = random.normal(size=(STEPS, 37))
    path, _ = member.walk(gradients, **settings(member))
    for exponent in (-30, 20):
        scaled, _ = member.walk(gradients.astype(member.dtype) * member.dtype.type(2.0**exponent), **settings(member))
        assert np.array_equal(scaled, path), f"a factor 2^{exponent} changes no digit"


def test_the_first_adaptive_step_has_one_size_at_either_end_of_the_range(adaptive_optimizer):
    member = adaptive_optimizer
    largest = LARGEST[member.dtype.name]
    path, _ = member.walk([[largest, -largest, 1 / largest, -1 / largest]], learning_rate=0.25, **settings(member))
    longer = np.sqrt(1 / (1 - 0.9)) if member.conventions.get("start") == "zero" else 1
    # (1 - beta2) g² is subnormal in float32 at 1e-18: 1e-39 in units of 2^-149 is off by up to 7e-7, its root by 3 eps
    np.testing.assert_allclose(path[-1], longer * np.array([-0.25, 0.25, -0.25, 0.25]), rtol=8 * member.eps)


def test_a_parameter_without_gradient_stays_where_it_is_even_without_epsilon(optimizer):
    path, state = optimizer.walk([[0.0], [0.0]], start=[3.0], **settings(optimizer))
    if optimizer.conventions.get("zero_over_zero") == "nan":
        assert np.isnan(path[1:]).all()
        return
    assert path[:, 0].tolist() == [3, 3, 3]
    moved, _ = optimizer.walk([[1.0]], path[-1], state, first=3, **settings(optimizer))
    assert moved[-1, 0] < 3


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_an_impossible_gradient_spoils_its_own_parameter_and_no_other(optimizer, random, value):
    gradients = random.normal(size=(3, 37))
    expected, _ = optimizer.walk(gradients)
    gradients[1, 5] = value
    with np.errstate(invalid="ignore"):
        path, _ = optimizer.walk(gradients)
    assert not np.isfinite(path[-1, 5])
    assert np.array_equal(np.delete(path, 5, axis=1), np.delete(expected, 5, axis=1))
