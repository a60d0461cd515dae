"""The interquartile mean: SciPy's value, Yuen's error for one dataset, coverage for several."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.intervals import averaged, spread
from trickbench.harness.inference.trimmed import interquartile_mean


@pytest.mark.parametrize("sizes", [(4,), (7,), (3, 3, 3), (5, 6, 7, 2)])
def test_the_value_is_scipys_trimmed_mean_of_all(sizes):
    groups = [np.random.default_rng(size).normal(size=size) for size in sizes]
    assert interquartile_mean(groups).mean == pytest.approx(stats.trim_mean(np.concatenate(groups), 0.25), rel=1e-12)


def test_with_one_dataset_error_and_freedom_are_tukeys_and_mclaughlins():
    """By SciPy's trimmed t test of Yuen: with both samples alike it has twice the squared error and twice the degrees of freedom."""
    values = np.random.default_rng(0).standard_t(2, 23)
    found, shift = interquartile_mean([values]), 0.7
    peer = stats.ttest_ind(values + shift, values, equal_var=False, trim=0.25)
    assert shift / peer.statistic == pytest.approx(np.sqrt(2) * found.error, rel=1e-12)
    assert peer.df == pytest.approx(2 * found.freedom, rel=1e-12)


def test_infinite_and_far_values_move_it_no_further_than_to_their_neighbours():
    groups = [np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.15, 0.25, 0.35, 0.45])]
    far = [np.array([-np.inf, 0.2, 0.3, 0.4]), np.array([0.15, 0.25, 0.35, 1e9])]
    assert interquartile_mean(far).mean == interquartile_mean(groups).mean
    assert np.isfinite(interquartile_mean(far).error)


@pytest.mark.parametrize("groups", [[], [np.empty(0)], [np.array([0.1, np.nan, 0.3])]])
def test_nothing_has_no_mean(groups):
    assert np.isnan(interquartile_mean(groups).mean)


@pytest.mark.parametrize("groups", [[np.array([0.5])], [np.ones(3), np.ones(1)], [np.ones(4), np.ones(4)], [np.full(4, np.inf)]])
def test_what_does_not_vary_has_no_interval(groups):
    assert np.isnan(interquartile_mean(groups).interval(0.95).low)


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize("apart", [0.0, 1.0, 4.0])
@pytest.mark.parametrize("shape", ["normal", "heavy"])
def test_the_interval_covers_the_middle_of_these_datasets(seeds, apart, shape):
    random, trials = np.random.default_rng(seeds), 1000
    centres = np.random.default_rng(5).normal(0, apart, (6, 1))

    def draw(size):
        return centres + (random.normal(size=(6, size)) if shape == "normal" else random.standard_t(3, (6, size)))

    truth = stats.trim_mean(draw(50_000).ravel(), 0.25)  # known to 0.004: a hundredth of the intervals
    found = [interquartile_mean(list(draw(seeds))).interval(0.95) for _ in range(trials)]
    # binomial(1000, 0.95): 5 standard deviations are 0.035
    assert np.mean([low <= truth <= high for _, low, high in found]) > 0.95 - 0.035


def test_it_is_narrower_than_that_of_the_mean_where_tails_are_heavy():
    random = np.random.default_rng(1)
    draws = [list(random.standard_t(2, (6, 5))) for _ in range(300)]
    middle = np.median([interquartile_mean(groups).interval(0.95).half for groups in draws])
    mean = np.median([averaged([spread(group) for group in groups]).interval(0.95).half for groups in draws])
    assert middle < 0.8 * mean
