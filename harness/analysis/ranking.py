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
from ..inference.judgement import rounding
from ..inference.shares import share
from ..inference.terms import Terms, over_datasets
from ..inference.trimmed import interquartile_mean
from ..metrics import METRICS
from .resampling import Resampling

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats

STANDING_COLUMNS = (
    "metric", "arm", "datasets", "mean_rank", "critical_difference", "p_friedman", "iqm", "iqm_low", "iqm_high", "confidence", "note",
    "speaks_of",
)  # fmt: skip
PROFILE_COLUMNS = ("metric", "arm", "tau", "share", "share_low", "share_high", "datasets", "confidence", "speaks_of")
"""The interval is that of one τ, for these datasets."""

SCORE = "normalised score (the best arm's mean taken as given)"

TAUS = tuple(step / 20 for step in range(23))


class Field(NamedTuple):
    """All arms on one dataset."""

    dataset: str
    scores: Floats
    """(arms, complete blocks), oriented so that more is better."""
    chance: float
    """Oriented alike."""
    correction: float
    """n_test / n_train where replicates speak of *new datasets*, else 0."""
    speaks_of: str
    """Of what a score here is one draw."""

    @property
    def resolution(self) -> float:
        """What mean scores that are equal may differ by."""
        finite = np.abs(self.scores[np.isfinite(self.scores)])
        return rounding(float(finite.max(initial=0.0)))

    def reached(self) -> Floats:
        """The share of blocks in which each arm scores at least each of `TAUS` on the scale (arms, TAUS)."""
        lines = self.chance + np.array(TAUS) * self.span
        return (self.scores[:, :, None] >= lines - self.resolution).mean(axis=1)

    @property
    def span(self) -> float:
        """From chance to the best mean; NaN without scores."""
        return float(self.scores.mean(axis=1).max()) - self.chance if self.scores.size else float("nan")

    def normalised(self) -> Floats | None:
        """0 is chance, 1 the best mean; None where there is no such scale."""
        return (self.scores - self.chance) / self.span if 0 < self.span < np.inf else None


def standings(runs: pd.DataFrame, terms: Terms | None = None) -> pd.DataFrame:
    """A row an arm and metric, in `STANDING_COLUMNS`. `runs` has a column `score`."""
    import pandas as pd

    terms = terms or Terms()
    enough = ((metric, arms, fields) for metric, arms, fields in _by_metric(runs, terms) if len(fields) >= LEAST_DATASETS)
    rows = [row for metric, arms, fields in enough for row in _standings(metric, arms, fields, terms.confidence)]
    return pd.DataFrame(rows, columns=pd.Index(STANDING_COLUMNS))


def profiles(runs: pd.DataFrame, terms: Terms | None = None) -> pd.DataFrame:
    """A row an arm, metric and τ, in `PROFILE_COLUMNS`. `runs` has a column `score`."""
    import pandas as pd

    terms = terms or Terms()
    rows = [row for metric, arms, fields in _by_metric(runs, terms) for row in _profiles(metric, arms, fields, terms.confidence)]
    return pd.DataFrame(rows, columns=pd.Index(PROFILE_COLUMNS))


def _by_metric(runs: pd.DataFrame, terms: Terms) -> Iterator[tuple[str, list[str], list[Field]]]:
    """Each metric of two or more datasets, with its arms and its datasets."""
    for metric, group in runs.groupby("metric", sort=False):
        arms = [str(arm) for arm in group["arm"].unique()]
        datasets = [_field(str(dataset), str(metric), arms, rows, terms) for dataset, rows in group.groupby("dataset", sort=False)]
        if len(datasets) > 1:
            yield str(metric), arms, datasets


def _field(dataset: str, metric: str, arms: list[str], runs: pd.DataFrame, terms: Terms) -> Field:
    sign = 1.0 if METRICS[metric].higher_is_better else -1.0
    scores = sign * runs.pivot(index="arm", columns="seed", values="score").reindex(arms).to_numpy(np.float64)
    complete = ~np.isnan(scores).any(axis=0)
    resampling = Resampling.of(dataset)
    chance = sign * float(runs["chance_metric"].mean())
    return Field(dataset, scores[:, complete], chance, resampling.correction(terms), resampling.speaks_of(terms, SCORE))


def _standings(metric: str, arms: list[str], fields: list[Field], confidence: float) -> Iterator[Mapping[str, object]]:
    kept = [field for field in fields if field.scores.size]
    enough = len(kept) >= LEAST_DATASETS
    means, resolutions = np.array([field.scores.mean(axis=1) for field in kept]), [field.resolution for field in kept]
    ranked = ranks(means, resolutions) if enough else np.full((1, len(arms)), np.nan)
    shared = {
        "metric": metric, "datasets": len(kept), "confidence": confidence, "note": _note(fields, kept),
        "p_friedman": friedman_p(ranked) if enough else float("nan"),
        "critical_difference": critical_difference(len(arms), len(kept), confidence) if enough else float("nan"),
    }  # fmt: skip
    scaled = [scores for field in kept if (scores := field.normalised()) is not None] if enough else []
    dependent = any(field.correction for field in kept)
    shared["speaks_of"] = over_datasets("the interquartile mean over all blocks of these very datasets", [field.speaks_of for field in kept])
    for place, arm in enumerate(arms):
        middle = interquartile_mean([scores[place] for scores in scaled]).interval(confidence)
        low, high = (float("nan"), float("nan")) if dependent else (middle.low, middle.high)
        yield shared | {"arm": arm, "mean_rank": ranked[:, place].mean(), "iqm": middle.mean, "iqm_low": low, "iqm_high": high}


DEPENDENT = "replicates that speak of new datasets are not independent: the interquartile mean has no interval"


def _note(fields: list[Field], kept: list[Field]) -> str:
    """What is left out, by name."""
    missing = [field.dataset for field in fields if not field.scores.size]
    unscaled = [field.dataset for field in kept if field.normalised() is None]
    return "; ".join(filter(None, [
        f"left out, since no block has a result of every arm: {', '.join(missing)}" if missing else "",
        f"fewer than {LEAST_DATASETS} datasets are left: no ranks" if len(kept) < LEAST_DATASETS else "",
        DEPENDENT if any(field.correction for field in kept) else "",
        f"ranked only, since there is no scale from chance to the best arm: {', '.join(unscaled)}" if unscaled else "",
    ]))  # fmt: skip


def _profiles(metric: str, arms: list[str], fields: list[Field], confidence: float) -> Iterator[Mapping[str, object]]:
    scaled = [field for field in fields if field.normalised() is not None]
    if len(scaled) < 2:
        return
    number = len(scaled) * min(1 / (1 / field.scores.shape[1] + field.correction) for field in scaled)
    spoken = over_datasets("the share of blocks that reach τ, each dataset with the same weight", [field.speaks_of for field in scaled])
    reached = np.mean([field.reached() for field in scaled], axis=0)
    for (place, arm), (column, tau) in product(enumerate(arms), enumerate(TAUS)):
        mean, low, high = share(float(reached[place, column]), number, confidence)
        yield {
            "metric": metric, "arm": arm, "tau": tau, "share": mean, "share_low": low, "share_high": high, "datasets": len(scaled),
            "confidence": confidence, "speaks_of": spoken,
        }  # fmt: skip
