"""Whether a training diverged, told from what was recorded of it: a sentence that says so, or none.

    broke           whatever the result is: a training loss that was no number at any epoch, though later ones are; a score that ends as none, where
                    no loss was recorded; a run that is marked as diverged
    out_of_reach    where the result is not good: a training loss or R² out of reach of a constant prediction's, a gradient that overflowed

Out of reach is what it is for a study's runs (`harness/divergence.py`): more than 2²³ times the loss of a constant prediction. What that loss is,
is known of R², whose distance from 1 it is the unit of, and of classes: the logarithm of their number, of the order of 1, as a mean over rows.
Otherwise the first recorded value stands for it. A loss that merely rises is told by its course.
"""

from __future__ import annotations

import numpy as np

from ..divergence import LOST
from .curves import Curve, History


def broke(history: History) -> str:
    """That the training came to what is no number; empty where it did not."""
    loss, score = history.losses.get("train"), history.scores.get("train")
    if loss is not None and not loss.finite:
        return f"the training loss {_no_number(loss)}"
    if loss is None and score is not None and not np.isfinite(score.values[-1]):
        return f"the training {history.measure.name} {_no_number(score)}"
    return (history.message or out_of_reach(history) or "the run is marked as diverged") if history.diverged else ""


def out_of_reach(history: History) -> str:
    """That the training left what it can come back from; empty where it did not."""
    return _r2_out_of_reach(history) or _loss_out_of_reach(history) or _infinite_gradient(history)


def _r2_out_of_reach(history: History) -> str:
    curve = history.scores.get("train") if history.measure.name == "r2" else None
    if curve is None or not np.nanmin(curve.values, initial=1) < 1 - LOST:
        return ""
    at = int(np.nanargmin(curve.values))
    return f"the training r2 was {curve.values[at]:.3g} at epoch {curve.epochs[at]:g}, where a constant prediction has 0"


def _loss_out_of_reach(history: History) -> str:
    curve = history.losses.get("train")
    if curve is None:
        return ""
    at, classes = int(np.argmax(curve.values)), history.measure.share
    first = abs(curve.values[0])
    if not curve.values[at] > LOST * (1 if classes else first):
        return ""
    beside = "that of a constant prediction is of the order of 1" if classes else f"the first one {first:.3g}"
    return f"the training loss was {curve.values[at]:.3g} at epoch {curve.epochs[at]:g}, {beside}"


def _infinite_gradient(history: History) -> str:
    for layer, norm in enumerate(history.gradients, 1):
        infinite = np.isinf(norm.values)
        if infinite.any():
            return f"the gradient of layer {layer} was infinite at epoch {norm.epochs[infinite][0]:g}"
    return ""


def _no_number(curve: Curve) -> str:
    wrong = ~np.isfinite(curve.values)
    first = curve.epochs[wrong][0]
    return f"is no number from epoch {first:g} on" if wrong[np.argmax(wrong) :].all() else f"was no number at epoch {first:g}"
