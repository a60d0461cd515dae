"""Intervals: their formulas by another route, and how often they hold what they speak of."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.intervals import averaged, over_such, spread, t_interval, t_quantile


def half_of_a_binomial(trials, share):
    """Five standard deviations: a false alarm once in 1.7 million."""
    return 5 * np.sqrt(share * (1 - share) / trials)


def coverage(draws, truth, confidence=0.95, test_to_train=0.0):
    found = [spread(row, test_to_train).interval(confidence) for row in draws]
    return np.mean([low <= truth <= high for _, low, high in found])


def test_the_interval_and_the_p_value_are_scipys():
    differences = np.random.default_rng(0).normal(0.2, 1, 12)
    peer = stats.ttest_1samp(differences, 0)
    expected, found = peer.confidence_interval(0.95), t_interval(differences)
    # two routes to the same quantile, each good to 1e-13
    assert found == pytest.approx((differences.mean(), expected.low, expected.high), rel=1e-12)
    assert spread(differences).p_value() == pytest.approx(peer.pvalue, rel=1e-12)


@pytest.mark.parametrize("freedom", [1, 2.5, 4, 9, 1e6])
def test_quantiles_are_scipys(freedom):
    assert t_quantile(0.9975, freedom) == pytest.approx(stats.t.ppf(0.9975, freedom), rel=1e-10)


@pytest.mark.parametrize("n", [3, 5, 10, 30])
def test_the_interval_for_this_dataset_covers_the_true_mean_at_the_stated_rate(n):
    draws = np.random.default_rng(n).normal(0.3, 2, (3000, n))
    assert abs(coverage(draws, 0.3) - 0.95) < half_of_a_binomial(3000, 0.95)


@pytest.mark.parametrize("n", [3, 5])
def test_percentiles_of_a_bootstrap_would_not(n):
    random = np.random.default_rng(n)
    draws = random.normal(0.3, 2, (400, n))
    means = draws[:, random.integers(0, n, (500, n))].mean(axis=2)
    low, high = np.percentile(means, [2.5, 97.5], axis=1)
    assert ((low <= 0.3) & (high >= 0.3)).mean() < 0.95 - half_of_a_binomial(400, 0.95)


@pytest.mark.parametrize("n", [3, 5, 10, 30])
def test_over_new_datasets_the_correction_holds_where_the_plain_interval_does_not(n):
    random, ratio = np.random.default_rng(n), 1 / 3
    correlation = ratio / (1 + ratio)  # of two splits of one dataset, as Nadeau and Bengio take it to be
    of_dataset = random.normal(0, np.sqrt(correlation), (3000, 1))
    draws = of_dataset + random.normal(0, np.sqrt(1 - correlation), (3000, n))
    assert abs(coverage(draws, 0.0, test_to_train=ratio) - 0.95) < half_of_a_binomial(3000, 0.95)
    assert coverage(draws, 0.0) < 0.95 - half_of_a_binomial(3000, 0.95)


def test_the_corrected_variance_is_that_of_the_paper():
    differences = np.array([0.1, 0.3, 0.2, 0.6])
    # 9 of 10 rows train: s² (1/4 + 1/9)
    assert spread(differences, 1 / 9).error ** 2 == pytest.approx(differences.var(ddof=1) * (1 / 4 + 1 / 9), rel=1e-14)


def test_too_few_values_have_no_interval():
    for differences in ([], [0.3]):
        found = spread(np.array(differences))
        assert np.isnan([found.interval(0.95).low, found.interval(0.95).high, found.p_value()]).all()
    assert np.isnan(spread(np.array([])).mean)
    assert np.isnan(spread(np.array([0.1, 0.1])).p_value())  # 0 / 0 is no p-value


def test_satterthwaites_degrees_of_freedom_are_welchs_for_two_datasets():
    random = np.random.default_rng(1)
    first, second = random.normal(0.1, 1, 7), random.normal(0.3, 3, 12)
    found, peer = averaged([spread(first), spread(second)]), stats.ttest_ind(first, -second, equal_var=False)
    # the mean of two is half of the difference of one and the negative other: the same t, the same degrees of freedom
    assert found.freedom == pytest.approx(peer.df, rel=1e-12)
    assert found.mean / found.error == pytest.approx(peer.statistic, rel=1e-12)


def test_satterthwaites_degrees_of_freedom_have_a_closed_form_where_variances_are_equal():
    values = np.array([1.0, 2.0, 4.0, 5.0, 8.0])
    found = averaged([spread(values + shift) for shift in (0, 3, 7, 20)])
    assert found.freedom == pytest.approx(4 * (len(values) - 1))
    assert found.error == pytest.approx(values.std(ddof=1) / np.sqrt(5 * 4))


def test_over_these_datasets_needs_two_values_of_each():
    assert np.isnan(averaged([spread(np.array([1.0, 2.0])), spread(np.array([1.0]))]).interval(0.95).low)
    assert np.isnan(averaged([]).mean)


def test_differences_that_do_not_vary_on_any_dataset_leave_no_width_and_no_p_value():
    found = averaged([spread(np.full(3, 0.25)), spread(np.full(5, 0.5))])
    assert (found.error, found.freedom) == (0, 6)
    assert found.interval(0.95) == (0.375, 0.375, 0.375)
    assert np.isnan(found.p_value())


def test_datasets_like_these_takes_six_of_them():
    means = np.array([0.1, 0.2, 0.3, 0.1, 0.2, 0.3])
    assert over_such(means).interval(0.95) == t_interval(means)
    assert np.isnan(over_such(means[:5]).interval(0.95).low)
    assert over_such(means[:5]).mean == pytest.approx(0.18)
