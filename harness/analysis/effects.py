"""From results to effects: for each contrast and dataset the difference over its blocks, its interval, and a verdict in words.

What a difference is, `blocks.py` says; what its interval speaks of, how confident a family of them is, and which differences do not matter, the
study has fixed before (`inference/terms.py`); how the replicates of a dataset are drawn, its name says (`resampling.py`).

    the differences are finite            their mean, Student's t or the corrected resampled t
    a loss diverged: one is infinite      their pseudomedian, by signed ranks: a mean does not exist
    they say nothing of their spread      no interval, and the note says why

A verdict is what the printed interval says, and where there is none, nothing is decided.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..inference.families import holm, shared
from ..inference.intervals import Spread, spread
from ..inference.judgement import Estimate, Judgement, judge, reason_not_to_judge, rounding, skewness_warning, unjudged
from ..inference.ranks import Pseudomedian, signed_rank
from ..inference.settling import floor, seeds_needed
from ..inference.terms import DIFFERENCE, Terms
from .blocks import Blocks, blocks, scores, told_of_diverged
from .resampling import Resampling

if TYPE_CHECKING:
    import pandas as pd

__all__ = ("EFFECT_COLUMNS", "Blocks", "Look", "Setting", "blocks", "effect", "effects", "estimate_of", "not_shown", "scores", "settings", "table")

EFFECT_COLUMNS = (
    "design", "kind", "factor", "level", "trick", "second_factor", "second_level", "with_arm", "without_arm", "dataset", "task", "metric", "seeds",
    "difference", "low", "high", "verdict", "margin", "confidence", "alone_low", "alone_high", "equivalence_low", "equivalence_high", "p_value",
    "p_holm", "p_signed_rank", "standardized", "settle_low", "settle_high", "estimand", "in_family", "diverged", "diverged_with", "diverged_without",
    "aliases", "note", "statistic", "speaks_of",
)  # fmt: skip
"""`low` and `high` are the interval that the verdict rests on; `alone_` ones stand for one comparison on its own, and decide nothing. `statistic`
is what is estimated, `mean` or `pseudomedian`; `estimand` is a `terms.Scope`, and `speaks_of` says the same in full. `diverged` counts the diverged
runs that took part; an interaction has no arms with and without it, so that the two columns beside it are empty there."""

UNSETTLED = "no number of seeds settles this on one dataset"


class Look(NamedTuple):
    """What it changes that a comparison is looked at several times (`looks.py`)."""

    confidence: float
    """Of the interval at this look."""
    alone: float
    """The same for one comparison on its own."""
    p_value: float
    """The least error of all looks so far with which one of them rejects."""
    withheld: str = ""
    """Why nothing is to be judged at this look."""
    last: bool = True
    """Else another follows where this one decides nothing, and how many seeds would settle it is not asked."""


class Setting(NamedTuple):
    """What one comparison is judged by, fixed before it ran."""

    terms: Terms
    resampling: Resampling
    confidence: float
    """Of this comparison, its share of the family's."""
    in_family: bool
    margin: float
    look: Look | None = None
    """None: it is looked at once."""

    @property
    def drawn(self) -> float:
        """The confidence of the interval that is printed."""
        return self.look.confidence if self.look else self.confidence

    def speaks_of(self, quantity: str) -> str:
        """The estimand in full."""
        return self.resampling.speaks_of(self.terms, quantity)

    @property
    def correction(self) -> float:
        """n_test / n_train for *new datasets*, else 0."""
        return self.resampling.correction(self.terms)


def effects(runs: pd.DataFrame, contrasts: Sequence[Mapping[str, Any]], terms: Terms | None = None) -> pd.DataFrame:
    """One row a contrast and dataset, in `EFFECT_COLUMNS`."""
    found = blocks(runs, contrasts)
    terms = terms or Terms()
    return table([effect(each, setting) for each, setting in zip(found, settings(found, terms), strict=True)], not_shown(found, terms))


def settings(found: Sequence[Blocks], terms: Terms) -> list[Setting]:
    """What each of a study's comparisons is judged by; those of the family share its confidence."""
    members = [terms.includes(each.contrast) for each in found]
    family = sum(members) + not_shown(found, terms)
    made: list[Setting] = []
    for each, member in zip(found, members, strict=True):
        confidence = shared(terms.confidence, family if member else 1)
        made.append(Setting(terms, Resampling.of(each.dataset), confidence, member, terms.equivalence[each.metric]))
    return made


def not_shown(found: Sequence[Blocks], terms: Terms) -> int:
    """Comparisons of the family that are none of these: the contrasts that are left out, on each dataset."""
    return terms.not_shown() * len({each.dataset for each in found})


def table(rows: Sequence[Mapping[str, object]], not_shown: int, *further: str) -> pd.DataFrame:
    """Rows of `effect` as a table, with Holm's p-values of the family, of which some are `not_shown`; `further` columns follow."""
    import pandas as pd

    made = pd.DataFrame(rows, columns=pd.Index([*EFFECT_COLUMNS, *further]))
    inside = made["in_family"].astype(bool)
    made.loc[inside, "p_holm"] = holm(made.loc[inside, "p_value"].to_numpy(np.float64), not_shown)
    return made


def effect(each: Blocks, setting: Setting) -> dict[str, object]:
    """One comparison: a row of `EFFECT_COLUMNS`."""
    estimate = estimate_of(each, setting)
    reason = (setting.look.withheld if setting.look else "") or reason_not_to_judge(each.differences, each.scale)
    treated, control = each.diverged if len(each.diverged) > 1 else (float("nan"), float("nan"))
    judged = _judged(each, estimate, setting, reason)
    figures = {} if reason else _figures(each, estimate, setting, judged)
    mean = isinstance(estimate, Spread)
    notes = [_identical(each) or reason, _refused(estimate, setting, reason), _unsettled(each, setting, figures), *_broken(each, setting)]
    notes.append(skewness_warning(each.differences) if mean and not reason else "")
    return {
        **{name: each.contrast[name] for name in EFFECT_COLUMNS if name in each.contrast},
        "aliases": ", ".join(each.contrast.get("aliases", ())),
        "dataset": each.dataset, "task": each.task, "metric": each.metric, "seeds": len(each.differences),
        "difference": estimate.mean, "low": judged.interval.low, "high": judged.interval.high, "verdict": judged.verdict,
        "margin": setting.margin, "confidence": setting.drawn,
        "equivalence_low": judged.equivalence.low, "equivalence_high": judged.equivalence.high, "p_holm": float("nan"),
        "estimand": setting.terms.scope(setting.resampling.folds), "in_family": setting.in_family,
        "diverged": sum(each.diverged), "diverged_with": treated, "diverged_without": control,
        "note": "; ".join(filter(None, notes)), "statistic": "mean" if mean else "pseudomedian",
        "speaks_of": setting.speaks_of(DIFFERENCE["mean" if mean else "pseudomedian"]),
        **dict.fromkeys(FIGURES, float("nan")), **figures,
    }  # fmt: skip


def estimate_of(each: Blocks, setting: Setting) -> Estimate:
    """A mean, unless it does not exist."""
    if np.isinf(each.differences).any():
        return Pseudomedian(each.differences, rounding(each.scale))
    return spread(each.differences, setting.correction)


def _judged(each: Blocks, estimate: Estimate, setting: Setting, reason: str) -> Judgement:
    """Where an interval would mean nothing, none is drawn and nothing decided. Signed ranks know nothing of *new datasets*."""
    if reason or (setting.correction and not isinstance(estimate, Spread)):
        return unjudged(estimate.mean, "identical runs" if _identical(each) else "undecided")
    return judge(estimate, setting.drawn, setting.margin)


FIGURES = ("alone_low", "alone_high", "p_value", "p_signed_rank", "standardized", "settle_low", "settle_high")


def _figures(each: Blocks, estimate: Estimate, setting: Setting, judged: Judgement) -> dict[str, float]:
    """What stands beside the verdict; what does not exist is left out."""
    level, n, correction, look = 1 - setting.confidence, len(each.differences), setting.correction, setting.look
    if not isinstance(estimate, Spread) and correction:
        return {}
    alone = estimate.interval(look.alone if look else setting.terms.confidence)
    figures = {"alone_low": alone.low, "alone_high": alone.high, "p_value": look.p_value if look else estimate.p_value()}
    if not correction and not look:  # signed ranks take replicates for independent, and for looked at once
        figures["p_signed_rank"] = signed_rank(each.differences, level, rounding(each.scale)).p_value
    if not isinstance(estimate, Spread):
        return figures
    deviation = float(np.std(each.differences, ddof=1))
    figures["standardized"] = estimate.mean / deviation
    if judged.verdict == "undecided" and (look is None or look.last):
        needed = seeds_needed(estimate.mean, deviation, n, setting.confidence, setting.margin, correction)
        figures |= {"settle_low": needed.low, "settle_high": needed.high}
    return figures


def _identical(each: Blocks) -> str:
    return "the arms end with the same parameters, bit for bit" if each.identical else ""


def _refused(estimate: Estimate, setting: Setting, reason: str) -> str:
    """What a diverged loss means for the interval."""
    if not isinstance(estimate, Pseudomedian) or reason:
        return ""
    if setting.correction:
        return "a diverged run has an infinite loss: there is no mean, and no interval for new datasets"
    said = "a diverged run has an infinite loss: the pseudomedian stands in the place of the mean, and its interval is that of signed ranks"
    return "; ".join(filter(None, [said, estimate.refused(1 - setting.drawn)]))


def _unsettled(each: Blocks, setting: Setting, figures: Mapping[str, float]) -> str:
    if figures.get("settle_low") != float("inf"):
        return ""
    least = floor(float(np.std(each.differences, ddof=1)), setting.confidence, setting.correction)
    return f"{UNSETTLED}: its interval stays wider than ±{least:.2g}"


def _broken(each: Blocks, setting: Setting) -> list[str]:
    """Runs that are missing or diverged, and partitions that are incomplete."""
    return [
        setting.resampling.broken(each.seeds),
        f"{each.left_out} of {each.left_out + len(each.differences)} blocks left out: a run has no result" if each.left_out else "",
        told_of_diverged(each.metric, *each.diverged),
    ]
