"""Looks keep the error rate: levels against the joint normal distribution, the mixture against its integral, and both by simulation."""

import numpy as np
import pytest
from scipy import integrate, stats

from trickbench.harness.errors import InputError
from trickbench.harness.inference import mixture, spending
from trickbench.harness.inference.sequential import MOST, Sequential

LOOKS = [(5,), (5, 10), (5, 6), (5, 10, 20, 30), (5, 10, 20, 30, 60, 100)]
ERRORS = [0.3, 0.05, 0.05 / 36]


def crossed(levels, looks, *, two_sided):
    """The probability that some look rejects, from the joint distribution of z statistics with independent increments."""
    sizes = np.array(looks, float)
    together = stats.multivariate_normal(cov=np.sqrt(np.minimum.outer(sizes, sizes) / np.maximum.outer(sizes, sizes)), seed=1)
    bounds = stats.norm.isf(np.array(levels) / (2 if two_sided else 1))
    return 1 - (together.cdf(bounds, lower_limit=-bounds) if two_sided else together.cdf(bounds))


@pytest.mark.parametrize(
    ("most", "looks"),
    [(5, (5,)), (6, (5, 6)), (30, (5, 10, 20, 30)), (31, (5, 10, 20, 30, 31)), (100, (5, 10, 20, 30, 60, 100)), (240, (5, 10, 20, 30, 60, 120, 240))],
)
def test_looks_end_at_the_most_number_of_seeds(most, looks):
    assert Sequential(most).looks == looks


def test_without_a_most_number_every_fifth_seed_is_looked_at():
    assert Sequential().looks[:3] == (5, 10, 15)
    assert Sequential().looks[-1] == MOST


@pytest.mark.parametrize("most", [0, 4, MOST + 1])
def test_a_number_of_seeds_that_allows_no_look_is_refused(most):
    with pytest.raises(InputError, match="accepted is a whole number from 5"):
        Sequential(most)


@pytest.mark.parametrize("looks", LOOKS)
@pytest.mark.parametrize("error", ERRORS)
def test_all_looks_together_spend_the_error(error, looks):
    # scipy's integral of 3 dimensions and more is by random points: its own error is below 1e-5
    assert crossed(spending.levels(error, looks), looks, two_sided=True) == pytest.approx(error, abs=2e-5)


def test_each_look_spends_its_share():
    levels, looks = spending.levels(0.05, (5, 10, 20, 30)), (5, 10, 20, 30)
    for last in (1, 2):  # one and two dimensions, where scipy's integral is exact to 1e-8
        share = 0.05 * np.log1p((np.e - 1) * looks[last - 1] / 30)
        assert crossed(levels[:last], looks[:last], two_sided=True) == pytest.approx(share, abs=1e-8)


def test_bounds_are_the_published_ones():
    # Pocock-type spending at four equal looks, two-sided 0.05, as in Lan and DeMets' program and its successors
    assert stats.norm.isf(np.array(spending.levels(0.05, (1, 2, 3, 4))) / 2) == pytest.approx([2.368, 2.368, 2.358, 2.350], abs=5e-4)


def test_a_last_look_one_seed_after_a_late_one_is_no_harder_than_others():
    looks = (5, 10, 20, 30, 60, 120, 240, 480, 960, 1920, 3840, 7680, 7681)
    assert all(0 < level < 0.05 for level in spending.levels(0.05, looks))
    assert spending.levels(0.05, looks)[0] < spending.levels(0.05, looks[:4])[0]


@pytest.mark.parametrize("looks", LOOKS[1:])
@pytest.mark.parametrize("error", ERRORS)
def test_equivalence_by_the_narrower_intervals_errs_no_more(error, looks):
    # an interval of 1 - 2 level on one side: each look tests at its level one-sidedly
    assert crossed(spending.levels(error, looks), looks, two_sided=False) <= error


@pytest.mark.parametrize("sequential", [Sequential(30), Sequential()])
@pytest.mark.parametrize("look", [0, 1, 3])
def test_a_p_value_is_at_most_the_error_where_the_interval_excludes_0(sequential, look):
    seeds, error = sequential.looks[look], 0.05 / 7
    level = 1 - sequential.confidence(look, seeds, error)
    if level == 0:  # an infinite interval: nothing rejects here
        assert sequential.p_value(look, seeds, 0.0, error) > error
        return
    assert sequential.p_value(look, seeds, level * (1 - 1e-6), error) <= error
    assert sequential.p_value(look, seeds, level * (1 + 1e-6), error) > error


def test_p_values_invert_the_levels():
    looks = (5, 10, 20, 30)
    for error in (1e-9, 0.001, 0.03, 0.4):
        for look, level in enumerate(spending.levels(error, looks)):
            # a straight line between logarithms 0.23 apart; their second derivative is below 0.25 here, so it is off by less than 0.23²/8 · 0.25
            assert spending.p_value(look, level, 0.05, looks) == pytest.approx(error, rel=0.0017)
    assert spending.p_value(0, 0.9, 0.05, looks) == 1
    assert spending.p_value(0, 0.0, 0.05, looks) == spending.LEAST


@pytest.mark.parametrize("n", [5, 12, 40])
@pytest.mark.parametrize("t", [0.0, 0.7, 2.5, 6.0])
def test_the_mixture_is_the_average_likelihood_ratio_of_t(n, t):
    def weighted(effect):
        return stats.nct.pdf(t, n - 1, effect * np.sqrt(n)) * stats.norm.pdf(effect, scale=mixture.PRECISION**-0.5)

    average = integrate.quad(weighted, -8, 8, points=[0, t / np.sqrt(n)], epsrel=1e-10)[0]
    assert np.exp(mixture.log_evidence(t, n)) == pytest.approx(average / stats.t.pdf(t, n - 1), rel=1e-7)  # what scipy's nct keeps


@pytest.mark.parametrize("n", [5, 10, 200, 10_000])
@pytest.mark.parametrize("error", [0.05, 0.05 / 36])
def test_the_critical_value_of_the_mixture_has_evidence_of_one_over_the_error(n, error):
    reached = mixture.critical(error, n)
    if np.isinf(reached):
        assert mixture.log_evidence(np.inf, n) < np.log(1 / error)
    else:
        assert mixture.log_evidence(reached, n) == pytest.approx(np.log(1 / error), rel=1e-9)
        assert mixture.p_value(mixture.level(error, n), n) == pytest.approx(error, rel=1e-6)


@pytest.mark.parametrize("n", [5, 10, 50, 400])
@pytest.mark.parametrize("error", [0.05, 0.05 / 36])
def test_equivalence_by_the_mixture_has_enough_evidence_on_one_side(n, error):
    level = mixture.level(error, n)
    if level == 0:  # an infinite interval: nothing is equivalent
        assert (n, error) == (5, 0.05 / 36)
        return
    t = stats.t.isf(level, n - 1)  # an end of the interval of 1 - 2 level

    def weighted(effect):  # the mixture over positive effects alone, twice as dense
        return 2 * stats.nct.pdf(t, n - 1, effect * np.sqrt(n)) * stats.norm.pdf(effect, scale=mixture.PRECISION**-0.5)

    highest = min(8, (t + 10) / np.sqrt(n))  # what lies above only adds to it
    evidence = integrate.quad(weighted, 0, highest, points=[t / np.sqrt(n)], epsrel=1e-9)[0] / stats.t.pdf(t, n - 1)
    assert evidence >= 1 / error


def rejected(looks, confidence, repeats, seed, quantile=None):
    """The share of samples without effect that some look rejects."""
    drawn = np.random.default_rng(seed).standard_normal((repeats, looks[-1]))
    found = np.zeros(repeats, bool)
    for look, n in enumerate(looks):
        t = drawn[:, :n].mean(axis=1) / drawn[:, :n].std(axis=1, ddof=1) * np.sqrt(n)
        probability = 0.5 + confidence(look, n) / 2
        found |= np.abs(t) > (quantile(probability) if quantile else stats.t.ppf(probability, n - 1))
    return found.mean()


def test_looks_with_levels_on_p_values_of_t_err_as_often_as_is_said():
    sequential, repeats = Sequential(30), 20_000
    share = rejected(sequential.looks, lambda look, n: sequential.confidence(look, n, 0.05), repeats, 1)
    # 0.05 for normal statistics; for t it is 0.0527 (±0.0002, 800,000 samples); 4.5 binomial deviations
    assert abs(share - 0.0527) < 4.5 * np.sqrt(0.05 * 0.95 / repeats)


def test_the_same_bounds_on_z_or_no_correction_err_far_more_often():
    sequential = Sequential(30)
    assert rejected(sequential.looks, lambda look, n: sequential.confidence(look, n, 0.05), 4000, 2, stats.norm.ppf) > 0.10
    assert rejected(tuple(range(3, 31)), lambda look, n: 0.95, 4000, 3) > 0.22


def test_the_mixture_errs_no_more_often_however_often_is_looked():
    looks, repeats = tuple(range(2, 301)), 2000
    share = rejected(looks, lambda look, n: Sequential().confidence(look, n, 0.05), repeats, 4)
    assert share <= 0.05 + 4.5 * np.sqrt(0.05 * 0.95 / repeats)
    assert share > 0.01, "it does decide"


@pytest.mark.parametrize("error", [0.05, 0.05 / 9])
def test_looks_on_p_values_of_t_err_no_more_than_allowed(error):
    """Levels are made for normal sums; that p-values of t err a little more is allowed for."""
    sequential, random = Sequential(30), np.random.default_rng(1)
    studies, rejected = 400_000, 0
    for _ in range(8):
        drawn = random.standard_normal((studies // 8, 30))
        crossed_at = np.zeros(len(drawn), bool)
        for look, seeds in enumerate(sequential.looks):
            head = drawn[:, :seeds]
            reach = stats.t.ppf(0.5 + sequential.confidence(look, seeds, error) / 2, seeds - 1)
            crossed_at |= np.abs(head.mean(axis=1)) > reach * head.std(axis=1, ddof=1) / np.sqrt(seeds)
        rejected += np.count_nonzero(crossed_at)
    # 3.5 binomial standard deviations: levels that spend all of the error are seen at 0.05, where they err with 0.053
    assert rejected / studies < error + 3.5 * np.sqrt(error / studies)
    assert rejected / studies > 0.9 * error
