"""One comparison, look by look: what is kept of the looks before, and what is said of the last."""

import numpy as np
import pytest
from scipy import stats

from trickbench.harness.analysis.looks import looks
from trickbench.harness.inference import mixture
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.terms import Terms

from .test_effects import CONTRAST, runs

NEARLY = np.array([0.03, 0.02, 0.05, 0.0, 0.03])
"""p = 0.03 for Student's t: not enough at the first of several looks."""


def looked(differences, most=30, terms=None):
    """Every look at a comparison with these differences, one a seed."""
    frame = runs(0.5 + np.asarray(differences), np.full(len(differences), 0.5))
    return looks(frame, [CONTRAST], terms or Terms(), Sequential(most), range(len(differences)))


@pytest.mark.parametrize("most", [30, None])
def test_a_later_look_that_says_less_takes_no_p_value_back(most):
    first, second = looked(NEARLY, most), looked([*NEARLY, *-NEARLY], most)
    assert stats.ttest_1samp(NEARLY, 0).pvalue < 0.05
    assert second.table()["verdict"].tolist() == ["undecided"] * 2
    assert second.table()["difference"].tolist() == pytest.approx([NEARLY.mean(), 0])
    assert 0.05 < first.effects().loc[0, "p_value"] < 1
    assert second.effects().loc[0, "p_value"] == first.effects().loc[0, "p_value"]


def test_a_look_that_cannot_be_judged_forgets_no_p_value():
    """At the second look 6 of 10 pairs are tied; at the third half of 20 are, and the others speak of nothing."""
    first, third = looked(NEARLY), looked([*NEARLY, *[0] * 5, *np.tile([0.05, -0.05], 5)])
    assert third.table()["low"].isna().tolist() == [False, True, False]
    assert third.effects().loc[0, "p_value"] == first.effects().loc[0, "p_value"]


@pytest.mark.parametrize("most", [30, None])
def test_the_interval_of_a_comparison_on_its_own_is_that_of_its_look_without_a_family(most):
    other = {"design": "add-one-in", "kind": "difference", "trick": "l1", "tricks": ["l1"], "aliases": []}
    alone, member = looked(NEARLY, most), looked(NEARLY, most, Terms(left_out=(other,) * 9))
    ends = ["alone_low", "alone_high"]
    assert member.effects().loc[0, ends].tolist() == alone.effects().loc[0, ends].tolist() == alone.effects().loc[0, ["low", "high"]].tolist()
    assert member.effects().loc[0, "low"] < alone.effects().loc[0, "low"]


def test_how_many_seeds_would_settle_it_is_said_when_no_more_are_planned():
    for most, seeds, said in ((10, 5, False), (10, 10, True), (5, 5, True)):
        found = looked([0.03, -0.02, 0.05, 0.0, -0.03, *-NEARLY][:seeds], most).effects().loc[0]
        assert found["verdict"] == "undecided"
        assert np.isfinite(found["settle_low"]) == said


def test_where_scores_stay_tied_and_there_is_no_plan_to_end_no_more_seeds_are_added_after_three_looks():
    tied = np.zeros(20)
    assert [len(looked(tied[:seeds], None).open) for seeds in (5, 10, 15, 20)] == [1, 1, 0, 0]
    found = looked(tied, None)
    assert found.table()["look"].tolist() == [1, 2, 3]
    assert found.effects().loc[0, "note"].startswith("undecided after 15 seeds, and no more are added: scores are tied, and a finer metric")


def test_tied_looks_that_are_not_in_a_row_end_nothing():
    """4 of 5, 7 of 10, 7 of 15, 12 of 20 and 17 of 25 pairs are tied."""
    differences = [0.1, *[0] * 4, 0.1, -0.1, *[0] * 3, *[0.1, -0.1] * 2, -0.1, *[0] * 10]
    assert looked(differences, None).table()["low"].isna().tolist() == [True, True, False, True, True]
    assert looked(differences, None).open


def test_with_a_most_number_of_seeds_tied_scores_are_looked_at_to_the_end():
    found = looked(np.zeros(30), 30)
    assert found.table()["seeds"].tolist() == [5, 10, 20, 30]
    assert "undecided after 30 seeds, the most that there may be" in found.effects().loc[0, "note"]


def test_infinite_losses_are_not_judged_without_a_most_number_and_that_is_said():
    frame = runs(np.linspace(0.1, 0.2, 10), np.full(10, 0.5), metric="loss")
    frame.loc[(frame["arm"] == "without") & (frame["seed"] == 3), "score"] = np.inf
    found = looks(frame, [CONTRAST], Terms(), Sequential(None), range(10)).effects().loc[0]
    assert "they need a most number of seeds" in found["note"]
    assert np.isnan(found["low"])


def test_without_a_most_number_a_look_has_the_level_of_as_many_differences_as_there_are():
    frame = runs(0.5 + NEARLY, np.full(5, 0.5))
    frame.loc[frame.index[1], ["status", "score"]] = ["failed", np.nan]
    found = looks(frame, [CONTRAST], Terms(), Sequential(None), range(5)).table().loc[0]
    assert found["seeds"] == 4
    assert found["confidence"] == 1 - mixture.level(1 - 0.95, 4) != 1 - mixture.level(1 - 0.95, 5)
