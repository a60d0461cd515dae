"""What is expected of initial weights, of whichever rule: the variance, the distribution, independent entries, and no randomness of their own.

Each test's p-value is multiplied by the number of tests in its claim, and by two for what normal approximations of sums leave out: the rate of
false alarms of a claim is then at most 1e-6.
"""

import random as python_random
from collections.abc import Iterable
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, equal, not_rejected, true
from ...harness.probe import Probe
from ...harness.subject import InitializerSubject
from ._distribution import cumulative, kurtosis, reach, variance

RULES = ("he", "glorot", "lecun")
FANS = ((400, 23, 1), (19, 450, 1), (1, 7000, 1), (2, 3500, 1), (3, 2500, 1), (5000, 1, 1), (2500, 3, 1), (96, 96, 1))
"""Inputs, units, pieces: very different ones, so that one taken for another is seen, and few, so that one too many is."""
SEVERAL = ((60, 50, 3), (40, 5, 12), (8, 30, 10), (1, 1, 1000))
"""The same with several pieces a unit."""

Tests = Iterable[tuple[float, Case]]


def unlikeliest(tests: Tests, cases: int) -> Evidence:
    """The least of p-values, against all of them having been looked at."""
    found = list(tests)
    p, case = min(found, key=lambda each: each[0])
    return not_rejected(min(1.0, 2 * len(found) * p), case, cases=cases, tests=len(found))


def two_sided(z: float) -> float:
    """The probability that a standard normal number is at least as far from 0."""
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def drawn(rule: InitializerSubject, probe: Probe, fans: Iterable[tuple[int, int, int]]) -> dict[tuple[int, int, int], Floats]:
    """Weights for each of the fans divided by the deviation that the rule asks for, all from one generator."""
    random = probe.random("weights")
    return {each: rule.weights(*each[:2], random, each[2]) / np.sqrt(variance(rule.technique, *each[:2])) for each in fans}


def _shape(fans: tuple[int, int, int]) -> str:
    return f"{fans[0]} inputs, {fans[1]} units" + (f", {fans[2]} pieces a unit" if fans[2] > 1 else "")


def _sizes(rule: InitializerSubject, weights: dict[tuple[int, int, int], Floats]) -> Tests:
    from scipy.stats import chi2

    for fans, each in weights.items():
        squares, n = float(np.square(each, dtype=np.float64).sum()), each.size
        if rule.conventions["distribution"] == "normal":
            p = 2 * min(chi2.cdf(squares, n), chi2.sf(squares, n))
        else:
            p = two_sided((squares / n - 1) / np.sqrt((kurtosis(rule.conventions["distribution"]) - 1) / n))
        asked = variance(rule.technique, *fans[:2])
        yield float(p), Case(f"mean square of {n} weights, {_shape(fans)}", f"{asked:.6g}", f"{asked * squares / n:.6g} (p = {p:.2g})")


@claim("initializer.variance", kind="statistical", section="not in the notes", about=RULES)
def weights_have_the_variance_that_the_rule_asks_for(rule: InitializerSubject, probe: Probe) -> Evidence:
    """The mean square of the weights is 2 / n (He), 2 / (n + m) (Glorot) or 1 / n (LeCun) for n inputs and m units, whatever n and m are."""
    weights = drawn(rule, probe, FANS)
    return unlikeliest(_sizes(rule, weights), sum(each.size for each in weights.values()))


@claim("initializer.counts-units", kind="statistical", section="not in the notes", about=RULES)
def pieces_do_not_count(rule: InitializerSubject, probe: Probe) -> Evidence:
    """With several pieces a unit, as in Maxout, each piece is a layer of its own: the variance is that for one piece, and m counts units."""
    weights = drawn(rule, probe, SEVERAL)
    return unlikeliest(_sizes(rule, weights), sum(each.size for each in weights.values()))


@claim("initializer.mean-zero", kind="statistical", section="not in the notes", about=RULES)
def weights_have_no_mean(rule: InitializerSubject, probe: Probe) -> Evidence:
    """The weights of a layer have mean 0, and so have those of any of its units and inputs, and of any piece."""
    weights = drawn(rule, probe, FANS + SEVERAL[:2])

    def tests() -> Tests:
        for fans, each in weights.items():
            for axis, part in ((None, "all"), (0, "a unit's"), (1, "an input's")):
                sums = np.atleast_1d(each.sum(axis=axis, dtype=np.float64)) / np.sqrt(each.size if axis is None else each.shape[axis])
                if axis is not None and each.shape[axis] < 90:
                    continue  # a sum of fewer is not near enough to normal this far out
                for worst in (sums.max(), sums.min()):
                    p = two_sided(worst) * len(sums)
                    yield p, Case(f"mean of {part} weights, {_shape(fans)}, in its own standard errors", "near 0", f"{worst:.3g} (p = {p:.2g})")

    return unlikeliest(tests(), sum(each.size for each in weights.values()))


@claim("initializer.distribution", kind="statistical", section="not in the notes", about=RULES)
def weights_have_the_declared_distribution(rule: InitializerSubject, probe: Probe) -> Evidence:
    """Weights are distributed as declared, normal, uniform or normal cut off at two deviations, with the rule's variance: by Kolmogorov and Smirnov's
    test, and none lies beyond what the distribution reaches.
    """
    from scipy.stats import kstest

    shape = rule.conventions["distribution"]
    weights = {fans: np.asarray(each, np.float64).ravel() for fans, each in drawn(rule, probe, FANS + SEVERAL[:2]).items()}
    pooled = np.concatenate(list(weights.values()))

    def tests() -> Tests:
        for name, each in {"all layers together": pooled, **{_shape(fans): each for fans, each in weights.items() if each.size > 5000}}.items():
            found: Any = kstest(cumulative(shape, each), "uniform")
            expected = float(found.statistic_location)
            case = f"share of {each.size} weights ({name}) at which {expected:.5g} of a {shape} distribution lie"
            yield float(found.pvalue), Case(case, f"{expected:.5g}", f"{np.mean(cumulative(shape, each) <= expected):.5g} (p = {found.pvalue:.2g})")
        # of n normal weights none reaches 4 deviations with a probability of exp(-n / 15 787), and 8 with n / 8e14
        far = np.abs(pooled).max()
        if shape == "normal":
            p = two_sided(far) * pooled.size if far > 4 else float((1 - two_sided(far)) ** pooled.size)
            yield p, Case(f"largest of {pooled.size} weights in deviations, {shape}", "about 4.4", f"{far:.3g} (p = {p:.2g})")

    # the limit, the draw and their product are rounded, and so is the deviation that we divide by
    inside = below(
        np.abs(pooled).max(), reach(shape), ulps=4, scale=1, eps=probe.eps, given=f"largest of {pooled.size} weights in deviations, {shape}:"
    )
    return all_of(unlikeliest(tests(), pooled.size), inside)


@claim("initializer.own-stream", kind="identity", section="not in the notes", about=RULES)
def weights_come_from_the_given_generator_alone(rule: InitializerSubject, probe: Probe) -> Evidence:
    """The same generator gives the same weights, whatever was drawn elsewhere before, and no other source of random numbers is read or moved on;
    another generator, another layer's stream and another call give other weights.
    """
    key = [probe.seed, 9]
    before, states = np.random.get_state(), _global_states()  # noqa: NPY002  the global generator is what must not be touched
    first = rule.weights(30, 7, np.random.default_rng(key), 2)
    untouched, bad = states == _global_states(), ~np.isfinite(first) | (first == 0)
    try:
        np.random.seed(probe.seed % 2**32)  # noqa: NPY002
        rule.weights(3, 11, np.random.default_rng(1))
        again = rule.weights(30, 7, np.random.default_rng(key), 2)
    finally:
        np.random.set_state(before)  # noqa: NPY002
    others = {
        "another generator": rule.weights(30, 7, np.random.default_rng([probe.seed, 10]), 2),
        **{f"stream {i + 1} of two layers": rule.weights(30, 7, stream, 2) for i, stream in enumerate(np.random.default_rng(key).spawn(2))},
    }
    one = np.random.default_rng(key)
    others |= {f"call {call} with one generator": rule.weights(30, 7, one, 2) for call in (1, 2, 3)}
    return all_of(
        equal(again, first, given="30 inputs, 7 units, 2 pieces, the same generator, other draws in between:"),
        equal(others.pop("call 1 with one generator"), first, given="the same generator:"),
        true(untouched, Case("global random numbers after a call", "as before", "as before" if untouched else "moved on")),
        *_all_differ({"the generator": first, **others}),
        true(not bad.any(), Case("every weight", "finite and not 0", f"{first[bad][:3]}")),
    )


def _global_states() -> tuple[str, str]:
    return repr([np.asarray(each).tolist() for each in np.random.get_state()]), repr(python_random.getstate())  # noqa: NPY002


def _all_differ(weights: dict[str, Floats]) -> list[Evidence]:
    found: list[Evidence] = []
    for i, (name, each) in enumerate(weights.items()):
        for other_name, other in list(weights.items())[:i]:
            same = int((each == other).sum())
            # two float32 numbers of one distribution are equal with a probability below 1e-6; 5 of 420 with 1e-19
            case = Case(f"weights from {other_name} and from {name}", "other ones", f"{same} of {each.size} the same")
            found.append(true(same < 5, case, cases=each.size))
    return found
