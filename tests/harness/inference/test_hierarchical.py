"""A further dataset: the probabilities by brute force over (μ, τ), in closed form where there is one, and how often they come true."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.inference.hierarchical import further, moderated, predict, prediction
from trickbench.harness.inference.intervals import Spread

MEANS = np.array([0.02, 0.05, -0.01, 0.03, 0.08, 0.01])
ERRORS = np.array([0.01, 0.02, 0.015, 0.01, 0.03, 0.005]) ** 2


def spreads(means, errors, freedom=9.0):
    return [Spread(float(mean), float(np.sqrt(error)), freedom) for mean, error in zip(means, errors, strict=True)]


def by_brute_force(value):
    """P(δ < value), by a plain sum over a grid of (μ, τ), with the model written down as it stands in the docstring."""
    mu, step = np.linspace(-0.6, 0.6, 2401), 0.0005
    tau = np.arange(step / 2, 0.8, step)[:, None]  # the tail beyond falls as τ⁻⁵: 1e-4 of the range to the fourth power
    density = np.sqrt(sum((tau / (error + tau**2)) ** 2 for error in ERRORS))
    for mean, error in zip(MEANS, ERRORS, strict=True):
        density = density * stats.norm.pdf(mean, mu, np.sqrt(error + tau**2))
    return float((density * stats.norm.cdf(value, mu, tau)).sum() / density.sum())


@pytest.mark.parametrize("value", [-0.05, -0.01, 0.01, 0.03, 0.1])
def test_the_prediction_is_that_of_a_grid_over_both_parameters(value):
    found = predict(MEANS, ERRORS, 0.03).below(value)
    # the mass beyond τ = 0.8 is below (0.03 / 0.8)⁴ = 2e-6; the midpoint rule at steps of τ/60 and μ/20 adds less than 1e-5
    assert found == pytest.approx(by_brute_force(value), abs=2e-5)


@pytest.mark.parametrize("scale", [0.01, 0.03, 0.3])
def test_the_scale_of_the_nodes_does_not_matter(scale):
    assert predict(MEANS, ERRORS, scale).below(0.01) == pytest.approx(predict(MEANS, ERRORS, 0.05).below(0.01), abs=1e-9)


@pytest.mark.parametrize("datasets", [6, 9, 20])
def test_without_errors_it_is_students_t_over_the_datasets(datasets):
    means = np.random.default_rng(datasets).normal(0.1, 0.3, datasets)
    center, width = means.mean(), means.std(ddof=1) * np.sqrt(1 + 1 / datasets)
    found = prediction(spreads(means, np.zeros(datasets)))
    for value in (-0.5, 0.0, 0.1, 0.6):
        assert found.below(value) == pytest.approx(stats.t.cdf((value - center) / width, datasets - 1), abs=1e-9)


def test_the_unit_does_not_matter():
    found = further(spreads(MEANS, ERRORS), 0.01)
    assert further(spreads(1000 * MEANS, 1e6 * ERRORS), 10.0) == pytest.approx(found, rel=1e-9)


def test_the_three_add_up_and_mirror():
    found, mirrored = further(spreads(MEANS, ERRORS), 0.01), further(spreads(-MEANS, ERRORS), 0.01)
    assert sum(found) == pytest.approx(1, abs=1e-15)
    assert (mirrored.helps, mirrored.equivalent) == pytest.approx((found.hurts, found.equivalent), abs=1e-12)
    assert found.helps > 0.5 > found.hurts


def test_variances_are_drawn_towards_their_mean_the_more_the_fewer_replicates_there_are():
    few, many = moderated(spreads(MEANS, ERRORS, 2.0)), moderated(spreads(MEANS, ERRORS, 1e9))
    assert few == pytest.approx((ERRORS + ERRORS.mean()) / 2)
    assert many == pytest.approx(ERRORS, rel=1e-8)  # 2 / 1e9, times the ratio of variances


def test_two_datasets_whose_runs_all_agree_do_not_take_over():
    """With an error of exactly 0 in both, the density would have no end at τ = 0, and the four others no say."""
    means = np.array([0.0, 0.0, 0.05, 0.06, 0.04, 0.07])
    found = further(spreads(means, [0, 0, 1e-3, 1e-3, 1e-3, 1e-3]), 0.01)
    assert found.equivalent < 0.5


@pytest.mark.parametrize(
    "given",
    [
        spreads(MEANS[:5], ERRORS[:5]),
        spreads([*MEANS[:5], np.nan], ERRORS),
        spreads([*MEANS[:5], np.inf], ERRORS),
        [*spreads(MEANS, ERRORS)[:5], Spread(0.1, float("nan"), 0.0)],
        spreads(np.zeros(6), np.zeros(6)),
    ],
)
def test_too_little_to_tell_is_no_probability(given):
    assert prediction(given) is None
    assert np.isnan(further(given, 0.01)).all()


def held(datasets, seeds, tau, uneven, trials, nominal=0.9, **changed):
    """How often a further dataset's true difference falls between the tails of its prediction."""
    random, hits = np.random.default_rng([datasets, seeds, int(10 * tau), uneven]), 0
    for _ in range(trials):
        deviations = np.exp(random.normal(-1, 1, datasets) * uneven) * np.sqrt(seeds)
        truth = random.normal(0, tau, datasets)
        scores = truth[:, None] + random.normal(0, 1, (datasets, seeds)) * deviations[:, None]
        given = [Spread(row.mean(), row.std(ddof=1) / np.sqrt(seeds), seeds - 1.0) for row in scores]
        hits += (1 - nominal) / 2 < prediction(given).below(random.normal(0, tau)) < (1 + nominal) / 2
    return hits / trials


@pytest.mark.parametrize("seeds", [3, 5, 10])
@pytest.mark.parametrize(("tau", "uneven"), [(4, 0), (4, 1), (1, 1)])
def test_the_prediction_holds_what_it_says_where_datasets_differ_by_more_than_their_errors(seeds, tau, uneven):
    trials = 1000
    # binomial(1000, 0.9): 5 standard deviations are 0.047. Exact for τ large against the errors; the bound allows for no bias besides
    assert held(6, seeds, tau, uneven, trials) > 0.9 - 5 * np.sqrt(0.9 * 0.1 / trials)
    assert held(6, seeds, 4, 0, trials) < 0.9 + 5 * np.sqrt(0.9 * 0.1 / trials)


@pytest.mark.parametrize("seeds", [3, 10])
def test_where_datasets_hardly_differ_it_is_wide(seeds):
    assert held(6, seeds, 0.3, 0, 300) > 0.95
