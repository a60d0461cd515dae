"""What Adam is: its recurrence, how it contains RMSProp and momentum, and what the corrections do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, close
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject
from ._expected import Steps, agrees, complement, corrections, expected, follows, in_turn

SETTINGS: tuple[dict[str, Any], ...] = (
    {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 0.0},
    {"learning_rate": 0.03, "beta1": 0.0, "beta2": 0.99, "epsilon": 1e-4},
    {"learning_rate": 2.0, "beta1": 0.99, "beta2": 0.8, "epsilon": 0.01},
    {"learning_rate": 0.01, "beta1": 0.3, "beta2": 0.0, "epsilon": 0.001},
    {"learning_rate": 30.0, "beta1": 0.9, "beta2": 0.9999, "epsilon": 1e4},
)
LATE = (100, 2_500, 9_970)


@claim("adam.recurrence", kind="identity", section="Adam", figures=16)
def steps_follow_the_two_averages(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """Every step is that of the recurrence: m and v are averages of g and g², each divided by 1 - βᵗ if corrections are declared, and the
    step is -η m̂ / (√v̂ + ε) with ε where it is declared, at every step from 1 to 10 000 and wherever the parameters stand.
    """
    return in_turn(_parts(adam, probe))


def _parts(adam: OptimizerSubject, probe: Probe) -> Iterator[Evidence]:
    for index, setting in enumerate(SETTINGS):
        yield follows(adam, probe.gradients(40, purpose=str(index)), **setting)
    yield follows(adam, probe.gradients(40), learning_rate=10 ** probe.random("schedule").uniform(-4, 1, 40), epsilon=1e-3)
    for width in (1, 2, 5003):
        yield follows(adam, probe.gradients(3, [1e-3] * width, zeros=False, purpose=str(width)), learning_rate=0.1)
    yield _wherever_it_stands(adam, probe)
    yield follows(adam, probe.gradients(300))
    yield _late(adam, probe)


def _wherever_it_stands(adam: OptimizerSubject, probe: Probe) -> Evidence:
    start = adam.array([0.0, 0.01, -0.5, 3.0, -100.0, 1e-6, -3e5, -1.0, 2e4])
    given: dict[str, Any] = {"learning_rate": 0.3, "epsilon": 0.02}
    gradients = probe.gradients(40)
    steps = expected(adam, gradients, given)
    walk = adam.walk(gradients, start=start, **given)
    # in place of the exact movement stands the difference of two positions, of which the later is rounded
    bounds = steps.bounds + probe.eps * np.abs(walk.positions[1:])
    standing = Steps(steps.movements, bounds, steps.mean, steps.square)
    return agrees(adam, walk.movements, standing, gradients, given, start=start)


def _late(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """Late steps, from a saved state; who keeps something else than m and v in the state walks there."""
    gradients = probe.gradients(30, purpose="late")
    if not _keeps_both_averages(adam, probe):
        return follows(adam, probe.gradients(9_999, [1e-8, 1.0, 1e8], purpose="long"))
    random, size = probe.random("state"), np.abs(gradients).max(axis=0).astype(np.float64)
    mean = adam.array(size * random.uniform(-0.5, 0.5, size.size))
    square = adam.array(size**2 * random.uniform(0.3, 1.5, size.size))
    mean[-1] = square[-1] = 0
    state = np.stack([mean, square])
    return in_turn(follows(adam, gradients, state=state, first_step=step, epsilon=epsilon) for step in LATE for epsilon in (1e-8, 0.0))


def _keeps_both_averages(adam: OptimizerSubject, probe: Probe) -> bool:
    gradients = probe.gradients(4, zeros=False)
    steps, states = expected(adam, gradients, {}), adam.walk(gradients).states[1:]
    same = adam.state_rows == 2 and np.allclose(states[:, 0], steps.mean, rtol=0.01, atol=0)
    return same and np.allclose(states[:, 1], steps.square, rtol=0.01, atol=0)


@claim("adam.is-rmsprop-plus-momentum", kind="identity", section="Adam", figures=16)
def it_puts_rmsprop_and_momentum_together(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """With β₁ = 0 it is RMSProp started at zero, times √(1 - β₂ᵗ) if corrected; with ε so large that v does not matter, and η in proportion, it
    moves by (1 - β₁) times momentum's velocity, divided by 1 - β₁ᵗ if corrected (times √(1 - β₂ᵗ) where corrections are folded into η).
    """
    betas = ((0.9, 0.999), (0.5, 0.9), (0.99, 0.99))
    return all_of(*(_as_rmsprop(adam, probe, beta2) for _, beta2 in betas), *(_as_momentum(adam, probe, *each) for each in betas))


def _as_rmsprop(adam: OptimizerSubject, probe: Probe, beta2: float) -> Evidence:
    gradients = probe.gradients(50, zeros=False)
    correction = _corrections(adam, 50, beta2)
    # no implementation of RMSProp need have ε under the root: there the two are compared without
    epsilon = 0.0 if adam.conventions["epsilon_at"] == "inside" else 0.01
    given = {"learning_rate": 0.3, "beta1": 0.0, "beta2": beta2, "epsilon": epsilon}
    outside = epsilon * (np.sqrt(correction) if adam.conventions["epsilon_at"] == "corrected" else np.ones(50))
    rmsprop = probe.reference("rmsprop", start="zero").walk(gradients, from_zero=True, learning_rate=0.3, decay=beta2, epsilon=outside)
    return _is(adam, gradients, rmsprop.movements * np.sqrt(correction)[:, None], given)


def _as_momentum(adam: OptimizerSubject, probe: Probe, beta1: float, beta2: float) -> Evidence:
    gradients = probe.gradients(50)
    unit = 1e40 if probe.eps < 1e-10 else 1e18
    place = adam.conventions["epsilon_at"]
    given = {"learning_rate": unit, "beta1": beta1, "beta2": beta2, "epsilon": unit**2 if place == "inside" else unit}
    velocity = probe.reference("momentum", learning_rate_in="update").walk(gradients, learning_rate=1.0, momentum=beta1).states[1:, 0]
    factor = (1 - adam.rounded(beta1)) / _corrections(adam, 50, beta1)
    if place == "folded":
        factor = factor * np.sqrt(_corrections(adam, 50, beta2))
    return _is(adam, gradients, -factor[:, None] * velocity, given)


def _is(adam: OptimizerSubject, gradients: Floats, movements: Floats, given: dict[str, Any]) -> Evidence:
    """Its movements are those of another technique; that one is rounded too, at most as often."""
    steps = expected(adam, gradients, given)
    moved = adam.walk(gradients, from_zero=True, **given).movements
    return agrees(adam, moved, Steps(movements.astype(np.float64), 2 * steps.bounds, steps.mean, steps.square), gradients, given, shorten=False)


def _corrections(adam: OptimizerSubject, steps: int, beta: float) -> Floats:
    return corrections(adam, adam.rounded(beta), 1, steps)


@claim("adam.bias-correction", kind="identity", section="Adam", figures=16)
def corrected_averages_of_a_constant_are_that_constant(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """Under a constant gradient the corrected m̂ equals g and v̂ equals g² at every step, so without ε each step has size η; uncorrected they
    fall short of it, and step t has size η (1 - β₁ᵗ) / √(1 - β₂ᵗ).
    """
    settings = ((0.9, 0.999), (0.5, 0.99), (0.0, 0.9), (0.99, 0.95))
    return all_of(*(_constant_gradient(adam, probe, *betas, steps=200 if betas == settings[0] else 30) for betas in settings))


def _constant_gradient(adam: OptimizerSubject, probe: Probe, beta1: float, beta2: float, steps: int) -> Evidence:
    constant = np.repeat(probe.magnitudes(8, -15, 15)[None], steps, axis=0)
    sign = -np.sign(constant).astype(np.float64)
    both = {"learning_rate": 0.5, "beta1": beta1, "beta2": beta2, "epsilon": 0.0}
    short_mean, short_square = _shortfall(adam, steps, beta1), _shortfall(adam, steps, beta2)
    unit = 1e18
    by_mean = {**both, "learning_rate": unit, "epsilon": unit**2 if adam.conventions["epsilon_at"] == "inside" else unit}
    of_mean = constant.astype(np.float64)
    if adam.conventions["epsilon_at"] == "folded":
        of_mean = of_mean * np.sqrt(_corrections(adam, steps, beta2))[:, None]
    small = np.abs(constant[0]) < 1e1  # beside ε, v must not matter
    return all_of(
        _is(adam, constant, sign * adam.rounded(0.5) * short_mean / np.sqrt(short_square), both),
        _is(adam, constant[:, small], (-of_mean * short_mean)[:, small], by_mean),
    )


def _shortfall(adam: OptimizerSubject, steps: int, beta: float) -> Floats:
    """What an average of a constant is of it: all of it where corrected."""
    missing = adam.conventions["bias_correction"] == "no"
    return complement(adam.rounded(beta), np.arange(1, steps + 1))[:, None] if missing else np.ones((steps, 1))


@claim("adam.first-step", kind="identity", section="Kingma and Ba 2015, section 2.1")
def the_first_step_has_the_size_of_the_learning_rate(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """Without ε the first step of every parameter has size η, against its gradient's sign, whatever the gradient's size (uncorrected:
    η (1 - β₁) / √(1 - β₂)); a parameter without gradient stays, or becomes NaN where 0/0 is declared to be.
    """
    parts: list[Evidence] = []
    for learning_rate, beta1, beta2 in ((0.001, 0.9, 0.999), (0.25, 0.0, 0.9), (3.0, 0.99, 0.0), (1e-6, 0.5, 0.9999)):
        # squares are neither to overflow nor to vanish: (1 - β₂) g² stays above the smallest normal number
        highest, lowest = (18, -17 + (beta2 > 0.99)) if probe.eps > 1e-10 else (150, -150)
        gradients = np.concatenate([probe.magnitudes(60, lowest, highest, purpose=str(beta2)), np.zeros(1, probe.dtype)])
        given: dict[str, Any] = {"learning_rate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": 0.0}
        _, *betas = (adam.rounded(value) for value in (learning_rate, beta1, beta2))
        size = 1.0 if adam.conventions["bias_correction"] == "yes" else (1 - betas[0]) / np.sqrt(1 - betas[1])
        direction = -np.sign(gradients).astype(np.float64)
        if adam.conventions["zero_over_zero"] == "nan":
            direction[-1] = np.nan
        moved = adam.walk(gradients[None], from_zero=True, **given).movements[0]
        # 8 eps: 1 - β, square, two products, corrections, root, product, division; and what 1 - β loses where its powers are taken in the dtype
        lost = 8 + 1 / (1 - betas[0]) + 0.5 / (1 - betas[1])
        parts.append(
            close(
                moved, adam.rounded(learning_rate) * size * direction, ulps=lost,
                given=lambda at, gradients=gradients, given=given: f"first step over gradient {gradients[at]:.9g} in {probe.dtype}, {given}",
            )
        )  # fmt: skip
    return all_of(*parts)
