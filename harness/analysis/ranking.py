"""Arms against each other over datasets that share a metric: ranks, interquartile means, performance profiles.

Scores of different datasets are brought to one scale first: 0 is what a constant prediction scores (on average over the splits), 1 the best mean
of any arm of this study on that dataset. So 1 is no limit, it moves when an arm is added, and it is taken as given by all intervals here. A
dataset on which no arm is better than chance has no such scale, nor has a loss: they are ranked only.

    standings     from 6 datasets: mean ranks with Nemenyi's critical difference, and the interquartile mean over all blocks of these datasets
    profiles      from 2 datasets: the share of blocks in which an arm scores at least τ, each dataset with the same weight

Only blocks (a dataset and a seed) count in which every arm has a result; a dataset without any is left out and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..inference.friedman import critical_difference, friedman_p, ranks
from ..inference.intervals import LEAST_DATASETS
from ..inference.shares import share
from ..inference.terms import CONFIDENCE
from ..inference.trimmed import interquartile_mean
from ..metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats

STANDING_COLUMNS = (
    "metric", "arm", "datasets", "mean_rank", "critical_difference", "p_friedman", "iqm", "iqm_low", "iqm_high", "confidence", "note",
)  # fmt: skip
PROFILE_COLUMNS = ("metric", "arm", "tau", "share", "share_low", "share_high", "datasets", "confidence")
"""The interval is that of one τ, for these datasets."""

TAUS = tuple(step / 20 for step in range(23))


class Field(NamedTuple):
    """All arms on one dataset."""

    dataset: str
    scores: Floats
    """(arms, complete blocks), oriented so that more is better."""
    chance: float
    """Oriented alike."""

    def normalised(self) -> Floats | None:
        """0 is chance, 1 the best mean; None where there is no such scale."""
        span = float(self.scores.mean(axis=1).max()) - self.chance if self.scores.size else float("nan")
        return (self.scores - self.chance) / span if 0 < span < np.inf else None


def standings(runs: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """A row an arm and metric, in `STANDING_COLUMNS`. `runs` has a column `score`."""
    import pandas as pd

    rows = [row for metric, arms, fields in _by_metric(runs) if len(fields) >= LEAST_DATASETS for row in _standings(metric, arms, fields, confidence)]
    return pd.DataFrame(rows, columns=pd.Index(STANDING_COLUMNS))


def profiles(runs: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """A row an arm, metric and τ, in `PROFILE_COLUMNS`. `runs` has a column `score`."""
    import pandas as pd

    rows = [row for metric, arms, fields in _by_metric(runs) for row in _profiles(metric, arms, fields, confidence)]
    return pd.DataFrame(rows, columns=pd.Index(PROFILE_COLUMNS))


def _by_metric(runs: pd.DataFrame) -> Iterator[tuple[str, list[str], list[Field]]]:
    """Each metric of two or more datasets, with its arms and its datasets."""
    for metric, group in runs.groupby("metric", sort=False):
        arms = [str(arm) for arm in group["arm"].unique()]
        datasets = [_field(str(dataset), str(metric), arms, rows) for dataset, rows in group.groupby("dataset", sort=False)]
        if len(datasets) > 1:
            yield str(metric), arms, datasets


def _field(dataset: str, metric: str, arms: list[str], runs: pd.DataFrame) -> Field:
    sign = 1.0 if METRICS[metric].higher_is_better else -1.0
    scores = sign * runs.pivot(index="arm", columns="seed", values="score").reindex(arms).to_numpy(np.float64)
    complete = ~np.isnan(scores).any(axis=0)
    return Field(dataset, scores[:, complete], sign * float(runs["chance_metric"].mean()))


def _standings(metric: str, arms: list[str], fields: list[Field], confidence: float) -> Iterator[Mapping[str, object]]:
    kept = [field for field in fields if field.scores.size]
    enough = len(kept) >= LEAST_DATASETS
    ranked = ranks(np.array([field.scores.mean(axis=1) for field in kept])) if enough else np.full((1, len(arms)), np.nan)
    shared = {
        "metric": metric, "datasets": len(kept), "confidence": confidence, "note": _note(fields, kept),
        "p_friedman": friedman_p(ranked) if enough else float("nan"),
        "critical_difference": critical_difference(len(arms), len(kept), confidence) if enough else float("nan"),
    }  # fmt: skip
    scaled = [scores for field in kept if (scores := field.normalised()) is not None] if enough else []
    for place, arm in enumerate(arms):
        middle = interquartile_mean([scores[place] for scores in scaled]).interval(confidence)
        yield shared | {"arm": arm, "mean_rank": ranked[:, place].mean(), "iqm": middle.mean, "iqm_low": middle.low, "iqm_high": middle.high}


def _note(fields: list[Field], kept: list[Field]) -> str:
    """What is left out, by name."""
    missing = [field.dataset for field in fields if not field.scores.size]
    unscaled = [field.dataset for field in kept if field.normalised() is None]
    return "; ".join(filter(None, [
        f"left out, since no block has a result of every arm: {', '.join(missing)}" if missing else "",
        f"fewer than {LEAST_DATASETS} datasets are left: no ranks" if len(kept) < LEAST_DATASETS else "",
        f"ranked only, since there is no scale from chance to the best arm: {', '.join(unscaled)}" if unscaled else "",
    ]))  # fmt: skip


def _profiles(metric: str, arms: list[str], fields: list[Field], confidence: float) -> Iterator[Mapping[str, object]]:
    scaled = [scores for field in fields if (scores := field.normalised()) is not None]
    if len(scaled) < 2:
        return
    number = len(scaled) * min(scores.shape[1] for scores in scaled)
    reached = np.mean([(scores[:, :, None] >= np.array(TAUS)).mean(axis=1) for scores in scaled], axis=0)
    for (place, arm), (column, tau) in product(enumerate(arms), enumerate(TAUS)):
        mean, low, high = share(float(reached[place, column]), number, confidence)
        yield {
            "metric": metric, "arm": arm, "tau": tau, "share": mean, "share_low": low, "share_high": high, "datasets": len(scaled),
            "confidence": confidence,
        }  # fmt: skip
