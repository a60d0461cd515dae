"""How much of the error each of several looks may spend, so that all of them together err no more often than one.

The error spent by n of N seeds is α ln(1 + (e - 1) n/N), which is nearly Pocock's (1977) boundary (Lan and DeMets 1983). A look's boundary is
what spends its share: with S the sum of the differences, a Brownian motion that is seen at the looks, and f its density where no look has
rejected yet,

    f₁ = N(0, n₁) inside ±b₁        fₖ(x) = ∫ fₖ₋₁(u) φ((x - u)/√d)/√d du inside ±bₖ,  d = nₖ - nₖ₋₁
    share of look k = ∫ fₖ₋₁(u) [Φ((-bₖ - u)/√d) + Φ((u - bₖ)/√d)] du

(Armitage, McPherson and Rowe 1969). What is returned are two-sided levels, 2 Φ(-bₖ/√nₖ). They are held against *p-values of t*: with z boundaries
on t statistics of few seeds the whole errs with 12 % where 5 % are spent, with these levels on t's p-values with 5.3 %, which `sequential.py` allows
for.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ..arrays import Floats

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)
"""Of one panel, two standard deviations wide: what is integrated is smooth at that scale, and the error below 1e-13."""

LEAST = 1e-12
"""The smallest level that is worked out."""


class _Density(NamedTuple):
    """Of the sum where no look has rejected: its places, and the mass at each."""

    places: Floats
    mass: Floats


@lru_cache(maxsize=512)
def levels(alpha: float, looks: tuple[int, ...]) -> tuple[float, ...]:
    """The two-sided level of each look, after so many seeds in all; together they err with probability `alpha`, the last spends what is left."""
    from scipy.special import ndtr, ndtri

    spent = [alpha * math.log1p((math.e - 1) * n / looks[-1]) for n in looks]
    found = [spent[0]]
    bound = -float(ndtri(spent[0] / 2)) * math.sqrt(looks[0])
    density = _first(looks, bound)
    for k in range(1, len(looks)):
        deviation = math.sqrt(looks[k] - looks[k - 1])
        share = spent[k] - spent[k - 1]
        reach = -float(ndtri(share / 2))  # the share lies beyond it without earlier looks, and if all mass were at the last bound
        bound = _bound(density, deviation, share, min(reach * math.sqrt(looks[k]), bound + reach * deviation))
        found.append(2 * float(ndtr(-bound / math.sqrt(looks[k]))))
        if k + 1 < len(looks):
            density = _next(density, deviation, bound, math.sqrt(looks[k + 1] - looks[k]))
    return tuple(found)


def _grid(bound: float, scale: float) -> tuple[Floats, Floats]:
    """Places in ±bound with their weights, for what is smooth at this scale."""
    panels = max(1, math.ceil(bound / scale))
    edges = np.linspace(-bound, bound, panels + 1)
    half, middle = bound / panels, (edges[1:] + edges[:-1]) / 2
    return (middle[:, None] + half * NODES).ravel(), np.tile(half * WEIGHTS, panels)


def _first(looks: tuple[int, ...], bound: float) -> _Density:
    deviation = math.sqrt(looks[0])
    following = math.sqrt(looks[1] - looks[0]) if len(looks) > 1 else deviation
    places, weights = _grid(bound, min(deviation, following))
    return _Density(places, weights * _normal(places / deviation) / deviation)


def _next(density: _Density, deviation: float, bound: float, following: float) -> _Density:
    places, weights = _grid(bound, min(deviation, following))
    kernel = _normal((places[:, None] - density.places) / deviation) / deviation
    return _Density(places, weights * (kernel @ density.mass))


def _normal(x: Floats) -> Floats:
    return np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)


def _bound(density: _Density, deviation: float, share: float, start: float) -> float:
    """Where the look's share of the error lies beyond ±bound, by Newton's method on its logarithm.

    `start` lies too far out; the logarithm of a tail is concave, so that from there every step comes nearer and none goes too far.
    """
    from scipy.special import ndtr

    bound = start
    for _ in range(50):
        z = (density.places - bound) / deviation
        beyond, slope = 2 * float(density.mass @ ndtr(z)), 2 * float(density.mass @ _normal(z)) / deviation
        step = beyond / slope * math.log(share / beyond)
        bound -= step
        if abs(step) <= 1e-13 * start:
            break
    return bound


@lru_cache(maxsize=32)
def _table(alpha: float, looks: tuple[int, ...]) -> Floats:
    """Levels by error: a column of errors, `alpha` among them, and a column for each look; logarithms."""
    errors = np.unique([*np.geomspace(LEAST, 0.99, 120), alpha])
    return np.log([(error, *levels(float(error), looks)) for error in errors])


def p_value(look: int, nominal: float, alpha: float, looks: tuple[int, ...]) -> float:
    """The least error with which this look (from 0) would reject, given its nominal p-value; at most `alpha` exactly where it rejects at that.

    Read from a table of logarithms, `alpha` among its entries; never said to be smaller than `LEAST`.
    """
    table = _table(alpha, looks)
    if nominal <= 0:
        return LEAST
    if math.log(nominal) > table[-1, 1 + look]:
        return 1.0
    return float(math.exp(np.interp(math.log(nominal), table[:, 1 + look], table[:, 0])))
