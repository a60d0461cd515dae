"""The first lines of a report: what was found in all, how sure that is, what would settle the rest, and what holds on average."""

import dataclasses
from types import SimpleNamespace
from typing import Any

import pandas as pd

from trickbench.reports.content import content
from trickbench.reports.effects import by_source, prepared
from trickbench.reports.summary import IN_ALL, averages, summary

from . import further

NAN, INF = float("nan"), float("inf")


def effects(*verdicts: str, **changes: Any) -> pd.DataFrame:
    rows = [
        {"design": "add-one-in", "trick": "adam", "dataset": f"d{place}", "metric": "accuracy", "seeds": 10, "difference": 0.1, "verdict": verdict}
        for place, verdict in enumerate(verdicts)
    ]
    return prepared(pd.DataFrame(rows).assign(**changes))


def made(**tables: Any) -> Any:
    study = SimpleNamespace(confidence=0.9, datasets=["digits"], sequential=tables.pop("sequential", None))
    return SimpleNamespace(study=study, **tables)


def in_all(table: pd.DataFrame) -> str:
    ((setting, sentence),) = summary(made(), table)
    assert setting == IN_ALL
    return sentence


def test_all_verdicts_are_counted_with_how_sure_they_are():
    assert in_all(effects("helps", "helps", "hurts", "equivalent", "helps, negligibly", "undecided")) == (
        "of 6 comparisons of a trick on a dataset, 2 help, 1 hurts, 2 make no difference that matters and 1 is undecided. "
        "These verdicts hold together with 90 % confidence."
    )


def test_what_is_outside_the_family_is_not_said_to_hold():
    told = in_all(effects("helps", "helps", "undecided", in_family=[True, False, True]))
    assert "The 2 verdicts of the family hold together with 90 % confidence." in told


def test_where_nothing_is_decided_nothing_is_said_to_hold():
    assert in_all(effects("undecided", "undecided")) == "of 2 comparisons of a trick on a dataset, 2 are undecided."


def test_the_middle_one_of_the_undecided_says_what_would_settle_them():
    table = effects("undecided", "undecided", "undecided", settle_low=[12.0, 40.0, 300.0], settle_high=[60.0, 150.0, 900.0])
    assert in_all(table).endswith(
        "There are 10 seeds. Of 3 undecided comparisons the middle one is adam on d1: if its difference is as seen, "
        "between 40 and 150 seeds would settle it."
    )
    table.loc[2, ["settle_low", "settle_high"]] = INF
    assert in_all(table).endswith("between 12 and 60 seeds would settle it. No number of seeds settles 1 of them on one dataset.")
    unknown = pd.concat([table, effects("undecided", "undecided")])
    assert in_all(unknown).endswith("No number of seeds settles 1 of them on one dataset. Of 2 it is not known, since they have no interval.")
    assert in_all(table.assign(settle_low=INF, settle_high=INF)).endswith("undecided. No number of seeds settles 3 of them on one dataset.")


def test_what_holds_on_average_is_told_by_design_and_metric():
    setting, sentence = averages(made(overall=further.overall()))["add-one-in"]
    assert setting == "Alone, on average over these datasets"
    assert sentence == (
        "in accuracy (7 datasets, together with 90 % confidence) relu +0.060 and adam +0.030 help, l2 −0.030 hurts, "
        "dropout +0.000 makes no difference that matters."
    )
    undecided = further.overall().assign(verdict="undecided")
    assert averages(made(overall=undecided))["add-one-in"][1] == "in accuracy (7 datasets) all are undecided."
    one = undecided[undecided["trick"] == "adam"]
    assert averages(made(overall=one))["add-one-in"][1] == "in accuracy (7 datasets) adam is undecided."
    assert averages(made(overall=undecided.assign(datasets=0))) == {}


def test_where_seeds_were_added_the_averages_of_the_first_look_are_left_to_their_section():
    assert averages(made(overall=further.overall(), sequential={"most": 20})) == {}


def test_both_ends_of_what_would_settle_are_of_one_comparison():
    table = effects("undecided", "undecided", "undecided", settle_low=[6.0, 90.0, 8.0], settle_high=[200.0, 100.0, 700.0])
    assert "the middle one is adam on d0: if its difference is as seen, between 6 and 200 seeds would settle it." in in_all(table)
    endless = effects("undecided", settle_low=6.0, settle_high=INF)
    assert in_all(endless).endswith(
        "The undecided comparison is adam on d0: if its difference is as seen, 6 seeds or more would settle it, or no number of them."
    )


def test_interactions_are_counted_apart():
    pair = {"kind": "interaction", "trick": "adam × l2"}
    table = pd.concat([effects("helps", "undecided", kind="main effect"), effects("helps", "hurts", "undecided", **pair)])
    assert in_all(table).startswith(
        "of 2 comparisons of a trick on a dataset, 1 helps and 1 is undecided; of 3 interactions of two tricks on a dataset, "
        "1 gains more together than apart, 1 gains less and 1 is undecided. These verdicts hold together"
    )


def test_a_design_whose_average_is_told_is_not_counted_as_well(small: Any):
    alone = content(small).headlines
    assert alone[1][0] == "Alone"
    given = dataclasses.replace(small)
    given.overall = further.overall()
    told = content(given).headlines
    assert [setting for setting, _ in told].count("Alone") == 0
    assert told[1][0] == "Alone, on average over these datasets"


def test_the_answer_begins_with_it_and_says_nothing_of_what_was_not_measured(small: Any):
    assert content(small).headlines[0][0] == IN_ALL
    nothing = dataclasses.replace(small, effects=small.effects.assign(difference=NAN, low=NAN, high=NAN, verdict="undecided"))
    assert [sentence for _, sentence in content(nothing).headlines] == ["nothing has been measured yet."] * 2


def test_sentences_call_a_dataset_by_its_source_where_that_is_enough():
    given = ["digits[train_rows=300]", "moons[noise=0.3]", "moons[noise=0.1]", "iris"]
    assert by_source(pd.DataFrame({"dataset": given}), given)["dataset"].tolist() == ["digits", *given[1:]]
