"""The learning curves of a study's results, arm by arm and dataset by dataset, seed by seed; and which remedy worked.

The measure is the dataset's primary metric, its chance level that of the run, where it has one. What can be reached on a dataset is the best median
validation result of its arms, where there are two or more: validation rows are like the training rows, with wrong labels where these have them. Runs
without a history (failed, timed out, not yet made) are left out.

    remedies(result)    a row for each arm of a comparison that is one of the lecture's remedies
      arm, reference, dataset, before, after, remedy, fits, worked, difference, low, high, verdict

`before` and `after` are diagnoses; `fits` says whether the remedy is one against what was diagnosed; `worked` stands in `diagnosed.py`. After a
remedy the chart is gone through from its top: one against overfitting that spoilt the training result did not work. The effect on the test
result, with its verdict, stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError, unknown
from .curves import LOSS, MEASURES, PARTS, Curve, History, Part
from .diagnosed import FOR_TESTING, FOR_TRAINING, Diagnosed, Remedy, success
from .flow_chart import again, diagnose
from .pooled import Pooled, Trainings, pooled

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Result

REMEDY_COLUMNS = ("arm", "reference", "dataset", "before", "after", "remedy", "fits", "worked", "difference", "low", "high", "verdict")
SLOTS = {remedy.slot: remedy for remedy in (*FOR_TRAINING, *FOR_TESTING)}


def of_result(result: Result, arm: str | None = None, dataset: str | None = None, target: float | None = None) -> list[Trainings]:
    """The trainings of every arm and dataset, or of those named. Raises `InputError` for an unknown one, or where no run has a history."""
    runs = result.runs
    for kind, name, known in (("arm", arm, runs["arm"]), ("dataset", dataset, runs["dataset"])):
        if name is not None and name not in set(known):
            raise unknown(f"{kind} in {result.folder}", name, known.unique())
    datasets = [name for name in runs["dataset"].unique() if dataset in (None, name)]
    found = [each for name in datasets for each in _of_dataset(result, name, arm, target)]
    if not found:
        asked = "".join(f" of {kind} {name!r}" for kind, name in (("the arm", arm), ("the dataset", dataset)) if name is not None)
        raise InputError(f"No run{asked} in {result.folder} has a history yet; start `trickbench run` again.")
    return found


def _of_dataset(result: Result, dataset: str, arm: str | None, target: float | None) -> Iterator[Trainings]:
    runs = result.runs[result.runs["dataset"] == dataset]
    reachable = _reachable(runs)
    epochs = result.epochs_on(dataset)
    by_run = {str(run): table for (_, run), table in epochs.groupby(["arm", "run"], sort=False)} if len(epochs) else {}  # arms may share a run
    for name, group in runs.groupby("arm", sort=False):
        if arm in (None, name):
            rows = [row for row in group.to_dict("records") if row["run"] in by_run]
            histories = tuple(_history(row, by_run[row["run"]], reachable, target) for row in rows)
            if histories:
                yield Trainings(str(name), dataset, histories)


def _reachable(runs: pd.DataFrame) -> float | None:
    """The best median validation result of the arms; None for one arm alone."""
    medians = runs[runs["status"] == "done"].groupby("arm")["validation_metric"].median()
    if len(medians) < 2:
        return None
    return float(medians.max() if MEASURES[str(runs["metric"].iloc[0])].higher_is_better else medians.min())


def _history(run: Mapping[Any, Any], table: pd.DataFrame, reachable: float | None, target: float | None) -> History:
    """One run's. A store holds every value that was looked at; columns that are NaN throughout were not looked at."""
    epochs = table["epoch"].to_numpy(np.float64)

    def curves(quantity: str) -> dict[Part, Curve]:
        return {part: Curve.of(table[f"{part}_{quantity}"].to_numpy(np.float64), epochs) for part in PARTS}

    measure, chance = MEASURES[run["metric"]], float(run["chance_metric"])
    layers = [f"gradient_norm_{layer}" for layer in range(1, len(table.columns)) if f"gradient_norm_{layer}" in table]
    norms = [table[name].to_numpy(np.float64) for name in layers]
    return History(
        curves("loss"), {} if measure is LOSS else curves("metric"), measure,
        gradients=tuple(Curve.of(values, epochs) for values in norms if not np.isnan(values).all()),
        target=target, chance=chance if np.isfinite(chance) else None, reachable=reachable,  # a loss has none: its first value stands for it
        kept=float(run["best_epoch"]), diverged=run["status"] == "diverged", message=str(run["message"] or ""),
        name=f"{run['arm']}, seed {run['seed']}",
    )  # fmt: skip


def remedies(result: Result, target: float | None = None) -> pd.DataFrame:
    """Which remedy worked, in `REMEDY_COLUMNS`: of every difference between two arms whose trick is a remedy of the lecture."""
    import pandas as pd

    compared = any(_remedies_of(result, contrast) for contrast in result.study.contrasts if contrast["kind"] == "difference")
    trainings = {(each.arm, each.dataset): each for each in of_result(result, target=target)} if compared else {}
    found = {key: pooled(each, diagnose) for key, each in trainings.items()}
    rows = [
        _row(effect, remedy, found[effect["without_arm"], effect["dataset"]], trainings[effect["with_arm"], effect["dataset"]])
        for effect in result.effects.to_dict("records")
        if effect["kind"] == "difference" and {(effect[side], effect["dataset"]) for side in ("with_arm", "without_arm")} <= set(found)
        for remedy in _remedies_of(result, effect)
    ]
    return pd.DataFrame(rows, columns=pd.Index(REMEDY_COLUMNS))


def no_remedies() -> pd.DataFrame:
    """The table without a row."""
    import pandas as pd

    return pd.DataFrame(columns=pd.Index(REMEDY_COLUMNS))


def _row(effect: Mapping[Any, Any], remedy: Remedy, before: Pooled, treated: Trainings) -> dict[str, Any]:
    def after_remedy(history: History) -> Diagnosed:
        return again(before.diagnosed, history)

    after = pooled(treated, after_remedy).diagnosed
    fits, worked = remedy in before.diagnosed.remedies, success(before.diagnosed, after)
    beside: dict[str, Any] = {name: effect[name] for name in ("difference", "low", "high", "verdict")}
    shown = {
        "arm": treated.arm,
        "reference": effect["without_arm"],
        "dataset": treated.dataset,
        "before": before.diagnosed.title,
        "after": after.title,
    }
    return shown | {"remedy": remedy.name, "fits": fits, "worked": worked} | beside


def _remedies_of(result: Result, effect: Mapping[Any, Any]) -> list[Remedy]:
    """The remedies that a level is: one for each slot that it fills."""
    changes = result.study.factors[effect["factor"]][effect["level"]]
    return [SLOTS[slot] for slot in changes if slot in SLOTS]
