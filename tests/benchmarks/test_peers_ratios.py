"""Ratios, shares and the check of accuracies have known answers, and the check can fail."""

import numpy as np
import pytest

from benchmarks.peers.interleaved import Timed
from benchmarks.peers.limits import Limits
from benchmarks.peers.outcome import complaints, rows
from benchmarks.peers.ratios import agreement, quartiles, ratio
from benchmarks.peers.works import WORKS

LIMITS = Limits("a processor", 1e11, {work.optimiser_set: 1e11 for work in WORKS.values()}, 1e10)


def accuracies(shift=0.0, seed=0, rounds=3):
    random = np.random.default_rng(seed)
    return (0.97 + shift + 0.005 * random.standard_normal((rounds, 32))).tolist()


def test_a_ratio_is_the_median_of_the_rounds_ratios():
    # of medians it would be 3 / 1
    assert ratio([3.0, 3.0, 90.0, 2.0, 4.0], [1.0, 2.0, 1.0, 1.0, 4.0]) == (2.0, 1.0, 90.0)


def test_without_spread_least_and_most_are_the_ratio():
    assert ratio([2.0] * 5, [1.0] * 5) == (2.0, 2.0, 2.0)


def test_weather_that_both_share_does_not_widen_the_range():
    weather = np.array([1.0, 5.0, 2.0, 9.0, 1.5])
    # powers of two and their products: exact
    assert ratio(4 * weather, weather) == (4.0, 4.0, 4.0)
    assert ratio(4 * weather, weather[::-1]).most > 4


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
    # the standard error of a difference is 0.005 √2 / √32 = 0.00125: the margin with two of them subtracted lies six of them away from no difference
    assert all(held)


def test_an_accuracy_that_is_a_little_lower_does_not_agree():
    # with two standard errors added, 0.0125 lies four beyond the margin
    assert not any(agreement(accuracies(-0.0125, seed=2 * trial), accuracies(seed=2 * trial + 1)).holds for trial in range(20))


def test_scatter_does_not_excuse_a_lower_accuracy():
    ours = np.full((1, 32), 0.97)
    worse = ours - 0.02 * np.resize([0.0, 1.0], 32)  # 0.01 below on the average, by 0.0018 √(32/31) at most uncertain: less than six standard errors
    found = agreement(worse, ours)
    assert found.worst >= 0.97 - 0.03
    assert not found.holds
    assert not agreement(ours + 0.02 * np.resize([1.0, -1.0, 1.0, -1.5], 32) / 0.7, ours).holds  # no difference to speak of, but not known well


def test_a_lower_accuracy_in_the_last_round_alone_does_not_agree():
    ours = np.array(accuracies())
    worse = ours.copy()
    worse[2] -= 0.011
    found = agreement(worse, ours)
    assert not found.holds
    assert found.difference == pytest.approx(-0.011, rel=1e-12)  # from rounding accuracies near 1, 1e-16 of 1e-2


@pytest.mark.parametrize(("below", "holds"), [(0.029, True), (0.031, False)])
def test_one_run_that_has_not_learnt_does_not_agree(below, holds):
    ours = np.full((2, 32), 0.97)
    found = ours.copy()
    found[1, 7] -= below  # on the average 0.00097, with a standard error of the same size: within the margin
    assert agreement(found, ours).holds == holds


def test_a_constant_difference_does_not_agree():
    assert not agreement([[0.5, 0.5]], [[0.75, 0.75]]).holds


@pytest.mark.parametrize("at", [0, 1])
def test_no_number_does_not_agree(at):
    found = np.full((2, 2), 0.9)
    found[at, 0] = np.nan
    assert not agreement(found, np.full((2, 2), 0.9)).holds


def test_one_run_is_refused():
    with pytest.raises(ValueError, match="two or more"):
        agreement([[0.9]], [[0.9]])


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
    found = rows(WORKS["W"], [timed("ours", 20), timed("lazy", 5, -0.0375, seed=1)], "ours", LIMITS)
    (sentence,) = complaints(found)
    assert "lazy" in sentence
    assert "not shown to do the same work" in sentence


def test_an_error_is_a_complaint_and_no_time():
    found = rows(WORKS["W"], [timed("ours", 20), timed("broken", 5, error="broken: no memory")], "ours", LIMITS)
    assert found[-1].median is None
    assert complaints(found) == ["W: broken: no memory"]


def test_without_ours_there_are_times_and_no_ratios():
    found = rows(WORKS["W"], [timed("ours", 20, error="ours: it broke"), timed("other", 5)], "ours", LIMITS)
    assert (found[0].peer, found[0].ratio) == ("other", None)
    assert len(complaints(found)) == 1


def test_a_round_that_was_interrupted_counts_for_nobody():
    half = timed("half", 40, seed=1)
    half.seconds.pop()
    found = rows(WORKS["W"], [timed("ours", 20), half], "ours", LIMITS)
    assert [row.ratio for row in found] == [1.0, 2.0]
    half.seconds.clear()
    assert {row.note for row in rows(WORKS["W"], [timed("ours", 20), half], "ours", LIMITS)} == {"interrupted"}
