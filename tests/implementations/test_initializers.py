"""Initial weights: their variance and shape, and that they come from the given stream and nowhere else."""

import numpy as np

SHAPE = (300, 200)
VARIANCE = {"he": 2 / 300, "glorot": 2 / 500, "lecun": 1 / 300}
"""The fans differ, so that one taken for the other is seen."""


def fill(member, shape=SHAPE, fans=None, seed=7):
    weights = np.full(shape, np.nan, member.dtype)
    member.fill(weights, *(fans or shape), np.random.default_rng(seed))
    return weights


def test_weights_have_the_formula_s_variance_and_no_mean(initializer):
    weights, variance = fill(initializer).astype(float), VARIANCE[initializer.technique]
    # the mean square of n draws has relative variance (kurtosis - 1) / n: kurtosis 3 if normal, 1.8 if uniform. 5.5 deviations: false alarm 4e-8
    # a normal one cut at 2 deviations has 2.37, E x⁴ / (E x²)² of that density
    kurtosis = {"normal": 3.0, "uniform": 1.8, "truncated_normal": 2.37}[initializer.conventions["distribution"]]
    assert abs((weights**2).mean() / variance - 1) < 5.5 * np.sqrt((kurtosis - 1) / weights.size)
    assert abs(weights.mean()) < 5.5 * np.sqrt(variance / weights.size)


def test_weights_have_the_declared_distribution(initializer):
    from scipy.stats import kstest

    deviation = np.sqrt(VARIANCE[initializer.technique])
    limit = np.sqrt(3) * deviation
    cut = deviation / 0.8796256610342398  # a normal one cut at 2 deviations keeps this share of its deviation
    shapes = {"normal": ("norm", (0, deviation)), "uniform": ("uniform", (-limit, 2 * limit)), "truncated_normal": ("truncnorm", (-2, 2, 0, cut))}
    shape = shapes[initializer.conventions["distribution"]]
    assert kstest(fill(initializer).astype(float).ravel(), *shape).pvalue > 1e-7  # false alarm


def test_both_dtypes_start_from_the_same_network(initializer):
    double = fill(type(initializer)(initializer.implementation, np.dtype(float)))
    assert np.array_equal(fill(initializer), double.astype(initializer.dtype))


def test_draws_fill_row_by_row_and_come_from_the_given_stream(initializer):
    fans = (300, 200)
    assert np.array_equal(fill(initializer, (2, 7), fans), fill(initializer, (5, 7), fans)[:2])
    assert np.array_equal(fill(initializer), fill(initializer))
    assert not np.array_equal(fill(initializer), fill(initializer, seed=8))


def test_empty_layers_are_served(initializer):
    for shape in ((0, 4), (4, 0), (0, 0)):
        assert fill(initializer, shape).shape == shape


def test_tiny_fans_give_no_zero_scale(initializer):
    for fans in ((1, 1), (3, 1), (3, 2)):
        assert np.abs(fill(initializer, (50, 50), fans)).max() > 0.3
