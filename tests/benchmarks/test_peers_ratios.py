"""Ratios, shares and the check of accuracies have known answers, and the check can fail."""

import numpy as np
import pytest

from benchmarks.peers.interleaved import Timed
from benchmarks.peers.limits import Limits
from benchmarks.peers.outcome import complaints, rows
from benchmarks.peers.ratios import ERRORS, agreement, quartiles, ratio
from benchmarks.peers.works import WORKS

LIMITS = Limits("a processor", 1e11, {work.optimiser_set: 1e11 for work in WORKS.values()}, 1e10)


def accuracies(shift=0.0, seed=0):
    random = np.random.default_rng(seed)
    return list(0.97 + shift + 0.005 * random.standard_normal(32))


def test_a_ratio_is_one_of_medians():
    assert ratio([3.0, 3.0, 90.0], [1.0, 2.0, 1.0]).value == 3.0


def test_without_spread_the_interval_is_the_ratio():
    assert ratio([2.0] * 5, [1.0] * 5) == (2.0, 2.0, 2.0)


def test_weather_that_both_share_does_not_widen_the_interval():
    weather = np.array([1.0, 5.0, 2.0, 9.0, 1.5])
    shared = ratio(3 * weather, weather)
    apart = ratio(3 * weather, weather[::-1])
    # the medians of a resample fall on the same round, so that their ratio is exact but for the rounding of the product and the quotient
    assert shared.high - shared.low < 1e-15
    assert apart.low < 2
    assert apart.high > 4


def test_the_interval_covers_the_true_ratio_of_noisy_rounds():
    random = np.random.default_rng(3)
    inside = 0
    for trial in range(200):
        times = np.exp(0.05 * random.standard_normal((2, 15)))
        found = ratio(2 * times[0], times[1], seed=trial)
        inside += found.low <= 2 <= found.high
    # 95 % is nominal, and a percentile bootstrap of a median of 15 is known to cover a little more or less; 172 of 200 lie five deviations below 95 %
    assert inside >= 172


@pytest.mark.parametrize(("seconds", "base"), [([], []), ([0.0], [1.0]), ([1.0], [-1.0])])
def test_times_that_are_none_are_refused(seconds, base):
    with pytest.raises(ValueError, match="positive seconds"):
        ratio(seconds, base)


def test_quartiles():
    assert quartiles([5.0, 1.0, 3.0, 2.0, 4.0]) == (2.0, 3.0, 4.0)


def test_equal_accuracies_agree():
    assert agreement(accuracies(), accuracies()).holds


def test_accuracies_of_the_same_kind_agree():
    held = [agreement(accuracies(seed=2 * trial), accuracies(seed=2 * trial + 1)).holds for trial in range(100)]
    # beyond three standard errors lies 0.5 % of Student's t with 31 degrees of freedom: five of a hundred have a chance of 2e-4
    assert sum(held) > 95


def test_an_accuracy_that_is_a_little_lower_does_not_agree():
    # the standard error of a difference is 0.005 √2 / √32 = 0.00125; six of them
    assert not any(agreement(accuracies(-0.0075, seed=2 * trial), accuracies(seed=2 * trial + 1)).holds for trial in range(20))


def test_a_constant_difference_does_not_agree():
    assert not agreement([0.5, 0.5], [0.75, 0.75]).holds


def test_no_number_does_not_agree():
    assert not agreement([float("nan"), 0.9], [0.9, 0.9]).holds


def test_one_run_is_refused():
    with pytest.raises(ValueError, match="two or more"):
        agreement([0.9], [0.9])


def timed(name, milliseconds, shift=0.0, error="", seed=0):
    return Timed(name, 32, 1.0, [milliseconds / 1e3] * 3, accuracies(shift, seed), error)


def test_rows_are_ratios_to_ours_the_fastest_first():
    found = rows(WORKS["W"], [timed("ours", 20), timed("slow", 50, seed=1), timed("fast", 10, seed=2)], "ours", LIMITS)
    assert [(row.peer, row.ratio) for row in found] == [("fast", 0.5), ("ours", 1.0), ("slow", 2.5)]
    assert not complaints(found)


def test_a_share_is_the_least_time_over_the_median():
    found = rows(WORKS["W"], [timed("ours", 20)], "ours", LIMITS)[0]
    least = WORKS["W"].operations / 1e11 + WORKS["W"].optimiser_bytes / 1e11
    assert found.share == least / 20e-3
    assert found.share_memory > found.share


def test_a_peer_that_learns_less_is_a_complaint():
    found = rows(WORKS["W"], [timed("ours", 20), timed("lazy", 5, -10 * ERRORS * 0.00125, seed=1)], "ours", LIMITS)
    (sentence,) = complaints(found)
    assert "lazy" in sentence
    assert "not do the same work" in sentence


def test_an_error_is_a_complaint_and_no_time():
    found = rows(WORKS["W"], [timed("ours", 20), timed("broken", 5, error="broken: no memory")], "ours", LIMITS)
    assert found[-1].median is None
    assert complaints(found) == ["W: broken: no memory"]


def test_without_ours_there_are_times_and_no_ratios():
    found = rows(WORKS["W"], [timed("ours", 20, error="ours: it broke"), timed("other", 5)], "ours", LIMITS)
    assert (found[0].peer, found[0].ratio) == ("other", None)
    assert len(complaints(found)) == 1
