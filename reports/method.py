"""The method in short: what was compared with what, what an interval speaks of, and what a verdict cannot say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .effects import family, of_kind
from .result import Study
from .sentences import diverged_score
from .terms import STREAMS, Terms, terms
from .words import confidence, counted, listed, number, text, whole

if TYPE_CHECKING:
    from pandas import DataFrame


def method(study: Study, effects: DataFrame) -> list[str]:
    """How the verdicts come about, sentence by sentence. `effects` are prepared ones."""
    fixed = terms(study)
    return [
        part
        for part in (
            _pairs(fixed), _effects_of_means(effects), _estimand(fixed, effects), _verdicts(effects), _family(fixed, effects), NO_INTERVAL,
            _few(effects), _pseudomedian(effects), f"{diverged_score(effects['metric'].dropna())} {SCORES}", _tuning(fixed), LONG_FORM,
        )
        if part
    ]  # fmt: skip


def _pairs(fixed: Terms) -> str:
    kept = [words for source, words in STREAMS.items() if source not in fixed.vary]
    drawn = [words for source, words in STREAMS.items() if source in fixed.vary]
    varies = f" From seed to seed {listed(drawn)} vary; {listed(kept)} {'is' if len(kept) == 1 else 'are'} the same throughout." if kept else ""
    return (
        "Arms are compared in pairs of runs of the same seed. These share the split into training, validation and test rows, the batch order, the "
        "dropout masks and, where the networks have the same shape, the initial weights. A difference is the mean over the pairs, oriented so that "
        f"positive is better.{varies}"
    )


def _effects_of_means(effects: DataFrame) -> str:
    if of_kind(effects, "main effect", "interaction").empty:
        return ""
    return (
        "Main effects and interactions are computed within each block, a dataset and a seed that has all of its arms: a main effect is the mean with "
        "a trick minus the mean without it, an interaction the effect of one trick with another minus its effect without. Intervals are over blocks."
    )


def _estimand(fixed: Terms, effects: DataFrame) -> str:
    said = list(dict.fromkeys(filter(None, map(text, effects["speaks_of"]))))
    if len(said) == 1:
        return f"An interval speaks of {said[0]}."
    if said:
        where = {words: listed(dict.fromkeys(map(str, effects.loc[effects["speaks_of"] == words, "dataset"]))) for words in said}
        return " ".join(f"On {datasets}, an interval speaks of {words}." for words, datasets in where.items())
    if fixed.estimand == "new datasets":
        return "An interval speaks of fresh datasets of the same size from the same source (corrected resampled t, conservative)."
    return (
        "An interval speaks of one dataset: of fresh draws of what varies between its seeds. For a new dataset of the same kind, whose rows would be "
        "others too, it is too narrow."
    )


def _verdicts(effects: DataFrame) -> str:
    rows = effects[["metric", "margin"]].dropna().drop_duplicates()
    margins = listed(f"{number(margin)} of {metric}" for metric, margin in zip(rows["metric"], rows["margin"], strict=True)) if len(rows) else ""
    small = f"±δ, fixed before anything ran at {margins}" if margins else "±δ, which the study fixed before anything ran"
    return (
        "A trick helps where the interval lies wholly above zero and hurts where it lies wholly below. It is equivalent where two one-sided tests "
        f"put the difference inside {small}; what helps or hurts and is inside as well does so negligibly. Everything else is undecided, which is "
        "not to say that there is no difference: the seeds that would settle it are a range, since few seeds know their own spread badly."
    )


def _family(fixed: Terms, effects: DataFrame) -> str:
    members, left_out = family(effects), fixed.not_shown
    judged, count = int((effects["low"].notna() & effects["high"].notna()).sum()), len(members)
    if not judged:
        return "No comparison has an interval: that takes two finished pairs of runs, and without one every verdict is left open."
    together, of = confidence(fixed.confidence), f" (of {listed(fixed.family)})" if fixed.family else ""
    outside = len(effects) - count
    others = f" {counted(outside, 'other comparison')} {'stands' if outside == 1 else 'stand'} alone and prove nothing." if outside else ""
    if count + left_out < 2:
        return f"The one comparison{of} has a confidence of {together}.{others}"
    levels = members["confidence"].dropna()
    each = f"each interval stands at {confidence(float(levels.iloc[0]))}" if levels.nunique() == 1 else "each has its share"
    are = f"{'is' if count == 1 else 'are'} part of a family of {count + left_out:,}, which --only leaves as large as it was"
    return (
        f"The {counted(count, 'comparison')}{of} {are if left_out else 'are one family'}: {each}, so that all of them hold together with {together} "
        "(Bonferroni). If no trick did anything, the chance that even one of them were called helpful or harmful would be "
        f"{confidence(1 - fixed.confidence)} at most. Holm's p-values, which are adjusted as well, stand beside them; the "
        f"interval alone is at {together} and decides nothing.{others}"
    )


NO_INTERVAL = (
    "Where more than half of the differences are exactly zero, or all are the same, an interval would mean nothing: that is undecided, or identical "
    "runs where the parameters agree bit for bit."
)


FEW = 10
"""Seeds below which skewness is seldom seen."""


def _few(effects: DataFrame) -> str:
    """That few seeds do not show what would make an interval too narrow."""
    seeds = effects.loc[effects["low"].notna(), "seeds"]
    if seeds.empty or seeds.min() >= FEW:
        return ""
    return (
        f"So few seeds ({counted(whole(seeds.min()), 'seed')}) seldom show whether differences are skewed: of exponential ones five "
        "tell 6 times in 100, thirty 74 times. If they are, intervals hold less often than stated."
    )


def _pseudomedian(effects: DataFrame) -> str:
    if not effects["statistic"].eq("pseudomedian").any():
        return ""
    return "A loss that diverged is infinite, and differences with it have no mean: there the pseudomedian stands, with its interval by signed ranks."


SCORES = "Scores are those of the parameters that a run returns, which under early stopping are those of its best epoch."

LONG_FORM = "What every number means, and how often these intervals hold, is told in docs/statistics.md."


def _tuning(fixed: Terms) -> str:
    if not fixed.tuning:
        return "Hyperparameters were not tuned for any arm: they are those of the study file, and a trick may do better or worse with others."
    given = (
        "within each replicate: an interval speaks of the tuned recipe"
        if fixed.tuning.get("repeat")
        else "once: an interval speaks of the recipe given the tuned value"
    )
    space: Sequence[str] = list(fixed.tuning.get("space", {}))
    return (
        f"Every arm was tuned ({listed(space) if space else 'its hyperparameters'}) with the same number of trials, "
        f"{int(fixed.tuning.get('trials', 0))}, chosen on validation rows with seeds that the comparison does not use, {given}."
    )
