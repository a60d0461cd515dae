"""When a training has diverged, though its losses are numbers.

A loss that is not finite leaves no doubt, but float32 goes to 10³⁸, and what a far too large step throws out of reach often comes to rest below: with
dead units, weights of 10¹⁵, and a prediction that is worse than none. Such a training has diverged where

    the training loss, at some look, was more than `LOST` times that of a constant prediction, and
    what the training returns predicts the training rows no better than a constant does.

The first is no threshold that anybody set: at 2²³ the constant's loss is one unit in the last place of a float32, so that all it had to learn is lost
in its rounding. It holds in any dtype, and for any loss and unit of the targets. The second is there since a large loss alone says little: logits
of 10³⁰ may have the right class in front, and a training may come back. Rows that were not trained on do not decide it.
"""

from __future__ import annotations

import numpy as np

from .arrays import Floats

LOST = float(1 / np.finfo(np.float32).eps)
"""2²³: so many times a loss, and the loss itself is no more than the last digit of it."""


def lost(epochs: Floats, losses: Floats, constant: float) -> str:
    """Where the training loss was out of reach of the constant prediction's, in words; empty where it never was. Both arrays are (looks,)."""
    at = int(np.argmax(losses))
    if not losses[at] > LOST * constant:
        return ""
    return (
        f"the train loss was {losses[at]:.3g} at epoch {epochs[at]:.0f}, that of a constant prediction is {constant:.3g}, "
        "and the training ended no better than that"
    )
