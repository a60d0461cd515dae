"""From results to effects: for each contrast and dataset the paired difference over seeds, its interval, and a verdict in words.

Two arms of one seed share the split, the initial weights (where their shapes agree), the batch order and the masks, and differ in nothing but
their factor, so a contrast is taken seed by seed: the weighted sum of its arms' scores within one block, a dataset and a seed. What the interval
speaks of, how confident a family of them is, and which differences do not matter, the study has fixed before (`inference/terms.py`). A diverged
run scores what a constant prediction scores; a block with a failed or missing run is left out, and the count of blocks says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .inference.families import holm, shared
from .inference.intervals import spread
from .inference.judgement import Judgement, judge, reason_not_to_judge
from .inference.ranks import signed_rank
from .inference.settling import floor, seeds_needed
from .inference.terms import Terms
from .metrics import METRICS

if TYPE_CHECKING:
    import pandas as pd

    from .arrays import Floats

EFFECT_COLUMNS = (
    "design", "kind", "factor", "level", "trick", "second_factor", "second_level", "with_arm", "without_arm", "dataset", "task", "metric", "seeds",
    "difference", "low", "high", "verdict", "margin", "confidence", "alone_low", "alone_high", "equivalence_low", "equivalence_high", "p_value",
    "p_holm", "p_signed_rank", "standardized", "settle_low", "settle_high", "estimand", "in_family", "diverged_with", "diverged_without", "aliases",
    "note",
)  # fmt: skip
"""`low` and `high` are the interval that the verdict rests on; `alone_` ones stand for one comparison on its own, and decide nothing."""


class Blocks(NamedTuple):
    """A contrast on one dataset, seed by seed."""

    contrast: Mapping[str, Any]
    dataset: str
    task: str
    metric: str
    differences: Floats
    """Oriented so that positive is better; blocks with a missing run are left out."""
    scale: float
    """The largest score that was subtracted."""
    identical: bool
    """Whether both arms ended with the same parameters in every block."""
    diverged: tuple[int, int]
    """Diverged runs in arms with the trick, and in those without."""


def scores(runs: pd.DataFrame) -> pd.Series[float]:
    """What each run scores: its test metric, chance level if it diverged, NaN if it has no result."""
    scored = runs["test_metric"].where(runs["status"] == "done")
    return scored.where(runs["status"] != "diverged", runs["chance_metric"])


def blocks(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]]) -> list[Blocks]:
    """Every contrast on every dataset that has all of its arms. `runs` has a column `score`; contrasts are records of `design.Contrast`."""
    datasets = runs[["dataset", "task", "metric"]].drop_duplicates().itertuples(index=False)
    arms = {(str(dataset), str(arm)): group.set_index("seed") for (dataset, arm), group in runs.groupby(["dataset", "arm"], sort=False)}
    return [
        _blocks(contrast, str(dataset), str(task), str(metric), arms)
        for dataset, task, metric in datasets
        for contrast in contrasts
        if all((dataset, arm) in arms for arm, _ in contrast["weights"])
    ]


def _blocks(contrast: Mapping[str, Any], dataset: str, task: str, metric: str, arms: Mapping[tuple[str, str], pd.DataFrame]) -> Blocks:
    weighted = [(arms[dataset, arm], weight) for arm, weight in contrast["weights"]]
    sign = 1.0 if METRICS[metric].higher_is_better else -1.0
    total = sum(((sign * weight) * arm["score"] for arm, weight in weighted[1:]), sign * weighted[0][1] * weighted[0][0]["score"])
    digests = [arm["parameters_digest"] for arm, _ in weighted] if "parameters_digest" in weighted[0][0] else []
    identical = len(digests) == 2 and bool((digests[0] == digests[1]).all() and digests[0].astype(bool).all())
    diverged = [sum(int((arm["status"] == "diverged").sum()) for arm, weight in weighted if weight * side > 0) for side in (1, -1)]
    largest = max(float(arm["score"].abs().max()) for arm, _ in weighted)
    return Blocks(contrast, dataset, task, metric, total.dropna().to_numpy(np.float64), largest, identical, (diverged[0], diverged[1]))


def effects(
    runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms | None = None, test_to_train: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """One row a contrast and dataset, in `EFFECT_COLUMNS`. `test_to_train` is n_test / n_train by dataset, needed for *new datasets* only."""
    import pandas as pd

    terms, found = terms or Terms(), blocks(runs, contrasts)
    members = [_in_family(each.contrast, terms) for each in found]
    ratios = test_to_train or {}
    rows = [
        _effect(each, terms, sum(members) if member else 1, ratios.get(each.dataset, float("nan")))
        for each, member in zip(found, members, strict=True)
    ]
    table = pd.DataFrame(rows, columns=pd.Index(EFFECT_COLUMNS))
    inside = table["in_family"].astype(bool)
    table.loc[inside, "p_holm"] = holm(table.loc[inside, "p_value"].to_numpy(np.float64))
    return table


def _in_family(contrast: Mapping[str, Any], terms: Terms) -> bool:
    return not terms.family or all(trick in terms.family for trick in str(contrast["trick"]).split(" × "))


def _effect(each: Blocks, terms: Terms, comparisons: int, ratio: float) -> dict[str, object]:
    correction = ratio if terms.estimand == "new datasets" else 0.0
    estimate, margin = spread(each.differences, correction), terms.equivalence[each.metric]
    confidence = shared(terms.confidence, comparisons)
    judged, note = _judged(each, judge(estimate, confidence, margin))
    alone = estimate.interval(terms.confidence)
    n = len(each.differences)
    deviation = float(np.std(each.differences, ddof=1)) if n > 1 else float("nan")
    open_ = judged.verdict == "undecided" and not note
    settle = seeds_needed(estimate.mean, deviation, n, confidence, margin, correction) if open_ else (float("nan"), float("nan"))
    if open_ and correction and abs(estimate.mean) < floor(deviation, confidence, correction):
        note = "no number of seeds settles this on one dataset"
    return {
        **{name: each.contrast[name] for name in EFFECT_COLUMNS if name in each.contrast},
        "aliases": ", ".join(each.contrast.get("aliases", ())),
        "dataset": each.dataset, "task": each.task, "metric": each.metric, "seeds": n,
        "difference": estimate.mean, "low": judged.interval.low, "high": judged.interval.high, "verdict": judged.verdict, "margin": margin,
        "confidence": confidence, "alone_low": alone.low, "alone_high": alone.high,
        "equivalence_low": judged.equivalence.low, "equivalence_high": judged.equivalence.high,
        "p_value": estimate.p_value(), "p_holm": float("nan"), "p_signed_rank": signed_rank(each.differences, 1 - confidence).p_value,
        "standardized": estimate.mean / deviation if deviation > 0 else float("nan"),
        "settle_low": settle[0], "settle_high": settle[1], "estimand": terms.estimand, "in_family": _in_family(each.contrast, terms),
        "diverged_with": each.diverged[0], "diverged_without": each.diverged[1], "note": "; ".join(filter(None, [note, _diverged(each)])),
    }  # fmt: skip


def _judged(each: Blocks, judged: Judgement) -> tuple[Judgement, str]:
    """Where an interval would mean nothing, none is drawn and nothing decided."""
    if each.identical and len(each.differences):
        return judged._replace(verdict="identical runs"), "both arms end with the same parameters, bit for bit"
    reason = reason_not_to_judge(each.differences, each.scale)
    return (judged._replace(verdict="undecided"), reason) if reason else (judged, "")


def _diverged(each: Blocks) -> str:
    treated, control = each.diverged
    return f"diverged runs score chance level ({treated} with, {control} without)" if treated or control else ""
