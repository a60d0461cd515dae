"""Ranks over datasets: SciPy's ranks, statistic and range; Demšar's worked example; the level by simulation."""

from itertools import permutations, product
from math import factorial

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.friedman import critical_difference, friedman_p, range_quantile, ranks

DEMSAR = np.array([  # Demšar 2006, table 6: AUC of C4.5, +m, +cf, +m+cf on 14 datasets
    [0.763, 0.768, 0.771, 0.798], [0.599, 0.591, 0.590, 0.569], [0.954, 0.971, 0.968, 0.967], [0.628, 0.661, 0.654, 0.657],
    [0.882, 0.888, 0.886, 0.898], [0.936, 0.931, 0.916, 0.931], [0.661, 0.668, 0.609, 0.685], [0.583, 0.583, 0.563, 0.625],
    [0.775, 0.838, 0.866, 0.875], [1.000, 1.000, 1.000, 1.000], [0.940, 0.962, 0.965, 0.962], [0.619, 0.666, 0.614, 0.669],
    [0.972, 0.981, 0.9751, 0.975], [0.957, 0.978, 0.946, 0.970],
])  # fmt: skip


def test_ranks_are_scipys_with_the_best_first():
    scores = np.round(np.random.default_rng(0).normal(size=(20, 5)), 1)
    scores[0, 0], scores[1, 2:] = -np.inf, np.inf
    assert (ranks(scores) == stats.rankdata(-scores, axis=1)).all()


def test_the_worked_example_of_the_paper():
    ranked = ranks(DEMSAR)
    assert ranked.mean(axis=0) == pytest.approx([3.143, 2.000, 2.893, 1.964], abs=5e-4)  # as printed
    assert critical_difference(4, 14) == pytest.approx(1.25, abs=5e-3)  # printed with 2.569 for q / sqrt(2)
    assert critical_difference(4, 14, 0.9) == pytest.approx(1.12, abs=5e-3)
    # the paper's F, 3.69 from χ² = 9.28, leaves ties out of account; with their correction χ² is scipy's
    chi2 = stats.friedmanchisquare(*DEMSAR.T).statistic
    assert friedman_p(ranked) == pytest.approx(stats.f.sf(13 * chi2 / (14 * 3 - chi2), 3, 39), rel=1e-9)


@pytest.mark.parametrize("ties", [0, 1])
def test_the_statistic_is_scipys(ties):
    scores = np.round(np.random.default_rng(1).normal(size=(9, 7)) + np.arange(7) * 0.1, 8 - 7 * ties)
    chi2 = stats.friedmanchisquare(*scores.T).statistic
    assert friedman_p(ranks(scores)) == pytest.approx(stats.f.sf(8 * chi2 / (9 * 6 - chi2), 6, 48), rel=1e-9)


@pytest.mark.parametrize(("probability", "number"), [(0.95, 2), (0.95, 3), (0.9, 10), (0.95, 17), (0.99, 64)])
def test_the_quantile_of_the_range_is_scipys(probability, number):
    # scipy integrates to about 1e-11; its root finder stops at a relative 1e-12
    assert range_quantile(probability, number) == pytest.approx(stats.studentized_range.ppf(probability, number, np.inf), rel=1e-8)


def test_two_arms_have_the_normal_quantile():
    assert range_quantile(0.95, 2) == pytest.approx(np.sqrt(2) * stats.norm.ppf(0.975), rel=1e-12)


def test_full_agreement_has_the_p_value_that_enumeration_gives_it():
    same = np.tile(np.arange(1.0, 4.0), (3, 1))
    largest = ((same.mean(axis=0) - 2) ** 2).sum()
    orders = [np.array(order) for order in permutations((1.0, 2.0, 3.0))]
    spread = [((np.mean(choice, axis=0) - 2) ** 2).sum() for choice in product(orders, repeat=3)]
    assert friedman_p(same) == pytest.approx(np.mean(np.isclose(spread, largest)), rel=1e-12)


@pytest.mark.parametrize(("arms", "datasets"), [(3, 6), (4, 8), (5, 20)])
def test_no_agreement_is_less_probable_than_the_full_one(arms, datasets):
    """One dataset of which two arms have changed places: F alone would say so."""
    nearly = np.tile(np.arange(1.0, arms + 1), (datasets, 1))
    full = friedman_p(nearly)
    nearly[0, :2] = nearly[0, 1::-1]
    assert full == pytest.approx(1 / factorial(arms) ** (datasets - 1))
    assert friedman_p(nearly) >= full


@pytest.mark.parametrize("ranked", [np.ones((6, 1)), np.ones((1, 3)), np.full((6, 3), 2.0)])
def test_nothing_to_compare_has_no_p_value(ranked):
    assert np.isnan(friedman_p(ranked))


def test_nothing_to_compare_has_no_critical_difference():
    assert np.isnan(critical_difference(1, 6))
    assert np.isnan(critical_difference(3, 0))


def test_equal_arms_are_told_apart_at_the_stated_level():
    random, trials = np.random.default_rng(2), 3000
    p_values = [friedman_p(ranks(random.normal(size=(9, 5)))) for _ in range(trials)]
    # binomial(3000, 0.05): 5 standard deviations are 0.02; the F form is known to err by less than 0.01 at these sizes
    assert np.mean(np.array(p_values) < 0.05) < 0.05 + 0.02
    assert np.mean(np.array(p_values) < 0.05) > 0.05 - 0.02


def test_two_equal_arms_among_others_hardly_ever_lie_further_apart_than_the_critical_difference():
    random, trials, critical = np.random.default_rng(3), 2000, critical_difference(5, 9)
    apart = [np.ptp(ranks(random.normal(size=(9, 5))).mean(axis=0)) > critical for _ in range(trials)]
    assert np.mean(apart) < 0.05 + 5 * np.sqrt(0.05 * 0.95 / trials)


def test_scores_that_differ_by_their_rounding_only_are_tied():
    same = np.array([0.1, 0.7, 0.3, 0.6, 0.2])
    scores = np.array([[same.mean(), same[[3, 0, 4, 1, 2]].mean(), 0.2]])
    assert scores[0, 0] != scores[0, 1]
    assert ranks(scores).tolist() != [[1.5, 1.5, 3]] == ranks(scores, [1e-15]).tolist()
    endless = np.array([[np.inf, np.inf, 1.0], [-np.inf, 0.0, 1e-17]])
    assert ranks(endless, [1e-15, 1e-15]).tolist() == [[1.5, 1.5, 3], [3, 1.5, 1.5]]
