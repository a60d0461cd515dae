"""Shares: the interval in closed form at its ends, and its coverage where the usual ones have no width."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.intervals import averaged, spread
from trickbench.harness.inference.shares import improvement_on_such, improvement_on_these, improvements, share


@pytest.mark.parametrize(("successes", "number"), [(0, 5), (5, 5), (3, 10), (17, 18)])
def test_whole_counts_have_clopper_and_pearsons_interval(successes, number):
    expected = stats.binomtest(successes, number).proportion_ci(0.95, method="exact")
    found = share(successes / number, number, 0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)  # scipy's root finder stops at 1e-12 relative


def test_five_of_five_leave_the_rest_open():
    assert share(1.0, 5, 0.95) == pytest.approx((1.0, 0.025**0.2, 1.0))


def test_an_end_rises_with_the_mean_and_falls_with_the_confidence():
    lows = [share(mean, 9.5, 0.95).low for mean in np.linspace(0, 1, 50)]
    assert (np.diff(lows) > 0).all()
    assert share(0.6, 9.5, 0.99).low < share(0.6, 9.5, 0.9).low


def test_no_change_is_half_an_improvement():
    assert improvements(np.array([0.2, 0.0, -0.1, np.inf])).tolist() == [1.0, 0.5, 0.0, 1.0]


def test_each_dataset_has_the_same_weight_and_counts_as_its_smallest():
    blocks = [np.array([1.0, 1, 1, -1]), np.array([1.0, -1])]
    assert improvement_on_these(blocks, 0.95) == share(0.625, 4, 0.95)
    assert improvement_on_such(blocks, 0.95) == share(0.625, 2, 0.95)


def test_replicates_that_overlap_count_for_fewer():
    blocks = [np.ones(10)] * 6
    assert improvement_on_these(blocks, 0.95, 0.25) == pytest.approx(share(1.0, 6 / 0.35, 0.95))
    assert improvement_on_these(blocks, 0.95, 0.25).low < improvement_on_these(blocks, 0.95).low


@pytest.mark.parametrize("blocks", [[], [np.ones(3), np.empty(0)]])
def test_without_blocks_there_is_no_interval(blocks):
    assert np.isnan(improvement_on_these(blocks, 0.95).low)
    assert np.isnan(improvement_on_such([], 0.95).low)


CHANCES = {
    "alike": np.full(6, 0.8),
    "far apart": np.array([1.0, 1.0, 1.0, 0.5, 0.5, 0.0]),
    "near 1": np.array([1.0, 1.0, 0.99, 0.98, 1.0, 0.97]),
}


def drawn(random, chances, seeds):
    """Differences of which the sign alone matters, a tenth of them 0: an improvement of probability `chance` in all."""
    signs = np.where(random.random((len(chances), seeds)) < chances[:, None], 1.0, -1.0)
    return signs * (random.random((len(chances), seeds)) > 0.1)


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("chances", CHANCES.values(), ids=CHANCES)
def test_on_these_datasets_it_holds_with_few_seeds_and_near_certainty(chances, seeds):
    random, trials = np.random.default_rng(seeds), 1500
    truth = 0.9 * chances.mean() + 0.05
    found = [improvement_on_these(list(drawn(random, chances, seeds)), 0.95) for _ in range(trials)]
    # binomial(1500, 0.95): 5 standard deviations are 0.028
    assert np.mean([low <= truth <= high for _, low, high in found]) > 0.95 - 5 * np.sqrt(0.95 * 0.05 / trials)


@pytest.mark.parametrize("seeds", [3, 10])
@pytest.mark.parametrize("spread_out", [0.2, 2.0, 50.0])
def test_on_datasets_like_these_it_holds_however_they_differ(seeds, spread_out):
    random, trials = np.random.default_rng(seeds), 1500
    hits = 0
    for _ in range(trials):
        chances = random.beta(0.85 * spread_out, 0.15 * spread_out, 6)
        _, low, high = improvement_on_such(list(drawn(random, chances, seeds)), 0.95)
        hits += low <= 0.9 * 0.85 + 0.05 <= high
    assert hits / trials > 0.95 - 5 * np.sqrt(0.95 * 0.05 / trials)


def test_students_interval_would_not_hold_near_certainty():
    random, trials = np.random.default_rng(0), 500
    truth = 0.99
    hits = 0
    for _ in range(trials):
        ones = (random.random((6, 5)) < truth).astype(float)
        _, low, high = averaged([spread(row) for row in ones]).interval(0.95)
        hits += low <= truth <= high
    assert hits / trials < 0.5  # with 30 sure improvements, in 0.99³⁰ = 74 % of all cases, it has no width
