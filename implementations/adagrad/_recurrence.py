"""Adagrad's recurrence in long double, under every convention an implementation may declare, and how far rounding may lead away from it."""

from collections.abc import Sequence

import numpy as np

from ...harness.arrays import Floats
from ...harness.probe import SCALES, Probe
from ...harness.subject import OptimizerSubject


def gradients(probe: Probe, steps: int) -> Floats:
    """Gradients of all sizes up to where squares would overflow or vanish, with zeros at the start and later; at the far ends none is small
    against its scale, so that no square is subnormal.
    """
    reach = 1e17 if probe.dtype == np.float32 else 1e149
    random = probe.random("extremes")
    extremes = random.choice([-1, 1], (steps, 2)) * random.uniform(0.6, 2, (steps, 2)) * np.array([1 / reach, reach])
    return np.concatenate([extremes.astype(probe.dtype), probe.gradients(steps, SCALES)], axis=1)


def settings(probe: Probe, steps: int) -> list[tuple[Floats, float]]:
    """Learning rates, one a step, with ε: 0, of the size of gradients, and beyond them."""
    index = np.arange(steps)
    falling = 0.1 * 0.1 ** (3 * index // steps)
    wild = 10 ** probe.random("settings").uniform(-7, 3, steps)
    return [(falling, 1e-10), (wild, 0.0), (np.full(steps, 1.5), 1e-3), (wild, 30.0)]


def recurrence(adagrad: OptimizerSubject, given: Floats, rates: Sequence[float] | Floats, epsilon: float) -> tuple[Floats, Floats]:
    """The movements (steps, n), and how many eps each may be off.

    The sum is rounded by half a unit at each step and its new square by another; an implementation that keeps the root of the sum rounds
    twice more. The root halves what has come together. Then a sum with ε, a product and a quotient, and as much again for other orders.
    """
    exact_rates, added = adagrad.array(rates).astype(np.longdouble), np.longdouble(adagrad.rounded(epsilon))
    inside, nan = adagrad.conventions["epsilon_at"] == "inside", adagrad.conventions["zero_over_zero"] == "nan"
    squares = off = np.zeros(given.shape[1], np.longdouble)
    movements, tolerances = [], []
    for rate, gradient in zip(exact_rates, given.astype(np.longdouble), strict=True):
        squares = squares + gradient**2
        off = off + gradient**2 + 1.5 * squares
        under = squares + added if inside else squares
        divisor = np.sqrt(under) if inside else np.sqrt(under) + added
        with np.errstate(all="ignore"):
            movements.append(np.where(divisor == 0, np.nan if nan else 0, -rate * gradient / divisor))
            tolerances.append(np.abs(movements[-1]) * (np.where(under > 0, off / (2 * under), 0) + 3))
    return np.array(movements), np.array(tolerances)
