"""Which source of randomness matters: how much of the variance of a difference, or of a score, is due to each, and so which to replicate.

A score is a function f of four independent sources x (replication.py). The total effect of one of them is the variance that is left when all
others are known, T = E[Var(f | the others)], and it is estimated from N pairs of runs that share all sources but this one (Jansen 1999,
equation 7; Saltelli et al. 2010, table 2, row f):

    T = mean of (f(x) - f(x with the source drawn afresh))² / 2

It is what replicates vary by in which this source alone is drawn afresh. A source that acts by itself contributes T; what two sources do only
together counts in both, so the shares T / V of the whole variance V may add up to more than 1, and never to less.

The pair (f(x), f(x')) is a pair of repeated measurements of what the other sources fix: 1 - T / V is their intraclass correlation. With
the mean squares within pairs w (N degrees of freedom) and between pairs b (N - 1), E[w] = T and E[b] = 2V - T, so that

    share = T / V = 2 w / (w + b)

Its interval is that of log(w / b), the wider of two at each end: the exact one for normal scores, from the F distribution of w / b (Fisher 1925;
Shrout and Fleiss 1979), and Student's from the jackknife over pairs (Miller 1974), which allows for heavy tails and for sources that act together.
Simulated coverage is in docs/calibration.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..inference.intervals import t_quantile
from ..inference.terms import Terms
from ..replication import STREAMS, Stream
from ..words import listed
from .blocks import weighted
from .resampling import Resampling

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats

COLUMNS = (
    "design", "kind", "trick", "dataset", "metric", "source", "variance", "share", "share_low", "share_high", "seeds", "confidence", "note",
    "recommendation", "speaks_of",
)  # fmt: skip
"""`kind` is that of the contrast, or `score` for the score of one arm, whose name stands as `trick`. The recommendation stands in the row `all`."""

ALL = "all"
SCORE = "score"
NAMES: dict[str, tuple[str, str]] = {
    "split": ("the split", "splits"),
    "weights": ("the initial weights", "initial weights"),
    "order": ("the order of the rows", "orders of the rows"),
    "masks": ("the masks", "masks"),
}
UNUSED = "these runs do not use it"
LITTLE = 0.1
"""A source whose share is surely below this tells little when it alone is drawn afresh."""


class Share(NamedTuple):
    """The variance due to one source, and its share of the whole with an interval."""

    variance: float
    share: float
    low: float
    high: float
    pairs: int
    note: str = ""


def share_of(kept: Floats, redrawn: Floats, confidence: float) -> Share:
    """From the values (N,) of N runs and of the same with one source drawn afresh. NaN where the pairs do not tell."""
    n, nan = len(kept), float("nan")
    if n < 3:
        return Share(nan, nan, nan, nan, n, "fewer than three pairs")
    if not (np.isfinite(kept).all() and np.isfinite(redrawn).all()):
        return Share(nan, nan, nan, nan, n, "a value is not finite: it has no variance")
    rounding = 4 * float(np.finfo(np.float64).eps) * max(1.0, float(np.abs(kept).max()))
    change, between = kept - redrawn, (kept + redrawn) / np.sqrt(2)
    within = np.where(np.abs(change) > rounding, change, 0.0) ** 2 / 2
    w, b = float(within.mean()), float(between.var(ddof=1)) if np.ptp(between) > 2 * rounding else 0.0
    if w == 0 or b == 0:
        return Share(w, nan if w == b else float(b == 0), nan, nan, n, "no interval: pairs differ in nothing, or in nothing else")
    low, high = _log_ratio(within, between, confidence)
    return Share(w, _share(float(np.log(w / b))), _share(low), _share(high), n)


def _share(log_ratio: float) -> float:
    """2 w / (w + b), which is at most 1 in truth."""
    from scipy.special import expit

    return float(min(1.0, 2 * expit(log_ratio)))


def _log_ratio(within: Floats, between: Floats, confidence: float) -> tuple[float, float]:
    """The ends of the interval of log(E[w] / E[b])."""
    from scipy.special import fdtri

    n, tail = len(within), (1 - confidence) / 2
    estimate = np.log(within.mean() / between.var(ddof=1))
    half = t_quantile(1 - tail, n - 1) * _jackknife(within, between)
    if not np.isfinite(half):
        return -np.inf, np.inf
    normal = [float(estimate - np.log(fdtri(n, n - 1, probability))) for probability in (1 - tail, tail)]
    return min(normal[0], float(estimate - half)), max(normal[1], float(estimate + half))


def _jackknife(within: Floats, between: Floats) -> float:
    """The standard error of log(w / b), each pair left out in turn."""
    n = len(within)
    deviations = (between - between.mean()) ** 2
    without = np.maximum(deviations.sum() - deviations * n / (n - 1), 0) / (n - 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log((within.sum() - within) / (n - 1)) - np.log(without)
        return float(np.sqrt((n - 1) / n * ((logs - logs.mean()) ** 2).sum()))


def recommendation(shares: Mapping[Stream, Share], what: str) -> str:
    """What to replicate, in a sentence; no more than the intervals say."""
    known = {source: share for source, share in shares.items() if share.share == share.share and share.note != UNUSED}
    ranked = sorted(known, key=lambda source: -known[source].share)
    if not ranked or not known[ranked[0]].low > 0:
        return ""
    leading = [source for source in ranked if source == ranked[0] or (known[source].share > 0 and not known[source].high < known[ranked[0]].low)]
    little = [NAMES[source][1] for source in ranked if source not in leading and known[source].high < LITTLE]
    advice = f"; fresh {listed(little, 'or')} alone would tell little" if little else ""
    replicate = f"replicate {listed([NAMES[source][1] for source in leading])}{advice}."
    if len(leading) == 1:
        return f"{_percent(known[leading[0]])} of the variance of this {what} comes from {NAMES[leading[0]][0]}: {replicate}"
    told = listed([f"{NAMES[source][0]} ({_percent(known[source])})" for source in leading], "or")
    return f"{known[leading[0]].pairs} seeds do not tell whether the variance of this {what} comes from {told}: {replicate}"


def _percent(share: Share) -> str:
    span = "" if share.low != share.low or share.low == share.high else f" [{100 * share.low:.0f}, {100 * share.high:.0f}]"
    return f"{100 * share.share:.0f} %{span}"


def sources_of_variance(runs: pd.DataFrame, redrawn: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms) -> pd.DataFrame:
    """A row for each contrast or arm, dataset and source, and one for all sources together, in `COLUMNS`.

    `runs` are those that are compared, `redrawn` those with one source drawn afresh, named in `purpose`; both have a column `score`.
    """
    import pandas as pd

    rows: list[dict[str, object]] = []
    for (dataset, metric), group in redrawn.groupby(["dataset", "metric"], sort=False):
        kept = _Scores(runs[runs["dataset"] == dataset])
        others: dict[Stream, _Scores] = {}
        for source in STREAMS:
            if (group["purpose"] == source).any():
                others[source] = _Scores(group[group["purpose"] == source])
        asked = [*contrasts, *({"design": "", "kind": SCORE, "trick": arm, "weights": [[arm, 1.0]]} for arm in others[next(iter(others))].arms)]
        for contrast in asked:
            if all(arm in kept.arms for arm, _ in contrast["weights"]):
                place = {"dataset": dataset, "metric": metric, "speaks_of": _speaks_of(str(dataset), terms)}
                rows += _rows(contrast, kept, others, terms.confidence, place)
    return pd.DataFrame(rows, columns=pd.Index(COLUMNS))


def _speaks_of(dataset: str, terms: Terms) -> str:
    """Of this dataset, whatever verdicts speak of: a source of variance is one of its replicates."""
    return Resampling.of(dataset)._replace(folds=0).speaks_of(replace(terms, estimand="this dataset"), "share of the variance")


class _Scores:
    """The scores of one dataset as a matrix (arms, seeds), so that a contrast is a product, and the key of each run beside it."""

    def __init__(self, runs: pd.DataFrame) -> None:
        scores = runs.pivot(index="arm", columns="seed", values="score")
        self.arms = {str(arm): row for row, arm in enumerate(scores.index)}
        self.seeds = {int(seed): column for column, seed in enumerate(scores.columns)}
        self.scores = scores.to_numpy(np.float64)
        self.keys = runs.pivot(index="arm", columns="seed", values="run").to_numpy(object)

    def contrast(self, weights: Sequence[tuple[str, float]], seeds: Sequence[int]) -> Floats:
        """The weighted sum of scores for each of these seeds, as in a block; NaN where a run is missing."""
        rows, columns = [self.arms[arm] for arm, _ in weights], [self.seeds[seed] for seed in seeds]
        scored = self.scores[np.ix_(rows, columns)]
        return np.where(np.isnan(scored).any(axis=0), np.nan, weighted(np.array([weight for _, weight in weights]), scored))

    def runs(self, weights: Sequence[tuple[str, float]], seeds: Sequence[int]) -> list[list[str]]:
        """The keys of the runs behind it."""
        return self.keys[np.ix_([self.arms[arm] for arm, _ in weights], [self.seeds[seed] for seed in seeds])].tolist()


def _rows(
    contrast: Mapping[str, Any], kept: _Scores, others: Mapping[Stream, _Scores], confidence: float, place: Mapping[str, object]
) -> Iterator[dict[str, object]]:
    weights = contrast["weights"]
    named = {name: contrast[name] for name in ("design", "kind", "trick")} | dict(place) | {"confidence": confidence}
    shares: dict[Stream, Share] = {source: _share_of(weights, kept, scores, confidence) for source, scores in others.items()}
    for source, share in shares.items():
        yield named | _figures(source, share) | {"recommendation": ""}
    values = kept.contrast(weights, list(kept.seeds))
    values = values[~np.isnan(values)]
    variance = float(values.var(ddof=1)) if len(values) > 1 and np.isfinite(values).all() else float("nan")
    share = 1.0 if variance > 0 else float("nan")
    whole = Share(variance, share, share, share, len(values))
    what = SCORE if contrast["kind"] == SCORE else str(contrast["kind"])
    yield named | _figures(ALL, whole) | {"recommendation": recommendation(shares, what)}


def _figures(source: str, share: Share) -> dict[str, object]:
    return {
        "source": source, "variance": share.variance, "share": share.share, "share_low": share.low, "share_high": share.high,
        "seeds": share.pairs, "note": share.note,
    }  # fmt: skip


def _share_of(weights: Sequence[tuple[str, float]], kept: _Scores, redrawn: _Scores, confidence: float) -> Share:
    seeds = [seed for seed in redrawn.seeds if seed in kept.seeds]
    if kept.runs(weights, seeds) == redrawn.runs(weights, seeds):
        return Share(0.0, 0.0, 0.0, 0.0, len(seeds), UNUSED)
    before, after = kept.contrast(weights, seeds), redrawn.contrast(weights, seeds)
    present = ~(np.isnan(before) | np.isnan(after))
    return share_of(before[present], after[present], confidence)
