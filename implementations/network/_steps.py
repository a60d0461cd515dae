"""Steps for finite differences: small enough that no kink lies within, large enough that rounding does not drown the effect.

A central difference with step h is off by h²/6 times a third derivative and by the rounding of two values over 2h; both are of the order of
eps^(2/3), times the function's scale, when h is the third root of eps times the scale on which the function bends.
"""

import numpy as np

from ...harness.arrays import Floats
from ...harness.subject import ActivationSubject


def third_root(eps: float) -> float:
    """The step for a function that bends on a scale of 1."""
    return float(np.cbrt(eps))


def distance_to_a_kink(activation: ActivationSubject, z: Floats, pieces: int) -> Floats:
    """For every entry of `z` how far it may be moved without crossing one: 0 for ReLU, a tie of the two largest pieces for Maxout."""
    if activation.technique == "relu":
        return np.abs(z)
    if pieces == 1:
        return np.full(z.shape, np.inf)
    units = z.shape[1] // pieces
    consecutive = activation.conventions.get("layout") == "consecutive"
    grouped = z.reshape(len(z), units, pieces) if consecutive else z.reshape(len(z), pieces, units).swapaxes(1, 2)
    ordered = np.sort(grouped, axis=2)
    gap = np.broadcast_to((ordered[:, :, -1] - ordered[:, :, -2])[:, :, None], grouped.shape)
    return (gap if consecutive else gap.swapaxes(1, 2)).reshape(z.shape)


def pieces_of(activation: ActivationSubject) -> tuple[int, ...]:
    """How many pieces a unit is tried with."""
    return (2, 3) if activation.technique == "maxout" else (1,)
