"""The recipe's flow chart, as a function of learning curves.

    training result good?  --no-->  bad on training: diverging, vanishing gradient, still improving, not learning, levelled off
          | yes
    test result good?      --no-->  overfitting, or test data unlike the training data
          | yes
        good

The training result is looked at first, whatever the test result is; *overfitting* is never said of a bad test result alone; *good* needs both.
Where a box cannot be answered the chart ends there: *cannot tell*, with what is missing. What counts as good stands in `standing.py`, what a
curve does in `course.py`, and which training diverged, whatever its curve does at its end, in `divergence.py`.

Vanishing gradient: over the epochs' median the gradient of the first layer's weights is at most a hundredth of the last layer's. Eight sigmoid
layers pass on about 4⁻⁷; layers with a slope of 1 pass on all. It is asked only of a training whose result is bad.

Lecture: section Recipe of Deep Learning, figure 1; Do not always blame Overfitting, figure 2.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .course import FEWEST, Course, course, end_of
from .curves import LOSS, Curve, History, Measure, Part
from .diagnosed import Diagnosed, Kind, success, told
from .divergence import broke, out_of_reach
from .standing import CHANCE, Standing, chance_of, held_out, of_training

VANISHED = 0.01
"""The largest ratio of the first layer's gradient to the last layer's that is called vanishing."""
APART = 0.1
"""By so much of the way the test result must lie behind the validation result before the test data are called unlike the training data."""
HELD_OUT: tuple[Part, ...] = ("test", "validation")


def diagnose(history: History) -> Diagnosed:
    """The diagnosis of one training."""
    training = of_training(history)
    if training is None:
        return _without_training(history)
    if broke(history) or training.verdict != "good":
        return _before_the_end(history, training)
    return _after_good_training(history, training)


def again(before: Diagnosed, history: History) -> Diagnosed:
    """The diagnosis after a remedy, from the top of the chart: the training result is looked at again, which the remedy may have spoilt."""
    after = diagnose(history)
    outcome = success(before, after)
    return replace(after, evidence=(*after.evidence, f"before the remedy: {before.title}; the remedy {WORDS[outcome]}"))


WORDS = {
    "worked": "worked",
    "not enough": "was not enough",
    "spoilt the training result": "spoilt the training result: back to the training",
    "not needed": "was not needed",
    "cannot tell": "cannot be judged",
}


def _without_training(history: History) -> Diagnosed:
    seen = [f"only results on {history.held_out} data are there" if history.held_out else "no result is there"]
    missing = "a loss or a score on the training data: with a bad test result alone overfitting cannot be told from bad training"
    return told("cannot tell", "", seen, missing)


def _before_the_end(history: History, training: Standing) -> Diagnosed:
    """The training result is bad, or nobody knows whether it is good: which kind, by what the curve does."""
    wrong, progress = broke(history) or out_of_reach(history), history.progress
    if wrong or progress is None:
        return _bad("diverging", [training.why, wrong], {"train": training.value})
    curve, measure = _finite(progress[0]), progress[1]
    path, numbers = course(curve, measure), {"train": training.value}
    kind, why = _kind(history, training, path, measure)
    numbers |= {"start": float(curve.values[0]), "end": end_of(curve), "epochs": float(curve.epochs[-1])}
    if kind is None:
        seen = [found.why for part in HELD_OUT if (found := held_out(history, part)) is not None]
        return told("cannot tell", "", (training.why, why, *seen), _missing_for_training(history, path), numbers)
    ratio = gradient_ratio(history)
    known = {} if ratio is None else {"gradient_ratio": ratio}
    missing = "" if known or kind not in ("not learning", "levelled off") else NORMS
    return replace(_bad(kind, [training.why, why], numbers | known), missing=missing)


VALIDATION = "a result on validation rows, to tell overfitting from test data unlike the training data"
NORMS = "the norm of each layer's gradient (gradient_norm_1, gradient_norm_2, ...), to tell whether the gradient vanishes"


def _bad(kind: Kind, evidence: list[str], numbers: dict[str, float]) -> Diagnosed:
    return told("bad on training", kind, filter(None, evidence), numbers=numbers)


def _finite(curve: Curve) -> Curve:
    """A score's curve without the looks that gave no number; the last one did."""
    there = np.isfinite(curve.values)
    return curve if there.all() else Curve.of(curve.values[there], curve.epochs[there])


def _kind(history: History, training: Standing, path: Course, measure: Measure) -> tuple[Kind | None, str]:
    """What the curve does; no kind where it may be as good as it gets."""
    sign, name = (-1 if measure.higher_is_better else 1), f"the training {measure.name}"
    start, end, best = (history.written(sign * value, measure, 4) for value in (path.start, path.end, path.best))
    moved = f"{name} went from {start} to {end}"
    ratio = gradient_ratio(history)
    scale = abs(measure.perfect + path.start) if measure.higher_is_better else abs(path.start)
    if path.rises and not _predicts(training, history):
        return "diverging", f"{moved}, its best being {best}"
    if ratio is not None and ratio <= VANISHED:
        return "vanishing gradient", f"the gradient of the first layer is {ratio:.1e} times that of the last; {moved}"
    if path.epochs < FEWEST:
        short = f"{path.epochs} epoch{'s do' if path.epochs > 1 else ' does'} not show whether it still improves"
        return ("" if training.verdict == "bad" else None), short
    return _without_cause(training, path, moved, scale, history.written(path.tail_fall, measure, 2))


def _predicts(training: Standing, history: History) -> bool:
    """Whether the score shows that more than half of what can be had is there: then a loss that rose is no divergence, a penalty for instance."""
    return "train" in history.scores and "train" in history.losses and training.share.low > 0.5


def _without_cause(training: Standing, path: Course, moved: str, scale: float, tail: str) -> tuple[Kind | None, str]:
    """A curve that neither rises nor lacks gradients: it rests, still falls, or has come to its end."""
    if path.flat(scale):
        return _at_rest(training, f"{moved}: no more than its noise or a hundredth")
    if path.still_falls:
        return "still improving", f"{moved}, {tail} of it in the last quarter of {path.epochs} epochs"
    if training.share.high <= CHANCE:
        return "not learning", moved
    return ("levelled off" if training.verdict == "bad" else None), f"{moved}, and has levelled off"


def _at_rest(training: Standing, words: str) -> tuple[Kind | None, str]:
    """A curve that never moved: nothing was learned, unless the result is above chance for certain, and was so at the first look."""
    if training.share.low > CHANCE:
        return ("levelled off" if training.verdict == "bad" else None), f"{words}: what was learned was learned before the first look"
    return "not learning", words


def _missing_for_training(history: History, path: Course) -> str:
    short = f", or at least {FEWEST} epochs" if path.epochs < FEWEST else ""
    chance = " or what a constant prediction scores (--chance)" if _chance_is_open(history, "train") else ""
    return f"what result is good on these data (--target){chance}{short}: the training result may be all that can be had"


def _chance_is_open(history: History, part: Part) -> bool:
    """Whether it would help to be told what a constant prediction scores."""
    judged = history.judged(part)
    if judged is None or judged[1] is not history.measure:
        return False
    curve, measure = judged
    low, high = chance_of(history, measure, curve)
    return low != high


def gradient_ratio(history: History) -> float | None:
    """The gradient of the first layer's weights over that of the last layer's, the median over epochs; None without layers or gradients."""
    if len(history.gradients) < 2 or len(history.gradients[0]) != len(history.gradients[-1]):
        return None
    first, last = history.gradients[0].values, history.gradients[-1].values
    usable = np.isfinite(first) & np.isfinite(last) & (last > 0)
    return float(np.median(first[usable] / last[usable])) if usable.any() else None


def _after_good_training(history: History, training: Standing) -> Diagnosed:
    results: dict[Part, Standing] = {part: found for part in HELD_OUT if (found := held_out(history, part)) is not None}
    numbers = {"train": training.value} | {part: found.value for part, found in results.items()}
    if not results:
        missing = "a result on data that were not trained on (validation or test): a training is good only when both results are"
        return told("cannot tell", "", (training.why,), missing, numbers)
    deciding, *rest = results.values()
    evidence = (training.why, deciding.why, *(found.why for found in rest), *_turned(history))
    if deciding.verdict == "unknown":
        return told("cannot tell", "", evidence, _missing_for_held_out(history, next(iter(results))), numbers)
    if deciding.verdict == "good":
        return told("good", "", evidence, numbers=numbers)
    unlike = bool(rest) and rest[0].verdict == "good" and rest[0].share.low - deciding.share.low >= APART
    missing = "" if unlike or rest or "test" not in results else VALIDATION
    return told("overfitting", "test data unlike the training data" if unlike else "", evidence, missing, numbers)


def _missing_for_held_out(history: History, part: Part) -> str:
    """What would decide, of what is not there."""
    curve, chance = history.losses.get(part), ["what a constant prediction scores (--chance)"] if _chance_is_open(history, part) else []
    short = curve is None or not curve.finite or len(curve) < FEWEST
    loss = [f"the {part} loss, {FEWEST} epochs of it or more: whether it has turned up"] if short else []
    return ", or ".join(["what result is good (--target)", *chance, *loss])


def _turned(history: History) -> tuple[str, ...]:
    """Where the held-out loss was lowest, if it has risen since."""
    for part in ("validation", "test"):
        curve = history.losses.get(part)
        if curve is not None and curve.finite and len(curve) >= FEWEST:
            path = course(curve, LOSS)
            lowest = int(np.argmin(curve.values))
            if lowest < len(curve) - 2 and path.end - path.best > max(path.noise, 0.05 * abs(path.best)):
                epoch = curve.epochs[lowest]
                return (f"the {part} loss was lowest at epoch {epoch:g} ({curve.values.min():.3g}) and is {path.end:.3g} at the end",)
    return ()
