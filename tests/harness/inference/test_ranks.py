"""Signed ranks: SciPy's where there are no ties, an enumeration of all signs where there are."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference import ranks
from trickbench.harness.inference.ranks import Pseudomedian, refusal, signed_rank


def enumerated(differences):
    """The share of all 2ⁿ assignments of signs whose sum of ranks lies as far from its centre as the one that was seen."""
    values = differences[differences != 0]
    ranked = stats.rankdata(np.abs(values))
    sums = np.array([ranked[list(signs)].sum() for signs in product([False, True], repeat=len(values))])
    return np.mean(np.abs(sums - ranked.sum() / 2) >= abs(ranked[values > 0].sum() - ranked.sum() / 2))


@pytest.mark.parametrize("n", [6, 7, 12, 25])
def test_without_ties_it_is_scipys_exact_test(n):
    differences = np.random.default_rng(n).normal(0.4, 1, n)
    # both sum whole numbers of 2ⁿ equally likely cases
    assert signed_rank(differences, 0.05).p_value == pytest.approx(stats.wilcoxon(differences, method="exact").pvalue, rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_with_ties_zeros_and_infinities_it_is_the_enumeration_of_all_signs(seed):
    random = np.random.default_rng(seed)
    differences = random.choice([-2.0, -1.0, 0.0, 1.0, 1.0, 2.0, 3.0, np.inf, -np.inf], 11)
    assert signed_rank(differences, 1.0).p_value == pytest.approx(enumerated(differences), rel=1e-12)


def test_beyond_what_is_enumerated_it_is_normal(monkeypatch):
    differences = np.random.default_rng(0).normal(0.1, 1, 290).round(1)
    exact = signed_rank(differences, 0.05).p_value
    monkeypatch.setattr(ranks, "EXACT", 100)
    # the skewness is 0, and the next term of the expansion is of the order of 1/n: below 1 % of the p-value
    assert signed_rank(differences, 0.05).p_value == pytest.approx(exact, rel=0.01)


@pytest.mark.parametrize(("comparisons", "least"), [(1, 6), (15, 10), (100, 12)])
def test_it_is_refused_where_no_outcome_could_reject(comparisons, least):
    level = 1 - (1 - 0.05 / comparisons)  # as it comes from a confidence
    assert 2 / 2**least <= 0.05 / comparisons < 2 / 2 ** (least - 1)
    assert np.isnan(signed_rank(np.ones(least - 1), level).p_value)
    assert signed_rank(np.ones(least), level).p_value == 2 / 2**least
    assert str(least) in refusal(least - 1, level)
    assert np.isnan(signed_rank(np.append(np.ones(least - 1), 0.0), level).p_value)  # a difference of 0 does not count


def test_a_level_that_is_just_reached_is_not_refused():
    assert not refusal(7, 1 - (1 - 0.05 / 3.2))  # 2/2⁷ = 0.05/3.2, but for the rounding of the confidence


def test_what_differs_by_rounding_is_tied():
    differences = np.array([0.9 - 0.8, 0.8 - 0.7, 0.7 - 0.6, -(0.6 - 0.5), 0.5 - 0.3, 0.1 - 0.3, 1e-17])
    exact = np.array([0.1, 0.1, 0.1, -0.1, 0.2, -0.2])
    assert signed_rank(differences, 1.0, 1e-15).p_value == enumerated(exact)
    assert signed_rank(differences, 1.0).p_value != enumerated(exact)


def test_a_missing_difference_gives_no_p_value():
    assert np.isnan(signed_rank(np.array([1.0, np.nan] * 5), 0.05).p_value)


def by_inversion(differences, confidence, grid):
    """The shifts that SciPy's exact test does not reject."""
    kept = [shift for shift in grid if stats.wilcoxon(differences - shift, method="exact").pvalue > 1 - confidence + 1e-12]
    return min(kept), max(kept)


@pytest.mark.parametrize("n", [6, 9, 15])
def test_the_interval_is_all_that_the_test_does_not_reject(n):
    differences = np.random.default_rng(n).normal(0.5, 1, n)
    found, grid = Pseudomedian(differences).interval(0.95), np.linspace(-3, 4, 701)
    # a grid of 0.01 finds either end from within
    assert by_inversion(differences, 0.95, grid) == pytest.approx((found.low, found.high), abs=0.01)


def test_the_estimate_is_the_median_of_the_walsh_averages():
    differences = np.array([0.3, -0.1, 0.7, 0.2])
    averages = [(a + b) / 2 for i, a in enumerate(differences) for b in differences[i:]]
    assert Pseudomedian(differences).mean == pytest.approx(np.median(averages))


def test_infinite_differences_are_infinitely_large_and_no_more():
    finite = np.array([0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    found = Pseudomedian(np.append(finite, np.inf)).interval(0.95)
    assert found.low == Pseudomedian(np.append(finite, 1e9)).interval(0.95).low
    assert found.high == np.inf
    assert Pseudomedian(np.full(7, np.inf)).interval(0.95).low == np.inf


def test_infinities_of_both_signs_are_taken_against_each_end():
    found = Pseudomedian(np.array([np.inf, -np.inf, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])).interval(0.95)
    huge = [Pseudomedian(np.array([large, small, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6])).interval(0.95) for large, small in ((1e9, -1e10), (1e10, -1e9))]
    assert found.low == -np.inf
    assert found.high == np.inf
    assert all(each.low < -1e8 or each.high > 1e8 for each in huge)
    assert Pseudomedian(np.array([np.inf, -np.inf, 0.1, 0.2, 0.3])).mean == pytest.approx(0.2)


def test_infinities_of_both_signs_count_once_against_each_end_of_many():
    """Whichever of the two is the greater, the interval is not shorter than that; with 12 differences both ends are finite."""
    rest = np.linspace(-0.2, 1.0, 10)
    found = Pseudomedian(np.array([np.inf, -np.inf, *rest])).interval(0.95)
    huge = [Pseudomedian(np.array([large, small, *rest])).interval(0.95) for large, small in ((1e9, -1e10), (1e10, -1e9))]
    assert np.isfinite([found.low, found.high]).all()
    assert found.low == min(each.low for each in huge)
    assert found.high == max(each.high for each in huge)


def test_an_interval_is_refused_by_the_number_of_differences_that_are_not_zero():
    differences = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.0, 0.0, 0.0])
    assert np.isnan(Pseudomedian(differences).interval(0.95).low)
    assert np.isfinite(Pseudomedian(np.append(differences, 0.6)).interval(0.95).low)


@pytest.mark.parametrize("discrete", [False, True])
def test_the_interval_holds_the_centre_of_symmetric_differences(discrete):
    random, trials = np.random.default_rng(5), 2000
    drawn = random.standard_t(1, (trials, 8)) + 1  # Cauchy: no mean
    drawn = np.clip(drawn.round(), -1, 3) if discrete else drawn
    drawn = np.where(random.random(drawn.shape) < 0.1, np.copysign(np.inf, random.random(drawn.shape) - 0.5), drawn)
    held = [not (low > 1 or high < 1) for _, low, high in (Pseudomedian(row).interval(0.95) for row in drawn)]  # NaN claims nothing
    # at least 0.95, but for five binomial standard deviations
    assert np.mean(held) > 0.95 - 5 * np.sqrt(0.95 * 0.05 / trials)


def test_many_differences_use_the_normal_place(monkeypatch):
    differences = np.random.default_rng(0).normal(0.1, 1, 250)
    exact = Pseudomedian(differences).interval(0.95)
    monkeypatch.setattr(ranks, "EXACT", 100)
    near = Pseudomedian(differences).interval(0.95)
    # the place may differ by one or two of 31,375 averages, which lie some 1e-4 apart here
    assert (near.low, near.high) == pytest.approx((exact.low, exact.high), abs=1e-3)


def test_none_and_one_difference_have_no_interval():
    for differences in ([], [np.inf]):
        assert np.isnan(Pseudomedian(np.array(differences)).interval(0.95).low)
    assert np.isnan(Pseudomedian(np.array([])).mean)


def test_a_p_value_is_at_most_the_error_at_which_its_own_interval_leaves_0_out():
    random = np.random.default_rng(0)
    for _ in range(1000):
        differences = random.normal(0.5, 1, random.integers(5, 14))
        differences[random.random(len(differences)) < 0.25] = 0.0
        beyond = random.random(len(differences)) < 0.15
        differences[beyond] = np.copysign(np.inf, random.random(beyond.sum()) - 0.3)
        found = Pseudomedian(differences, 1e-15)
        for error in (0.2, 0.05, 0.01):
            low, high = found.interval(1 - error)[1:]
            assert (low > 0 or high < 0) == (found.p_value() <= error * (1 + 1e-12)), differences


def test_what_is_0_but_for_rounding_is_on_no_side():
    differences = np.array([0.1, -0.1 - 2e-17, 0.3, -0.3, 0.2, -0.2, 0.5, -0.5])
    assert Pseudomedian(differences, 1e-15).interval(0.05)[1:] == (0.0, 0.0)


def test_the_p_value_of_many_differences_is_nearly_the_exact_one(monkeypatch):
    differences = np.append(np.random.default_rng(0).normal(0.1, 1, 250), 0.0)
    exact = Pseudomedian(differences).p_value()
    monkeypatch.setattr(ranks, "EXACT", 100)
    assert Pseudomedian(differences).p_value() == pytest.approx(exact, rel=0.01)
