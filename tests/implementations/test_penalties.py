"""Penalties: known answers, and what they do to a weight that no data hold."""

import numpy as np


def after(member, weights, strength, rate, steps=1):
    """Weights after steps of plain descent without a data gradient."""
    weights, strength, rate = member.array(weights), member.dtype.type(strength), member.dtype.type(rate)
    for _ in range(steps):
        gradient = np.zeros_like(weights)
        member.add_gradient(weights, strength, gradient)
        weights -= rate * gradient
        member.after_update(weights, strength, rate)
    return weights


def test_the_gradient_added_is_the_effect_of_a_small_change_or_nothing_in_a_proximal_form(double_penalty, differences, random):
    penalty = double_penalty  # in float32 the effect drowns in rounding
    weights, gradient = random.normal(size=9), np.ones(9)
    penalty.add_gradient(weights, 0.3, gradient)
    expected = 1 + differences(lambda at: penalty.value(at, 0.3), weights) * (penalty.conventions.get("form") != "proximal")
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=30 * penalty.eps ** (2 / 3))  # rounding of a value of at most 9


def test_values_are_summed_in_float64(penalty):
    weights = penalty.array([2.0**12, *[1.0] * 1000])
    total = {"l1": 2.0**12 + 1000, "l2": (2.0**24 + 1000) / 2}[penalty.technique]
    assert penalty.value(weights, penalty.dtype.type(0.5)) == total / 2  # in float32 the ones would be lost beside 2^24


def test_strength_zero_does_nothing(penalty, random):
    weights = penalty.array(random.normal(size=9))
    assert penalty.value(weights, penalty.dtype.type(0)) == 0
    assert np.array_equal(after(penalty, weights, 0, 0.5), weights)


def test_l2_takes_the_same_share_off_every_weight(l2):
    weights = l2.array([100.0, 1.0, -0.01, 0.0])
    np.testing.assert_allclose(after(l2, weights, 0.5, 0.25, steps=8), weights * 0.875**8, rtol=8 * l2.eps)


def test_l1_takes_the_same_amount_off_every_weight(l1):
    assert after(l1, [100.0, 1.0, -1.0, 0.0], 0.5, 0.25, steps=4).tolist() == [99.5, 0.5, -0.5, 0]


def test_only_the_proximal_form_reaches_zero_and_stays(l1):
    threshold = 0.25 * 0.5
    for start in (0.3, -1.0, 2.7):
        needed = int(np.ceil(abs(start) / threshold))
        before, then, later = (after(l1, [start], 0.5, 0.25, steps)[0] for steps in (needed - 1, needed, needed + 3))
        assert before != 0
        if l1.conventions["form"] == "proximal":
            assert then == later == 0
        else:
            assert abs(then) <= threshold
            assert abs(later) <= threshold


def test_weights_that_are_no_numbers_stay_so(l1):
    with np.errstate(invalid="ignore"):
        weights = after(l1, [np.nan, np.inf, -np.inf, 1.0], 0.5, 0.5)
    assert np.array_equal(weights, [np.nan, np.inf, -np.inf, 0.75], equal_nan=True)
