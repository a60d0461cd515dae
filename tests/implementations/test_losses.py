"""Losses: known answers, derivatives against small changes, and extreme outputs."""

import numpy as np
import pytest


def value(member, z, targets, weights=None):
    z, targets = np.atleast_2d(member.array(z)), np.atleast_2d(member.array(targets))
    return member.value(z, targets, member.array(np.ones(len(z)) if weights is None else weights))


def gradient(member, z, targets, weights=None):
    z, targets = np.atleast_2d(member.array(z)), np.atleast_2d(member.array(targets))
    dz = np.empty_like(z)
    member.gradient(z, targets, member.array(np.ones(len(z)) if weights is None else weights), dz)
    return dz


def test_the_gradient_is_the_effect_of_a_small_change(double_loss, differences, random):
    loss = double_loss  # in float32 the effect drowns in rounding: the next test holds float32 against float64
    z, targets, weights = random.normal(size=(5, 4)), random.dirichlet(np.ones(4), 5), random.uniform(0, 3, 5)
    expected = differences(lambda at: value(loss, at, targets, weights), z)
    # truncation step²/6 · f''' below eps^(2/3) / 6; rounding of a value of at most 8: 8 eps / eps^(1/3)
    np.testing.assert_allclose(gradient(loss, z, targets, weights), expected, rtol=0, atol=10 * loss.eps ** (2 / 3))


def test_float32_agrees_with_float64_and_its_value_is_taken_in_float64(loss, random):
    double = type(loss)(loss.implementation, np.dtype(float))
    z, targets = random.normal(0, 3, (6, 4)).astype(np.float32), np.eye(4, dtype=np.float32)[[0, 1, 2, 3, 0, 1]]
    assert value(loss, z, targets) == pytest.approx(value(double, z, targets), rel=1e-15)
    np.testing.assert_allclose(gradient(loss, z, targets), gradient(double, z, targets), rtol=0, atol=4 * np.finfo(np.float32).eps * np.abs(z).max())


def test_rows_count_by_their_weight(loss, random):
    z, targets = random.normal(size=(3, 4)), random.dirichlet(np.ones(4), 3)
    each = [value(loss, row, target) for row, target in zip(z, targets, strict=True)]
    assert value(loss, z, targets, [1, 0, 3]) == pytest.approx((each[0] + 3 * each[2]) / 4, rel=8 * loss.eps)
    rows = gradient(loss, z, targets, [1, 0, 3])
    assert not rows[1].any()
    np.testing.assert_allclose(rows[2], 0.75 * gradient(loss, z[2], targets[2])[0], rtol=4 * loss.eps)


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes(softmax_cross_entropy):
    for level in (0.0, 1e4, -1e4):
        assert value(softmax_cross_entropy, [level] * 8, np.eye(8)[3]) == pytest.approx(np.log(8), rel=1e-15)
        expected = np.full(8, 0.125) - np.eye(8)[3]
        np.testing.assert_allclose(gradient(softmax_cross_entropy, [level] * 8, np.eye(8)[3])[0], expected, atol=softmax_cross_entropy.eps)


def test_only_differences_of_logits_count_however_large_they_are(softmax_cross_entropy):
    for shift in (0, -(2.0**20), 2.0**20):  # a shift that rounds no logit
        assert value(softmax_cross_entropy, np.array([1.0, 3.0]) + shift, [1, 0]) == pytest.approx(2 + np.log1p(np.exp(-2)), rel=1e-15)
    assert value(softmax_cross_entropy, [1e30, -1e30], [1, 0]) == 0
    assert value(softmax_cross_entropy, [1e30, -1e30], [0, 1]) == pytest.approx(2 * float(softmax_cross_entropy.dtype.type(1e30)))
    assert gradient(softmax_cross_entropy, [1e30, -1e30], [0, 1]).tolist() == [[1, -1]]


def test_rows_do_not_share_a_largest_logit(softmax_cross_entropy):
    z, targets = [[1e4, 1e4], [-1e4, -1e4]], [[1, 0], [0, 1]]
    assert value(softmax_cross_entropy, z, targets) == pytest.approx(np.log(2), rel=1e-15)
    assert gradient(softmax_cross_entropy, z, targets).tolist() == [[-0.25, 0.25], [0.25, -0.25]]


def test_an_impossible_class_costs_nothing_unless_it_is_the_target(softmax_cross_entropy):
    assert value(softmax_cross_entropy, [0.0, 0.0, -np.inf], [1, 0, 0]) == pytest.approx(np.log(2))
    assert value(softmax_cross_entropy, [0.0, 0.0, -np.inf], [0, 0, 1]) == np.inf
    assert gradient(softmax_cross_entropy, [0.0, 0.0, -np.inf], [1, 0, 0]).tolist() == [[-0.5, 0.5, 0]]


@pytest.mark.parametrize("row", [[-np.inf, -np.inf], [np.inf, 0.0], [np.nan, 0.0]])
def test_a_row_without_a_softmax_gives_nan(softmax_cross_entropy, row):
    with np.errstate(invalid="ignore"):
        assert np.isnan(value(softmax_cross_entropy, row, [1, 0]))
        assert np.isnan(gradient(softmax_cross_entropy, row, [1, 0])).any()


def test_targets_that_do_not_sum_to_one_keep_the_gradient_a_derivative(softmax_cross_entropy):
    assert value(softmax_cross_entropy, [0.0, 0.0], [2, 1]) == pytest.approx(3 * np.log(2))
    assert gradient(softmax_cross_entropy, [0.0, 0.0], [2, 1]).tolist() == [[-0.5, 0.5]]


def test_squared_error_is_half_the_squared_distance(squared_error):
    factor = {"half": 1.0, "one": 2.0}[squared_error.conventions["factor"]]
    assert value(squared_error, [[3.0, 0.0], [0.0, 4.0]], np.zeros((2, 2))) == factor * 6.25
    assert gradient(squared_error, [[3.0, 0.0], [0.0, 4.0]], np.ones((2, 2))).tolist() == [[factor, -factor / 2], [-factor / 2, factor * 1.5]]
