"""Results that are empty, partial, or of an unusual shape are reported all the same."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from trickbench.reports.content import content
from trickbench.reports.markdown import markdown
from trickbench.reports.page import page

from .test_page import BUNDLE, Reader


def both(made: Any) -> tuple[str, str]:
    said = content(made)
    return Reader(page(said, BUNDLE)).text, markdown(said)


def test_a_result_with_pending_and_failed_runs_says_first_that_it_is_partial(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=2, epochs=3)
    made.runs.loc[:4, "status"] = "pending"
    made.runs.loc[5:6, "status"] = "failed"
    made.runs.loc[7, "status"] = "timeout"
    for text in both(made):
        assert "This result is partial: of 34 runs, 5 not run yet, 2 failed and 1 ran out of time." in text
        assert text.index("partial") < text.index("Alone")


def test_a_complete_result_is_not_called_partial(small: Any):
    assert content(small).partial == ""


@pytest.mark.parametrize(
    ("status", "sentences"),
    [
        ("pending", ["of 34 runs, 34 not run yet", "nothing has been measured yet.", "There is no measured difference to draw."]),
        ("pending", ["No run has finished an epoch yet.", "Neither the baseline nor the full recipe has finished an epoch yet."]),
        ("failed", ["of 34 runs, 34 failed", "nothing has been measured yet.", "ValueError: the network has no rows."]),
        ("diverged", ["Of 34 runs, 34 diverged.", "The training loss became infinite at epoch 3."]),
    ],
)  # fmt: skip
def test_a_study_in_which_all_runs_end_alike_is_reported(make: Callable[..., Any], status: str, sentences: list[str]):
    for text in both(make(datasets=("iris",), seeds=2, epochs=3, status=status)):
        assert [sentence for sentence in sentences if sentence not in text] == []


def test_one_seed_gives_differences_without_intervals(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=1, epochs=3)
    assert made.effects["low"].isna().all()
    for text in both(made):
        assert "No comparison has an interval" in text
        assert "relu, maxout, momentum, rmsprop, adam, l2, dropout, early stopping and he are undecided" in text
        assert "nan" not in text.lower()


def test_one_dataset_of_a_design_without_a_full_recipe_is_reported(make: Callable[..., Any]):
    made = make(datasets=("diabetes",), seeds=3, epochs=3)
    made.study.design = ("add-one-in",)
    keep = ~made.runs["arm"].str.startswith("full")
    made.runs, made.epochs = made.runs[keep], made.epochs[~made.epochs["arm"].str.startswith("full")]
    made.effects = made.effects[made.effects["design"] == "add-one-in"]
    for text in both(made):
        assert "10 arms × 1 dataset × 3 seeds" in text
        assert "Within the full recipe" not in text


@pytest.mark.parametrize("frame", [pd.DataFrame(), None])
def test_without_effects_the_report_says_so(make: Callable[..., Any], frame: pd.DataFrame | None):
    made = make(datasets=("iris",), seeds=2, epochs=3)
    made.effects = made.effects.head(0) if frame is None else frame
    for text in both(made):
        assert "There is no comparison to show" in text
        assert "no comparison has both of its arms yet" in text


def test_a_result_without_any_run_is_reported(make: Callable[..., Any]):
    made = dataclasses.replace(make(datasets=("iris",), seeds=1, epochs=2), runs=pd.DataFrame(), epochs=pd.DataFrame(), effects=pd.DataFrame())
    for text in both(made):
        assert "This result is empty" in text


def test_runs_without_a_single_finished_epoch_are_reported(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=2, epochs=1, status="diverged")
    for text in both(made):
        assert "Every run diverged before it was first looked at" in text


def test_a_study_of_losses_says_nothing_of_constant_predictions(make: Callable[..., Any]):
    made = make(datasets=("digits",), seeds=8, epochs=12)
    inf = float("inf")
    made.runs = made.runs.assign(metric="loss", chance_metric=inf, score=made.runs["score"].mask(made.runs["status"] == "diverged", inf))
    made.effects = made.effects.assign(metric="loss")
    first = made.effects["trick"] == "momentum"
    made.effects.loc[first, ["difference", "low", "high", "statistic"]] = [-inf, -inf, -0.1, "pseudomedian"]
    for text in both(made):
        assert "constant prediction" not in text
        assert "A diverged run has an infinite loss: it is worse than every other." in text
        assert "the pseudomedian, where a loss diverged" in text
        assert "it is infinite where a loss diverged" in text
        assert "nan" not in text.lower()
    made.runs = pd.concat([made.runs, make(datasets=("iris",), seeds=2, epochs=3).runs])
    for text in both(made):
        assert (
            "A diverged run scores what a constant prediction scores on its test rows; where the metric is the loss, it is worse than every other."
            in text
        )


def test_of_many_arms_the_best_are_drawn_and_the_rest_is_said(make: Callable[..., Any]):
    made = make(datasets=("iris",), seeds=2, epochs=3)
    copies = {f"baseline + trick {number}": number / 100 for number in range(12)}
    one = made.runs[made.runs["arm"] == "baseline + adam"]
    made.runs = pd.concat([made.runs, *(one.assign(arm=arm, run=one["run"] + arm, score=score) for arm, score in copies.items())], ignore_index=True)
    curve = made.epochs[made.epochs["arm"] == "baseline + adam"]
    made.epochs = pd.concat([made.epochs, *(curve.assign(arm=arm, run=curve["run"] + arm) for arm in copies)], ignore_index=True)
    (figure,) = content(made).curves
    drawn = {row["panel"] for row in figure.spec["datasets"]["curves"]}  # pyright: ignore[reportOptionalSubscript]
    assert "Of 29 arms, the 18 with the best mean score are drawn" in figure.caption
    assert {"full", "baseline + trick 11"} <= drawn
    assert "baseline + trick 0" not in drawn  # the lowest scores are those of the copies
    assert len(drawn) == 17  # the baseline is among the best, and stands beside every other
