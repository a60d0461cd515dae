"""What the tables of a tuned study say."""

import io

import pandas as pd
import pytest

from trickbench.harness.ablation import plan, run
from trickbench.harness.tuning.tables import BUDGET_COLUMNS, _at_edge, _worst, changed, flips, sensitivity, trial_columns
from trickbench.harness.tuning.tuned import EVERY

from .tuned_study import TUNED, study


def test_a_budget_of_one_trial_is_the_untuned_study_with_the_values_of_that_trial(tuned_result, tmp_path):
    by_hand = TUNED.partition("[tuning]")[0] + "[baseline]" + TUNED.partition("[baseline]")[2]
    values = study().tuning.values(1, study().recipe({"dropout": "on"}))
    by_hand = by_hand.replace("learning_rate=0.1", f"learning_rate={values['learning_rate']}").replace("rate=0.2", f"rate={values['dropout.rate']}")
    expected = run(study(by_hand), output=tmp_path).effects
    found = tuned_result.budgets[tuned_result.budgets["budget"] == 1].reset_index(drop=True)
    shown = ["trick", "dataset", "difference", "low", "high", "verdict", "note"]
    pd.testing.assert_frame_equal(found[shown], expected[shown], check_exact=True)


def test_the_last_budget_is_the_study_itself(tuned_result):
    table = tuned_result.budgets
    assert list(table.columns) == list(BUDGET_COLUMNS)
    assert table.groupby(["trick", "dataset"], sort=False)["budget"].agg(list).to_list() == [[1, 2, 4, 5]] * 4
    last = table[table["budget"] == 5].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        last[["trick", "dataset", "difference"]], tuned_result.effects[["trick", "dataset", "difference"]], check_exact=True
    )


def test_a_study_without_tuning_has_empty_tables(small, tmp_path):
    result = run(small, output=tmp_path)
    assert list(result.trials.columns) == list(trial_columns(()))
    assert list(result.budgets.columns) == list(BUDGET_COLUMNS)
    assert result.trials.empty
    assert result.budgets.empty
    assert result.sensitivity.empty


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (["helps", "undecided", "helps"], False),
        (["helps", "hurts"], True),
        (["helps", "undecided", "equivalent"], True),
        (["helps, negligibly", "equivalent"], False),
        (["helps, negligibly", "helps"], False),
        (["helps", "helps, negligibly", "equivalent"], True),
        (["hurts, negligibly", "helps, negligibly"], False),
        (["identical runs", "equivalent"], False),
        (["identical runs", "hurts"], True),
        (["undecided"], False),
    ],
)
def test_a_conclusion_flips_where_its_verdicts_cannot_all_be_true(verdicts, expected):
    assert flips(verdicts) is expected
    assert flips(reversed(verdicts)) is expected


def test_sensitivity_is_the_range_of_values_that_do_as_well():
    rates, accuracies = [0.01, 0.001, 0.1, 1.0], [0.955, 0.944, 0.96, 0.2]
    table = pd.DataFrame(
        [("a", "d", n + 1, EVERY, rate, accuracy, "accuracy", "done") for n, (rate, accuracy) in enumerate(zip(rates, accuracies, strict=True))],
        columns=["arm", "dataset", "trial", "replicate", "learning_rate", "score", "metric", "status"],
    )
    (row,) = sensitivity(table, {"accuracy": 0.01}).to_dict("records")
    assert (row["best"], row["low"], row["high"], row["share"], row["at_edge"]) == (0.1, 0.01, 0.1, 0.5, False)
    (worse,) = sensitivity(table.assign(metric="error"), {"error": 0.01}).to_dict("records")
    assert (worse["best"], worse["at_edge"]) == (1.0, True)
    ruined = table.assign(status=["done", "done", "diverged", "done"])
    (row,) = sensitivity(ruined, {"accuracy": 0.01}).to_dict("records")
    assert (row["best"], row["low"], row["high"], row["share"]) == (0.01, 0.01, 0.01, 0.25), "chance level is no merit"
    (row,) = sensitivity(pd.concat([ruined, table]), {"accuracy": 0.01}).to_dict("records")
    assert row["best"] == 0.01, "one of its trainings diverged"
    (two,) = sensitivity(table.iloc[:2], {"accuracy": 0.01}).to_dict("records")
    assert not two["at_edge"], "of two values both are at an end"


def test_a_trial_has_the_worst_status_of_its_trainings():
    order = ["done", "diverged", "timeout", "failed", "pending"]
    for place, status in enumerate(order):
        assert _worst(pd.Series(order[: place + 1])) == status


def test_a_value_at_the_end_of_those_that_were_tried_is_at_the_edge_where_there_are_three():
    assert _at_edge([{"rate": 1}, {"rate": 3}, {"rate": 2}]) == [True, True, False]
    assert _at_edge([{"rate": 1}, {"rate": 3}, {"rate": 1}]) == [False] * 3


def test_untuned_and_tuned_verdicts_stand_side_by_side(tuned_result):
    untuned = tuned_result.effects.assign(verdict="helps")
    table = changed(untuned, tuned_result.effects.iloc[:3])
    assert table["untuned_verdict"].to_list() == ["helps"] * 3
    assert table["tuned_verdict"].to_list() == tuned_result.effects["verdict"].to_list()[:3]
    assert table["changed"].to_list() == [verdict != "helps" for verdict in table["tuned_verdict"]]


def test_a_dry_run_counts_both_phases():
    from rich.console import Console

    from trickbench.harness.forecast import show

    written = io.StringIO()
    show(plan(study()), 2, Console(file=written, width=200))
    distinct = len({job.key for job in plan(study()).trials})
    assert f"Before them, {distinct} different runs of trials: 5 trials of each arm on each dataset, 2 trainings a trial." in written.getvalue()
    assert "with what 1, 2, 4 trials would have chosen: where all differ, 3 times as many." in written.getvalue()
