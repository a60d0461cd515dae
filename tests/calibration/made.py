"""Made-up results in the form that the analysis reads, many comparisons at once: each is an arm of its own against one that always scores 0."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trickbench.harness.analysis.effects import effects
from trickbench.harness.analysis.looks import Looks, looks
from trickbench.harness.analysis.overall import overall
from trickbench.harness.inference.sequential import Sequential
from trickbench.harness.inference.terms import Terms

Floats = NDArray[np.float64]
Record = dict[str, Any]

ALONE = ("none of these",)
"""A family that none of the comparisons belongs to: each stands alone at its confidence."""


def contrast(treated: str, control: str = "without") -> Record:
    """One arm against another, as the store has it."""
    return {
        "design": "add-one-in", "kind": "difference", "factor": treated, "level": "on", "trick": treated, "second_factor": "", "second_level": "",
        "with_arm": treated, "without_arm": control, "weights": [[treated, 1.0], [control, -1.0]], "tricks": [treated], "aliases": [],
    }  # fmt: skip


CONTRAST = contrast("with")


def runs_of(differences: Floats, datasets: list[str], metric: str = "accuracy") -> tuple[pd.DataFrame, list[Record]]:
    """Runs in which comparisons have these differences (comparisons, datasets, seeds), and their contrasts."""
    names, arms = np.array(datasets, dtype=object), [f"trick {number}" for number in range(len(differences))]
    scores = [*differences, np.zeros(differences.shape[1:])]
    runs = pd.concat([frame(names, arm, of_arm, metric=metric) for arm, of_arm in zip([*arms, "without"], scores, strict=True)], ignore_index=True)
    return runs, [contrast(arm) for arm in arms]


def judged(differences: Floats, dataset: str = "d", metric: str = "accuracy", **terms: Any) -> pd.DataFrame:
    """Effects of comparisons (comparisons, seeds) on one dataset, each alone in its family."""
    return effects(*runs_of(differences[:, None], [dataset], metric), Terms(family=ALONE, **terms))


def together(differences: Floats, population: str, **terms: Any) -> pd.DataFrame:
    """Verdicts over datasets on comparisons (comparisons, datasets, seeds), each alone in its family."""
    table = overall(*runs_of(differences, [f"d{number}" for number in range(differences.shape[1])]), Terms(family=ALONE, **terms))
    return table[table["estimand"] == population]


def looked(differences: Floats, sequential: Sequential) -> Looks:
    """Comparisons (comparisons, seeds) on one dataset, each looked at until it is decided, alone in its family."""
    runs, contrasts = runs_of(differences[:, None], ["d"])
    return looks(runs, contrasts, Terms(family=ALONE, sequential=sequential), sequential, range(differences.shape[1]))


def frame(datasets: NDArray[Any], arm: str, scores: Floats, status: str = "done", metric: str = "accuracy") -> pd.DataFrame:
    """Runs of one arm, scores (datasets, seeds)."""
    count, seeds = scores.shape
    task = "classification" if metric in ("accuracy", "error", "loss") else "regression"
    return pd.DataFrame({
        "dataset": np.repeat(datasets, seeds), "seed": np.tile(np.arange(seeds), count), "score": scores.ravel(),
        "arm": arm, "task": task, "metric": metric, "status": status,
    })  # fmt: skip


def wrong(table: pd.DataFrame) -> int:
    """Verdicts that say a trick does something."""
    return int(table["verdict"].str.startswith(("helps", "hurts")).sum())


def holding(table: pd.DataFrame, truth: float, low: str = "low", high: str = "high") -> tuple[int, int]:
    """How many of the printed intervals hold the truth, and how many are printed."""
    printed = table[table[low].notna()]
    return int(((printed[low] <= truth) & (truth <= printed[high])).sum()), len(printed)
