"""Where seeds were added until comparisons were decided, what is asked besides rests on seeds that no verdict of its own has led to."""

from dataclasses import replace

import pandas as pd
import pytest

from trickbench.harness.ablation import run
from trickbench.harness.analysis.blocks import blocks
from trickbench.harness.analysis.effects import effects, scores
from trickbench.harness.analysis.interactions import interaction_means, simple_effects
from trickbench.harness.analysis.looks import looks
from trickbench.harness.analysis.stopped import Stopped, first_look
from trickbench.harness.inference.families import holm, shared
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.result import Result

from .growing import grow, growing, study

MOST = 20


@pytest.fixture(scope="module")
def stopped() -> tuple[Stopped, list]:
    """An interaction on iris that is decided at the first look, and one on wine that never is."""
    growth = growing(MOST, design=["full-factorial"], datasets=["iris", "wine"])
    both = next(arm for arm in growth._arms if "relu" in arm and "dropout" in arm)
    runs = grow(growth, {(both, "iris"): 50})
    scored = runs.assign(score=scores(runs))
    contrasts = [item.record() for item in growth.compared]
    return Stopped(looks(scored, contrasts, growth.study.terms, Sequential(MOST), growth.planned_seeds), scored, growth.planned_seeds), contrasts


def interactions(stopped):
    table = stopped.looks.effects()
    return table[table["kind"] == "interaction"].set_index("dataset")


def test_the_fixture_has_an_interaction_that_stopped_early_and_more_runs_than_it_used(stopped):
    found = interactions(stopped[0])
    assert (found.loc["iris", "look"], found.loc["iris", "seeds"], found.loc["wine", "seeds"]) == (1, 5, MOST)
    counted = stopped[0].runs.groupby(["dataset", "arm"])["seed"].nunique()
    assert counted["wine"].max() == MOST


def test_simple_effects_rest_on_the_runs_of_the_look_at_which_their_interaction_stopped(stopped):
    asked, contrasts = stopped
    simple = simple_effects(contrasts, asked.looks.comparisons[0].setting.terms, asked.effects)
    assert len(simple) == 8
    for dataset, n in interactions(asked)["seeds"].items():
        assert set(simple.loc[simple["dataset"] == dataset, "seeds"]) == {n}
    runs = asked.runs[(asked.runs["dataset"] == "iris") & asked.runs["seed"].isin(list(asked.seeds[:5]))]
    alone = simple_effects(contrasts, asked.looks.comparisons[0].setting.terms, lambda given, terms: effects(runs, given, terms))
    assert simple.loc[simple["dataset"] == "iris", "difference"].tolist() == alone["difference"].tolist()


def test_their_confidence_is_that_of_the_look_of_which_all_hold_together(stopped):
    asked, contrasts = stopped
    terms = asked.looks.comparisons[0].setting.terms
    simple = simple_effects(contrasts, terms, asked.effects).set_index("dataset")
    error = 1 - shared(terms.confidence, len(simple))
    for dataset, row in interactions(asked).iterrows():
        expected = Sequential(MOST).confidence(row["look"] - 1, row["seeds"], error)
        assert set(simple.loc[dataset, "confidence"]) == {expected}
        assert expected > 1 - error


def test_what_is_run_after_the_look_at_which_it_stopped_changes_nothing_of_it(stopped):
    asked, contrasts = stopped
    terms = asked.looks.comparisons[0].setting.terms
    first = asked.runs[(asked.runs["dataset"] == "iris") & asked.runs["seed"].isin(list(asked.seeds[:5]))]
    later = first.assign(seed=first["seed"].map(dict(zip(asked.seeds[:5], asked.seeds[5:10], strict=True))), score=0.0)
    wine = asked.runs[asked.runs["dataset"] == "wine"]
    more = replace(asked, runs=pd.concat([first, later, wine]))
    for made, figure in (
        (lambda each: simple_effects(contrasts, terms, each.effects), "difference"),
        (lambda each: each.means(contrasts, terms), "mean"),
    ):
        before, after = (made(each).query("dataset == 'iris'") for each in (asked, more))
        assert before[[figure, "seeds"]].to_numpy().tolist() == after[[figure, "seeds"]].to_numpy().tolist()


def test_an_interaction_that_was_not_looked_at_has_no_simple_effects_and_no_cells(stopped):
    asked, contrasts = stopped
    terms = asked.looks.comparisons[0].setting.terms
    pending = asked.runs.assign(status=asked.runs["status"].where(asked.runs["dataset"] != "wine", "pending"))
    unseen = Stopped(looks(pending, contrasts, terms, Sequential(MOST), asked.seeds), pending, asked.seeds)
    simple = simple_effects(contrasts, terms, unseen.effects)
    assert set(simple["dataset"]) == {"iris"}
    assert simple["p_holm"].tolist() == holm(simple["p_value"].to_numpy(), 4).tolist(), "it counts all the same"
    assert set(unseen.means(contrasts, terms)["dataset"]) == {"iris"}


def test_cells_are_the_means_of_the_runs_that_the_interaction_used(stopped):
    asked, contrasts = stopped
    terms = asked.looks.comparisons[0].setting.terms
    cells = asked.means(contrasts, terms)
    assert cells.groupby("dataset")["seeds"].unique().map(list).to_dict() == {"iris": [5], "wine": [MOST]}
    runs = asked.runs[asked.runs["dataset"] == "wine"]
    confidence = Sequential(MOST).confidence(len(Sequential(MOST).looks) - 1, MOST, 1 - terms.confidence)
    expected = interaction_means(runs, contrasts, replace(terms, confidence=confidence))
    assert cells[cells["dataset"] == "wine"].reset_index(drop=True).equals(expected)


def test_the_first_look_is_the_same_whatever_came_out(stopped):
    asked, contrasts = stopped
    first = first_look(asked.runs, asked.seeds)
    assert set(first.groupby(["dataset", "arm"])["seed"].nunique()) == {5}
    assert {len(each.differences) for each in blocks(first, contrasts)} == {5}


def test_a_result_compares_datasets_and_arms_by_the_first_look_and_says_so(tmp_path):
    changes = {"design": ["full-factorial"], "datasets": ["iris", "wine"], "epochs": 3}
    run(study(**changes), until_decided=True, max_seeds=10, output=tmp_path, workers=1)
    result = Result(tmp_path)
    assert result.runs["seed"].nunique() == 10
    assert all("by the first 5 seeds" in note for note in result.overall["note"])
    first = first_look(result.runs, result.study.seeds)
    means = [blocks(first, [contrast]) for contrast in result.study.contrasts]
    assert result.overall["difference"].tolist() == pytest.approx([sum(each.differences.mean() for each in found) / 2 for found in means])
    used = result.effects[result.effects["kind"] == "interaction"].set_index("dataset")["seeds"]
    assert all(row["seeds"] == used[row["dataset"]] for _, row in result.simple_effects.iterrows())
    assert all("stronger" not in said and said for said in result.interactions["sentence"])
