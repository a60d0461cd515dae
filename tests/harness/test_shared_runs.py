"""Studies whose tables are easily got wrong: arms that share runs, losses, ruin on both sides, a part of the comparisons."""

from pandas.testing import assert_frame_equal

from trickbench.harness import Study, run
from trickbench.harness.diagnosis.of_results import of_result
from trickbench.harness.inference.families import shared

PLAIN = {"hidden": [8], "activation": "sigmoid", "optimizer": "sgd[learning_rate=0.1]", "initializer": "glorot"}


def study(**keys):
    factors = {"dropout": {"on": {"dropout": "dropout[rate=0.2]"}}, "penalty": {"l2": {"penalty": "l2[strength=0.01]"}}}
    return Study(**({"question": "q", "datasets": ["iris"], "seeds": 3, "epochs": 4, "baseline": PLAIN, "factors": factors} | keys))


def test_arms_of_two_designs_that_share_runs_are_diagnosed_and_tabled(tmp_path):
    result = run(study(design=["add-one-in", "full-factorial", "leave-one-out"], full={"dropout": "on", "penalty": "l2"}), output=tmp_path)
    assert all(len(history.losses["train"].values) == 4 for each in of_result(result) for history in each.histories)
    assert len(result.remedies) == 4
    assert len(result.costs) == result.runs["arm"].nunique()


def test_a_study_of_losses_is_diagnosed(tmp_path):
    result = run(study(metric={"classification": "loss"}), output=tmp_path)
    assert set(result.remedies["reference"]) == {"baseline"}


def test_two_arms_that_both_diverge_are_not_called_identical(tmp_path):
    ruined = PLAIN | {"activation": "relu", "optimizer": "sgd[learning_rate=1e6]"}
    result = run(study(baseline=ruined, datasets=["diabetes"]), output=tmp_path)
    assert set(result.runs["status"]) == {"diverged"}
    assert set(result.effects["verdict"]) == {"undecided"}


def test_who_looks_at_one_trick_only_shares_the_confidence_of_all(tmp_path):
    asked = study(datasets=["diabetes", "friedman1"])
    whole, part = run(asked, output=tmp_path / "whole"), run(asked, output=tmp_path / "part", only=["penalty=l2"])
    assert set(part.effects["confidence"]) == set(whole.effects["confidence"]) == {shared(0.95, 4)}
    assert set(part.overall["confidence"]) == set(whole.overall["confidence"]) == {shared(0.95, 2)}
    assert_frame_equal(of_l2(part.effects).drop(columns="p_holm"), of_l2(whole.effects).drop(columns="p_holm"))
    assert_frame_equal(of_l2(part.overall), of_l2(whole.overall))
    assert (part.effects["p_holm"] >= of_l2(whole.effects)["p_holm"]).all()


def test_so_do_who_looks_at_some_interactions_only(tmp_path):
    factors = study().factors | {"activation": {"relu": {"activation": "relu"}}}
    asked = study(design=["full-factorial"], factors=factors)
    whole, part = run(asked, output=tmp_path / "whole"), run(asked, output=tmp_path / "part", only=["penalty=l2"])
    assert (len(whole.simple_effects), len(part.simple_effects)) == (12, 8)
    assert set(part.simple_effects["confidence"]) == set(whole.simple_effects["confidence"]) == {shared(0.95, 12)}


def of_l2(table):
    return table[table["trick"] == "l2"].reset_index(drop=True)


def test_ties_end_where_there_is_no_plan_to_end(tmp_path):
    factors = {"penalty": {"none": {"penalty": "l2[strength=1e-9]"}}}
    result = run(study(factors=factors), output=tmp_path, until_decided=True)
    assert result.looks["look"].max() <= 3
    assert "scores are tied" in result.effects["note"].iloc[0] or result.effects["verdict"].iloc[0] == "identical runs"
