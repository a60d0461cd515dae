"""What the checks of sigmoid share: its exact value, inputs at which implementations go wrong, and a climb towards the worst of them."""

from collections.abc import Callable
from decimal import Decimal, localcontext
from functools import lru_cache

import numpy as np

from ...harness.arrays import Floats
from ...harness.probe import Probe

PLAIN = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 10.0, -10.0, 30.0, -30.0, 100.0, -100.0, 1000.0, -1000.0)
EDGES = (17.4, 36.8, 87.3, 88.8, 104.0, 708.3, 709.9, 746.0, 1e5, 1e30)
"""Where 1 + e⁻ᶻ becomes 1, and e⁻ᶻ subnormal, infinite or 0, in either dtype."""


def exact(z: Floats) -> Floats:
    """σ(z), computed to 30 digits and rounded to float64; beyond ±800 it is 0 or 1."""
    return np.array([_exact(each) for each in np.clip(z, -800, 800).ravel().tolist()]).reshape(np.shape(z))


@lru_cache(100_000)
def _exact(z: float) -> float:
    with localcontext(prec=30):
        return float(1 / (1 + (-Decimal(z)).exp()))


def finite_points(probe: Probe, count: int = 240) -> Floats:
    """Finite numbers of every size and both signs: the plain ones first, then the edges, then draws."""
    random = probe.random("points")
    largest = float(np.finfo(probe.dtype).max)
    small = probe.magnitudes(count // 3, -8, 0)
    edges = np.array([*EDGES, largest, float(np.finfo(probe.dtype).tiny)])
    return np.concatenate([PLAIN, edges, -edges, small, random.uniform(-40, 40, count // 3), random.uniform(-750, 750, count // 3)]).astype(
        probe.dtype
    )


def shapes(values: Floats) -> list[Floats]:
    """The same numbers as rows of many columns, as one row, as one column, as single numbers: implementations fail at one shape only."""
    rows = values[: values.size // 7 * 7].reshape(7, -1)
    return [values[None, :], values[:, None], rows, np.ascontiguousarray(rows.T), *(values[i : i + 1, None] for i in range(3))]


def climb(excess: Callable[[Floats], Floats], starts: Floats, random: np.random.Generator, rounds: int = 6) -> Floats:
    """Points (rows) near which the excess is largest: the best eighth is kept and perturbed, by ever less, round after round."""
    best, size = starts, 0.5
    for _ in range(rounds):
        ranked = best[np.argsort(-np.nan_to_num(excess(best), nan=np.inf))][: max(len(starts) // 8, 1)]
        steps = random.normal(size=(7, *ranked.shape)) * size * np.maximum(np.abs(ranked), 1e-3)
        best, size = np.concatenate([ranked, (ranked + steps).reshape(-1, starts.shape[1])]), size / 3
    return best
