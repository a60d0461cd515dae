"""Made-up results in the form that `analysis.effects` reads: many comparisons at once, each a dataset of its own."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from trickbench.harness.analysis.effects import effects
from trickbench.harness.inference.terms import Terms

ALONE = ("none of these",)
"""A family that none of the comparisons belongs to: each stands alone at its confidence."""

CONTRAST = {
    "design": "add-one-in", "kind": "difference", "factor": "f", "level": "on", "trick": "f", "second_factor": "", "second_level": "",
    "with_arm": "with", "without_arm": "without", "weights": [["with", 1.0], ["without", -1.0]], "aliases": [],
}  # fmt: skip


def judged(differences: NDArray[np.float64], **terms: Any) -> pd.DataFrame:
    """Effects of comparisons (comparisons, seeds), each on a dataset of its own, split as usual, and alone in its family."""
    names = np.array([f"d{number}" for number in range(len(differences))], dtype=object)
    zeros = np.zeros_like(differences)
    runs = pd.concat([frame(names, "with", differences), frame(names, "without", zeros)], ignore_index=True)
    return effects(runs, [CONTRAST], Terms(family=ALONE, **terms))


def frame(datasets: NDArray[Any], arm: str, scores: NDArray[np.float64], status: str = "done", metric: str = "accuracy") -> pd.DataFrame:
    """Runs of one arm, scores (datasets, seeds)."""
    count, seeds = scores.shape
    task = "classification" if metric in ("accuracy", "error") else "regression"
    table = pd.DataFrame({"dataset": np.repeat(datasets, seeds), "seed": np.tile(np.arange(seeds), count), "score": scores.ravel()})
    return table.assign(arm=arm, task=task, metric=metric, status=status)
