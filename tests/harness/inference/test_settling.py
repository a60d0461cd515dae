"""The number of seeds that would decide: what is promised of it, by simulation and by the noncentral t distribution."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.intervals import spread
from trickbench.harness.inference.judgement import DECIDED, judge
from trickbench.harness.inference.settling import chance_of_deciding, floor, seeds_needed, settled

POWER, HELD = 0.8, 0.95
"""As docs/statistics.md states them."""


def decided(mean, deviation, n, margin, trials=2000):
    drawn = np.random.default_rng(n).normal(mean, deviation, (trials, n))
    return np.mean([judge(spread(row), 0.95, margin).verdict in DECIDED for row in drawn])


@pytest.mark.parametrize(("mean", "deviation", "margin"), [(0.02, 0.03, 0.01), (0.001, 0.03, 0.01), (0.007, 0.02, 0.01), (0.03, 0.05, 0.001)])
def test_so_many_seeds_decide_with_the_stated_probability(mean, deviation, margin):
    """An effect, an equivalence, an effect below the margin, and an effect alone."""
    n = int(settled(mean, deviation, 0.95, margin))
    # the spread is taken as known, which costs a few points at n near 10; then five binomial standard deviations of 2,000 trials
    slack = 5 * np.sqrt(POWER * (1 - POWER) / 2000)
    assert POWER - 0.03 - slack < decided(mean, deviation, n, margin) < POWER + 0.1
    assert decided(mean, deviation, max(2, n // 2), margin) < POWER - 0.1


def test_the_chance_of_deciding_is_that_of_a_mean_beyond_the_interval_or_so_near_0_that_it_lies_inside():
    mean, n = stats.norm(0.3, 0.4 / 2), 4
    wide, narrow = (stats.t.ppf(p, n - 1) * 0.4 / 2 for p in (0.95, 0.9))  # of 90 % and 80 %
    beyond = mean.sf(wide) + mean.cdf(-wide)
    assert chance_of_deciding(0.3, 0.4, n, 0.9, 0.01) == pytest.approx(beyond, rel=1e-12)
    inside = 0.6 - narrow
    assert 0 < inside < wide
    assert chance_of_deciding(0.3, 0.4, n, 0.9, 0.6) == pytest.approx(beyond + mean.cdf(inside) - mean.cdf(-inside), rel=1e-12)
    assert chance_of_deciding(0.3, 0.4, n, 0.9, wide + narrow) == 1


def test_for_an_effect_alone_it_is_the_sample_size_of_a_t_test():
    n = settled(0.5, 1.0, 0.95, 1e-9)
    power = [stats.nct.sf(stats.t.ppf(0.975, k - 1), k - 1, 0.5 * np.sqrt(k)) for k in (n - 2, n + 2)]
    assert power[0] < POWER < power[1]


@pytest.mark.parametrize("pilot", [3, 5, 10])
def test_the_range_holds_the_number_for_the_true_spread_as_often_as_it_says(pilot):
    trials, truth = 1500, settled(0.01, 0.1, 0.95, 0.005)
    deviations = np.random.default_rng(pilot).normal(0, 0.1, (trials, pilot)).std(axis=1, ddof=1)
    ranges = [seeds_needed(0.01, deviation, pilot, 0.95, 0.005) for deviation in deviations]
    held = np.mean([low <= truth <= high for low, high in ranges])
    # whole numbers of seeds: the ends are rounded up, which moves the coverage by less than the binomial bound
    assert abs(held - HELD) < 5 * np.sqrt(HELD * (1 - HELD) / trials)


def test_a_pilot_of_five_is_wrong_by_two_fifths_to_eight_times():
    settled_by_seen, found = settled(0.01, 0.1, 0.95, 1e-9), seeds_needed(0.01, 0.1, 5, 0.95, 1e-9)
    # the χ² quantiles of 4 degrees of freedom are 0.484 and 11.14
    assert found.low / settled_by_seen == pytest.approx(4 / 11.143, rel=0.02)
    assert found.high / settled_by_seen == pytest.approx(4 / 0.4844, rel=0.02)


def test_the_number_never_exceeds_what_a_short_interval_takes():
    most = max(settled(mean, 0.1, 0.95, 0.01) for mean in np.linspace(0, 0.03, 31))
    # wide + narrow = margin: (1.960 + 1.645) · 0.1 / 0.01, squared
    assert most <= np.ceil((3.605 * 0.1 / 0.01) ** 2) + 3


def test_no_fewer_than_one_more_than_were_not_enough():
    assert seeds_needed(0.1, 0.05, 20, 0.95, 0.01).low == 21


def test_below_the_floor_no_number_of_seeds_settles_it():
    ratio, deviation = 1 / 4, 0.1
    least = floor(deviation, 0.95, ratio)
    assert least == pytest.approx(1.959964 * deviation * 0.5, rel=1e-6)
    assert seeds_needed(0.9 * least, deviation, 5, 0.95, 0.01, ratio) == (np.inf, np.inf)
    assert np.isfinite(seeds_needed(1.1 * least, deviation, 5, 0.95, 0.01, ratio).low)
    # an equivalence may still be settled, where the margin is wider than the floor
    assert np.isfinite(seeds_needed(0.0, deviation, 5, 0.95, 2 * least, ratio).low)


def test_the_floor_is_where_the_interval_goes():
    values = np.random.default_rng(0).normal(0, 1, 200_000)
    half = spread(values, 1 / 4).interval(0.95).half
    assert half == pytest.approx(floor(float(values.std(ddof=1)), 0.95, 1 / 4), rel=1e-4)  # 1/n is 5e-6 beside 1/4


@pytest.mark.parametrize(("mean", "deviation", "seeds"), [(0.1, 0.0, 5), (0.1, np.nan, 5), (np.inf, 1.0, 5), (0.1, 1.0, 1)])
def test_where_the_spread_is_unknown_nothing_is_said(mean, deviation, seeds):
    assert np.isnan(seeds_needed(mean, deviation, seeds, 0.95, 0.01)).all()
