"""Figure 15: a ball that rolls out of a local minimum, if its inertia is large enough, and what happens if it is larger still.

f(x) = x⁴/4 - x²/2 - 0.15 x has its higher minimum at -0.914, a barrier at -0.154 and its lower minimum at 1.068. A walk from -1.7 with
η = 0.02 is followed until kinetic and potential energy are too small for the barrier; it ends in the valley where it then is.
"""

import functools

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, true
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject

START, RATE = -1.7, 0.02
LEFT, BARRIER, RIGHT = (float(root) for root in np.sort(np.roots([1, 0, -1, -0.15]).real))
TRAPPED_BELOW = 0.02
"""By so much must the energy lie below the barrier's: more than a step can bring back (checked against walks of 4000 steps, see `_plain_end`)."""
GRID = (0.0, 0.3, 0.6, 0.8, 0.87, 0.885, 0.9, 0.93, 0.955, 0.97, 0.973)
BEYOND = (0.976, 0.98, 0.985, 0.99)


@claim("momentum.escapes", kind="bound", section="Momentum", figures=15, dtypes=("float64",))
def inertia_carries_it_out_of_a_local_minimum(momentum: OptimizerSubject, _probe: Probe) -> Evidence:
    """On f = x⁴/4 - x²/2 - 0.15 x from -1.7 with η = 0.02 plain descent (λ = 0) ends in the left, higher minimum. As λ grows the walk first
    ends in the right, lower one just above λ = 0.888; it does so up to 0.974; beyond that the end alternates: more inertia is not better.
    """
    first = _first_threshold(momentum)
    found = {decay: _end(momentum, decay) for decay in (*GRID, *BEYOND)}
    wanted = {decay: "left" if decay < first else "right" for decay in GRID} | {decay: _plain_end(decay) for decay in BEYOND}
    parts = [true(found[decay] == wanted[decay], Case(f"from {START}, η = {RATE}, λ = {decay}", wanted[decay], found[decay])) for decay in found]
    threshold = Case(f"smallest λ of a bisection in [0, 0.95] that ends right, from {START}, η = {RATE}", "0.888 to 0.889", f"{first:.4f}")
    alternates = {found[decay] for decay in BEYOND} == {"left", "right"}
    beyond = Case(f"λ = {', '.join(map(str, BEYOND))}", "both ends among them", ", ".join(found[decay] for decay in BEYOND))
    parts += [true(0.888 <= first <= 0.889, threshold), true(alternates, beyond)]
    return all_of(*parts).note(first_threshold=first, ends_beyond=", ".join(f"{decay}: {found[decay]}" for decay in BEYOND))


def _first_threshold(momentum: OptimizerSubject) -> float:
    """The λ between an end on the left and one on the right, to 0.0002."""
    low, high = 0.0, 0.95
    if _end(momentum, low) != "left" or _end(momentum, high) != "right":
        return float("nan")
    while high - low > 2e-4:
        middle = (low + high) / 2
        low, high = (middle, high) if _end(momentum, middle) == "left" else (low, middle)
    return high


def _end(momentum: OptimizerSubject, decay: float) -> str:
    """The valley in which an implementation's walk ends; it is continued in pieces, from saved state."""
    at, before, state, step = START, START, None, 0
    while step < 400:
        walk = momentum.walk(_slope, steps=12, start=at, state=state, first_step=step + 1, learning_rate=RATE, momentum=decay)
        before, at, state, step = float(walk.positions[-2, 0]), float(walk.positions[-1, 0]), walk.states[-1], step + 12
        if not abs(at) < 10:
            return f"nowhere, x = {at:.3g} after {step} steps"
        if _energy(at, at - before) < _energy(BARRIER, 0.0) - TRAPPED_BELOW:
            return _side(at)
    return f"undecided after {step} steps, x = {at:.6g}"


@functools.cache
def _plain_end(decay: float) -> str:
    """The same in plain arithmetic, without any rule for when to stop."""
    x, velocity = START, 0.0
    for _ in range(4000):
        velocity = decay * velocity - RATE * (x**3 - x - 0.15)
        x += velocity
    return _side(x)


def _slope(x: np.ndarray, _step: int) -> np.ndarray:
    return x**3 - x - 0.15


def _energy(x: float, velocity: float) -> float:
    return x**4 / 4 - x**2 / 2 - 0.15 * x + velocity**2 / (2 * RATE)


def _side(x: float) -> str:
    return "left" if x < BARRIER else "right"
