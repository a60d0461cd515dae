"""Many comparisons: Bonferroni's intervals hold together, an estimated correlation's do not, and Holm's p-values are those of a closed test."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.families import holm, shared
from trickbench.harness.inference.intervals import spread
from trickbench.harness.inference.judgement import judge


def closed_test(p_values):
    """Marcus, Peritz and Gabriel (1976): p of a hypothesis is the largest Bonferroni p-value of all intersections that contain it."""
    count = len(p_values)
    sets = [members for size in range(1, count + 1) for members in combinations(range(count), size)]
    return [max(min(1.0, len(members) * min(p_values[list(members)])) for members in sets if i in members) for i in range(count)]


@pytest.mark.parametrize("seed", range(5))
def test_holms_p_values_are_those_of_a_closed_test(seed):
    p_values = np.random.default_rng(seed).uniform(0, 0.2, 7).round(2)  # with ties
    assert holm(p_values) == pytest.approx(closed_test(p_values), rel=1e-15)


def test_holms_p_values_are_statsmodels():
    multitest = pytest.importorskip("statsmodels.stats.multitest", reason="a second opinion; the closed test above is the first")
    p_values = np.random.default_rng(1).uniform(0, 0.1, 20)
    assert holm(p_values) == pytest.approx(multitest.multipletests(p_values, method="holm")[1], rel=1e-14)


def test_a_missing_p_value_stays_missing_and_still_counts():
    found = holm(np.array([0.01, np.nan, 0.02]))
    assert found[[0, 2]] == pytest.approx([0.03, 0.04])
    assert np.isnan(found[1])
    assert holm(np.array([])).size == 0


@pytest.mark.parametrize("shown", [1, 3, 6])
def test_with_comparisons_that_are_not_shown_no_adjusted_p_value_is_too_small(shown):
    random = np.random.default_rng(shown)
    for p_values in random.uniform(0, 0.2, (200, 7)):
        part, whole = holm(p_values[:shown], 7 - shown), holm(p_values)[:shown]
        assert (part >= whole - 1e-15).all()
        assert (part <= np.minimum(1, 7 * p_values[:shown]) + 1e-15).all()


def test_holm_rejects_whatever_bonferroni_does():
    p_values = np.random.default_rng(2).uniform(0, 0.02, (50, 9))
    for row in p_values:
        assert (holm(row) <= np.minimum(9 * row, 1) + 1e-15).all()


def test_the_confidence_is_shared_evenly():
    assert shared(0.95, 10) == pytest.approx(0.995, rel=1e-15)
    assert shared(0.95, 1) == shared(0.95, 0) == pytest.approx(0.95, rel=1e-15)


def against_one_baseline(random, studies, n, m):
    """Differences (studies, n, m) of m arms from one baseline: correlated by one half, none of them real."""
    return random.standard_normal((studies, n, m)) - random.standard_normal((studies, n, 1))


def largest_t(differences):
    n = differences.shape[-2]
    return np.abs(differences.mean(axis=-2) / differences.std(axis=-2, ddof=1) * np.sqrt(n)).max(axis=-1)


def plug_in_max_t(differences, random, draws=1000):
    """The 95 % point of the largest |t| under a multivariate t whose correlation is that of the differences (n, m)."""
    n = len(differences)
    scaled = (differences - differences.mean(axis=0)) / differences.std(axis=0, ddof=1) / np.sqrt(n - 1)
    normal = random.standard_normal((draws, n)) @ scaled
    return np.quantile(np.abs(normal).max(axis=1) / np.sqrt(random.chisquare(n - 1, draws) / (n - 1)), 0.95)


@pytest.mark.parametrize("n", [3, 5, 10])
def test_bonferronis_intervals_hold_together(n):
    drawn = against_one_baseline(np.random.default_rng(n), 3000, n, 9)
    reach = stats.t.ppf(0.5 + shared(0.95, 9) / 2, n - 1)
    # one-sided: at least 0.95 but for five binomial standard deviations of 3,000 studies
    assert (largest_t(drawn) <= reach).mean() > 0.95 - 5 * np.sqrt(0.95 * 0.05 / 3000)


@pytest.mark.parametrize("n", [3, 5])
def test_those_of_the_largest_t_with_an_estimated_correlation_do_not(n):
    random = np.random.default_rng(n)
    drawn = against_one_baseline(random, 500, n, 9)
    held = np.mean([largest_t(study) <= plug_in_max_t(study, random) for study in drawn])
    assert held < 0.95 - 5 * np.sqrt(0.95 * 0.05 / 500)


@pytest.mark.parametrize("truth", [0.0, 1.0])
def test_a_family_errs_no_more_often_than_stated_with_equivalence_in_it(truth):
    """Every true difference is 0, or the margin itself: then `equivalent` is the error, and so is `hurts`."""
    random, studies, n, m = np.random.default_rng(7), 1500, 5, 6
    drawn = truth + 0.4 * against_one_baseline(random, studies, n, m)
    wrong = (
        {"helps", "helps, negligibly", "hurts", "hurts, negligibly"}
        if truth == 0
        else {"equivalent", "helps, negligibly", "hurts", "hurts, negligibly"}
    )
    erred = [any(judge(spread(study[:, j]), shared(0.95, m), 1.0).verdict in wrong for j in range(m)) for study in drawn]
    # one-sided: five binomial standard deviations of 1,500 studies
    assert np.mean(erred) < 0.05 + 5 * np.sqrt(0.05 * 0.95 / studies)
