"""Exponents, the stopping rule and what breaks first have known answers, and each verdict can go the other way."""

import dataclasses
from itertools import pairwise

import pytest

from benchmarks.growth.axes import AXES, Axis, deep, weights, wide
from benchmarks.growth.breaking import breaks, first, sentences
from benchmarks.growth.growing import Spread, exponent, paired, rows, spread
from benchmarks.growth.points import Sample, Step, measured

MB = 2**20
AXIS = Axis("axis", "An axis", "things", (1, 10, 100, 1000), (1, 10), (), ("do",), float, "things")
FLAT = dataclasses.replace(AXIS, flat=True)


def sample(size, seconds=1.0, memory=0.0, **other):
    return Sample(size, 100 * MB, {"do": Step(seconds, int((100 + memory) * MB))}, seconds=seconds, **other)


def failure(size, words="no"):
    return Sample(size, 100 * MB, {}, words, "do")


def judged(axis, *samples):
    found = rows(axis, samples)
    return breaks(axis, samples, found), found


@pytest.mark.parametrize("power", [0, 0.5, 1, 2])
def test_the_exponent_of_a_power_is_the_power(power):
    before, after = spread([3.0]), spread([3.0 * 8.0**power])
    assert exponent(before, after, 8.0) == pytest.approx((power,) * 3, abs=1e-14)  # a quotient of two logarithms, each within a unit


def test_the_ends_of_an_exponent_are_its_extremes():
    found = exponent(Spread(1, 2, 4), Spread(10, 20, 40), 10)
    assert found == pytest.approx((1, 1 - 0.6020599913, 1 + 0.6020599913))  # log10(4)


@pytest.mark.parametrize(("before", "factor"), [(0.0, 10), (1.0, 1)])
def test_without_growth_or_cost_there_is_no_exponent(before, factor):
    assert exponent(spread([before]), spread([1.0]), factor) is None


def test_an_exponent_is_that_of_the_work_and_not_of_the_size():
    square = dataclasses.replace(AXIS, work=lambda size: float(size**2))
    _, after = rows(square, [sample(1), sample(10, 100.0)])
    assert (after.time_exponent.value, after.time_exponent_to_size) == pytest.approx((1, 2))


def test_repetitions_are_summed_up_and_memory_is_over_the_baseline():
    (row,) = rows(AXIS, [sample(1, seconds, memory) for seconds, memory in ((3, 1), (1, 5), (2, 2))])
    assert row.seconds == (1, 2, 3)
    assert row.memory == (1 * MB, 2 * MB, 5 * MB)
    assert (row.rounds, row.baseline) == (3, 100 * MB)


def test_memory_that_is_within_the_grain_of_allocators_has_no_exponent():
    small, large = rows(AXIS, [sample(1, memory=3), sample(10, memory=30)]), rows(AXIS, [sample(1, memory=30), sample(10, memory=300)])
    assert small[1].memory_exponent is None
    assert large[1].memory_exponent.value == pytest.approx(1)


def test_proportion_breaks_nothing_and_neither_does_what_is_fixed():
    assert judged(AXIS, sample(1, 1.0), sample(10, 10.0), sample(100, 100.0))[0] == []
    found, table = judged(AXIS, sample(1, 1.0), sample(10, 1.1))
    assert found == []
    assert "still paying off what is fixed" in sentences(AXIS, [sample(1)], table, (1,))[0]


def test_a_cost_that_grows_faster_than_its_work_breaks_at_the_first_size_at_which_it_does():
    found, table = judged(AXIS, sample(1, 1.0), sample(10, 10.0), sample(100, 250.0), sample(1000, 9000.0))
    assert [each.size for each in found] == [100, 1000]  # exponents 1.40 and 1.56
    assert first(found, table).startswith("What breaks first: axis, 100 times the least size: at 100 things do takes more time")


def test_memory_breaks_as_time_does():
    found, _ = judged(AXIS, sample(1, memory=10), sample(10, 10.0, memory=500))
    assert [each.sentence for each in found] == ["at 10 things do takes more memory than in proportion to the work: exponent 1.70 (1.70 to 1.70)"]


def test_an_exponent_whose_spread_reaches_into_the_leeway_is_no_break():
    samples = [sample(1, 1.0), sample(10, 25.0), sample(10, 26.0)]
    assert judged(AXIS, *samples)[0]
    assert not judged(AXIS, *samples, sample(10, 19.0))[0]  # log10(19) is 1.28


def test_a_failure_comes_before_a_cost_at_the_same_size_and_after_an_earlier_one():
    found, table = judged(AXIS, sample(1, 1.0), sample(10, 100.0), failure(10, "it needed more memory"))
    assert first(found, table).endswith("at 10 things do fails: it needed more memory.")
    found, table = judged(AXIS, sample(1, 1.0), sample(10, 100.0), failure(100))
    assert "takes more time" in first(found, table)


def test_where_nothing_breaks_the_nearest_to_it_is_named():
    found, table = judged(AXIS, sample(1, 1.0), sample(10, 10.0), sample(100, 120.0))
    assert first(found, table) == "Nothing breaks. Nearest to it comes the time of do along axis, exponent 1.08 (1.08 to 1.08) up to 100."
    assert "Nothing was measured at two sizes" in first([], [])


def test_an_exponent_that_may_be_a_break_is_not_called_nothing():
    found, table = judged(AXIS, sample(1, 1.0), sample(10, 15.0), sample(10, 25.0), sample(10, 26.0))
    assert found == []
    assert first(found, table).startswith("Nothing breaks beyond the spread of its repetitions. Nearest")


@pytest.mark.parametrize(("seconds", "verdict", "broken"), [(1.0, "at most", False), (1.2, "above", True)])
def test_a_flat_axis_is_held_to_its_least_size(seconds, verdict, broken):
    samples = [sample(size, cost, round=turn) for size, cost in ((1, 1.0), (10, seconds)) for turn in range(3)]
    found, table = judged(FLAT, *samples)
    assert bool(found) is broken
    assert (
        sentences(FLAT, samples, table, (1, 10))[0]
        == f"do: at 10 things {seconds:.2f} ({seconds:.2f} to {seconds:.2f}) times as long as at 1, {verdict} 1.05."
    )


def test_a_ratio_is_taken_over_the_rounds_that_both_have():
    assert paired({0: 2.0, 1: 2.0}, {0: 1.0, 1: 1.0, 2: 50.0}) == (2, 2, 2)
    assert paired({0: 2.0, 1: 50.0, 2: 4.0}, {2: 2.0, 0: 1.0}) == (2, 2, 2)  # round 1 of the second failed
    assert paired({0: 2.0}, {1: 1.0}) is None


def test_what_was_left_out_is_said():
    samples = [sample(1), failure(10, "it was stopped after 1 s, the limit of a point")]
    said = sentences(AXIS, samples, rows(AXIS, samples), AXIS.sizes)
    assert said == [
        "do: measured at one size only.",
        "At 10 things do fails: it was stopped after 1 s, the limit of a point.",
        "Left out after that: 100, 1,000 things.",
    ]


def played(outcomes, rounds=3, **options):
    tried = []

    def attempt(size):
        tried.append(size)
        return outcomes[size]

    return tried, list(measured(list(outcomes), attempt, rounds, lambda *_: None, **options))


def test_after_a_failure_larger_points_are_left_out_and_smaller_ones_still_repeated():
    tried, samples = played({1: sample(1), 10: sample(10), 100: failure(100), 1000: sample(1000)})
    assert tried == [1, 10, 100, 10, 1, 1, 10]  # repetitions go down and up
    assert [each.size for each in samples] == tried
    assert [each.round for each in samples] == [0, 0, 0, 1, 1, 2, 2]


def test_points_that_take_long_are_measured_once_unless_asked_for():
    outcomes = {1: sample(1, 4.9), 10: sample(10, 5.1)}
    assert played(outcomes)[0] == [1, 10, 1, 1]
    assert played(outcomes, rounds=2, always=True)[0] == [1, 10, 10, 1]


def test_weights_by_hand():
    assert weights(wide(16)) == 64 * 16 + 16 * 16 + 16 * 10
    assert weights(deep(1)) == 64 * 32 + 32 * 10


def test_every_axis_grows_and_asks_for_an_even_number_of_runs():
    for axis in AXES.values():
        every = (*axis.sizes, *axis.beyond)
        assert len(axis.quick) == 2
        assert axis.flat or all(axis.work(small) < axis.work(large) for small, large in pairwise(every))
        assert axis.unit != "runs" or all(size % 2 == 0 for size in every)


def test_sizes_that_do_not_ascend_are_refused():
    with pytest.raises(ValueError, match="ascending"):
        dataclasses.replace(AXIS, sizes=(10, 1))
