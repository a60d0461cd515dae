"""What users of Adagrad expect of it; the lecture shows it before RMSProp, the notes leave it out."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, along, below, close, equal, listed
from ...harness.probe import LANDMARKS, Probe
from ...harness.subject import OptimizerSubject
from ._recurrence import gradients, recurrence, settings

STEPS = 40
STARTS = (0.0, 1.0, -3e3, 1e-6)


@claim("adagrad.recurrence", kind="identity", section="not in the notes")
def the_recurrence(adagrad: OptimizerSubject, probe: Probe) -> Evidence:
    """s⁰ = 0; s ← s + g²; θ ← θ - η g / (√s + ε), or with ε inside the root where so declared; 0/0 is no step or NaN, as declared."""
    drawn = gradients(probe, STEPS)
    parts = [_walked(adagrad, drawn, rates, epsilon) for rates, epsilon in settings(probe, STEPS)]
    for width in (1, 5003):
        many = probe.matrix(3, width, scale=1e-4, purpose=f"width {width}")
        parts.append(_walked(adagrad, many, np.array([0.5, 0.5, 0.05]), 1e-5))
    return all_of(*parts, _from_elsewhere(adagrad, probe))


def _walked(adagrad: OptimizerSubject, drawn: Floats, rates: Floats, epsilon: float) -> Evidence:
    movements, tolerances = recurrence(adagrad, drawn, rates, epsilon)
    walk = adagrad.walk(drawn, from_zero=True, learning_rate=rates, epsilon=epsilon)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        return f"movement {step + 1} of parameter {column}, ε = {epsilon:.4g}, η = {rates[step]:.4g}, gradients {listed(drawn[: step + 1, column])}"

    return along(walk.movements, movements, tolerances, given)


def _from_elsewhere(adagrad: OptimizerSubject, probe: Probe) -> Evidence:
    """From other starts than 0 the path is the start and the sum of the same movements: the position plays no part."""
    drawn = probe.gradients(STEPS, zeros=False)
    start = adagrad.array(np.resize(STARTS, drawn.shape[1]))
    movements, tolerances = recurrence(adagrad, drawn, np.full(STEPS, 0.02), 1e-6)
    path = start.astype(np.longdouble) + np.cumsum(movements, axis=0)
    walk = adagrad.walk(drawn, start=start, learning_rate=0.02, epsilon=1e-6)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        return f"position after {step + 1} steps from {start[column]:.4g}, ε = 1e-06, gradients {listed(drawn[: step + 1, column])}"

    return along(walk.positions[1:], path, np.cumsum(tolerances + np.abs(path), axis=0), given)


@claim("adagrad.forgets-nothing", kind="identity", section="not in the notes")
def the_order_of_past_gradients_plays_no_part(adagrad: OptimizerSubject, probe: Probe) -> Evidence:
    """Every past gradient counts alike, the first as much as the last: in whatever order they came, with whatever signs and at whatever
    learning rates, the next step is the same. A walk taken up from its saved state has the same future, whatever the step's number.
    """
    past, last = probe.gradients(STEPS, zeros=False), probe.gradients(1, zeros=False, purpose="last")
    random = probe.random("order")
    whole, parts = adagrad.walk(np.concatenate([past, last]), from_zero=True, learning_rate=0.05, epsilon=1e-6), []
    for turned in (past[::-1], -past[random.permutation(STEPS)]):
        rates = np.append(10 ** random.uniform(-3, 1, STEPS), 0.05)
        walk = adagrad.walk(np.concatenate([turned, last]), from_zero=True, learning_rate=rates, epsilon=1e-6)
        parts.append(close(
            walk.movements[-1], whole.movements[-1],
            # either sum of STEPS squares is rounded by half a unit each time, halved by the root
            ulps=STEPS / 2 + 3, given=lambda at: f"step {STEPS + 1} after the same gradients in another order, the last {last[0, at[0]]:.4g}",
        ))  # fmt: skip
    return all_of(*parts, _taken_up(adagrad, probe))


def _taken_up(adagrad: OptimizerSubject, probe: Probe) -> Evidence:
    drawn, others = gradients(probe, 20), probe.matrix(3, 2, scale=40.0, purpose="others")
    whole, parts = adagrad.walk(drawn, from_zero=True, epsilon=1e-6), []
    for at, first_step, end in [(0, 1, 20), (0, 80, 20), (1, 2, 20), *((9, number - 2, 14) for number in LANDMARKS)]:
        adagrad.walk(others[:2], from_zero=True)
        rest = adagrad.walk(drawn[at:end], from_zero=True, state=whole.states[at], first_step=first_step, epsilon=1e-6)
        parts.append(equal(
            rest.movements, whole.movements[at:end],
            given=lambda place, at=at, n=first_step: f"taken up after {at} steps, counted on from {n}: movement {place[0] + 1}, parameter {place[1]}",
        ))  # fmt: skip
    return all_of(*parts)


@claim("adagrad.bounded-step", kind="bound", section="not in the notes")
def no_step_is_longer_than_the_learning_rate(adagrad: OptimizerSubject, probe: Probe) -> Evidence:
    """No step is longer than η, whatever the gradients and ε, since a gradient is part of its own divisor. With ε = 0 the first step is η
    itself, against the gradient's sign, whatever its size.
    """
    drawn = gradients(probe, STEPS)
    parts = []
    for epsilon in (0.0, 1e-8, 2.0):
        walk = adagrad.walk(drawn, from_zero=True, learning_rate=0.3, epsilon=epsilon)
        movements = np.where((drawn == 0) & np.isnan(walk.movements), 0, walk.movements)  # 0/0, where it is declared to be NaN

        def given(at: tuple[int, ...], epsilon=epsilon) -> str:
            return f"ε = {epsilon}, η = 0.3, step {at[0] + 1}, gradients {listed(drawn[: at[0] + 1, at[1]])}"

        # square, sum, root, sum, product, quotient: half a unit each, the first two halved by the root
        parts.append(below(np.abs(movements), adagrad.rounded(0.3), ulps=3, eps=adagrad.eps, given=given))
        if epsilon == 0:
            first = -adagrad.rounded(0.3) * np.sign(drawn[0])
            parts.append(close(movements[0], first, ulps=3, given=lambda at: f"ε = 0, η = 0.3, first gradient {drawn[0, at[0]]:.4g}"))
    return all_of(*parts)
