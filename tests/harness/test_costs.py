"""Time to target: by validation alone, in epochs, updates and seconds, with runs that never get there counted."""

import numpy as np
import pandas as pd
import pytest

from trickbench.harness.ablation import run
from trickbench.harness.analysis.costs import COST_COLUMNS, costs
from trickbench.harness.study import Study


def made(curves, metric="accuracy", dataset="d", status=(), every=1):
    """Runs and their epochs from validation curves by arm; an epoch takes 3 updates and half a second, and returns its last parameters."""
    rows, epochs = [], []
    for arm, seeds in curves.items():
        for seed, curve in enumerate(seeds):
            name, count = f"{arm} {seed}", every * len(curve)
            rows.append(
                {
                    "run": name, "arm": arm, "dataset": dataset, "metric": metric, "seed": seed, "epochs": count, "updates": 3 * count,
                    "seconds": count / 2, "validation_metric": curve[-1], "status": dict(status).get(name, "done"),
                }
            )  # fmt: skip
            looks = every * np.arange(1, len(curve) + 1)
            epochs.append(pd.DataFrame({"run": name, "epoch": looks, "seconds": looks / 2, "validation_metric": curve}))
    table = pd.concat(epochs)
    return pd.DataFrame(rows), lambda asked: table if asked == dataset else pd.DataFrame()


def test_the_first_look_at_or_above_the_target_counts():
    found = costs(*made({"baseline": [[0.2, 0.5, 0.4, 0.9]] * 3}), {"accuracy": 0.5})
    assert tuple(found.columns) == COST_COLUMNS
    row = found.iloc[0]
    assert (row["runs"], row["reached"], row["median_epochs"], row["median_updates"], row["median_seconds"]) == (3, 3, 2, 6, 1.0)
    assert row["seconds_per_run"] == 2.0
    assert (row["target"], row["note"]) == (0.5, "the study's target")


def test_for_an_error_it_is_the_first_at_or_below():
    found = costs(*made({"baseline": [[0.8, 0.5, 0.1]]}, metric="error"), {"error": 0.5})
    assert found["median_epochs"].tolist() == [2]


def test_a_run_that_never_gets_there_takes_infinitely_long():
    never, quick = [0.1, 0.2], [0.1, 0.9]
    curves = {"baseline": [quick, quick, never], "a": [never, never, quick], "b": [never, quick], "c": [never]}
    found = costs(*made(curves), {"accuracy": 0.5}).set_index("arm")
    assert found["reached"].tolist() == [2, 1, 1, 0]
    assert found["median_epochs"].tolist() == [2, np.inf, 2, np.inf]  # infinite where fewer than half get there
    assert found["median_updates"].tolist() == [6, np.inf, 6, np.inf]
    assert found["seconds_per_run"].notna().all()


@pytest.mark.parametrize(
    ("names", "reference"), [(("x", "baseline"), "baseline"), (("x", "full"), "full"), (("full", "baseline"), "baseline"), (("y", "x"), "y")]
)
def test_without_a_target_it_is_what_the_reference_arm_ends_with(names, reference):
    ends = {name: [[0.1, 0.3 + 0.1 * place + 0.01 * seed] for seed in range(3)] for place, name in enumerate(names)}
    found = costs(*made(ends), {})
    assert found["target"].tolist() == pytest.approx([ends[reference][1][1]] * 2)
    assert (found["note"] == f"what {reference} ends with").all()


def test_a_reference_that_diverges_gives_no_target():
    runs, epochs_on = made({"baseline": [[0.1, np.nan], [0.2, 0.3]], "x": [[0.1, 0.9]]}, status={"baseline 0": "diverged"})
    found = costs(runs, epochs_on, {}).set_index("arm")
    assert found["target"].isna().all()
    assert (found["reached"] == 0).all()
    assert found["note"].str.contains("baseline diverged in half of its runs or more").all()


def test_a_run_that_diverges_after_it_got_there_has_been_there():
    runs, epochs_on = made({"baseline": [[0.6, np.nan]]}, status={"baseline 0": "diverged"})
    assert costs(runs, epochs_on, {"accuracy": 0.5})["reached"].tolist() == [1]


def test_runs_without_a_result_do_not_count():
    runs, epochs_on = made({"baseline": [[0.6], [0.6]], "x": [[0.6]]}, status={"baseline 1": "failed", "x 0": "pending"})
    found = costs(runs, epochs_on, {"accuracy": 0.5})
    assert found[["arm", "runs"]].to_numpy().tolist() == [["baseline", 1]]
    assert costs(runs.assign(status="pending"), epochs_on, {}).empty


def test_rare_looks_are_said():
    found = costs(*made({"baseline": [[0.2, 0.7]]}, every=5), {"accuracy": 0.5}, measure_every=5).iloc[0]
    assert (found["median_epochs"], found["median_updates"]) == (10, 30)
    assert "looked at every 5 epochs" in found["note"]


def test_one_dataset_is_read_at_a_time():
    first, second = (made({"baseline": [[0.2, 0.7]]}, dataset=name) for name in "ab")
    asked = []

    def epochs_on(dataset):
        asked.append(dataset)
        return (first if dataset == "a" else second)[1](dataset)

    assert costs(pd.concat([first[0], second[0]]), epochs_on, {})["dataset"].tolist() == ["a", "b"]
    assert asked == ["a", "b"]


def test_a_study_has_them_all(tmp_path):
    """Equal recipes under two names share their runs, and both have their costs."""
    study = Study(
        question="How long?", datasets=["iris", "wine"], seeds=3, epochs=20, target={"accuracy": 0.5},
        baseline={"hidden": [8], "activation": "sigmoid", "initializer": "glorot", "optimizer": "sgd[learning_rate=0.1]"},
        factors={"activation": {"same": {"activation": "sigmoid"}, "relu": {"activation": "relu"}}},
    )  # fmt: skip
    result = run(study, output=tmp_path, workers=1)
    found = result.costs.set_index(["dataset", "arm"])
    assert len(found) == 6
    assert found.loc[("iris", "baseline + same")].to_dict() == found.loc[("iris", "baseline")].to_dict()
    epochs, runs = result.epochs, result.runs.set_index("run")
    there = epochs[(epochs["validation_metric"] >= 0.5) & (epochs["arm"] == "baseline") & (epochs["dataset"] == "wine")].groupby("run")["epoch"].min()
    assert found.loc[("wine", "baseline"), "reached"] == len(there)
    assert len(there) == 3, "the setting is such that all get there"
    assert found.loc[("wine", "baseline"), "median_epochs"] == there.median()
    each = there * runs["updates"].groupby(level=0).first() / runs["epochs"].groupby(level=0).first()
    assert found.loc[("wine", "baseline"), "median_updates"] == each.median()
    identical = result.overall[result.overall["trick"] == "same"].iloc[0]
    assert (identical["verdict"], identical["datasets"]) == ("identical runs", 2)
    assert result.standings.empty
    assert set(result.profiles["arm"]) == {"baseline", "baseline + same", "baseline + relu"}
