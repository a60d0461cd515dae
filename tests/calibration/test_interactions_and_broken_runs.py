"""(d) A planted interaction is found, an absent one is not; (e) missing and diverged runs are counted for what they are."""

import pytest

from . import broken, factorials
from .pages import least, most
from .whole import kept

pytestmark = pytest.mark.slow


def as_predicted(found: list[factorials.Called]) -> bool:
    of = factorials.STUDIES
    return all(least(each.predicted, of) <= each.rate <= most(each.predicted, of) for each in found)


def test_a_planted_interaction_is_found_and_an_absent_one_is_not():
    section, called = factorials.full()
    kept("d1", section)
    assert as_predicted(list(called.values()))
    assert called["relu × adam"].predicted > 0.8
    assert max(each.rate for name, each in called.items() if "dropout" in name) < 0.03  # six effects share 5 %


def test_a_planted_interaction_is_found_in_a_fraction_with_its_alias_named_and_an_absent_one_is_not():
    section, called = factorials.fractions()
    kept("d2", section)
    assert as_predicted(list(called.values()))
    third, fourth = called["III", "relu × adam", "dropout"], called["IV", "relu × adam", "relu × adam"]
    assert "relu × adam" in third.aliases
    assert "dropout × he" in fourth.aliases
    assert third.estimate == pytest.approx(-0.015, abs=0.001)  # minus half of the interaction, though dropout does nothing
    assert fourth.estimate == pytest.approx(0.03, abs=0.001)
    assert min(third.predicted, fourth.predicted) > 0.1  # so that what does nothing is told from it
    absent = [each for (_, does, trick), each in called.items() if does == "nothing" or abs(each.truth) < 1e-9 or trick == ""]
    assert max(each.rate for each in absent) < 0.05


def test_missing_and_diverged_runs_do_not_bias_the_estimate_and_are_covered_as_often_as_can_be():
    section, found = broken.runs()
    kept("e1", section)
    for what, kind in broken.KINDS.items():
        counted, of = found[what], broken.COMPARISONS
        assert abs(counted.estimate - kind.truth - kind.bias) < 4 * counted.error
        if kind.worst:  # what is missing because it is bad makes the arm look better, and its interval holds less often
            assert kind.bias > 4 * counted.error
            assert counted.covered < least(0.95, of)
            continue
        # where runs diverge, differences take two values and deviate from each by 0.014: their intervals are a little wider than predicted
        assert least(counted.predicted, of) <= counted.covered <= most(counted.predicted, of) + 0.01


def test_losses_that_diverge_are_covered_where_both_arms_diverge_as_often():
    section, found = broken.losses()
    kept("e2", section)
    for (what, _), (held, made, wrongly) in found.items():
        if what.endswith("either arm"):
            assert held / made >= least(0.95, made)
            assert wrongly / made <= most(0.05, made)
