"""Activations: values at special points, and derivatives against small changes."""

from decimal import Decimal, localcontext

import numpy as np
import pytest

from trickbench.harness.arrays import Vector
from trickbench.harness.exponential import exponential, single_exponential
from trickbench.harness.kernel import kernel


def forward(member, z, units=None):
    z = np.atleast_2d(member.array(z))
    a = np.empty((z.shape[0], z.shape[1] if units is None else units), member.dtype)
    member.forward(z, a)
    return a


def backward(member, z, da):
    z, da = np.atleast_2d(member.array(z)), np.atleast_2d(member.array(da))
    dz = np.empty_like(z)
    member.backward(da, z, forward(member, z, da.shape[1]), dz)
    return dz


def test_the_derivative_is_the_effect_of_a_small_change(double_activation, differences, random):
    activation = double_activation  # in float32 the effect drowns in rounding: the next test holds float32 against float64
    z, da = random.normal(size=(4, 12)), random.normal(size=(4, 6 if activation.technique == "maxout" else 12))
    expected = differences(lambda at: float((da * forward(activation, at, da.shape[1])).sum()), z)  # no kink is within a step of a normal draw here
    # truncation step²/6 · f''' with f''' ≤ 1/8, rounding 48 terms · eps / step: each below 30 eps^(2/3)
    np.testing.assert_allclose(backward(activation, z, da), expected, rtol=0, atol=30 * activation.eps ** (2 / 3))


def test_float32_agrees_with_float64(activation, random):
    units = 5 if activation.technique == "maxout" else 15
    z, da = random.normal(size=(9, 15)).astype(np.float32), random.normal(size=(9, units)).astype(np.float32)
    double = type(activation)(activation.implementation, np.dtype(float))
    np.testing.assert_allclose(forward(activation, z, units), forward(double, z, units), rtol=3 * np.finfo(np.float32).eps)
    np.testing.assert_allclose(backward(activation, z, da), backward(double, z, da), rtol=0, atol=8 * np.finfo(np.float32).eps)


@kernel
def exponentials(x: Vector, y: Vector) -> None:
    for i in range(x.size):
        y[i] = exponential(x[i])


def test_sigmoid_s_exponential_is_right_within_one_unit_in_the_last_place(random):
    x = -np.concatenate([random.uniform(0, 1, 4000), random.uniform(0, 708, 1000)])
    y = np.empty_like(x)
    exponentials.compiled(exponentials.function, x.dtype)(x, y)
    with localcontext(prec=30):
        errors = [abs(Decimal(got) - Decimal(at).exp()) / Decimal(np.spacing(got)) for at, got in zip(x.tolist(), y.tolist(), strict=True)]
    assert max(errors) < 1


@kernel
def single_exponentials(x: Vector, y: Vector) -> None:
    for i in range(x.size):
        y[i] = single_exponential(np.float32(x[i]))


def test_the_single_exponential_too(random):
    x = -np.concatenate([random.uniform(0, 1, 200_000), random.uniform(0, 87.33, 200_000), 10.0 ** random.uniform(-38, 0, 50_000)]).astype(np.float32)
    x = np.concatenate([x, np.arange(-87, 1, dtype=np.float32) * np.float32(np.log(2))])  # and where it is rounded to another power of two
    y = np.empty_like(x)
    single_exponentials.compiled(single_exponentials.function, x.dtype)(x, y)
    exact = np.exp(x.astype(np.float64))
    assert (np.abs(y - exact) / np.spacing(exact.astype(np.float32))).max() < 1


@pytest.mark.parametrize("power", [exponentials, single_exponentials])
def test_exponentials_end_in_zero_and_keep_nan(power):
    dtype = np.dtype(np.float64 if power is exponentials else np.float32)
    x, y = np.array([0.0, -0.0, -np.inf, np.finfo(dtype).min, -800, np.nan], dtype), np.empty(6, dtype)
    power.compiled(power.function, dtype)(x, y)
    assert np.array_equal(y, [1, 1, 0, 0, 0, np.nan], equal_nan=True)


def test_sigmoid_is_half_at_zero_one_and_zero_at_the_ends_and_keeps_nan(sigmoid):
    a = forward(sigmoid, [0.0, -0.0, np.inf, -np.inf, np.nan])
    assert np.array_equal(a, [[0.5, 0.5, 1, 0, np.nan]], equal_nan=True)


def test_sigmoid_sets_no_flag_for_any_finite_number(sigmoid):
    information = np.finfo(sigmoid.dtype)
    z = [0.0, information.smallest_subnormal, information.max, 90, 104, 710, 746, 1e5]
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = forward(sigmoid, [*z, *(-each for each in z)])
    assert a.min() >= 0
    assert a.max() <= 1


def test_sigmoid_is_symmetric_and_monotone_to_rounding(sigmoid, random):
    for scale in (0.01, 1.0, 30.0):
        z = sigmoid.array(random.normal(0, scale, 20_000))
        a = forward(sigmoid, z)
        assert np.abs(forward(sigmoid, -z) - (1 - a)).max() <= sigmoid.eps
        assert ((a - forward(sigmoid, np.nextafter(z, sigmoid.dtype.type(np.inf)))) / np.spacing(a)).max() <= 2


def test_sigmoid_s_tail_is_as_right_as_declared_down_to_underflow(sigmoid, random):
    z = sigmoid.array(-np.append(random.uniform(0, 87, 200), random.uniform(0, 87 if sigmoid.dtype == np.float32 else 708, 200)))
    with localcontext(prec=40):
        exact = np.array([float(1 / (1 + (-Decimal(float(each))).exp())) for each in z])
    # exponential, sum and quotient: below one unit in the last place each
    tolerance = {"relative": {"rtol": 3 * sigmoid.eps}, "absolute": {"rtol": 0, "atol": sigmoid.eps}}[sigmoid.conventions["negative_tail"]]
    np.testing.assert_allclose(forward(sigmoid, z)[0], exact, **tolerance)


def test_sigmoid_s_slope_is_a_quarter_at_zero_and_less_elsewhere(sigmoid, random):
    away = 4 * np.sqrt(sigmoid.eps)
    z = np.append(random.uniform(away, 1, 5000), random.normal(0, away / 4, 5000))
    slope = backward(sigmoid, np.append(z, -z), np.ones(2 * z.size))[0]
    assert slope.max() <= 0.25
    assert slope[np.abs(np.append(z, -z)) > away].max() < 0.25
    assert backward(sigmoid, [0.0], [1.0])[0, 0] == 0.25


def test_relu_passes_what_is_positive_and_nan(relu):
    z = [-np.inf, -2.0, -0.0, 0.0, 3.0, np.inf, np.nan]
    assert np.array_equal(forward(relu, z), [[0, 0, 0, 0, 3, np.inf, np.nan]], equal_nan=True)
    at_zero = float(relu.conventions["derivative_at_zero"]) * 5
    assert np.array_equal(backward(relu, z, [5.0] * 7), [[0, 0, at_zero, at_zero, 5, 5, 5]])


def test_silent_units_pass_no_gradient_however_large(relu):
    assert backward(relu, [-1.0, -1.0], [np.inf, np.nan]).tolist() == [[0, 0]]


def grouped(member, z, units):
    """(rows, pieces, units) of (rows, columns), as declared."""
    if member.conventions["layout"] == "strided":
        return z.reshape(len(z), -1, units)
    return z.reshape(len(z), units, -1).swapaxes(1, 2)


@pytest.mark.parametrize("pieces", [1, 2, 3, 5, 8])
def test_maxout_is_each_group_s_largest_and_only_the_winner_gets_gradient(maxout, random, pieces):
    z, da = maxout.array(random.normal(size=(6, 7 * pieces))), maxout.array(random.normal(size=(6, 7)))
    a, dz = forward(maxout, z, 7), grouped(maxout, backward(maxout, z, da), 7)
    assert np.array_equal(a, grouped(maxout, z, 7).max(axis=1))
    assert np.array_equal(dz, np.where(grouped(maxout, z, 7) == a[:, None, :], da[:, None, :], 0))


def test_maxout_reads_the_lecture_s_picture(maxout):
    a = forward(maxout, [5.0, 7.0, -1.0, 1.0], 2)
    assert a.tolist() == {"consecutive": [[7, 1]], "strided": [[5, 7]]}[maxout.conventions["layout"]]


def test_ties_go_as_declared_and_no_gradient_is_lost(maxout):
    z = grouped(maxout, np.empty((1, 6)), 2)
    z[0] = [[1, 0], [4, 0], [4, 0]]
    columns = z.reshape(1, 6) if maxout.conventions["layout"] == "strided" else z.swapaxes(1, 2).reshape(1, 6)
    dz = grouped(maxout, backward(maxout, columns, [3.0, 6.0]), 2)[0]
    assert dz.tolist() == {"first": [[0, 6], [3, 0], [0, 0]], "split": [[0, 2], [1.5, 2], [1.5, 2]]}[maxout.conventions["ties"]]


def test_nan_in_any_piece_is_seen_and_gets_the_gradient(maxout):
    for position in range(3):
        z = maxout.array([[1.0, 2.0, 3.0]])
        z[0, position] = np.nan
        assert np.isnan(forward(maxout, z, 1)).all()
        assert backward(maxout, z, [1.0])[0].tolist() == [float(each == position) for each in range(3)]


@pytest.mark.parametrize(("columns", "units"), [(5, 2), (2, 4), (0, 3), (3, 0)])
def test_columns_that_make_no_whole_groups_are_refused(maxout, columns, units):
    with pytest.raises(ValueError, match="columns of z"):
        forward(maxout, np.zeros((2, columns)), units)
    with pytest.raises(ValueError, match="columns of z"):
        backward(maxout, np.zeros((2, columns)), np.zeros((2, units)))
