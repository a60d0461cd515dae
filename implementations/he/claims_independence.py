"""That weights know nothing of one another: not of those of the same layer, and not of those of another.

Each weight is first turned into its share of the distribution, which is uniform, so that sums are near normal even far out; once as it
is and once by its size alone. A correlation at every distance in memory comes from one Fourier transform.
"""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, true
from ...harness.probe import Probe
from ...harness.subject import InitializerSubject
from ._distribution import cumulative, variance
from .claims import RULES, Tests, two_sided, unlikeliest

LAYERS = ((96, 96, 1), (400, 20, 1), (20, 400, 1), (40, 50, 4), (8000, 1, 1))


def scores(rule: InitializerSubject, random: np.random.Generator, fans: tuple[int, int, int]) -> dict[str, Floats]:
    """The weights, and their sizes, as uniform numbers of mean 0 and variance 1; and sizes to the fourth power, which follow squares more closely."""
    weights = rule.weights(*fans[:2], random, fans[2]).astype(np.float64) / np.sqrt(variance(rule.technique, *fans[:2]))
    share = cumulative(rule.conventions["distribution"], weights)
    size = np.abs(2 * share - 1)
    return {"weights": np.sqrt(12) * (share - 0.5), "sizes": np.sqrt(12) * (size - 0.5), "powers": (size**4 - 1 / 5) / np.sqrt(1 / 9 - 1 / 25)}


def at_all_distances(one: Floats, other: Floats) -> Floats:
    """Sums of products of each number with that so many places further on, around the end, in standard errors."""
    transform = np.fft.rfft
    return np.fft.irfft(np.conj(transform(one.ravel())) * transform(other.ravel()), one.size) / np.sqrt(one.size)


def _correlated(one: Floats, other: Floats, what: str, first: int) -> Tests:
    """`first` is 1 within a layer: no number meets itself, a distance and its complement are one, and half way around pairs count twice."""
    errors = at_all_distances(one, other)
    if first:
        errors = errors[: one.size // 2 + 1]
        errors[one.size // 2] /= np.sqrt(2 - one.size % 2)
    worst = first + int(np.argmax(np.abs(errors[first:])))
    p = two_sided(errors[worst]) * (len(errors) - first)
    yield p, Case(f"correlation of {what} at distance {worst}", "near 0", f"{errors[worst] / np.sqrt(one.size):.3g} (p = {p:.2g})")


@claim("initializer.independent", kind="statistical", section="not in the notes", about=RULES)
def the_weights_of_a_layer_are_independent(rule: InitializerSubject, probe: Probe) -> Evidence:
    """The weights of a layer are independent: no correlation at any distance, neither of the weights nor of their sizes, none with the transposed
    place, sums over a unit's or an input's weights vary as sums of independent numbers do, and units are no more orthogonal than chance makes them.
    """
    random, tests = probe.random("layers"), []
    for fans in LAYERS:
        found = scores(rule, random, fans)
        for name, each in found.items():
            named = f"{name} of a layer, {fans[0]} inputs, {fans[1]} units, {fans[2]} pieces"
            tests += [*_sums(each, named), *(_correlated(each, each, named, 1) if name != "powers" else ())]
        if fans[0] == fans[1]:
            tests += [*_transposed(found["weights"]), *_orthogonal(found["weights"])]
    return all_of(unlikeliest(tests, sum(a * b * k for a, b, k in LAYERS)), *_repeated(rule, probe))


def _sums(values: Floats, named: str) -> Tests:
    """Sums of at least 20 bounded numbers: the squares of many of them in units of their variance are chi-squared."""
    from scipy.stats import chi2

    for axis, part in ((0, "a unit"), (1, "an input")):
        if values.shape[axis] >= 20 and values.shape[1 - axis] >= 20:
            sums = values.sum(axis=axis) / np.sqrt(values.shape[axis])
            square, n = float(np.square(sums).sum()), len(sums)
            p = float(2 * min(chi2.cdf(square, n), chi2.sf(square, n)))
            yield p, Case(f"mean square of sums over {part}, {named}", "1", f"{square / n:.4g} (p = {p:.2g})")


def _transposed(values: Floats) -> Tests:
    above = np.triu_indices(len(values), 1)
    error = float((values[above] * values.T[above]).sum() / np.sqrt(len(above[0])))
    p = two_sided(error)
    yield p, Case("correlation of weights across the diagonal, 96 inputs, 96 units", "near 0", f"{error / np.sqrt(len(above[0])):.3g} (p = {p:.2g})")


def _orthogonal(values: Floats) -> Tests:
    """The mean square of 4560 correlations of units has mean 1 and a deviation of 0.028 (30 000 layers simulated; skewness 0.08)."""
    products = (values.T @ values)[np.triu_indices(values.shape[1], 1)] / np.sqrt(len(values))
    square = float(np.square(products).mean())
    p = two_sided((square - 1) / 0.028)
    yield p, Case("mean square of products of two units' weights, 96 inputs, 96 units", "1", f"{square:.4g} (p = {p:.2g})")


def _repeated(rule: InitializerSubject, probe: Probe) -> list[Evidence]:
    """Of 8000 numbers held or drawn in 24 binary digits some 4 pairs have the same size; 80 do with a probability below 1e-60."""
    random, found = probe.random("repeated"), []
    for fans in ((400, 20, 1), (40, 50, 4)):
        weights = np.abs(rule.weights(*fans[:2], random, fans[2]))
        again = weights.size - len(np.unique(weights))
        found.append(true(again < 80, Case(f"sizes that occur again among {weights.size} weights", "next to none", f"{again}")))
    return found


@claim("initializer.layers-independent", kind="statistical", section="not in the notes", about=RULES)
def the_weights_of_two_layers_are_independent(rule: InitializerSubject, probe: Probe) -> Evidence:
    """Two layers share nothing: no weight of one correlates with any of the other at any distance, nor do their sizes, whether their streams are
    spawned from one generator, as in a network, or one generator fills both; and neither do those of two runs of neighbouring seeds.
    """
    tests, runs = [], [probe.random(), np.random.default_rng(probe.seed), np.random.default_rng(probe.seed + 1)]
    for fans in ((70, 70, 1), (30, 25, 6)):
        streams = runs[0].spawn(3)
        first, second, third, fourth = (scores(rule, each, fans) for each in (*streams[:2], streams[2], streams[2]))
        run, neighbour = scores(rule, runs[1], fans), scores(rule, runs[2], fans)
        for name in ("weights", "sizes"):
            tests += _correlated(first[name], second[name], f"{name} of two layers, streams of one generator,", 0)
            tests += _correlated(third[name], fourth[name], f"{name} of two layers filled one after the other", 0)
            tests += _correlated(run[name], neighbour[name], f"{name} of one layer in two runs", 0)
    return unlikeliest(tests, 2 * 3 * 4900)
