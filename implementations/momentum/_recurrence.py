"""Momentum's recurrence in long double, in whichever form an implementation declares, and how far rounding may lead away from it."""

from collections.abc import Sequence

import numpy as np

from ...harness.arrays import Floats
from ...harness.probe import SCALES, Probe
from ...harness.subject import OptimizerSubject

WIDE_SCALES = (*SCALES, 1e-25, 1e25)
"""Sizes of gradients: nothing is squared, so they may lie further out than elsewhere."""
STARTS = (0.0, 1.0, -3e3, 1e-6)


def recurrence(momentum: OptimizerSubject, gradients: Floats, rates: Sequence[float] | Floats, decay: float) -> tuple[Floats, Floats]:
    """The movements (steps, n), and how many eps each may be off.

    A step rounds two products and a sum, each by half a unit of its size; they are counted in full, so that other orders of the same sums
    have room. Older roundings shrink with λ like everything else. Below the smallest normal number a result may be rounded to 0.
    """
    exact_rates, share = momentum.array(rates).astype(np.longdouble), np.longdouble(momentum.rounded(decay))
    floor = smallest_normal(momentum)
    early = momentum.conventions["learning_rate_in"] == "velocity"
    velocity = off = np.zeros(gradients.shape[1], np.longdouble)
    movements, tolerances = [], []
    for rate, gradient in zip(exact_rates, gradients.astype(np.longdouble), strict=True):
        kept, new = share * velocity, rate * gradient if early else gradient
        velocity = kept + new
        off = share * off + np.abs(kept) + np.abs(velocity) + (np.abs(new) if early else 0) + floor
        movements.append(-velocity if early else -rate * velocity)
        tolerances.append(off if early else rate * (off + np.abs(velocity)) + floor)
    return np.array(movements), np.array(tolerances)


def smallest_normal(momentum: OptimizerSubject) -> float:
    """In units of eps, as tolerances are."""
    return float(np.finfo(momentum.dtype).tiny) / momentum.eps


def positions(start: Floats, movements: Floats, tolerances: Floats) -> tuple[Floats, Floats]:
    """Where these movements lead (steps + 1, n), and how many eps each position may be off: one more rounding a step."""
    path = start.astype(np.longdouble) + np.concatenate([np.zeros_like(movements[:1]), np.cumsum(movements, axis=0)])
    return path, np.concatenate([np.zeros_like(tolerances[:1]), np.cumsum(tolerances + np.abs(path[1:]), axis=0)])


def settings(probe: Probe, steps: int) -> list[tuple[Floats, float]]:
    """Learning rates, one a step, with a λ: falling, constant, up and down, and wild; λ near 1, below 1/2, and 0."""
    random, index = probe.random("settings"), np.arange(steps)
    falling = 0.3 * 0.1 ** (3 * index // steps)
    wild = 10 ** random.uniform(-7, 3, steps)
    return [(falling, 0.8), (np.full(steps, 2.5), 0.99), (np.where(index % 3, 0.07, 7.0), 0.0), (wild, random.uniform(0.05, 0.45))]
