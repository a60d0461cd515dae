"""From blocks to one verdict over several datasets: each contrast over all datasets that share a metric.

| estimand            | from       | difference                    | interval                                                   |
|---------------------|------------|-------------------------------|------------------------------------------------------------|
| these datasets      | 2 datasets | mean over these very datasets | t with Satterthwaite's degrees of freedom                  |
| datasets like these | 6 datasets | mean over such datasets       | Student's t over datasets: a dataset is one observation    |

Every dataset has the same weight. *Datasets like these* are those of which the study's are a random sample; whether they are one, nobody can
compute. The rows of one estimand, design and metric are a family of their own and share its confidence (Bonferroni). Beside the verdict stand

    p_holm                                 Holm's, of that family
    p_signed_rank                          Wilcoxon's over the datasets (Demšar 2006, section 3.1.3)
    helps_, equivalent_, hurts_probability of a further dataset like these (inference/hierarchical.py)
    improvement                            how often a block improves, the arms of a block paired, no change counting half (inference/shares.py);
                                           for an interaction, how often its sign is positive

The first two are given for *datasets like these* only. A dataset with fewer than two complete blocks is left out and named; one whose differences
are mostly 0 counts, and is named: with it means are held as often as stated where its other differences go both ways, and less often where they
are one-sided (docs/calibration.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..inference.families import holm, shared
from ..inference.hierarchical import further
from ..inference.intervals import LEAST_DATASETS, Spread, averaged, over_such
from ..inference.judgement import Estimate, Judgement, judge, reason_not_to_judge, rounding, skewness_warning, unjudged
from ..inference.ranks import Pseudomedian, signed_rank
from ..inference.sequential import STEP
from ..inference.shares import improvement_on_such, improvement_on_these
from ..inference.terms import DIFFERENCE, Terms, over_datasets
from .blocks import told_of_diverged
from .question import Question, questions

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats

OVERALL_COLUMNS = (
    "design", "kind", "factor", "level", "trick", "second_factor", "second_level", "metric", "datasets", "estimand", "difference", "low", "high",
    "confidence", "margin", "verdict", "p_value", "p_holm", "p_signed_rank", "helps_probability", "equivalent_probability", "hurts_probability",
    "improvement", "improvement_low", "improvement_high", "note", "statistic", "in_family", "aliases", "speaks_of",
)  # fmt: skip

Population = Literal["these datasets", "datasets like these"]
LEAST: dict[Population, int] = {"these datasets": 2, "datasets like these": LEAST_DATASETS}


def overall(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms | None = None) -> pd.DataFrame:
    """A row a contrast, metric and estimand, in `OVERALL_COLUMNS`. `runs` has a column `score`."""
    import pandas as pd

    terms = terms or Terms()
    every = questions(runs, contrasts, terms)
    rows: list[dict[str, object]] = []
    for population, least in LEAST.items():
        asked = [question for question in every if len(question.planned) >= least]
        members = Counter(question.family for question in asked if question.in_family)
        rows += [_row(question, population, members[question.family] + question.not_shown if question.in_family else 1) for question in asked]
    return _with_holm(pd.DataFrame(rows, columns=pd.Index(OVERALL_COLUMNS)), terms)


def _with_holm(table: pd.DataFrame, terms: Terms) -> pd.DataFrame:
    """With Holm's p-values of each family."""
    for (design, *_), rows in table[table["in_family"].astype(bool)].groupby(["design", "metric", "estimand"], sort=False):
        table.loc[rows.index, "p_holm"] = holm(rows["p_value"].to_numpy(np.float64), terms.not_shown(str(design)))
    return table


def _row(question: Question, population: Population, comparisons: int) -> dict[str, object]:
    terms, margin, kept = question.settings[0].terms, question.settings[0].margin, question.kept()
    confidence = shared(terms.confidence, comparisons)
    enough = len(kept.planned) >= LEAST[population]
    estimate = _estimate(kept, population)
    reason = _reason(kept, population, estimate) if enough else f"fewer than {LEAST[population]} datasets with two complete blocks"
    judged = unjudged(estimate.mean, "identical runs" if kept.identical else "undecided") if reason else judge(estimate, confidence, margin)
    figures, refused = _figures(kept, population, estimate, confidence) if enough and not kept.identical else ({}, "")
    doubtful = [] if not enough or reason else _of_single_datasets(kept) if population == "these datasets" else _of_centres(kept)
    notes = [reason, _said(kept, population) if enough else "", *doubtful, refused, *_missing(question)]
    return {
        **{name: question.contrast[name] for name in OVERALL_COLUMNS if name in question.contrast},
        "metric": question.metric, "datasets": len(kept.planned), "estimand": population, **_judgement(judged),
        "confidence": confidence, "margin": margin, "p_value": float("nan") if reason else estimate.p_value(),
        **dict.fromkeys(FIGURES, float("nan")), **figures,
        "p_holm": float("nan"), "note": "; ".join(filter(None, notes)), "statistic": "mean" if isinstance(estimate, Spread) else "pseudomedian",
        "in_family": question.in_family, "aliases": ", ".join(question.contrast.get("aliases", ())), "speaks_of": _speaks_of(question, population),
    }  # fmt: skip


def _judgement(judged: Judgement) -> dict[str, object]:
    return {"difference": judged.interval.mean, "low": judged.interval.low, "high": judged.interval.high, "verdict": judged.verdict}


def _estimate(kept: Question, population: Population) -> Estimate:
    """Where a loss diverged there is no mean, over datasets like these the pseudomedian stands in its place."""
    if not kept.infinite:
        return averaged(kept.spreads()) if population == "these datasets" else over_such(np.array(kept.centres()))
    if population == "datasets like these":
        return Pseudomedian(np.array(kept.centres()), rounding(kept.scale))
    return Spread(float("nan"), float("nan"), 0.0)


def _reason(kept: Question, population: Population, estimate: Estimate) -> str:
    """Why no interval is drawn; empty where one is."""
    if kept.identical:
        return "the arms end with the same parameters, bit for bit"
    if population == "datasets like these":
        return _reason_over_datasets(np.array(kept.centres()), rounding(kept.scale))
    if kept.infinite:
        return "a diverged run has an infinite loss: there is no mean over these datasets"
    reason = reason_not_to_judge(np.concatenate([each.differences for each in kept.planned]), kept.scale)
    still = isinstance(estimate, Spread) and estimate.error <= rounding(kept.scale)
    return reason or ("on no dataset do the differences vary: an interval would have no width" if still else "")


def _reason_over_datasets(centres: Floats, resolution: float) -> str:
    """The same rule, a dataset being one observation."""
    zeros = int(np.count_nonzero(np.abs(centres) <= resolution))
    if 2 * zeros > len(centres):
        return f"{zeros} of {len(centres)} datasets show no difference at all: an interval would rest on the few others"
    if np.isfinite(centres).all() and np.ptp(centres) <= resolution:
        return "every dataset shows the same difference: an interval would have no width"
    return ""


FIGURES = (
    "p_signed_rank", "helps_probability", "equivalent_probability", "hurts_probability", "improvement", "improvement_low", "improvement_high",
)  # fmt: skip


def _figures(kept: Question, population: Population, estimate: Estimate, confidence: float) -> tuple[dict[str, float], str]:
    """What stands beside the verdict, and why a test was refused."""
    differences = [each.differences for each in kept.planned]
    if population == "these datasets":
        improved = improvement_on_these(differences, confidence, [setting.correction for setting in kept.settings])
        return dict(zip(FIGURES[4:], improved, strict=True)), ""
    improved = improvement_on_such(differences, confidence)
    tested = signed_rank(np.array(kept.centres()), 1 - confidence, rounding(kept.scale))
    expected = further(kept.spreads(), kept.settings[0].margin) if isinstance(estimate, Spread) else [float("nan")] * 3
    return dict(zip(FIGURES, [tested.p_value, *expected, *improved], strict=True)), tested.refused


def _said(kept: Question, population: Population) -> str:
    """What the row rests on: other than a mean, or fewer seeds than there are."""
    infinite = kept.infinite and population == "datasets like these"
    told = "a diverged run has an infinite loss: the pseudomedian over datasets stands in the place of the mean" if infinite else ""
    first = f"by the first {STEP} seeds, which all have whatever came out" if kept.settings[0].terms.sequential else ""
    return "; ".join(filter(None, [told, first]))


def _of_single_datasets(kept: Question) -> list[str]:
    """Datasets that count in the mean, but have no interval of their own, or one that holds less often than stated."""
    tied = [each.dataset for each in kept.planned if reason_not_to_judge(each.differences, each.scale)]
    skewed = [each.dataset for each in kept.planned if each.dataset not in tied and skewness_warning(each.differences)]
    return [
        f"most pairs of runs scored the same on {', '.join(tied)}, which has no interval by itself" if tied else "",
        f"the differences are skewed on {', '.join(skewed)}: such intervals hold less often than stated" if skewed else "",
    ]


def _of_centres(kept: Question) -> list[str]:
    """A dataset is one observation here, and their means may be as skewed as other differences."""
    return [skewness_warning(np.array(kept.centres())).replace("the differences", "the means of the datasets")]


def _missing(question: Question) -> list[str]:
    """Datasets that are left out, or not complete, by name."""
    out = [each.dataset for each in question.planned if len(each.differences) < 2]
    partly = [f"{each.dataset} {each.left_out}" for each in question.planned if each.left_out and each.dataset not in out]
    diverged = (sum(counts) for counts in zip(*(each.diverged for each in question.planned), strict=True))
    return [
        f"left out, with fewer than two complete blocks: {', '.join(out)}" if out else "",
        f"blocks left out, since a run has no result: {', '.join(partly)}" if partly else "",
        told_of_diverged(question.metric, *diverged),
    ]


OVER: dict[Population, str] = {
    "these datasets": "these very datasets, each with the same weight", "datasets like these": "datasets of which these are a random sample"
}  # fmt: skip


def _speaks_of(question: Question, population: Population) -> str:
    """The estimand in full."""
    statistic = "pseudomedian" if question.kept().infinite else "mean"
    return over_datasets(f"the {statistic} over {OVER[population]}", [setting.speaks_of(DIFFERENCE[statistic]) for setting in question.settings])
