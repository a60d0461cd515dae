"""RMSProp's recurrence in long double, under every convention an implementation may declare, and how far rounding may lead away from it."""

from collections.abc import Sequence
from typing import Any

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


def settings(probe: Probe, steps: int) -> list[tuple[Floats, float, float]]:
    """Learning rates, one a step, with α and ε: ε = 0, of the size of gradients and beyond them; α near 1, below 1/2, and 0. Where
    ε = 0 no α is so small that an average would vanish over the walk.
    """
    random, index = probe.random("settings"), np.arange(steps)
    falling = 0.1 * 0.1 ** (3 * index // steps)
    wild = 10 ** random.uniform(-7, 3, steps)
    return [
        (falling, 0.9, 1e-8),
        (wild, random.uniform(0.25, 0.45), 0.0),
        (np.full(steps, 0.001), 0.99, 1e-3),
        (falling, 0.0, 1e-4),
        (wild, 0.999, 30.0),
    ]


def recurrence(rmsprop: OptimizerSubject, given: Floats, rates: Sequence[float] | Floats, decay: float, epsilon: float) -> tuple[Floats, Floats]:
    """The movements (steps, n), and how many eps each may be off; the first gradient is that of the walk's first step.

    The average: its old part is rounded by one product and the sum, half a unit each, its new part by three products and the sum; an
    implementation that keeps σ instead of σ² rounds twice more; one that adds (1-α)(g² - σ²) rounds at the size of the old average, even where
    little of it stays. The root halves what has come together. Then a sum with ε, a product and a
    quotient, and as much again for other orders.
    """
    exact_rates, zero_start = rmsprop.array(rates).astype(np.longdouble), rmsprop.conventions["start"] == "zero"
    kept, added = np.longdouble(rmsprop.rounded(decay)), np.longdouble(rmsprop.rounded(epsilon))
    square = off = np.zeros(given.shape[1], np.longdouble)
    movements, tolerances = [], []
    for step, (rate, gradient) in enumerate(zip(exact_rates, given.astype(np.longdouble), strict=True)):
        share = kept if step or zero_start else np.longdouble(0)
        old, new = share * square, (1 - share) * gradient**2
        off = share * off + 2.5 * (old + new) + (1 - share) * square
        square = old + new
        divisor, divisor_off = root(square, off, added, inside=rmsprop.conventions["epsilon_at"] == "inside", eps=rmsprop.eps)
        movements.append(step_of(rate * gradient, divisor, nan=rmsprop.conventions["zero_over_zero"] == "nan"))
        tolerances.append(np.abs(movements[-1]) * (divisor_off + 2))
    return np.array(movements), np.array(tolerances)


def root(square: Floats, off: Floats, epsilon: Any, *, inside: bool, eps: float) -> tuple[Floats, Floats]:
    """What a step is divided by, and how many eps it may be off as a share of itself; anything where rounding may have left nothing of it."""
    under = square + epsilon if inside else square
    divisor = np.sqrt(under) if inside else np.sqrt(under) + epsilon
    with np.errstate(all="ignore"):
        left = under - eps * off
        relative = np.where(under == 0, 0, np.where(left > 0, off / (2 * left), np.inf))
    return divisor, relative + 1


def step_of(product: Floats, divisor: Floats, *, nan: bool) -> Floats:
    """-product / divisor; where both are 0, as declared."""
    with np.errstate(all="ignore"):
        return np.where(divisor == 0, np.nan if nan else 0, -product / divisor)
