"""The course of a curve: its parts against SciPy and pandas, and what it says of curves whose course is known."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from trickbench.harness.diagnosis.course import FEWEST, MOST, _noise, _trend, course, end_of, smoothed, window
from trickbench.harness.diagnosis.curves import LOSS, MEASURES, Curve

ACCURACY = MEASURES["accuracy"]


@pytest.fixture
def random():
    return np.random.default_rng(5)


def approach(epochs, constant):
    return Curve.of(np.exp(-np.arange(1, epochs + 1) / constant) + 0.1)


@pytest.mark.parametrize("ties", [False, True])
def test_the_trend_is_kendalls_and_the_slope_theils_and_sens(random, ties):
    for _ in range(20):
        values = random.normal(size=31) - 0.05 * np.arange(31)
        values = np.round(values, 1) if ties else values
        trend, fall = _trend(values)
        # SciPy's tau-b is S / sqrt(pairs without ties in x times those in y); from it S comes back exactly, a whole number
        pairs = 31 * 30 / 2
        tied = sum(count * (count - 1) / 2 for count in np.unique(values, return_counts=True)[1])
        falling = -round(stats.kendalltau(np.arange(31), values).statistic * np.sqrt(pairs * (pairs - tied)))
        groups = np.unique(values, return_counts=True)[1]
        variance = (31 * 30 * 67 - sum(count * (count - 1) * (2 * count + 5) for count in groups)) / 18
        assert trend == pytest.approx(np.sign(falling) * max(abs(falling) - 1, 0) / np.sqrt(variance), abs=1e-12)
        assert fall == pytest.approx(-30 * stats.theilslopes(values, np.arange(31)).slope, abs=1e-12)


def test_the_p_value_of_the_trend_is_mann_and_kendalls(random):
    """Against the exact distribution, in which the normal approximation with its correction is off by less than 0.01 from 8 values on."""
    values = random.normal(size=12)
    trend, _ = _trend(values)
    exact = stats.kendalltau(np.arange(12), values, method="exact").pvalue
    assert 2 * stats.norm.sf(abs(trend)) == pytest.approx(exact, abs=0.01)


def test_a_constant_curve_has_no_trend():
    assert _trend(np.ones(10)) == (0.0, 0.0)


def test_noise_is_the_standard_deviation_of_independent_noise_on_a_line(random):
    values = 3 - 0.01 * np.arange(4000) + 0.2 * random.normal(size=4000)
    # the median absolute deviation of n normal numbers has a relative error of 1.17/sqrt(n); neighbours are correlated: twice that, four times over
    assert _noise(values) == pytest.approx(0.2, rel=4 * 2 * 1.17 / np.sqrt(4000))


@pytest.mark.parametrize("epochs", [1, 2, 5, 29, 30, 300])
def test_a_curve_is_smoothed_by_running_medians(random, epochs):
    values = random.normal(size=epochs)
    expected = pd.Series(values).rolling(window(epochs), min_periods=1).median().to_numpy()
    assert np.array_equal(smoothed(values), expected)


def test_one_wild_epoch_at_the_end_changes_nothing(random):
    values = approach(100, 10).values + 0.001 * random.normal(size=100)
    wild = values.copy()
    wild[-1] = 50.0
    assert abs(end_of(Curve.of(wild)) - end_of(Curve.of(values))) < 0.005
    assert not course(Curve.of(wild), LOSS).rises


def test_of_kept_parameters_the_value_is_exact():
    curve = Curve.of([3.0, 1.0, 2.0, 4.0])
    assert end_of(curve, kept=2) == 1.0
    assert end_of(curve, kept=9) == end_of(curve) == 4.0


def test_an_exponential_approach_still_falls_until_three_time_constants():
    """The last quarter of T = x time constants has (e^{-0.75x} - e^{-x}) of the whole 1 - e^{-x}: a twentieth at x = 3.2."""
    assert course(approach(400, 400 / 2.8), LOSS).still_falls
    assert not course(approach(400, 400 / 3.8), LOSS).still_falls


def test_noise_without_a_trend_still_falls_as_rarely_as_chance_has_it(random):
    """One-sided 0.023 for the trend alone; 400 curves: at most 22, exceeded once in 10,000 (binomial)."""
    falls = sum(course(Curve.of(1 + 0.1 * random.normal(size=80)), LOSS).still_falls for _ in range(400))
    assert falls <= 22


def test_a_score_is_a_curve_turned_round():
    curve = approach(50, 40)
    turned = Curve.of(1 - curve.values)
    assert course(turned, ACCURACY).still_falls
    assert course(turned, ACCURACY).fall == pytest.approx(course(curve, LOSS).fall)
    assert not course(turned, LOSS).still_falls


def test_what_comes_back_up_rises():
    down_and_up = Curve.of(np.concatenate([np.linspace(2.3, 0.3, 50), np.linspace(0.3, 1.8, 50)]))
    assert course(down_and_up, LOSS).rises
    assert course(Curve.of(np.linspace(2.3, 9, 30)), LOSS).rises
    assert not course(Curve.of(np.linspace(2.3, 0.3, 30)), LOSS).rises
    assert not course(Curve.of([2.3, 2.31, 2.3, 2.32, 2.31, 2.3]), LOSS).rises


def test_a_curve_within_its_noise_is_flat_and_a_slow_one_is_not(random):
    noise = 0.02 * random.normal(size=100)
    assert course(Curve.of(2.3 + noise - noise[0]), LOSS).flat(2.3)
    assert not course(Curve.of(np.linspace(2.3, 2.2, 100) + 0.3 * noise), LOSS).flat(2.3)


def test_below_five_epochs_nothing_is_said_of_a_trend():
    found = course(Curve.of(np.linspace(2, 1, FEWEST - 1)), LOSS)
    assert (found.trend, found.tail_fall, found.still_falls) == (0.0, 0.0, False)


def test_a_hundred_thousand_epochs_are_no_matter():
    assert course(approach(100_000, 50_000), LOSS).still_falls
    assert MOST**2 < 100_000
