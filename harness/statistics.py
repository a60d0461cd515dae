"""From results to effects: for each trick and dataset the paired difference over seeds, its 95 % interval, and a verdict in words.

Two arms of one seed share the split, the initial weights (where their shapes agree), the batch order and the masks, and differ in nothing but
their factor, so the differences of their scores are taken seed by seed. The estimand is the expected difference on this dataset over fresh
splits and seeds; the interval is Student's,

    mean ± t(0.975, n - 1) · s / √n

and each stands alone at 95 %: of m intervals of tricks that do nothing, about m/20 will exclude zero. A diverged run scores what a constant
prediction scores; a pair with a failed or missing run is left out, and the count of pairs says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from .metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from .arrays import Floats

Verdict = Literal["helps", "hurts", "no detectable difference"]

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A mean with its confidence interval; `low` and `high` are NaN below two values."""

    mean: float
    low: float
    high: float


def t_interval(differences: Floats, confidence: float = CONFIDENCE) -> Interval:
    """Student's interval for the mean of independent differences."""
    from scipy.special import stdtrit

    n = len(differences)
    mean = float(np.mean(differences)) if n else float("nan")
    if n < 2:
        return Interval(mean, float("nan"), float("nan"))
    half = float(stdtrit(n - 1, 0.5 + confidence / 2) * np.std(differences, ddof=1) / np.sqrt(n))
    return Interval(mean, mean - half, mean + half)


def verdict(differences: Floats, interval: Interval, scale: float = 1.0) -> tuple[Verdict, str]:
    """The verdict, and a note where the interval cannot be taken at its word. Positive differences are gains.

    `scale` is the size of the scores that were subtracted: what differs by their rounding only is equal.
    """
    rounding = 4 * float(np.finfo(np.float64).eps) * max(scale, 1.0)
    nothing: Verdict = "no detectable difference"
    if len(differences) < 2:
        return nothing, "fewer than two pairs of runs: no interval"
    if np.abs(differences).max() <= rounding:
        return nothing, "every pair of runs scored the same"
    if np.ptp(differences) <= rounding:
        return nothing, "every difference is the same: an interval would have no width"
    if interval.low > 0:
        return "helps", ""
    return ("hurts", "") if interval.high < 0 else (nothing, "")


def scores(runs: pd.DataFrame) -> pd.Series[float]:
    """What each run scores: its test metric, chance level if it diverged, NaN if it has no result."""
    scored = runs["test_metric"].where(runs["status"] == "done")
    return scored.where(runs["status"] != "diverged", runs["chance_metric"])


def effects(runs: pd.DataFrame, contrasts: Sequence[dict[str, str]]) -> pd.DataFrame:
    """One row a contrast and dataset. `runs` has a column `score`; a contrast names design, factor, level, trick, with_arm and without_arm."""
    import pandas as pd

    datasets = runs[["dataset", "task", "metric"]].drop_duplicates().itertuples(index=False)
    arms = {key: group.set_index("seed") for key, group in runs.groupby(["dataset", "arm"], sort=False)}
    rows = [
        contrast
        | {"dataset": dataset, "task": task, "metric": metric}
        | _effect(arms[dataset, contrast["with_arm"]], arms[dataset, contrast["without_arm"]], str(metric))
        for dataset, task, metric in datasets
        for contrast in contrasts
        if (dataset, contrast["with_arm"]) in arms and (dataset, contrast["without_arm"]) in arms
    ]
    return pd.DataFrame(rows, columns=None if rows else pd.Index(EFFECT_COLUMNS))


EFFECT_COLUMNS = (
    "design", "factor", "level", "trick", "with_arm", "without_arm", "dataset", "task", "metric", "seeds", "difference", "low", "high", "verdict",
    "diverged_with", "diverged_without", "note",
)  # fmt: skip


def _effect(treated: pd.DataFrame, control: pd.DataFrame, metric: str) -> dict[str, object]:
    sign = 1.0 if METRICS[metric].higher_is_better else -1.0
    differences = (sign * (treated["score"] - control["score"])).dropna().to_numpy()
    interval = t_interval(differences)
    said, note = verdict(differences, interval, float(max(treated["score"].abs().max(), control["score"].abs().max())))
    diverged = [int((arm["status"] == "diverged").sum()) for arm in (treated, control)]
    notes = [note] + ([f"diverged runs score chance level ({diverged[0]} with, {diverged[1]} without)"] if any(diverged) else [])
    return {
        "seeds": len(differences),
        "difference": interval.mean,
        "low": interval.low,
        "high": interval.high,
        "verdict": said,
        "diverged_with": diverged[0],
        "diverged_without": diverged[1],
        "note": "; ".join(filter(None, notes)),
    }
