"""From blocks to one verdict over several datasets: each contrast over all datasets that share a metric.

| estimand            | from       | difference                    | interval                                                   |
|---------------------|------------|-------------------------------|------------------------------------------------------------|
| these datasets      | 2 datasets | mean over these very datasets | t with Satterthwaite's degrees of freedom                  |
| datasets like these | 6 datasets | mean over such datasets       | Student's t over datasets: a dataset is one observation    |

Every dataset has the same weight. *Datasets like these* are those of which the study's are a random sample; whether they are one, nobody can
compute. The rows of one estimand, design and metric are a family of their own and share its confidence (Bonferroni). Beside the verdict stand

    p_signed_rank                          Wilcoxon's over the datasets (Demšar 2006, section 3.1.3)
    helps_, equivalent_, hurts_probability of a further dataset like these (inference/hierarchical.py)
    improvement                            how often a block improves, the arms of a block paired, no change counting half (inference/shares.py);
                                           for an interaction, how often its sign is positive

The first two are given for *datasets like these* only. A dataset with fewer than two complete blocks is left out and named; one whose differences
are mostly 0 counts, and is named: means over two to six datasets of which up to half are such are held as often as stated (docs/calibration.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..inference.families import shared
from ..inference.hierarchical import further
from ..inference.intervals import LEAST_DATASETS, Spread, averaged, over_such, spread
from ..inference.judgement import Estimate, Judgement, judge, reason_not_to_judge, rounding, skewness_warning, unjudged
from ..inference.ranks import Pseudomedian, signed_rank
from ..inference.sequential import STEP
from ..inference.shares import improvement_on_such, improvement_on_these
from ..inference.terms import Terms
from .blocks import Blocks, blocks, told_of_diverged
from .effects import Setting, settings

if TYPE_CHECKING:
    import pandas as pd

    from ..arrays import Floats

OVERALL_COLUMNS = (
    "design", "kind", "factor", "level", "trick", "second_factor", "second_level", "metric", "datasets", "estimand", "difference", "low", "high",
    "confidence", "margin", "verdict", "p_value", "p_signed_rank", "helps_probability", "equivalent_probability", "hurts_probability",
    "improvement", "improvement_low", "improvement_high", "note", "statistic", "in_family", "aliases", "speaks_of",
)  # fmt: skip

Population = Literal["these datasets", "datasets like these"]
LEAST: dict[Population, int] = {"these datasets": 2, "datasets like these": LEAST_DATASETS}


def overall(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms | None = None) -> pd.DataFrame:
    """A row a contrast, metric and estimand, in `OVERALL_COLUMNS`. `runs` has a column `score`."""
    import pandas as pd

    questions = _questions(runs, contrasts, terms or Terms())
    rows: list[dict[str, object]] = []
    for population, least in LEAST.items():
        asked = [question for question in questions if len(question.planned) >= least]
        members = Counter(question.family for question in asked if question.in_family)
        rows += [_row(question, population, members[question.family] + question.not_shown if question.in_family else 1) for question in asked]
    return pd.DataFrame(rows, columns=pd.Index(OVERALL_COLUMNS))


@dataclass(frozen=True)
class Question:
    """A contrast with its blocks on every dataset of one metric."""

    planned: list[Blocks]
    settings: list[Setting]

    @property
    def contrast(self) -> Mapping[str, Any]:
        """The same on all datasets."""
        return self.planned[0].contrast

    @property
    def metric(self) -> str:
        """What all datasets share."""
        return self.planned[0].metric

    @property
    def family(self) -> tuple[str, str]:
        """What shares a confidence."""
        return str(self.contrast["design"]), self.metric

    @property
    def in_family(self) -> bool:
        """As for the effects on each dataset."""
        return self.settings[0].in_family

    @property
    def not_shown(self) -> int:
        """Contrasts of the family that are left out: each would be a row beside this one."""
        return self.settings[0].terms.not_shown(self.family[0])

    def kept(self) -> Question:
        """With the datasets that have an interval of their own."""
        pairs = [(each, setting) for each, setting in zip(self.planned, self.settings, strict=True) if len(each.differences) > 1]
        return Question([each for each, _ in pairs], [setting for _, setting in pairs])

    @property
    def scale(self) -> float:
        """The size of what was subtracted."""
        return max((each.scale for each in self.planned), default=0.0)

    @property
    def infinite(self) -> bool:
        """Whether a difference has no mean: a loss diverged."""
        return any(np.isinf(each.differences).any() for each in self.planned)

    @property
    def identical(self) -> bool:
        """Whether all arms ended with the same parameters."""
        return bool(self.planned) and all(each.identical for each in self.planned)

    def spreads(self) -> list[Spread]:
        """Of each dataset, as its own verdict rests on."""
        return [spread(each.differences, setting.correction) for each, setting in zip(self.planned, self.settings, strict=True)]

    def centres(self) -> list[float]:
        """Each dataset's mean, or pseudomedian where a mean does not exist."""
        if self.infinite:
            return [Pseudomedian(each.differences, rounding(each.scale)).mean for each in self.planned]
        return [each.mean for each in self.spreads()]


def _questions(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms) -> list[Question]:
    """In the order of contrasts; those on one dataset are none."""
    found = blocks(runs, contrasts)
    groups: dict[tuple[str, int], Question] = {}
    places = {id(contrast): place for place, contrast in enumerate(contrasts)}
    for each, setting in zip(found, settings(found, terms), strict=True):
        question = groups.setdefault((each.metric, places[id(each.contrast)]), Question([], []))
        question.planned.append(each)
        question.settings.append(setting)
    return [question for _, question in sorted(groups.items(), key=lambda item: item[0][1])]


def _row(question: Question, population: Population, comparisons: int) -> dict[str, object]:
    terms, margin, kept = question.settings[0].terms, question.settings[0].margin, question.kept()
    confidence = shared(terms.confidence, comparisons)
    enough = len(kept.planned) >= LEAST[population]
    estimate = _estimate(kept, population)
    reason = _reason(kept, population, estimate) if enough else f"fewer than {LEAST[population]} datasets with two complete blocks"
    judged = unjudged(estimate.mean, "identical runs" if kept.identical else "undecided") if reason else judge(estimate, confidence, margin)
    figures, refused = _figures(kept, population, estimate, confidence) if enough and not kept.identical else ({}, "")
    single = _of_single_datasets(kept) if enough and not reason and population == "these datasets" else ()
    notes = [reason, _said(kept, population) if enough else "", *single, refused, *_missing(question)]
    return {
        **{name: question.contrast[name] for name in OVERALL_COLUMNS if name in question.contrast},
        "metric": question.metric, "datasets": len(kept.planned), "estimand": population, **_judgement(judged),
        "confidence": confidence, "margin": margin, "p_value": float("nan") if reason else estimate.p_value(),
        **dict.fromkeys(FIGURES, float("nan")), **figures,
        "note": "; ".join(filter(None, notes)), "statistic": "mean" if isinstance(estimate, Spread) else "pseudomedian",
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


def _missing(question: Question) -> list[str]:
    """Datasets that are left out, or not complete, by name."""
    out = [each.dataset for each in question.planned if len(each.differences) < 2]
    partly = [f"{each.dataset} {each.left_out}" for each in question.planned if each.left_out and each.dataset not in out]
    treated, control = (sum(each.diverged[side] for each in question.planned) for side in (0, 1))
    return [
        f"left out, with fewer than two complete blocks: {', '.join(out)}" if out else "",
        f"blocks left out, since a run has no result: {', '.join(partly)}" if partly else "",
        told_of_diverged(question.metric, treated, control),
    ]


WITHIN = {"this dataset": "of each given", "this split": "given one split of each", "new datasets": "over fresh datasets from the source of each"}


def _speaks_of(question: Question, population: Population) -> str:
    """The estimand in full."""
    quantity = "pseudomedian difference" if question.kept().infinite else "expected difference"
    if population == "datasets like these":
        return f"the {quantity} over datasets of which these are a random sample"
    scopes = dict.fromkeys(setting.terms.scope(setting.resampling.folds) for setting in question.settings)
    return f"the {quantity} on these very datasets, each with the same weight, {' or '.join(WITHIN[scope] for scope in scopes)}"
