"""Over several datasets: estimands, families, what is left out, and how often verdicts and shares are right."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from trickbench.harness.analysis.blocks import scores
from trickbench.harness.analysis.overall import OVERALL_COLUMNS, overall
from trickbench.harness.inference.families import holm
from trickbench.harness.inference.hierarchical import further
from trickbench.harness.inference.intervals import averaged, spread
from trickbench.harness.inference.shares import improvement_on_these
from trickbench.harness.inference.terms import Terms

THESE, SUCH = "these datasets", "datasets like these"


def contrast(trick="adam", with_arm="with", design="add-one-in"):
    return {
        "design": design, "kind": "difference", "factor": "optimizer", "level": trick, "trick": trick, "second_factor": "", "second_level": "",
        "with_arm": with_arm, "without_arm": "without", "weights": [[with_arm, 1.0], ["without", -1.0]], "aliases": [],
    }  # fmt: skip


def runs(metric="accuracy", **by_dataset):
    """Runs of `with` and `without`, of which the first is better by the differences given for each dataset."""
    rows = [
        {
            "dataset": dataset, "task": "classification", "metric": metric, "arm": arm, "seed": seed, "status": "done",
            "test_metric": 0.5 + 0.01 * seed + gain * difference, "chance_metric": 0.1, "parameters_digest": f"{arm}{seed}{dataset}",
        }
        for dataset, differences in by_dataset.items()
        for arm, gain in (("with", 1), ("without", 0))
        for seed, difference in enumerate(differences)
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    return frame.assign(score=scores(frame))


def made(datasets, seeds=5, effect=0.05, seed=0, apart=0.01, noise=0.02):
    random = np.random.default_rng(seed)
    return {f"d{i}": effect + random.normal(0, apart) + random.normal(0, noise, seeds) for i in range(datasets)}


def test_over_these_datasets_every_dataset_has_the_same_weight():
    given = {"a": np.array([0.01, 0.03]), "b": np.array([0.05, 0.09, 0.04, 0.06])}
    row = overall(runs(**given), [contrast()]).iloc[0]
    expected = averaged([spread(values) for values in given.values()])
    assert row["difference"] == pytest.approx(0.04)
    assert (row["low"], row["high"], row["p_value"]) == pytest.approx((*expected.interval(0.95)[1:], expected.p_value()))
    assert (row["estimand"], row["datasets"], row["kind"], row["metric"]) == (THESE, 2, "difference", "accuracy")


@pytest.mark.parametrize(("datasets", "estimands"), [(1, []), (2, [THESE]), (5, [THESE]), (6, [THESE, SUCH])])
def test_datasets_like_these_are_spoken_of_from_six_on(datasets, estimands):
    found = overall(runs(**made(datasets)), [contrast()])
    assert found["estimand"].tolist() == estimands
    assert tuple(found.columns) == OVERALL_COLUMNS


def test_over_such_datasets_a_dataset_is_one_observation():
    given = made(7)
    row = overall(runs(**given), [contrast()]).set_index("estimand").loc[SUCH]
    peer = stats.ttest_1samp([values.mean() for values in given.values()], 0)
    assert (row["low"], row["high"]) == pytest.approx(tuple(peer.confidence_interval(0.95)))
    assert row["p_value"] == pytest.approx(peer.pvalue)
    assert row["p_signed_rank"] == pytest.approx(stats.wilcoxon([values.mean() for values in given.values()]).pvalue)
    expected = further([spread(values) for values in given.values()], 0.01)
    assert row[["helps_probability", "equivalent_probability", "hurts_probability"]].tolist() == pytest.approx(list(expected))
    assert sum(expected) == pytest.approx(1)
    assert row["verdict"] == "helps"


def test_what_speaks_of_such_datasets_stands_in_no_other_row():
    row = overall(runs(**made(6)), [contrast()]).set_index("estimand").loc[THESE]
    assert row[["p_signed_rank", "helps_probability", "hurts_probability"]].isna().all()
    assert row["improvement_low"] < row["improvement"] <= row["improvement_high"]


def test_less_is_better_for_an_error():
    found = overall(runs(metric="error", **made(6)), [contrast()])
    assert found["verdict"].tolist() == ["hurts", "hurts"]
    assert (found["improvement"] < 0.5).all()


def test_metrics_are_not_mixed():
    mixed = pd.concat([runs(a=[0.1, 0.12, 0.11], b=[0.1, 0.13, 0.12]), runs(metric="r2", c=[0.1, 0.12, 0.11])])
    found = overall(mixed, [contrast()])
    assert found[["metric", "datasets"]].to_numpy().tolist() == [["accuracy", 2]]
    assert [overall(runs(metric=metric, **made(2)), [contrast()])["margin"].iloc[0] for metric in ("accuracy", "r2")] == [0.01, 0.02]


def test_the_effects_of_one_design_metric_and_estimand_share_the_confidence():
    frame = runs(**made(6))
    compared = [contrast("adam"), contrast("momentum"), contrast("relu"), contrast("full", design="leave-one-out")]
    assert overall(frame, compared)["confidence"].tolist() == pytest.approx([*[1 - 0.05 / 3] * 3, 0.95] * 2)
    named = overall(frame, compared, Terms(family=("adam", "relu")))
    assert named["confidence"].tolist() == pytest.approx([0.975, 0.95, 0.975, 0.95] * 2)
    assert named["in_family"].tolist() == [True, False, True, False] * 2


def test_signed_ranks_that_cannot_reject_are_refused_in_words():
    found = overall(runs(**made(6)), [contrast("adam"), contrast("relu")]).set_index("estimand")
    assert found.loc[SUCH, "p_signed_rank"].isna().all()
    assert found.loc[SUCH, "note"].str.contains("it takes 7").all()


def test_a_dataset_without_two_complete_blocks_is_left_out_and_others_are_named_as_incomplete():
    frame = runs(**made(6))
    frame.loc[(frame["dataset"] == "d0") & (frame["seed"] > 0), ["status", "score"]] = ["failed", np.nan]
    frame.loc[(frame["dataset"] == "d1") & (frame["seed"] == 0) & (frame["arm"] == "with"), ["status", "score"]] = ["failed", np.nan]
    found = overall(frame, [contrast()]).set_index("estimand")
    assert found["datasets"].tolist() == [5, 5]
    assert found["note"].str.contains("left out, with fewer than two complete blocks: d0").all()
    assert found["note"].str.contains("since a run has no result: d1 1").all()
    assert found.loc[THESE, "verdict"] == "helps"
    assert found.loc[SUCH, "verdict"] == "undecided"
    assert "fewer than 6 datasets" in found.loc[SUCH, "note"]


def test_before_anything_has_run_nothing_is_decided():
    frame = runs(**made(6))
    frame[["status", "score"]] = ["pending", np.nan]
    found = overall(frame, [contrast()])
    assert (found["verdict"] == "undecided").all()
    assert (found["datasets"] == 0).all()
    assert found[["difference", "low", "improvement"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("given", "note"),
    [
        ({"a": [0.0, 0.0, 0.1], "b": [0.0, 0.0, 0.1]}, "4 of 6 pairs"),
        ({"a": [0.0, 0.0], "b": [0.0, 0.0]}, "scored the same"),
        ({"a": [0.1, 0.1, 0.1], "b": [0.2, 0.2, 0.2]}, "no width"),
    ],
)
def test_where_an_interval_would_mean_nothing_none_is_drawn(given, note):
    row = overall(runs(**given), [contrast()]).iloc[0]
    assert (row["verdict"], np.isnan(row["low"]), np.isnan(row["p_value"])) == ("undecided", True, True)
    assert note in row["note"]


def test_over_such_datasets_too():
    given = dict.fromkeys("abcd", (0.0, 0.0, 0.0)) | dict.fromkeys("ef", (0.1, 0.2, 0.3))
    row = overall(runs(**given), [contrast()]).set_index("estimand").loc[SUCH]
    assert (row["verdict"], np.isnan(row["low"])) == ("undecided", True)
    assert "4 of 6 datasets show no difference at all" in row["note"]
    half = overall(runs(**given | {"d": (0.1, 0.1, 0.2)}), [contrast()]).set_index("estimand").loc[SUCH]
    assert not np.isnan(half["low"])


def test_runs_that_are_the_same_bit_for_bit_are_said_to_be():
    frame = runs(**dict.fromkeys("abcdef", (0.0, 0.0))).assign(parameters_digest="one")
    found = overall(frame, [contrast()])
    assert found["verdict"].tolist() == ["identical runs", "identical runs"]
    assert found["improvement"].isna().all()


def test_a_diverged_loss_leaves_no_mean_and_over_such_datasets_the_pseudomedian():
    frame = runs(metric="loss", **{name: -values for name, values in made(8).items()})
    frame.loc[(frame["dataset"] == "d0") & (frame["arm"] == "without"), ["status", "score"]] = ["diverged", np.inf]
    found = overall(frame, [contrast()]).set_index("estimand")
    assert (found.loc[THESE, "verdict"], found.loc[SUCH, "verdict"]) == ("undecided", "helps")
    assert np.isnan(found.loc[THESE, "difference"])
    assert found.loc[SUCH, "statistic"] == "pseudomedian"
    assert found.loc[SUCH, "p_signed_rank"] == 2 / 2**8
    assert np.isnan(found.loc[SUCH, "helps_probability"])
    assert found["note"].str.contains("diverged runs are worse than every other \\(0 with, 5 without\\)").all()
    assert found.loc[THESE, "improvement"] > 0.9


def test_diverged_runs_of_an_interaction_are_counted_together():
    frame = runs(**made(2))
    frame.loc[(frame["seed"] == 1) & (frame["dataset"] == "d0") | (frame["seed"] == 2) & (frame["arm"] == "with"), "status"] = "diverged"
    sides, together = contrast(), contrast() | {"kind": "interaction"}
    found = overall(frame, [sides, together])["note"]
    assert [note.split("; ")[-1] for note in found] == [f"diverged runs score chance level ({said})" for said in ("3 with, 1 without", "4 in all")]


def test_replicates_that_overlap_make_the_interval_wider():
    given = made(6)
    plain, corrected = (overall(runs(**given), [contrast()], Terms(estimand=estimand)) for estimand in ("this dataset", "new datasets"))
    width = [(found["high"] - found["low"]).to_numpy() for found in (plain, corrected)]
    # variance s² (1/5 + 0.2/0.6) in place of s²/5; of one weight each, so that the ratio is that of every dataset
    assert width[1][0] / width[0][0] == pytest.approx(np.sqrt(1 + 5 / 3))
    assert width[1][1] == pytest.approx(width[0][1])  # over datasets nothing is to be corrected
    assert "of the expected difference over fresh datasets of this size from the same source" in corrected["speaks_of"].iloc[0]


def test_replicates_that_overlap_say_less_of_how_often_a_block_improves():
    """5 blocks of 20 % test rows to 60 % training rows count for 1 / (1/5 + 1/3)."""
    given = {"a": [0.1, 0.2, 0.1, 0.3, -0.1], "b": [0.1, 0.1, -0.2, 0.1, 0.2]}
    two = [contrast(), contrast("relu")]
    plain, corrected = (overall(runs(**given), two, Terms(estimand=estimand)).iloc[0] for estimand in ("this dataset", "new datasets"))
    assert corrected["confidence"] > 0.95
    assert plain["improvement"] == corrected["improvement"] == pytest.approx(0.8)
    confidence = corrected["confidence"]
    expected = improvement_on_these([np.array(values) for values in given.values()], confidence, 0.2 / 0.6)
    assert (corrected["improvement_low"], corrected["improvement_high"]) == pytest.approx((expected.low, expected.high))
    assert corrected["improvement_low"] < plain["improvement_low"]


def test_verdict_and_printed_interval_agree():
    for seed in range(40):
        frame = runs(**made(6, seed=seed, effect=0.01 * (seed % 5 - 2), noise=0.003 * (1 + seed % 7)))
        for row in overall(frame, [contrast()]).itertuples():
            assert (row.low > 0) == row.verdict.startswith("helps")
            assert (row.high < 0) == row.verdict.startswith("hurts")
            assert row.low <= row.difference <= row.high


@pytest.mark.parametrize("seeds", [3, 10])
def test_both_intervals_cover_what_they_speak_of(seeds):
    random, trials, effect, apart = np.random.default_rng(seeds), 150, 0.02, 0.03
    hits = {THESE: 0, SUCH: 0}
    for _ in range(trials):
        truth = random.normal(effect, apart, 6)
        noise = [0.005, 0.01, 0.02, 0.03, 0.01, 0.02]
        found = overall(runs(**{f"d{i}": random.normal(truth[i], noise[i], seeds) for i in range(6)}), [contrast()])
        for row in found.itertuples():
            hits[row.estimand] += row.low <= (truth.mean() if row.estimand == THESE else effect) <= row.high
    # binomial(150, 0.95): 4 standard deviations are 0.071; Satterthwaite's is approximate by less than 0.01 here
    assert min(hits.values()) / trials > 0.95 - 0.071


def test_datasets_that_are_not_judged_by_themselves_count_and_are_named():
    random = np.random.default_rng(3)
    given = {
        "even": random.normal(0.05, 0.01, 10),
        "tied": np.array([0.05, -0.02, 0, 0.01] + 6 * [0]),
        "odd": np.array([0.01, 0.02, 0.5] + 7 * [0.015]),
    }
    row = overall(runs(**given), [contrast()]).iloc[0]
    assert row["difference"] == pytest.approx(np.mean([each.mean() for each in given.values()]))
    assert not np.isnan(row["low"])
    assert "scored the same on tied, which has no interval by itself" in row["note"]
    assert "skewed on odd:" in row["note"]
    assert overall(runs(even=given["even"], other=given["even"]), [contrast()])["note"].tolist() == [""]


def test_the_estimand_says_what_is_drawn_afresh_and_what_is_given():
    terms = Terms(vary=("split", "order"), tuned="once")
    such, these = (overall(runs(**made(6)), [contrast()], terms).set_index("estimand")["speaks_of"][name] for name in (SUCH, THESE))
    given = "given the dataset, one draw of the initial weights, one draw of the masks and the tuned values"
    drawn = "of the expected difference over fresh random splits and batch orders"
    assert these == f"the mean over these very datasets, each with the same weight, {drawn}, {given}"
    assert such.startswith("the mean over datasets of which these are a random sample, of the expected difference over fresh random splits")


def test_holms_p_values_are_those_of_one_design_metric_and_estimand():
    frame = runs(**made(6, effect=0.03, noise=0.05))
    more = frame[frame["arm"] == "with"].assign(arm="other", score=lambda rows: rows["score"] - 0.025)
    both = [contrast(), contrast("relu", "other"), contrast("adam", design="leave-one-out")]
    found = overall(pd.concat([frame, more]), both)
    for (design, estimand), rows in found.groupby(["design", "estimand"]):
        assert rows["p_holm"].tolist() == pytest.approx(holm(rows["p_value"].to_numpy()).tolist()), (design, estimand)
    assert (found.loc[found["design"] == "add-one-in", "p_holm"] > found.loc[found["design"] == "add-one-in", "p_value"]).any()


def test_skewed_means_of_datasets_are_warned_of():
    effects = [0.0, 0.001, 0.002, 0.0, 0.001, 0.003, 0.002, 0.001, 0.0, 0.3]
    found = overall(runs(**{f"d{i}": effect + np.array([-0.001, 0.0, 0.001, 0.0, 0.0005]) for i, effect in enumerate(effects)}), [contrast()])
    assert "the means of the datasets are skewed (+3" in found.set_index("estimand").loc[SUCH, "note"]
    assert "skewed" not in found.set_index("estimand").loc[THESE, "note"]
