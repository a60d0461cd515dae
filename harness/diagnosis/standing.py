"""Is a result good? By a target where one is given; else relative to chance and to what can be reached, or not at all.

A result's *share* is its way from what a constant prediction scores to a goal, 1 being the goal. Where chance is known only to lie between two
numbers, so does the share, and nothing is said unless both ends agree.

| part     | given                     | good                                                    | bad                              |
|----------|---------------------------|---------------------------------------------------------|----------------------------------|
| any      | a target                  | it is met                                               | it is not                        |
| training | what others reach         | 0.9 of the way from chance to it                        | less                             |
| training | nothing                   | 0.9 of the way from chance to perfect                   | 0.1: no better than chance       |
| held out | a good training result    | 0.9 of its way; from 0.8 if the loss has not turned up  | below 0.8; below 0.9 if it has   |

What others reach is the best *held-out* result that is known of these data, on rows like the training rows: a training result below it is bad for
certain, since there is more to learn that carries over; one above it may be made of wrong labels learned by heart, and is not asked for. A held-out
result always lies somewhat below the training result, and is uncertain by its number of rows, which nobody hands in: between 0.8 and 0.9 the
held-out loss decides, which has *turned up* where it ends a fifth above its lowest point. A loss has no chance level that holds for all data: its
first recorded value stands for it, which is no higher unless the training starts with a leap. A training that learned everything before its first
look cannot be told from one that learned nothing by its loss: that takes a score, or a target.
"""

from __future__ import annotations

import math
from itertools import product
from typing import Literal, NamedTuple

from .course import FEWEST, end_of, smoothed
from .curves import LOSS, UNKNOWN, Bounds, Curve, History, Measure, Part

GOOD, KEPT, CHANCE = 0.9, 0.8, 0.1
"""Shares of the way: from here on good; below this bad of a held-out result; up to here no better than chance."""
TURNED = 0.2
"""By this part of its lowest value a held-out loss has risen since, where it has turned up."""
LEAST_SPAN = 0.05
"""What others reach says nothing where it is no further than this share of the way from chance to perfect."""


class Standing(NamedTuple):
    """Whether a result is good, and the sentence that says why."""

    verdict: Literal["good", "bad", "unknown"]
    why: str
    value: float
    share: Bounds


def of_training(history: History) -> Standing | None:
    """The training result; None where none was recorded."""
    found = _result(history, "train")
    if found is None:
        return None
    value, measure, chance = found
    words = f"the training {measure.name} is {history.written(value, measure)}"
    if not math.isfinite(value):  # a score that was not looked at in the end says nothing of a training whose loss is there
        return Standing("unknown" if math.isnan(value) and measure is not LOSS else "bad", words, value, Bounds(math.nan, math.nan))
    goal, goal_words = _goal(history, measure, chance)
    share = _share(value, chance, goal)
    if history.target is not None and measure is history.measure:
        return _by_target(history, value, measure, words, share)
    way = f"{words}, {_percent(share)} of the way from {_start(history, measure, chance)} to {goal_words} ({history.written(goal, measure)})"
    if share.low >= GOOD:
        return Standing("good", way, value, share)
    if share.high <= CHANCE or (goal != measure.perfect and share.high < GOOD):
        return Standing("bad", way, value, share)
    return Standing("unknown", way, value, share)


def held_out(history: History, part: Part) -> Standing | None:
    """The result on a part that was not trained on, the training result being good; None where none was recorded."""
    found, train = _result(history, part), _result(history, "train")
    if found is None or train is None:
        return None
    value, measure, chance = found
    words = f"the {part} {measure.name} is {history.written(value, measure)}"
    share = _share(value, chance, measure.perfect)
    if not math.isfinite(value):  # infinity is as bad as it gets; what is no number at all says nothing
        return Standing("unknown" if math.isnan(value) else "bad", words, value, share)
    if history.target is not None and measure is history.measure:
        return _by_target(history, value, measure, words, share)
    kept = _kept_of_training(found, train)
    way = f"{words}, {_percent(kept)} of the training result's way from {_start(history, measure, chance)}"
    return _relative(kept, way, value, _rise(history, part))


def _relative(share: Bounds, words: str, value: float, rise: float | None) -> Standing:
    """By the share of the training result's way; what lies between good and bad, by the course of the held-out loss."""
    if share.low >= GOOD:
        return Standing("good", words, value, share)
    if share.high < KEPT:
        return Standing("bad", words, value, share)
    if rise is None or share.low < KEPT or (share.high >= GOOD and rise >= TURNED):
        return Standing("unknown", words, value, share)
    turned = rise >= TURNED
    return Standing("bad" if turned else "good", f"{words}, and its loss {'has' if turned else 'has not'} turned up", value, share)


def _rise(history: History, part: Part) -> float | None:
    """By what part of its lowest value the loss of a part ends above it; None where that is not known."""
    curve = history.losses.get(part)
    if curve is None or not curve.finite or len(curve) < FEWEST:
        return None
    values = smoothed(curve.values)
    lowest = float(values.min())
    return (end_of(curve, history.kept) - lowest) / lowest if lowest > 0 else None


def _by_target(history: History, value: float, measure: Measure, words: str, share: Bounds) -> Standing:
    target = math.nan if history.target is None else history.target
    verdict, sign = ("good", "reaches") if measure.better(value, target) else ("bad", "misses")
    return Standing(verdict, f"{words} and {sign} the target of {history.written(target, measure)}", value, share)


Result = tuple[float, Measure, Bounds]


def _result(history: History, part: Part) -> Result | None:
    judged = history.judged(part)
    if judged is None:
        return None
    curve, measure = judged
    return end_of(curve, history.kept), measure, chance_of(history, measure, curve)


def chance_of(history: History, measure: Measure, curve: Curve) -> Bounds:
    """What a constant prediction scores: given, known of the measure, or the first of at least five recorded training values."""
    if history.chance is not None and measure is history.measure:
        return Bounds(history.chance, history.chance)
    if not math.isnan(measure.chance.low):
        return measure.chance
    train = history.losses.get("train", curve) if measure is not history.measure or not history.scores else history.scores.get("train", curve)
    if len(train) < FEWEST:  # it may have been learned before the first look
        return UNKNOWN
    start = float(train.values[0])
    return Bounds(start, start)


def _goal(history: History, measure: Measure, chance: Bounds) -> tuple[float, str]:
    """The best held-out result that others reach, where it is clearly above chance; else perfection."""
    reachable = history.reachable
    if reachable is not None and measure is history.measure and _share(reachable, chance, measure.perfect).low > LEAST_SPAN:
        return reachable, "the best held-out result that is known to be reached"
    return measure.perfect, "perfect"


def _share(value: float, chance: Bounds, goal: float) -> Bounds:
    """The way from chance to the goal; NaN where the goal is no better than chance, or a loss fell below what is called perfect."""
    if not math.isfinite(value) or any(goal == each for each in chance):
        return Bounds(math.nan, math.nan)
    ends = sorted((value - each) / (goal - each) for each in chance)
    return Bounds(ends[0], ends[1])


def _kept_of_training(found: Result, train: Result) -> Bounds:
    """The held-out share over the training share, both towards perfect; with one chance where both are of one measure."""
    (value, measure, chance), (training, its_measure, its_chance) = found, train
    pairs = zip(chance, chance, strict=True) if measure is its_measure else product(chance, its_chance)
    ratios = [
        _ratio(_share(value, Bounds(one, one), measure.perfect).low, _share(training, Bounds(other, other), its_measure.perfect).low)
        for one, other in pairs
    ]
    return Bounds(min(ratios), max(ratios)) if all(map(math.isfinite, ratios)) else Bounds(math.nan, math.nan)


def _ratio(share: float, training: float) -> float:
    return share / training if training > 0 else math.nan


def _percent(share: Bounds) -> str:
    if math.isnan(share.low):
        return "an unknown part"
    if share.high <= 0:
        return "nothing"
    low, high = (f"{100 * each:.0f}" for each in share)
    return f"{low} %" if low == high else f"{low} to {high} %"


def _start(history: History, measure: Measure, chance: Bounds) -> str:
    if math.isnan(chance.low):
        return "what a constant prediction scores, which is not known,"
    words, low, high = "its first value" if math.isnan(measure.chance.low) else "chance", *(history.written(each, measure) for each in chance)
    return f"{words} ({low})" if low == high else f"{words} (somewhere from {low} to {high})"
