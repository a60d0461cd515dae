"""(c) Intervals hold what they speak of as often as they say."""

import pytest

from . import coverage, over_datasets, ranks_and_shares, stopped, tied, trained
from .false_verdicts import COMPARISONS
from .pages import least, most
from .shapes import SYMMETRIC
from .whole import kept

pytestmark = pytest.mark.slow


def too_low(found: coverage.Found, promised: float, exactly: tuple[str, ...], about: tuple[str, ...] = ()) -> coverage.Found:
    """Of these shapes, what holds less often than promised; where differences are not normal, by more than a point."""
    low = [each for each in found if each[1] in exactly and each[3] < least(promised, each[4])]
    return low + [each for each in found if each[1] in about and each[3] < least(promised, each[4]) - 0.01]


def test_intervals_hold_the_mean_as_often_as_they_say_where_differences_are_symmetric():
    section, found = coverage.means()
    kept("c1", section)
    for estimand in coverage.ESTIMANDS:
        about = SYMMETRIC[1:] if estimand.startswith("this") else ()
        for kind, promised in ((f"{estimand}: 95 %", 0.95), (f"{estimand}: equivalence, 90 %", 0.90)):
            assert too_low([each for each in found if each[0] == kind], promised, ("normal", "normal, a difference of 1"), about) == []
            assert any(each[3] <= most(promised, each[4]) for each in found if each[:2] == (kind, "normal")), "and no more often"
    assert too_low([each for each in found if each[0].startswith("cells")], 0.95, ("normal",), SYMMETRIC[1:]) == []
    uncorrected = [each[3] for each in found if "without correction" in each[0] and each[1] == "normal" and each[2] >= 5]
    assert max(uncorrected) < 0.9  # the default of the other estimand would not do for this one


def test_intervals_of_real_trainings_hold_the_mean():
    section, found = trained.coverage()
    kept("c2", section)
    assert all(rate >= least(0.95, of) - 0.01 for (kind, _), (rate, of) in found.items() if "splits" in kind)
    corrected = {n: rate for (kind, n), (rate, _) in found.items() if kind.endswith("corrected resampled t")}
    assert all(rate >= 0.95 for rate in corrected.values())
    plain, of = found["friedman1, all of it new datasets: t without correction", 30]
    assert corrected[30] > most(plain, of)  # the correction is what makes the difference


def test_intervals_of_ranks_shares_and_middle_halves_hold():
    section, found = ranks_and_shares.coverage()
    kept("c3", section)
    promised = [each for each in found if (each[1] in SYMMETRIC or "improvement" in each[0]) and each[2] > 3 and "with another" not in each[0]]
    assert [each for each in promised if each[3] < least(0.95, COMPARISONS) - 0.01] == []


def test_means_over_datasets_hold_where_some_are_tied_and_differences_symmetric():
    section, found = tied.coverage()
    kept("c4", section)
    assert [each for each in found if each[0] == "symmetric" and each[3] / each[4] < least(0.95, each[4])] == []


def test_datasets_that_were_stopped_one_by_one_are_compared_by_the_first_look():
    section, found = stopped.means()
    kept("c5", section)
    assert all(first >= least(0.95, stopped.STUDIES) for first, _ in found)
    assert min(every for _, every in found) < 0.85  # what the report does not do, and why


def test_simple_effects_hold_wherever_their_interaction_stopped():
    section, found = stopped.parts()
    kept("c6", section)
    assert all(at_look >= least(0.95, stopped.STUDIES) for at_look, _ in found)


def test_intervals_over_datasets_hold_where_datasets_differ():
    for name, population in (("c7", "these datasets"), ("c8", "datasets like these")):
        section, found = over_datasets.coverage(population)
        kept(name, section)
        assert [each for each in found if each[0] == "normal" and each[2] < least(0.95, each[3])] == []
        assert [each for each in found if each[0] in SYMMETRIC and each[2] < least(0.95, each[3]) - 0.01] == []


def test_skewed_differences_are_warned_of_more_often_the_more_there_are_and_normal_ones_seldom():
    section, found = coverage.warned()
    kept("c10", section)
    # from ten on the bound is that of a normal skewness, and the skewness of so few normal differences has heavier tails
    assert all(found["normal", n] <= most(0.01 if n < 10 else 0.02, COMPARISONS) for n in coverage.JUDGED)
    assert all(least(0.06, COMPARISONS) <= found["skewed (exponential)", n] for n in (5, 6, 7))  # docs/statistics.md: 6, 20 and 74 in a hundred
    assert least(0.20, COMPARISONS) <= found["skewed (exponential)", 10] <= most(0.20, COMPARISONS)
    assert least(0.74, COMPARISONS) <= found["skewed (exponential)", 30] <= most(0.74, COMPARISONS)


def test_what_is_judged_holds_where_most_differences_are_0():
    section, found = coverage.zero_rule()
    kept("c9", section)
    assert too_low([each for each in found if each[4] >= 50], 0.95, ("normal",)) == []
