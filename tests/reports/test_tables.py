import pandas as pd
import pytest

from trickbench.harness.inference.judgement import VERDICTS as JUDGED
from trickbench.harness.metrics import METRICS
from trickbench.reports.effect_tables import COLUMNS, effects_table, verdict_table
from trickbench.reports.effects import prepared
from trickbench.reports.result import LOWER_IS_BETTER, VERDICTS
from trickbench.reports.tables import arm_summary, arms_table, incidents_table
from trickbench.reports.words import CLASSES, SYMBOLS

NAN = float("nan")


def runs(*rows: tuple[str, int, str, float], metric: str = "accuracy") -> pd.DataFrame:
    """(arm, seed, status, score) on one dataset."""
    return pd.DataFrame(
        [
            {"run": f"{arm}{seed}", "arm": arm, "dataset": "iris", "task": "classification", "metric": metric, "seed": seed, "status": status,
             "message": status.upper(), "epochs": 5, "seconds": 1.0, "chance_metric": 0.33, "score": score}
            for arm, seed, status, score in rows
        ]
    )  # fmt: skip


def test_the_direction_of_each_metric_is_the_one_it_declares():
    assert {name for name, metric in METRICS.items() if not metric.higher_is_better} == LOWER_IS_BETTER


def test_an_arm_is_summed_up_by_how_its_runs_ended_and_what_they_scored():
    summary = arm_summary(runs(("a", 0, "done", 0.5), ("a", 1, "diverged", 0.33), ("a", 2, "failed", NAN), ("b", 0, "pending", NAN)))
    first, second = summary.to_dict("records")
    assert {key: first[key] for key in ("runs", "done", "diverged", "failed", "timeout", "pending")} == {
        "runs": 3, "done": 1, "diverged": 1, "failed": 1, "timeout": 0, "pending": 0,
    }  # fmt: skip
    assert first["mean"] == pytest.approx(0.415)  # the failed run has no score; the diverged one has chance
    assert first["standard_deviation"] == pytest.approx(0.17 / 2**0.5)  # of two values: their distance over the root of two
    assert (second["pending"], second["mean"] != second["mean"]) == (1, True)


@pytest.mark.parametrize(("metric", "best"), [("accuracy", "0.900"), ("rmse", "0.500")])
def test_the_best_arm_is_marked_in_the_metrics_direction(metric: str, best: str):
    table = arms_table(arm_summary(runs(("a", 0, "done", 0.5), ("b", 0, "done", 0.9), ("c", 0, "done", 0.7), metric=metric)))
    assert [row[1].text for row in table.rows if "best" in row[1].kind] == [best]


def test_arms_that_show_the_same_best_figure_are_all_marked():
    table = arms_table(arm_summary(runs(("a", 0, "done", 0.90001), ("b", 0, "done", 0.90002), ("c", 0, "done", 0.7))))
    assert [row[0].text for row in table.rows if "best" in row[1].kind] == ["a", "b"]


def test_where_all_arms_show_the_same_figure_none_is_the_best():
    table = arms_table(arm_summary(runs(("a", 0, "done", 0.90001), ("b", 0, "done", 0.90002))))
    assert [row[1].kind for row in table.rows[:2]] == ["number", "number"]


def test_a_single_arm_is_not_the_best_of_anything():
    table = arms_table(arm_summary(runs(("a", 0, "done", 0.9))))
    assert table.rows[0][1].kind == "number"


def test_a_loss_has_no_constant_prediction_beside_it():
    some = [("a", 0, "done", 0.5), ("b", 0, "diverged", float("inf"))]
    losses = runs(*some, metric="loss").assign(chance_metric=float("inf"))
    assert [row[0].text for row in arms_table(arm_summary(losses)).rows] == ["a", "b"]
    both = pd.concat([losses, runs(*some).assign(dataset="wine")])
    assert [cell.text for cell in arms_table(arm_summary(both)).rows[-1]] == ["constant prediction", "—", "0.330"]


def test_an_arm_without_a_score_is_not_the_best():
    table = arms_table(arm_summary(runs(("a", 0, "failed", NAN), ("b", 0, "failed", NAN))))
    assert [row[1].kind for row in table.rows[:2]] == ["number", "number"]


def test_diverged_runs_are_counted_beside_the_score():
    table = arms_table(arm_summary(runs(("a", 0, "diverged", 0.33), ("a", 1, "done", 0.9))))
    assert table.rows[0][1].aside == "1 diverged"
    assert table.rows[0][1].hint == "2 runs: 1 done, 1 diverged"


def test_incidents_are_the_runs_that_did_not_end_well():
    table = incidents_table(runs(("a", 0, "done", 0.9), ("b", 4, "diverged", 0.33), ("c", 0, "timeout", NAN), ("d", 0, "pending", NAN)))
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["b", "iris", "4", "diverged", "5 epochs", "DIVERGED"],
        ["c", "iris", "0", "timeout", "5 epochs", "TIMEOUT"],
    ]


def effect(**changes: object) -> pd.DataFrame:
    row = {
        "design": "add-one-in", "factor": "optimizer", "level": "adam", "trick": "adam", "dataset": "iris", "metric": "accuracy",
        "with_arm": "baseline + adam", "without_arm": "baseline", "seeds": 3, "difference": 0.1, "low": 0.05, "high": 0.15, "verdict": "helps",
        "diverged": 0, "diverged_with": 0, "diverged_without": 0, "note": "",
    }  # fmt: skip
    return prepared(pd.DataFrame([row | changes]))


def test_the_verdicts_are_those_of_the_harness():
    assert VERDICTS == JUDGED == tuple(SYMBOLS) == tuple(CLASSES)


def test_a_verdict_is_told_by_its_symbol_as_well_as_by_its_colour():
    kinds = {}
    for verdict in VERDICTS:
        cell = verdict_table(effect(verdict=verdict), "").rows[0][1]
        kinds[cell.text.split()[0]] = cell.kind
    assert kinds == {
        "▲": "helps", "△": "helps slight", "≈": "equivalent", "·": "undecided", "▽": "hurts slight", "▼": "hurts", "=": "identical",
    }  # fmt: skip


def test_the_hint_of_a_verdict_tells_its_own_confidence_what_would_settle_it_and_what_it_speaks_of():
    row = {"confidence": 0.99833, "alone_low": 0.06, "alone_high": 0.14, "settle_low": 12.0, "settle_high": 44.0, "verdict": "undecided"}
    hint = verdict_table(effect(**row, speaks_of="all of it", aliases="l2 × dropout"), "").rows[0][-1].hint
    assert hint == (
        "undecided: +0.100 accuracy, 99.83 % interval [+0.050, +0.150]; 3 pairs of runs; on its own [+0.060, +0.140]; "
        "between 12 and 44 seeds would settle it; all of it; not to be told from l2 × dropout"
    )


def test_comparisons_with_diverged_runs_are_marked():
    assert [verdict_table(effect(diverged=count), "").rows[0][1].aside for count in (0, 2)] == ["", "†"]


def test_diverged_runs_are_counted_by_side_and_those_of_an_interaction_together():
    sides = effect(diverged=3, diverged_with=1, diverged_without=2)
    together = effect(kind="interaction", diverged=3, diverged_with=NAN, diverged_without=NAN)
    place = COLUMNS.index("diverged")
    assert [effects_table(rows).rows[0][place].text for rows in (sides, together)] == ["1 / 2", "3"]


def test_a_comparison_without_a_difference_is_an_empty_cell_with_its_reason():
    cell = verdict_table(effect(difference=NAN, low=NAN, high=NAN, note="no pair finished"), "").rows[0][1]
    assert (cell.text, cell.hint) == ("—", "no pair finished")


def test_a_trick_that_was_not_compared_on_a_dataset_leaves_its_cell_empty():
    table = verdict_table(pd.concat([effect(), effect(level="l2", trick="l2", dataset="wine")]), "")
    assert [[cell.text for cell in row] for row in table.rows] == [["adam", "▲ +0.100", "—"], ["l2", "—", "▲ +0.100"]]


def test_the_long_table_gives_interval_pairs_and_note():
    known = {
        "alone_low": 0.06,
        "alone_high": 0.14,
        "p_holm": 0.0004,
        "settle_low": 12.0,
        "settle_high": 44.0,
        "standardized": 1.5,
        "in_family": False,
    }
    table = effects_table(effect(diverged_with=1, note="one pair only", **known))
    (row,) = table.rows
    assert [cell.text for cell in row] == [
        "adam", "baseline + adam against baseline", "iris", "accuracy", "+0.100", "[+0.050, +0.150]", "[+0.060, +0.140]", "< 0.001", "3", "1 / 0",
        "▲ helps", "between 12 and 44 seeds", "+1.500", "one pair only; outside the family",
    ]  # fmt: skip
    assert len(table.columns) == len(row)


def test_a_comparison_of_means_of_many_arms_says_what_kind_it_is():
    (row,) = effects_table(effect(kind="main effect", with_arm="", without_arm="")).rows
    assert row[1].text == "main effect"
