"""Timing against each other: statistics with known answers, rounds on a clock of our own, planted differences told, equal forms not told apart."""

import contextlib
import math
import random
from itertools import islice

import numpy as np
import pytest

from trickbench.harness.timing import race as racing
from trickbench.harness.timing.race import FEWEST_ROUNDS, MOST_ROUNDS, SAMPLE_SECONDS, WARM_SECONDS, orders, race, repeats_for, sample
from trickbench.harness.timing.statistics import Ratio, interval_place, noise, outcome, ratio, spread, verdict


class Clock:
    """Time passes only when a call says so."""

    def __init__(self):
        self.now, self.calls = 0.0, []

    def __call__(self):
        return self.now

    def work(self, seconds, name=""):
        def call():
            self.calls.append(name)
            self.now += seconds() if callable(seconds) else seconds

        return call


def test_median_and_quartiles():
    assert spread([1, 2, 3, 4, 5]) == (3, 2, 4)
    assert spread([7.0]) == (7, 7, 7)
    assert math.isnan(spread([]).median)


def test_a_ratio_is_taken_within_rounds():
    found = ratio([2.0, 20.0, 4.0] * 3, [1.0, 10.0, 2.0] * 3)  # the machine was slower in some rounds, for both
    assert found == (2, 2, 2)


@pytest.mark.parametrize(("n", "place"), [(0, 0), (1, 0), (5, 0), (6, 1), (8, 1), (9, 2), (10, 2), (20, 6), (100, 40)])
def test_the_intervals_order_statistics_are_those_of_the_tables(n, place):
    assert interval_place(n) == place


def test_the_interval_leaves_out_one_disturbed_round_of_nine():
    found = ratio([1.0] * 8 + [50.0], [1.0] * 9)
    assert found == (1, 1, 1)
    assert all(map(math.isnan, ratio([1.0] * 5, [1.0] * 5)[1:]))  # five rounds are too few for 95 %


def test_the_interval_covers_the_median_as_often_as_it_says():
    random_ = np.random.default_rng(1)
    samples = np.exp(random_.standard_t(2, (2000, 15)))  # heavy tails
    covered = sum(low <= 1 <= high for _, low, high in (ratio(list(row), [1.0] * 15) for row in samples))
    # exactly 1 - 2 P(Binomial(15, 1/2) < 4) = 0.9648; four standard deviations of a share of 2000
    assert abs(covered / 2000 - 0.9648) < 4 * math.sqrt(0.9648 * 0.0352 / 2000)


def test_the_noise_is_the_farther_end_of_the_ratio_to_itself():
    assert noise(Ratio(1.0, 0.8, 1.1)) == pytest.approx(1.25)
    assert noise(Ratio(1.0, 0.95, 1.5)) == pytest.approx(1.5)
    assert noise(Ratio(1.0, math.nan, math.nan)) == 1.0


@pytest.mark.parametrize(
    ("found", "least", "which", "said"),
    [
        (Ratio(3.1, 2.9, 3.3), 1.05, "faster", "faster by 3.1x [2.9, 3.3]"),
        (Ratio(0.25, 0.2, 0.5), 1.05, "slower", "slower by 4x [2, 5]"),
        (Ratio(1.2, 0.9, 1.3), 1.05, "no difference", "no difference that this run can tell"),  # the interval holds 1
        (Ratio(1.2, 1.1, 1.3), 1.25, "no difference", "no difference that this run can tell"),  # a form differs from itself by more
        (Ratio(3.0, math.nan, math.nan), 1.0, "too few rounds", "too few rounds to tell"),
    ],
)
def test_a_verdict_needs_an_interval_without_1_and_more_than_noise(found, least, which, said):
    assert outcome(found, least) == which
    assert verdict(found, which) == said


@pytest.mark.parametrize("seconds", [1e-8, 3e-6, 150e-6, 1.0])
def test_a_sample_is_long_against_the_clock_and_not_longer_than_needed(seconds):
    clock = Clock()
    repeats = repeats_for(clock.work(seconds), clock)
    assert repeats * seconds >= SAMPLE_SECONDS
    assert repeats == 1 or repeats * seconds <= 3 * SAMPLE_SECONDS


def test_a_clock_too_coarse_for_one_call_is_waited_for():
    calls = []
    assert repeats_for(lambda: calls.append(0), lambda: len(calls) // 1000 * 1e-3) > 200


def test_a_sample_is_the_mean_of_its_calls_without_the_one_that_warms():
    clock = Clock()
    steps = iter([100 * WARM_SECONDS, *[1e-3] * 4])
    assert sample(clock.work(lambda: next(steps)), 4, clock) == pytest.approx(1e-3)


def test_a_call_too_long_to_stay_in_a_cache_is_not_warmed():
    clock = Clock()
    assert sample(clock.work(2 * WARM_SECONDS), 1, clock) == pytest.approx(2 * WARM_SECONDS)
    assert len(clock.calls) == 1


def test_orders_are_shuffled_seeded_and_balanced():
    names = ["a", "b", "c", "d"]
    found = list(islice(orders(names, 3), 400))
    assert found == list(islice(orders(names, 3), 400))
    assert found != list(islice(orders(names, 4), 400))
    assert all(sorted(order) == names for order in found)
    assert all(second == first[::-1] for first, second in zip(found[::2], found[1::2], strict=True))
    first = [sum(order[place] == "a" for order in found) for place in range(4)]
    assert max(first) - min(first) < 80  # 100 each expected, standard deviation 9 to 12


def test_every_round_has_one_sample_of_each_call():
    clock = Clock()
    found = race({"a": clock.work(1e-3, "a"), "b": clock.work(2e-3, "b")}, 0.1, clock=clock)
    assert len(found.seconds["a"]) == len(found.seconds["b"]) >= FEWEST_ROUNDS
    assert found.seconds["b"][0] == pytest.approx(2e-3)
    rounds = "".join(name for name in clock.calls[4:])  # two calls each to find the repeats
    assert all(sorted(rounds[at : at + 4]) == ["a", "a", "b", "b"] for at in range(0, len(rounds), 4))  # warmed and timed


@pytest.mark.parametrize(("seconds", "rounds"), [(1e-9, FEWEST_ROUNDS), (1e9, MOST_ROUNDS)])
def test_rounds_lie_between_the_fewest_and_the_most(seconds, rounds):
    clock = Clock()
    assert len(race({"a": clock.work(1e-3)}, seconds, clock=clock).seconds["a"]) == rounds


def test_what_raises_is_out_of_the_race_and_the_others_go_on():
    clock, left = Clock(), iter(range(20))

    def fails_later():
        next(left)
        clock.now += 1e-3

    def fails_at_once():
        raise ValueError("no such thing")

    def leaves():
        raise SystemExit(1)

    found = race({"good": clock.work(1e-3), "late": fails_later, "never": fails_at_once, "exit": leaves}, 1e9, clock=clock)
    assert set(found.seconds) == {"good"}
    assert len(found.seconds["good"]) == MOST_ROUNDS
    assert found.failed == {"late": "StopIteration: ", "never": "ValueError: no such thing", "exit": "SystemExit: 1"}


def test_nothing_is_collected_while_the_clock_runs():
    import gc

    seen = []
    race({"a": lambda: seen.append(gc.isenabled())}, 0.0, clock=Clock_that_jumps())
    assert not any(seen[-FEWEST_ROUNDS:])
    assert gc.isenabled()


class Clock_that_jumps:  # noqa: N801  reads like a sentence above
    """A second later at every look."""

    def __init__(self):
        self.now = 0.0

    def __call__(self):
        self.now += 1.0
        return self.now


def planted(factor, seed, rounds=25, drift=2.0):
    """Verdicts of a form `factor` times as slow as the reference on a machine that drifts and stutters."""
    random_, clock = random.Random(seed), Clock()  # noqa: S311  noise, not a secret

    def load():
        stutter = 10 if random_.random() < 0.03 else 1
        return (1 + drift * (clock.now % 0.5)) * stutter * random_.lognormvariate(0, 0.03)

    calls = {name: clock.work(lambda times=times: 1e-3 * times * load()) for name, times in (("base", 1), ("again", 1), ("form", factor))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(racing, "MOST_ROUNDS", rounds)
        patch.setattr(racing, "_nothing_collected", contextlib.nullcontext)  # a collection takes longer than all this
        found = race(calls, 1e9, seed=seed, clock=clock).seconds
    return outcome(ratio(found["base"], found["form"]), noise(ratio(found["base"], found["again"])))


@pytest.mark.parametrize("seed", range(20))
def test_a_form_three_times_as_slow_is_told_on_a_machine_that_drifts(seed):
    assert planted(3, seed) == "slower"


def test_equal_forms_are_rarely_told_apart():
    told = sum(planted(1, seed) != "no difference" for seed in range(1000))
    # the interval alone errs in up to 5 % of runs, and the noise of the run has to err with it: 0.3 % over other seeds
    assert told <= 10


def test_without_the_noise_equal_forms_would_be_told_apart_more_often(monkeypatch):
    monkeypatch.setitem(globals(), "noise", lambda _: 1.0)
    told = sum(planted(1, seed) != "no difference" for seed in range(1000))
    assert told > 20
