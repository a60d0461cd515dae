"""Arms against each other over datasets: one scale, ranks, middle and profile; what has no scale is ranked only."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.analysis.blocks import scores
from trickbench.harness.analysis.ranking import PROFILE_COLUMNS, STANDING_COLUMNS, TAUS, profiles, standings
from trickbench.harness.inference.friedman import critical_difference
from trickbench.harness.inference.terms import Terms

ARMS = ("baseline", "better", "best")


def runs(datasets=6, seeds=4, metric="accuracy", chance=0.1):
    """`best` scores 0.9 on average, `better` 0.7, the baseline 0.5; for an error what is left of 1."""
    rows = [
        {
            "dataset": f"d{dataset}", "metric": metric, "arm": arm, "seed": seed, "status": "done", "chance_metric": chance,
            "test_metric": abs((metric == "error") - (0.5 + 0.2 * place + 0.02 * (seed - (seeds - 1) / 2))),
        }
        for dataset in range(datasets)
        for place, arm in enumerate(ARMS)
        for seed in range(seeds)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.assign(score=scores(frame))


def test_the_best_arm_has_the_first_rank_and_a_middle_of_one():
    found = standings(runs()).set_index("arm")
    assert found.loc[list(ARMS), "mean_rank"].tolist() == [3, 2, 1]
    # 0 is chance, 0.1; 1 the best mean, 0.9
    assert found.loc[list(ARMS), "iqm"].tolist() == pytest.approx([0.5, 0.75, 1])
    assert (found["iqm_low"] < found["iqm"]).all()
    assert found["p_friedman"].iloc[0] == pytest.approx(6.0**-5)
    assert found["critical_difference"].iloc[0] == pytest.approx(2.343 * np.sqrt(3 * 4 / (6 * 6)), rel=1e-3)  # Demšar 2006, table 5


def test_an_error_is_turned_round():
    error, accuracy = standings(runs(metric="error", chance=0.9)), standings(runs())
    assert error["mean_rank"].tolist() == accuracy["mean_rank"].tolist()
    assert error["iqm"].to_numpy() == pytest.approx(accuracy["iqm"].to_numpy())


def test_below_six_datasets_there_are_no_ranks_and_for_one_no_profile():
    few, one = runs(datasets=5), runs(datasets=1)
    assert standings(few).empty
    assert tuple(standings(few).columns) == STANDING_COLUMNS
    assert not profiles(few).empty
    assert profiles(one).empty
    assert tuple(profiles(one).columns) == PROFILE_COLUMNS


def test_a_seed_counts_where_every_arm_has_a_result():
    frame = runs()
    lost = (frame["dataset"] == "d0") & (frame["seed"] == 3) & (frame["arm"] == "baseline")
    frame.loc[lost, ["status", "score"]] = ["failed", np.nan]
    frame.loc[(frame["seed"] == 3) & (frame["dataset"] == "d0") & ~lost, "score"] = 0.0  # would upset the ranks
    assert standings(frame).set_index("arm").loc[list(ARMS), "mean_rank"].tolist() == [3, 2, 1]


def test_a_dataset_without_any_is_named():
    frame = runs(datasets=7)
    frame.loc[(frame["dataset"] == "d3") & (frame["arm"] == "best"), ["status", "score"]] = ["failed", np.nan]
    found = standings(frame)
    assert (found["datasets"] == 6).all()
    assert found["note"].str.contains("no block has a result of every arm: d3").all()
    assert found["critical_difference"].iloc[0] == pytest.approx(critical_difference(3, 6))
    assert standings(frame, Terms(confidence=0.9))["critical_difference"].iloc[0] == pytest.approx(critical_difference(3, 6, 0.9))
    fewer = standings(frame[frame["dataset"] != "d0"])
    assert fewer[["mean_rank", "critical_difference", "iqm"]].isna().all(axis=None)
    assert fewer["note"].str.contains("fewer than 6 datasets are left").all()


def test_a_dataset_on_which_nobody_is_better_than_chance_is_ranked_only():
    frame = runs(datasets=7)
    frame.loc[frame["dataset"] == "d3", "chance_metric"] = 0.95
    found = standings(frame).set_index("arm")
    assert found.loc[list(ARMS), "iqm"].tolist() == pytest.approx([0.5, 0.75, 1])
    assert found["note"].str.contains("no scale from chance to the best arm: d3").all()
    assert (profiles(frame)["datasets"] == 6).all()
    without = profiles(frame[frame["dataset"] != "d3"])
    assert profiles(frame).equals(without), "nor does it make the intervals narrower"


def test_chance_is_the_mean_over_the_splits():
    frame = runs()
    frame["chance_metric"] += 0.04 * (frame["seed"] - 1.5)  # from 0.04 to 0.16
    expected = standings(runs()).set_index("arm")["iqm"]
    assert standings(frame).set_index("arm")["iqm"].to_numpy() == pytest.approx(expected.to_numpy())


def test_a_loss_that_diverged_has_the_last_rank_and_no_scale():
    frame = runs(metric="loss", chance=np.inf)
    frame.loc[(frame["arm"] == "better") & (frame["seed"] == 0), ["status", "score"]] = ["diverged", np.inf]
    found = standings(frame).set_index("arm")
    assert found.loc[list(ARMS), "mean_rank"].tolist() == [1, 3, 2]
    assert found["iqm"].isna().all()
    assert profiles(frame).empty


def test_a_profile_is_the_share_of_blocks_at_or_above():
    found = profiles(runs()).set_index(["arm", "tau"])["share"]
    normalised = (0.7 + 0.02 * (np.arange(4) - 1.5) - 0.1) / 0.8
    for tau in TAUS:
        assert found["better", tau] == np.mean(normalised >= tau)
    assert found["baseline", 0.0] == 1
    assert (np.diff(found["best"].to_numpy()) <= 0).all()


def test_each_dataset_has_the_same_weight_in_a_profile_and_shares_have_intervals():
    frame = runs(datasets=2, seeds=4)
    frame = frame[(frame["dataset"] == "d0") | (frame["seed"] < 2)]
    frame.loc[(frame["dataset"] == "d1") & (frame["arm"] == "better"), "score"] = 0.1
    row = profiles(frame).set_index(["arm", "tau"]).loc["better", 0.5]
    assert row["share"] == 0.5
    assert (row["share_low"], row["share_high"]) == pytest.approx((0.0676, 0.9324), abs=5e-5)  # Clopper and Pearson, 2 of 4


def test_the_same_scores_in_another_order_are_no_difference():
    """Means of numbers in another order may differ in their last bit."""
    values = np.array([0.1, 0.7, 0.3, 0.6, 0.2])
    order = [3, 0, 4, 1, 2]
    assert values.mean() != values[order].mean()
    rows = [
        {"dataset": f"d{dataset}", "metric": "accuracy", "arm": arm, "seed": seed, "status": "done", "chance_metric": 0.1, "score": score}
        for dataset in range(6)
        for arm, given in (("one", values), ("other", values[order]))
        for seed, score in enumerate(given)
    ]
    found = standings(pd.DataFrame(rows))
    assert found["mean_rank"].tolist() == [1.5, 1.5]
    assert found["p_friedman"].isna().all()  # nothing but ties


def test_the_best_arm_reaches_its_own_score():
    for score in np.arange(1, 360) / 360:
        frame = runs(datasets=2)
        frame["score"] = np.where(frame["arm"] == "best", score, frame["chance_metric"] * score)
        row = profiles(frame.assign(chance_metric=0.05 * score)).set_index(["arm", "tau"]).loc["best", 1.0]
        assert row["share"] == 1.0


def test_replicates_that_overlap_give_no_interval_for_the_middle_and_a_wider_one_for_a_share():
    plain, corrected = (
        profiles(runs(), Terms(estimand=estimand)).set_index(["arm", "tau"]).loc["better", 0.75] for estimand in ("this dataset", "new datasets")
    )
    assert corrected["share_high"] - corrected["share_low"] > plain["share_high"] - plain["share_low"]
    found = standings(runs(), Terms(estimand="new datasets"))
    assert found["iqm"].notna().all()
    assert found[["iqm_low", "iqm_high"]].isna().all(axis=None)
    assert "the interquartile mean has no interval" in found["note"].iloc[0]


def test_what_an_interval_speaks_of_is_said():
    spoken = standings(runs(), Terms(vary=("split",)))["speaks_of"].iloc[0]
    assert spoken == (
        "the interquartile mean over all blocks of these very datasets, of the normalised score (the best arm's mean taken as given) over "
        "fresh random splits, given the dataset, one draw of the initial weights, one order of the batches and one draw of the masks"
    )
    assert profiles(runs())["speaks_of"].iloc[0].startswith("the share of blocks that reach τ, each dataset with the same weight, of the")
