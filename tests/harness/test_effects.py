"""Effects: verdicts that agree with their intervals, estimands that are named, and broken runs that bias nothing."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.analysis.effects import EFFECT_COLUMNS, effects, scores
from trickbench.harness.inference.intervals import spread
from trickbench.harness.inference.terms import Terms

CONTRAST = {
    "design": "add-one-in", "kind": "difference", "factor": "optimizer", "level": "adam", "trick": "adam", "second_factor": "", "second_level": "",
    "with_arm": "with", "without_arm": "without", "weights": [["with", 1.0], ["without", -1.0]], "aliases": [], "tricks": ["adam"],
}  # fmt: skip
HELPS = ([0.9, 0.83, 0.72], [0.8, 0.7, 0.61])


def runs(with_scores, without_scores, metric="accuracy", status=("done", "done"), dataset="d", **columns):
    tasks = {"r2": "regression", "rmse": "regression"}
    rows = [
        {
            "dataset": dataset, "task": tasks.get(metric, "classification"), "metric": metric, "arm": arm, "seed": seed, "test_metric": score,
            "chance_metric": 0.1, "status": said, "parameters_digest": f"{arm} {seed}",
        }
        for arm, values, said in (("with", with_scores, status[0]), ("without", without_scores, status[1]))
        for seed, score in enumerate(values)
    ]  # fmt: skip
    frame = pd.DataFrame(rows).assign(**columns)
    return frame.assign(score=scores(frame))


def effect(frame, terms=None, **keys):
    return effects(frame, [CONTRAST], terms, **keys).iloc[0]


def test_the_interval_is_that_of_the_paired_differences():
    found, expected = effect(runs(*HELPS)), spread(np.subtract(*HELPS)).interval(0.95)
    assert (found["difference"], found["low"], found["high"]) == pytest.approx(expected, rel=1e-12)
    assert found["verdict"] == "helps"
    assert found["statistic"] == "mean"
    assert found["standardized"] == pytest.approx(np.mean(np.subtract(*HELPS)) / np.std(np.subtract(*HELPS), ddof=1))


def test_for_an_error_rate_less_is_a_gain():
    found = effect(runs([0.10, 0.12, 0.11], [0.20, 0.23, 0.20], metric="error"))
    assert found["difference"] > 0
    assert found["verdict"] == "helps"


@pytest.mark.parametrize(("metric", "margin"), [("accuracy", 0.01), ("r2", 0.02)])
def test_the_margin_is_that_of_the_metric(metric, margin):
    assert effect(runs(*HELPS, metric=metric))["margin"] == margin


def test_a_family_shares_its_confidence_and_holms_p_values_stand_beside():
    frame = pd.concat([runs(*HELPS, dataset=name) for name in "abcdefghi"])
    found = effects(frame, [CONTRAST])
    assert found["confidence"].tolist() == pytest.approx([1 - 0.05 / 9] * 9)
    assert found["p_holm"].tolist() == pytest.approx(9 * found["p_value"])
    assert (found["low"] < found["alone_low"]).all()
    assert (found["verdict"] == "undecided").all()  # alone they would have helped
    assert (found["alone_low"] > 0).all()


def test_a_named_family_leaves_the_others_alone():
    other = CONTRAST | {"trick": "dropout", "factor": "dropout", "tricks": ["dropout"]}
    both = CONTRAST | {"trick": "adam × dropout", "kind": "interaction", "tricks": ["adam", "dropout"]}
    found = effects(runs(*HELPS), [CONTRAST, other, both], Terms(family=("adam",)))
    assert found["in_family"].tolist() == [True, False, False]
    assert found["confidence"].tolist() == pytest.approx([0.95] * 3)
    assert np.isnan(found["p_holm"].tolist()[1:]).all()
    found = effects(runs(*HELPS), [CONTRAST, other, both], Terms(family=("adam", "dropout")))
    assert found["in_family"].all()


def test_a_comparison_that_cannot_be_judged_still_counts_in_the_family():
    frame = pd.concat([runs(*HELPS, dataset="a"), runs([0.9], [0.8], dataset="b")])
    assert effects(frame, [CONTRAST])["confidence"].tolist() == pytest.approx([0.975] * 2)


@pytest.mark.parametrize(
    ("with_scores", "without_scores", "note"),
    [
        ([0.5] * 4, [0.5] * 4, "every pair of runs scored the same"),
        ([0.5, 0.5, 0.5, 0.7], [0.5] * 4, "3 of 4 pairs"),
        ([0.6] * 4, [0.5] * 4, "no width"),
        ([0.6], [0.5], "fewer than two"),
    ],
)
def test_what_cannot_be_judged_has_no_interval_no_p_value_and_no_verdict(with_scores, without_scores, note):
    found = effect(runs(with_scores, without_scores))
    assert found["verdict"] == "undecided"
    assert note in found["note"]
    assert found[["low", "high", "alone_low", "equivalence_low", "p_value", "p_holm", "p_signed_rank", "settle_low"]].isna().all()
    assert found["difference"] == pytest.approx(np.mean(np.subtract(with_scores, without_scores)))


def test_arms_that_end_with_the_same_parameters_are_identical_runs():
    same = runs([0.5, 0.6, 0.7], [0.5, 0.6, 0.7], parameters_digest=["a", "b", "c"] * 2)
    assert effect(same)["verdict"] == "identical runs"
    assert "bit for bit" in effect(same)["note"]
    for digests in (["a", "b", "c", "a", "b", "x"], [""] * 6, [None] * 6):
        assert effect(same.assign(parameters_digest=digests))["verdict"] == "undecided"


def test_skewed_differences_are_said_to_be_so():
    skewed, even = (0.5 + values for values in (np.geomspace(0.001, 0.4, 30), np.linspace(0.001, 0.4, 30)))
    assert ["differences are skewed (+" in effect(runs(values, np.full(30, 0.5)))["note"] for values in (skewed, even)] == [True, False]


def test_an_undecided_comparison_says_how_many_seeds_would_settle_it():
    found = effect(runs([0.52, 0.49, 0.55, 0.5, 0.51], [0.5] * 5))
    assert found["verdict"] == "undecided"
    assert 5 < found["settle_low"] < found["settle_high"] < np.inf
    assert np.isnan(effect(runs(*HELPS))["settle_low"])


def test_every_effect_names_its_estimand():
    assert effect(runs(*HELPS))["estimand"] == "this dataset"
    assert effect(runs(*HELPS), Terms(vary=("weights", "order")))["estimand"] == "this split"
    assert "given this dataset" in effect(runs(*HELPS))["speaks_of"]
    assert "wrong labels" in effect(runs(*HELPS, dataset="d[label_noise=0.2]"))["speaks_of"]


def test_new_datasets_use_the_corrected_resampled_t():
    values = np.subtract(*HELPS)
    found = effect(runs(*HELPS), Terms(estimand="new datasets"))
    assert found["high"] - found["low"] == pytest.approx(2 * spread(values, 0.2 / 0.6).interval(0.95).half)  # 20 % test, 20 % validate
    assert np.isnan(found["p_signed_rank"])  # signed ranks take replicates for independent
    named = effect(runs(*HELPS, dataset="d[test_share=0.1,validation_share=0.1,train_rows=10]"), Terms(estimand="new datasets"))
    assert named["high"] - named["low"] == pytest.approx(2 * spread(values, 0.1 / 0.8).interval(0.95).half)
    half = effect(runs(*HELPS, dataset="d[test_share=0.25,validation_share=0.25]"), Terms(estimand="new datasets"))
    assert half["high"] - half["low"] == pytest.approx(2 * spread(values, 0.5).interval(0.95).half)


def test_an_effect_below_the_floor_is_not_settled_by_any_number_of_seeds():
    random = np.random.default_rng(0)
    frame = runs(0.5 + random.normal(0, 0.05, 30), np.full(30, 0.5))
    found = effect(frame, Terms(estimand="new datasets"))
    assert found["verdict"] == "undecided"
    assert found["note"].startswith("no number of seeds settles this on one dataset")
    assert found["settle_low"] == np.inf
    assert np.isfinite(effect(frame)["settle_low"])


def test_folds_speak_of_new_datasets_whatever_was_asked():
    values = np.subtract(*HELPS)
    found = effect(runs(*HELPS, dataset="d[folds=3]"))
    assert found["estimand"] == "new datasets"
    assert "3 folds" in found["speaks_of"]
    assert found["note"] == ""
    assert found["high"] - found["low"] == pytest.approx(2 * spread(values, 1 / 2).interval(0.95).half)


def test_an_incomplete_partition_is_said():
    assert "3 seeds are no whole number of partitions into 2 folds" in effect(runs(*HELPS, dataset="d[folds=2]"))["note"]


def test_a_diverged_run_scores_chance_level_and_is_said():
    found = effect(runs([np.nan, np.nan, np.nan], [0.8, 0.7, 0.6], status=("diverged", "done")))
    assert found["difference"] == pytest.approx(0.1 - 0.7)
    assert found["diverged_with"] == 3
    assert "diverged runs score chance level (3 with, 0 without)" in found["note"]


def test_an_interaction_has_no_arms_with_and_without_it_and_counts_diverged_runs_together():
    frame = runs([np.nan, np.nan, np.nan], [0.8, 0.7, 0.6], status=("diverged", "done"))
    frame.loc[frame.index[-1], "status"] = "diverged"
    found = effects(frame, [CONTRAST, CONTRAST | {"kind": "interaction"}])
    assert found["diverged"].tolist() == [4, 4]
    assert found["diverged_with"].isna().tolist() == found["diverged_without"].isna().tolist() == [False, True]
    assert found.loc[1, "note"].endswith("diverged runs score chance level (4 in all)")


def diverging(diverged_with=(), diverged_without=(), seeds=8):
    random = np.random.default_rng(1)
    frame = runs(random.normal(0.4, 0.02, seeds), random.normal(0.5, 0.02, seeds), metric="loss")
    gone = frame["seed"].isin(diverged_with) & (frame["arm"] == "with") | frame["seed"].isin(diverged_without) & (frame["arm"] == "without")
    frame["status"] = frame["status"].mask(gone, "diverged")
    return frame.assign(score=scores(frame))


def test_a_loss_is_judged_by_its_mean_while_no_run_diverges():
    found = effect(diverging())
    assert found["statistic"] == "mean"
    assert found["verdict"] == "helps"


def test_a_loss_that_diverged_is_worse_than_every_other_and_judged_by_signed_ranks():
    found = effect(diverging(diverged_without=[3]))
    assert (found["statistic"], found["verdict"], found["high"]) == ("pseudomedian", "helps", np.inf)
    assert 0 < found["low"] < found["difference"] < np.inf
    assert found["p_value"] == found["p_signed_rank"] == pytest.approx(2 / 2**8)
    assert found["speaks_of"].startswith("the pseudomedian")
    assert "diverged runs are worse than every other (0 with, 1 without)" in found["note"]
    assert np.isnan(found["settle_low"])
    mostly = effect(diverging(diverged_with=range(5)))
    assert (mostly["difference"], mostly["verdict"]) == (-np.inf, "undecided")  # three of eight differences are above 0
    assert effect(diverging(diverged_with=range(8)))["verdict"] == "hurts"


def test_too_few_signed_ranks_decide_nothing_and_say_how_many_would():
    found = effect(diverging(diverged_without=[3], seeds=5))
    assert found["verdict"] == "undecided"
    assert np.isnan(found["low"])
    assert "it takes 6" in found["note"]


def test_runs_that_diverge_in_both_arms_are_ties():
    found = effect(diverging(diverged_with=range(5), diverged_without=range(5)))
    assert found["verdict"] == "undecided"
    assert "5 of 8 pairs" in found["note"]


def test_signed_ranks_have_no_interval_for_new_datasets():
    found = effect(diverging(diverged_without=[3]), Terms(estimand="new datasets"))
    assert found["verdict"] == "undecided"
    assert found[["low", "p_value"]].isna().all()
    assert "no interval for new datasets" in found["note"]


def test_a_pair_with_a_failed_run_is_left_out_and_the_count_says_so():
    frame = runs([0.9, 0.8, 0.7], [0.8, 0.75, 0.1])
    frame.loc[frame.index[-1], ["status", "score"]] = ["failed", np.nan]
    found = effect(frame)
    assert found["seeds"] == 2
    assert found["difference"] == pytest.approx(0.075)
    assert "1 of 3 blocks left out: a run has no result" in found["note"]


def test_no_contrast_gives_an_empty_table_with_its_columns():
    found = effects(runs([1.0], [1.0]), [])
    assert found.empty
    assert tuple(found.columns) == EFFECT_COLUMNS


@pytest.mark.parametrize("seed", range(4))
def test_every_row_of_many_random_studies_agrees_with_what_is_printed(seed):
    random = np.random.default_rng(seed)
    frames = []
    for number in range(60):
        scored = random.normal([[0.5], [0.51]], random.choice([0, 0.001, 0.1]), (2, int(random.integers(1, 20)))).round(random.integers(2, 5))
        frame = runs(*scored, "loss", dataset=f"d{number}")
        frame["status"] = random.choice(["done", "diverged", "failed"], len(frame), p=random.choice([[1, 0, 0], [0.9, 0.05, 0.05]]))
        frames.append(frame.assign(score=scores(frame)))
    table = effects(pd.concat(frames), [CONTRAST], Terms(family=("none",)))
    for row in table.itertuples():
        inside = -row.margin < row.equivalence_low and row.equivalence_high < row.margin
        direction = "helps" if row.low > 0 else "hurts" if row.high < 0 else ""
        said = direction + ", negligibly" if direction and inside else direction or ("equivalent" if inside else "undecided")
        assert row.verdict == said
        assert np.isnan(row.low) == np.isnan(row.high) == np.isnan(row.equivalence_low)
        assert not np.isnan(row.low) or row.note  # where there is no interval, it says why
    assert table["verdict"].nunique() > 2
