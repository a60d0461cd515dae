"""What a result costs: epochs, updates and seconds until the *validation* score first reaches a target.

The target of a metric is the study's, fixed before anything ran; else what the reference arm ends with: the median, over its runs on that dataset,
of the validation score of the parameters that it returns. The reference arm is the baseline, else the full recipe, else the first arm. The test
score is never asked.

A run that does not reach the target takes infinitely long: it counts, and a median is infinite where fewer than half of the runs reach. One that
reaches it and diverges later has reached it. Seconds are those of training alone, without looks. Where looks are rare (`measure_every`), a run
is seen to reach the target at the next look: up to one less than that many epochs late, as the note says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..designs.design import BASELINE, FULL
from ..metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats

COST_COLUMNS = (
    "arm", "dataset", "metric", "target", "runs", "reached", "median_epochs", "median_updates", "median_seconds", "seconds_per_run", "note",
)  # fmt: skip
ENDED = ("done", "diverged")


def costs(runs: pd.DataFrame, epochs_on: Callable[[str], pd.DataFrame], target: Mapping[str, float], measure_every: int = 1) -> pd.DataFrame:
    """A row an arm and dataset, in `COST_COLUMNS`. `epochs_on` gives the epochs of one dataset at a time; `target` is by metric."""
    import pandas as pd

    ended = runs[runs["status"].isin(ENDED)]
    rows: list[Mapping[str, object]] = []
    for (dataset, metric), group in ended.groupby(["dataset", "metric"], sort=False):
        aim, source = _target(group, str(metric), target)
        note = "; ".join(filter(None, [source, f"looked at every {measure_every} epochs" if measure_every > 1 else ""]))
        run = _runs(group, _first(epochs_on(str(dataset)), str(metric), aim))
        arms, names = pd.factorize(group["arm"])
        rows += [
            {"arm": name, "dataset": dataset, "metric": metric, "target": aim, **_costs(run[:, arms == number]), "note": note}
            for number, name in enumerate(names)
        ]
    return pd.DataFrame(rows, columns=pd.Index(COST_COLUMNS))


def _target(group: pd.DataFrame, metric: str, given: Mapping[str, float]) -> tuple[float, str]:
    """The target on one dataset, and where it comes from."""
    if metric in given:
        return given[metric], "the study's target"
    names = list(group["arm"].unique())
    reference = next((name for name in (BASELINE, FULL) if name in names), names[0])
    own = group[group["arm"] == reference]
    worst = -np.inf if METRICS[metric].higher_is_better else np.inf
    scores = own["validation_metric"].where(own["status"] == "done", worst).to_numpy(np.float64)
    aim = float(np.median(scores))
    if np.isfinite(aim):
        return aim, f"what {reference} ends with"
    return float("nan"), f"no target: {reference} diverged in half of its runs or more"


def _first(epochs: pd.DataFrame, metric: str, target: float) -> pd.DataFrame:
    """The epoch at which each run first reaches the target, and the seconds until then; a row a run that does, by its key."""
    if epochs.empty:  # nothing was recorded: no columns either
        return epochs.reindex(columns=["run", "epoch", "seconds"]).set_index("run")
    score = epochs["validation_metric"]
    there = epochs.loc[score >= target if METRICS[metric].higher_is_better else score <= target, ["run", "epoch", "seconds"]]
    return there.drop_duplicates("run").set_index("run")


def _runs(group: pd.DataFrame, reached: pd.DataFrame) -> Floats:
    """(4, runs): epochs, updates and seconds until the target, NaN where it is never reached; and all seconds."""
    when = reached.reindex(group["run"])
    epochs, each = when["epoch"].to_numpy(np.float64), group["updates"].to_numpy(np.float64) / group["epochs"].to_numpy(np.float64)
    return np.array([epochs, epochs * each, when["seconds"].to_numpy(np.float64), group["seconds"].to_numpy(np.float64)])


def _costs(run: Floats) -> dict[str, object]:
    """Of the runs of one arm on one dataset, as `_runs` gives them."""
    return {
        "runs": run.shape[1], "reached": int(np.count_nonzero(~np.isnan(run[0]))), "median_epochs": _until(run[0]), "median_updates": _until(run[1]),
        "median_seconds": _until(run[2]), "seconds_per_run": float(np.median(run[3])),
    }  # fmt: skip


def _until(values: Floats) -> float:
    """The lower median, those that never came being infinite: within that much, half of the runs are there."""
    return float(np.sort(np.where(np.isnan(values), np.inf, values))[(len(values) - 1) // 2])
