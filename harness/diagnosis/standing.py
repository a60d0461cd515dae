"""Is a result good? By a target where one is given; else relative to chance and to what can be reached, or not at all.

A result's *share* is its way from what a constant prediction scores to a goal, 1 being the goal. Where chance is known only to lie between two
numbers, so does the share. Where both ends are good, or both are bad, that is said; where they disagree, the loss's own share decides if it was
recorded: its first value shows what chance is. So a score beside the losses never makes unknown what the losses alone would tell.

| part     | given                     | good                                                    | bad                              |
|----------|---------------------------|---------------------------------------------------------|----------------------------------|
| any      | a target                  | it is met                                               | it is not                        |
| training | what others reach         | 0.9 of the way from chance to it                        | less                             |
| training | nothing                   | 0.9 of the way from chance to perfect                   | 0.1: no better than chance       |
| held out | a good training result    | 0.9 of its way; from 0.8 if the loss has not turned up  | below 0.8; below 0.9 if it has   |

What others reach is the best *validation* result that is known of these data, on rows like the training rows, with wrong labels where those have
them: a training result below it is bad for certain, since there is more to learn that carries over; one above it may be made of wrong labels learned
by heart, and is not asked for. A held-out result always lies somewhat below the training result, and is uncertain by its number of rows, which nobody
hands in: between 0.8 and 0.9 the held-out loss decides, which has *turned up* where it ends a fifth above its lowest point.

A loss has no chance level that holds for all data: its first recorded value stands for it, which is no higher unless the training starts with a leap.
A training that learned everything before its first look cannot be told from one that learned nothing by its loss: that takes a score, or a target.
Nor has a loss that falls below 0, that of a density, a best value that anybody knows: of it no share is told.
"""

from __future__ import annotations

import math
from dataclasses import replace
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


Verdict = Literal["good", "bad", "unknown"]


class Standing(NamedTuple):
    """Whether a result is good, and the sentence that says why."""

    verdict: Verdict
    why: str
    value: float
    share: Bounds


Result = tuple[float, Measure, Bounds]
"""What a part ends with, what that is of, and what a constant prediction scores."""


def of_training(history: History) -> Standing | None:
    """The training result; None where none was recorded."""
    found = _result(history, "train")
    if found is None:
        return None
    value, measure, chance = found
    words = f"the training {measure.name} is {history.written(value, measure)}"
    if not math.isfinite(value):  # a score that was not looked at in the end says nothing of a training whose loss is there
        return Standing("unknown" if math.isnan(value) and measure is not LOSS else "bad", words, value, Bounds(math.nan, math.nan))
    if history.target is not None and measure is history.measure:
        return _by_target(history, value, measure, words, _share(value, chance, _goal(history, measure, chance)[0], measure))
    return _of_way(history, found, words)


def _of_way(history: History, found: Result, words: str) -> Standing:
    """By how far the training has come; where it hangs on a chance level that is not known, by its loss."""
    value, measure, chance = found
    goal, name = _goal(history, measure, chance)
    share = _share(value, chance, goal, measure)
    if share.low > 1:
        return Standing("good", f"{words}, better than {name} ({history.written(goal, measure)})", value, share)
    to = "" if math.isnan(share.low) else f" to {name} ({history.written(goal, measure)})"
    way = f"{words}{_far(history, found, share, 'the way') or ', and how far it has come cannot be told'}{to}"
    if share.low >= GOOD:
        return Standing("good", way, value, share)
    if share.high <= CHANCE or (goal != measure.perfect and share.high < GOOD):
        return Standing("bad", way, value, share)
    loss = None if share.high < GOOD or not history.scores else of_training(_without_scores(history))
    return Standing("unknown", way, value, share) if loss is None or loss.verdict != "good" else Standing("good", f"{way}; {loss.why}", value, share)


def held_out(history: History, part: Part) -> Standing | None:
    """The result on a part that was not trained on, the training result being good; None where none was recorded."""
    found, train = _result(history, part), _result(history, "train")
    if found is None or train is None:
        return None
    value, measure, chance = found
    words = f"the {part} {measure.name} is {history.written(value, measure)}"
    share = _share(value, chance, measure.perfect, measure)
    if not math.isfinite(value):  # infinity is as bad as it gets; what is no number at all says nothing
        return Standing("unknown" if math.isnan(value) else "bad", words, value, share)
    if history.target is not None and measure is history.measure:
        return _by_target(history, value, measure, words, share)
    kept = _kept_of_training(found, train)
    way = words + (_far(history, found, kept, "the training result's way") or ", and how far the training result has come is not known")
    return _relative(history, part, Standing("unknown", way, value, kept))


def _relative(history: History, part: Part, found: Standing) -> Standing:
    """By the share of the training result's way; what lies between good and bad, by the course of the held-out loss."""
    rise = _rise(history, part)
    verdict, other = (_verdict(share, rise) for share in found.share)
    if verdict == other != "unknown":
        asked = any(_verdict(share, None) == "unknown" for share in found.share)
        turned = f", and its loss {'has not' if verdict == 'good' else 'has'} turned up" if asked else ""
        return found._replace(verdict=verdict, why=f"{found.why}{turned}")
    loss = held_out(_without_scores(history), part) if history.scores else None
    return found if loss is None else found._replace(verdict=loss.verdict, why=f"{found.why}; {loss.why}")


def _without_scores(history: History) -> History:
    """What the losses alone tell, and nothing that is known of the scores."""
    return replace(history, scores={}, measure=LOSS, target=None, chance=None, reachable=None)


def _verdict(share: float, rise: float | None) -> Verdict:
    """Of a held-out result whose share is known."""
    if share >= GOOD:
        return "good"
    if share < KEPT:
        return "bad"
    return "unknown" if rise is None or math.isnan(share) else "bad" if rise >= TURNED else "good"


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
    start = float(train.values[0])
    known = len(train) >= FEWEST and math.isfinite(start)  # of fewer, it may have been learned before the first look
    return Bounds(start, start) if known else UNKNOWN


def _goal(history: History, measure: Measure, chance: Bounds) -> tuple[float, str]:
    """The best validation result that others reach, where it is clearly above chance; else perfection."""
    reachable = history.reachable
    if reachable is not None and measure is history.measure and _share(reachable, chance, measure.perfect, measure).low > LEAST_SPAN:
        return reachable, "the best validation result that is known to be reached"
    return measure.perfect, "perfect"


def _share(value: float, chance: Bounds, goal: float, measure: Measure) -> Bounds:
    """The way from chance to the goal; NaN where the goal is no better than chance, or a loss fell below what is called perfect."""
    if not math.isfinite(value) or any(measure.better(each, goal) for each in chance) or _beyond_perfect(value, measure):
        return UNKNOWN
    ends = sorted((value - each) / (goal - each) for each in chance)
    return Bounds(ends[0], ends[1])


def _beyond_perfect(value: float, measure: Measure) -> bool:
    return measure.better(value, measure.perfect) and value != measure.perfect


def _kept_of_training(found: Result, train: Result) -> Bounds:
    """The held-out share over the training share, both towards perfect; with one chance where both are of one measure."""
    (value, measure, chance), (training, its_measure, its_chance) = found, train
    pairs = zip(chance, chance, strict=True) if measure is its_measure else product(chance, its_chance)
    ratios = [_ratio(_towards_perfect(value, one, measure), _towards_perfect(training, other, its_measure)) for one, other in pairs]
    return Bounds(min(ratios), max(ratios)) if all(map(math.isfinite, ratios)) else Bounds(math.nan, math.nan)


def _towards_perfect(value: float, chance: float, measure: Measure) -> float:
    return _share(value, Bounds(chance, chance), measure.perfect, measure).low


def _ratio(share: float, training: float) -> float:
    return share / training if training > 0 else math.nan


def _far(history: History, found: Result, share: Bounds, way: str) -> str:
    """`, 60 to 80 % of the way from chance (0.5)`; where nobody knows how far it is, what is not known of the measure, if it is that."""
    value, measure, chance = found
    if math.isnan(chance.low):
        return ", and what a constant prediction scores is not known"
    if math.isnan(share.low):
        below = any(_beyond_perfect(each, measure) for each in (value, *chance))
        return f", and of a {measure.name} below 0 nobody knows what is perfect" if below else ""
    if share.low > 1:
        return ", better than the training result"
    return f", {_percent(share)} of {way} from {_start(history, measure, chance)}"


def _percent(share: Bounds) -> str:
    if share.high <= 0:
        return "nothing"
    low, high = (f"{100 * max(each, 0):.0f}" for each in share)
    return f"{low} %" if low == high else f"{low} % or more" if share.high > 1 else f"{low} to {high} %"


def _start(history: History, measure: Measure, chance: Bounds) -> str:
    words, low, high = "its first value" if math.isnan(measure.chance.low) else "chance", *(history.written(each, measure) for each in chance)
    return f"{words} ({low})" if low == high else f"{words} (somewhere from {low} to {high})"
