"""`--only` shows some of a study's comparisons: those that it leaves out stay in the family, so that who looks at one trick gains nothing by it."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.ablation import plan, run
from trickbench.harness.analysis.effects import effects
from trickbench.harness.analysis.looks import looks
from trickbench.harness.analysis.overall import overall
from trickbench.harness.inference.families import holm
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.terms import Terms
from trickbench.harness.until_decided import Growth

from .growing import grow, study
from .test_effects import CONTRAST, runs
from .test_interactions import made, tables

OTHERS = tuple({"design": "add-one-in", "kind": "difference", "trick": trick, "tricks": [trick], "aliases": []} for trick in ("l1", "l2"))


def frame():
    """One trick on two datasets."""
    return pd.concat([runs([0.55, 0.61, 0.57], [0.5, 0.52, 0.54], dataset=name) for name in "ab"])


def test_a_comparison_that_is_not_shown_counts_once_on_each_dataset():
    two = [CONTRAST, CONTRAST | {"trick": "dropout", "tricks": ["dropout"]}]
    found = effects(frame(), two, Terms(left_out=OTHERS))
    assert found["confidence"].tolist() == pytest.approx([1 - 0.05 / 8] * 4)
    assert found["p_holm"].tolist() == holm(found["p_value"].to_numpy(), 4).tolist()
    assert (found["p_holm"] > effects(frame(), two)["p_holm"]).all()


def test_one_outside_a_named_family_does_not():
    found = effects(frame(), [CONTRAST], Terms(left_out=OTHERS, family=("adam", "l1")))
    assert found["confidence"].tolist() == pytest.approx([1 - 0.05 / 4] * 2)


def test_over_datasets_it_counts_beside_the_row_of_the_one_that_is_shown():
    for others in ((), OTHERS):
        assert overall(frame(), [CONTRAST], Terms(left_out=others))["confidence"].tolist() == pytest.approx([1 - 0.05 / (1 + len(others))])


def test_looks_are_taken_at_the_level_of_the_whole_family():
    found = looks(frame(), [CONTRAST], Terms(left_out=OTHERS), Sequential(30), range(3))
    assert [each.setting.confidence for each in found.comparisons] == pytest.approx([1 - 0.05 / 6] * 2)
    five = pd.concat([runs(0.5 + np.array([3, 1, 4, 1, 5]) / 100, [0.5] * 5, dataset=name) for name in "ab"])
    whole, alone = (looks(five, [CONTRAST], Terms(left_out=others), Sequential(30), range(5)).effects() for others in (OTHERS, ()))
    assert whole["p_holm"].tolist() == holm(whole["p_value"].to_numpy(), 4).tolist()
    assert whole["p_holm"].iloc[0] > alone["p_holm"].iloc[0]


def test_four_simple_effects_of_each_interaction_that_is_not_shown_count_in_theirs():
    every, (*shown, other) = made()
    assert other["kind"] == "interaction"
    for aliases, members in (([], 12), (["a × b"], 8)):  # with an alias it has no simple effects
        _, simple, _ = tables(every, shown, Terms(left_out=(other | {"aliases": aliases},)))
        assert len(simple) == 8
        assert simple["confidence"].tolist() == pytest.approx([1 - 0.05 / members] * 8)


def test_a_study_of_which_some_is_shown_has_the_confidence_of_all(small, tmp_path):
    asked = small.model_copy(update={"datasets": ("iris", "wine")})
    whole, shown = run(asked, output=tmp_path / "whole"), run(asked, only=["activation=relu"], output=tmp_path / "shown")
    assert [len(table) for table in (whole.effects, shown.effects, whole.overall, shown.overall)] == [8, 4, 4, 2]
    assert set(shown.effects["confidence"]) == set(whole.effects["confidence"])
    assert set(shown.overall["confidence"]) == set(whole.overall["confidence"])


def test_so_has_one_to_which_seeds_are_added():
    asked = study()
    growth = Growth(asked, plan(asked, only=["activation=relu"]).contrasts, Sequential(30))
    grow(growth, {("baseline + relu", "iris"): 50, ("baseline + relu", "wine"): 50})
    assert [each.setting.confidence for each in growth.looks.comparisons] == pytest.approx([1 - 0.05 / 4] * 2)
