"""What the lecture claims of RMSProp: its recurrence, and what its divisor remembers."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import NotApplicable, claim
from ...harness.evidence import Evidence, all_of, along, below, close, equal, listed
from ...harness.probe import LANDMARKS, Probe
from ...harness.subject import OptimizerSubject
from ._recurrence import gradients, recurrence, settings

STEPS = 40
STARTS = (0.0, 1.0, -3e3, 1e-6)


@claim("rmsprop.recurrence", kind="identity", section="RMSProp", figures=13)
def the_recurrence(rmsprop: OptimizerSubject, probe: Probe) -> Evidence:
    """σ⁰ = abs(g⁰); σᵗ = sqrt(α (σᵗ⁻¹)² + (1-α) (gᵗ)²); w ← w - η g / σ. Where the average is declared to start at 0 the first step is like
    the others; ε stands outside the root or inside it, and 0/0 is no step or NaN, as declared.
    """
    drawn = gradients(probe, STEPS)
    parts = [_walked(rmsprop, drawn, rates, decay, epsilon) for rates, decay, epsilon in settings(probe, STEPS)]
    for width in (1, 5003):
        many = probe.matrix(3, width, scale=1e-4, purpose=f"width {width}")
        parts.append(_walked(rmsprop, many, np.array([0.5, 0.5, 0.05]), 0.7, 1e-5))
    return all_of(*parts, _from_elsewhere(rmsprop, probe))


def _walked(rmsprop: OptimizerSubject, drawn: Floats, rates: Floats, decay: float, epsilon: float) -> Evidence:
    movements, tolerances = recurrence(rmsprop, drawn, rates, decay, epsilon)
    walk = rmsprop.walk(drawn, from_zero=True, learning_rate=rates, decay=decay, epsilon=epsilon)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        told = f"α = {decay:.4g}, ε = {epsilon:.4g}, η = {rates[step]:.4g}"
        return f"movement {step + 1} of parameter {column}, {told}, gradients {listed(drawn[: step + 1, column])}"

    return along(walk.movements, movements, tolerances, given)


def _from_elsewhere(rmsprop: OptimizerSubject, probe: Probe) -> Evidence:
    """From other starts than 0 the path is the start and the sum of the same movements: the position plays no part."""
    drawn = probe.gradients(STEPS, zeros=False)
    start = rmsprop.array(np.resize(STARTS, drawn.shape[1]))
    movements, tolerances = recurrence(rmsprop, drawn, np.full(STEPS, 0.02), 0.95, 1e-6)
    path = start.astype(np.longdouble) + np.cumsum(movements, axis=0)
    walk = rmsprop.walk(drawn, start=start, learning_rate=0.02, decay=0.95, epsilon=1e-6)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        return f"position after {step + 1} steps from {start[column]:.4g}, α = 0.95, ε = 1e-06, gradients {listed(drawn[: step + 1, column])}"

    return along(walk.positions[1:], path, np.cumsum(tolerances + np.abs(path), axis=0), given)


@claim("rmsprop.memory", kind="identity", section="RMSProp", figures=13)
def the_divisor_remembers_squares_with_falling_weights(rmsprop: OptimizerSubject, probe: Probe) -> Evidence:
    """α weighs the past, 1-α the present: a step is divided by the root of exactly Σ (1-α) α^(t-i) (gⁱ)², where the first gradient, taken in
    full, has the weight αᵗ. α = 0 remembers nothing: every step is -η times the gradient's sign.
    """
    parts = [_remembered(rmsprop, probe, decay) for decay in (0.9, 0.3, 0.99)]
    drawn = gradients(probe, 12)
    signs = rmsprop.walk(drawn, from_zero=True, learning_rate=0.2, decay=0.0, epsilon=0.0)
    empty = np.nan if rmsprop.conventions["zero_over_zero"] == "nan" else 0.0
    expected = np.where(drawn == 0, empty, -rmsprop.rounded(0.2) * np.sign(drawn))
    _, tolerances = recurrence(rmsprop, drawn, np.full(12, 0.2), 0.0, 0.0)
    memoryless = along(
        signs.movements, expected, tolerances, lambda at: f"α = 0, ε = 0, η = 0.2, step {at[0] + 1}, gradients {listed(drawn[: at[0] + 1, at[1]])}"
    )
    return all_of(*parts, memoryless, _taken_up(rmsprop, probe))


def _remembered(rmsprop: OptimizerSubject, probe: Probe, decay: float) -> Evidence:
    """A large gradient at step i in parameter i among ordinary ones: each weight of the sum shows by itself."""
    ordinary = probe.random(f"ordinary {decay}").uniform(0.5, 1.5, (STEPS, STEPS))
    drawn = (ordinary * (1 + 300 * np.eye(STEPS))).astype(probe.dtype)
    kept, rate = np.longdouble(rmsprop.rounded(decay)), np.longdouble(rmsprop.rounded(0.1))
    ages = np.subtract.outer(np.arange(STEPS), np.arange(STEPS))
    weights = np.where(ages >= 0, (1 - kept) * kept ** np.maximum(ages, 0), 0)
    if rmsprop.conventions["start"] == "first_gradient":
        weights[:, 0] = kept ** np.arange(STEPS)
    squares = weights @ drawn.astype(np.longdouble) ** 2
    walk = rmsprop.walk(drawn, from_zero=True, learning_rate=0.1, decay=decay, epsilon=0.0)
    _, tolerances = recurrence(rmsprop, drawn, np.full(STEPS, 0.1), decay, 0.0)

    def given(at: tuple[int, ...]) -> str:
        step, column = at
        return f"movement {step + 1}, α = {decay}, ε = 0, η = 0.1, gradients {listed(drawn[: step + 1, column])}"

    return along(walk.movements, -rate * drawn / np.sqrt(squares), tolerances, given)


def _taken_up(rmsprop: OptimizerSubject, probe: Probe) -> Evidence:
    """Nothing else is remembered: a walk taken up from its saved state has the same future, whatever was walked in between; after the first
    step the number of the step plays no part.
    """
    drawn, others = gradients(probe, 20), probe.matrix(3, 2, scale=40.0, purpose="others")
    whole, parts = rmsprop.walk(drawn, from_zero=True, decay=0.8, epsilon=1e-6), []
    for at, first_step, end in [(0, 1, 20), (1, 2, 20), (1, 80, 20), *((9, number - 2, 14) for number in LANDMARKS)]:
        rmsprop.walk(others[:2], from_zero=True, decay=0.3)
        rest = rmsprop.walk(drawn[at:end], from_zero=True, state=whole.states[at], first_step=first_step, decay=0.8, epsilon=1e-6)
        parts.append(equal(
            rest.movements, whole.movements[at:end],
            given=lambda place, at=at, n=first_step: f"taken up after {at} steps, counted on from {n}: movement {place[0] + 1}, parameter {place[1]}",
        ))  # fmt: skip
    return all_of(*parts)


@claim("rmsprop.bounded-step", kind="bound", section="not in the notes")
def no_step_is_longer_than_a_multiple_of_the_learning_rate(rmsprop: OptimizerSubject, probe: Probe) -> Evidence:
    """No step is longer than η / sqrt(1-α), whatever the gradients and ε: a large gradient enters its own divisor with weight 1-α. A burst
    after silence comes as near to it as you like; after a first gradient taken in full, the first step is η itself.
    """
    steps, parts = 16, []
    for decay, epsilon in ((0.9, 0.0), (0.99, 1e-12), (0.2, 0.0)):
        bound = rmsprop.rounded(0.1) / np.sqrt(1 - np.longdouble(rmsprop.rounded(decay)))
        sequences = _searched(rmsprop, probe, steps, decay, epsilon)
        walk = rmsprop.walk(sequences, from_zero=True, learning_rate=0.1, decay=decay, epsilon=epsilon)

        def given(at: tuple[int, ...], drawn=sequences, decay=decay) -> str:
            return f"α = {decay}, η = 0.1, step {at[0] + 1}, gradients {listed(drawn[: at[0] + 1, at[1]])}"

        # the present square alone bounds the divisor: three products and a sum under the root, then a root, a sum, a product, a quotient
        parts.append(below(np.abs(walk.movements), bound, ulps=5, eps=rmsprop.eps, given=given))
        burst = np.float64(np.abs(walk.movements[-1, 0]))
        parts.append(close(burst, bound, ulps=5, eps=rmsprop.eps, given=f"α = {decay}, a burst of 1e6 after {steps - 1} gradients of 1e-6"))
    return all_of(*parts)


def _searched(rmsprop: OptimizerSubject, probe: Probe, steps: int, decay: float, epsilon: float) -> Floats:
    """Sequences of gradients, one a column: silence and a burst, gradients that grow by a factor a step, random ones, and those that a climb
    for the longest step has found.
    """
    random = probe.random(f"search {decay}")
    burst = np.where(np.arange(steps) < steps - 1, 1e-6, 1e6)
    growing = [1e-6 * factor ** np.arange(steps) for factor in (1.5, 3.0, 8.0)]
    exponents = random.uniform(-6, 6, (steps, 40))
    for _ in range(4):
        walk = rmsprop.walk(10**exponents, from_zero=True, learning_rate=0.1, decay=decay, epsilon=epsilon)
        best = np.argsort(-np.nan_to_num(np.abs(walk.movements).max(axis=0)))[:8]
        exponents = np.clip(exponents[:, np.resize(best, 40)] + random.normal(scale=0.7, size=(steps, 40)), -8, 8)
    signs = random.choice([-1, 1], (steps, 40))
    return np.column_stack([burst, *growing, signs * 10**exponents]).astype(probe.dtype)


@claim("rmsprop.beyond-range", kind="bound", section="not in the notes", about=("rmsprop", "adagrad"))
def squares_that_vanish_or_overflow_do_no_harm(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """With ε = 0 a gradient whose square is too small for the dtype counts as 0 or in full; one whose square is too large makes no step, the
    right one, or NaN. No step is infinite or longer than at other times.
    """
    if optimizer.conventions["zero_over_zero"] == "nan":
        raise NotApplicable("it declares zero_over_zero=nan: a gradient whose square vanishes is divided by 0.")
    tiny, huge = (1e-30, 1e30) if probe.dtype == np.float32 else (1e-200, 1e200)
    small = np.array([[tiny, -tiny, 1.0], [-tiny, 1.0, tiny], [tiny, tiny, -1.0]]).astype(probe.dtype)
    large = np.array([[huge, 1.0, -huge], [huge, -huge, 1.0], [1.0, 1.0, 1.0]]).astype(probe.dtype)
    decay: dict[str, Any] = {"decay": 0.75} if optimizer.technique == "rmsprop" else {}
    longest = optimizer.rounded(0.1) * (2 if decay else 1)  # 1 / sqrt(1 - 0.75) = 2

    def within(drawn: Floats, *, nan: bool) -> Evidence:
        sizes = np.abs(optimizer.walk(drawn, from_zero=True, learning_rate=0.1, epsilon=0.0, **decay).movements)
        told = np.where(np.isnan(sizes), 0, sizes) if nan else sizes
        return below(told, longest, ulps=5, eps=optimizer.eps, given=lambda at: f"ε = 0, η = 0.1, gradients {listed(drawn[: at[0] + 1, at[1]])}")

    return all_of(within(small, nan=False), within(large, nan=True))
