"""What AdamW is: Adam, with a decay of the weights that Adam does not rescale."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, equal, true
from ...harness.probe import SCALES, Probe
from ...harness.subject import OptimizerSubject
from ._expected import Path, expected, follows, on_path

START = (0.0, 0.01, -0.5, 3.0, -100.0, 1e-6, -3e5, -1.0, 2e4)
SETTINGS: tuple[dict[str, Any], ...] = (
    {"learning_rate": 0.1, "beta1": 0.5, "beta2": 0.9, "epsilon": 0.0, "strength": 0.5},
    {"learning_rate": 0.03, "beta1": 0.0, "beta2": 0.99, "epsilon": 1e-4, "strength": 0.0},
    {"learning_rate": 0.7, "beta1": 0.99, "beta2": 0.8, "epsilon": 0.01, "strength": 2.0},
    {"learning_rate": 0.01, "beta1": 0.3, "beta2": 0.0, "epsilon": 0.001, "strength": 0.3},
    {"learning_rate": 30.0, "beta1": 0.9, "beta2": 0.9999, "epsilon": 1e4, "strength": 0.01},
)


@claim("adamw.recurrence", kind="identity", section="not in the notes")
def parameters_shrink_and_then_move_as_in_adam(adamw: OptimizerSubject, probe: Probe) -> Evidence:
    """Every step is θ ← (1 - η λ) θ - η m̂ / (√v̂ + ε), or with 1 - λ where that is declared: the decay is taken from the old parameters and
    follows η if so declared, m and v are Adam's averages of g and g² alone, and ε stands where it is declared.
    """
    schedule = 10 ** probe.random("schedule").uniform(-4, 0, 40)
    return all_of(
        follows(adamw, probe.gradients(120), START),
        *(follows(adamw, probe.gradients(40, purpose=str(index)), START, **setting) for index, setting in enumerate(SETTINGS)),
        follows(adamw, probe.gradients(40, purpose="from 0"), 0.0, learning_rate=0.1, strength=0.9),
        follows(adamw, probe.gradients(40, purpose="schedule"), START, learning_rate=schedule, strength=0.4, epsilon=1e-3),
        follows(adamw, probe.gradients(40, purpose="strengths"), START, learning_rate=0.2, strength=schedule, epsilon=1e-3),
        *(follows(adamw, probe.gradients(3, [1e-3] * width, zeros=False), 2.0, learning_rate=0.1, strength=1.5) for width in (1, 2, 5003)),
        _late(adamw, probe),
    )


def _late(adamw: OptimizerSubject, probe: Probe) -> Evidence:
    """Late steps, of which only the last had gradients: before them the state of who keeps two averages is 0."""
    if adamw.state_rows != 2:
        return follows(adamw, probe.gradients(2_000, [1.0], zeros=False), 1.0)
    gradients, given = probe.gradients(20, zeros=False, purpose="late"), {"learning_rate": 0.1, "strength": 0.3}
    return all_of(*(follows(adamw, gradients, 5.0, first_step=step, **given) for step in (200, 1_000, 9_981)))


@claim("adamw.decoupled", kind="identity", section="Regularization")
def decay_does_not_pass_through_the_averages(adamw: OptimizerSubject, probe: Probe) -> Evidence:
    """The decay takes the same share of every weight whatever the gradients were: two walks that differ in λ alone keep the same m and v, bit
    for bit, and after one step they differ by the decay, λ η θ or λ θ as declared, and by nothing else.
    """
    gradients = probe.gradients(12, SCALES * 6)
    start = probe.magnitudes(gradients.shape[1], -4, 4)
    with_, without = (adamw.walk(gradients, start=start, learning_rate=0.05, strength=strength, epsilon=1e-3) for strength in (0.6, 0.0))
    share = adamw.rounded(0.6) * (adamw.rounded(0.05) if adamw.conventions["decay_factor"] == "learning_rate_times_strength" else 1)
    taken = without.positions[1].astype(np.float64) - with_.positions[1]
    largest = np.abs(start) + np.abs(without.positions[1])
    # the difference of two rounded parameters, either of them shrunk or not and moved: half a unit for each of up to six operations
    share_taken = close(
        taken, share * start.astype(np.float64), ulps=3, scale=largest, eps=probe.eps,
        given=lambda at: f"what λ = 0.6, η = 0.05 takes off weight {start[at]:.9g} at gradient {gradients[0][at]:.9g}",
    )  # fmt: skip
    kept = equal(with_.states, without.states, given=lambda at: f"state row {at[1]} after step {at[0]} with λ = 0.6 against λ = 0")
    return all_of(share_taken, kept)


@claim("adamw.zero-is-adam", kind="identity", section="not in the notes")
def without_decay_it_is_adam(adamw: OptimizerSubject, probe: Probe) -> Evidence:
    """λ = 0 is Adam, of which every convention is a schedule of the paper's form: folded corrections use ε / √(1 - β₂ᵗ), and no corrections
    that and η (1 - β₁ᵗ) / √(1 - β₂ᵗ).
    """
    parts: list[Evidence] = []
    for setting in SETTINGS[:3]:
        given = {**setting, "strength": 0.0}
        # no implementation of Adam need have ε under the root: there the two are compared without
        given["epsilon"] = 0.0 if adamw.conventions["epsilon_at"] == "inside" else given["epsilon"]
        gradients = probe.gradients(40, zeros=False, purpose=str(given["beta1"]))
        walk = adamw.walk(gradients, start=START[:7], **given)
        path = expected(adamw, gradients, walk.positions[0], **given)
        adam = probe.reference("adam").walk(gradients, start=START[:7], **_as_a_schedule(adamw, given, len(gradients)))
        # both are rounded
        parts.append(on_path(adamw, walk.positions, Path(adam.positions.astype(np.float64), 2 * path.bounds), gradients, given))
    return all_of(*parts)


def _as_a_schedule(adamw: OptimizerSubject, given: dict[str, Any], steps: int) -> dict[str, Any]:
    t = np.arange(1, steps + 1)
    of_mean, of_root = 1 - adamw.rounded(given["beta1"]) ** t, np.sqrt(1 - adamw.rounded(given["beta2"]) ** t)
    uncorrected = adamw.conventions["bias_correction"] == "no"
    learning_rate = given["learning_rate"] * (of_mean / of_root if uncorrected else np.ones(steps))
    epsilon = given["epsilon"] / (of_root if uncorrected or adamw.conventions["epsilon_at"] == "folded" else np.ones(steps))
    return {"learning_rate": learning_rate, "epsilon": epsilon, "beta1": given["beta1"], "beta2": given["beta2"]}


@claim("l2.not-decay-in-adam", kind="identity", section="Regularization", about=("adam", "adamw"))
def l2_does_not_decay_under_adam(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """Adam rescales λ w like any gradient: with no other gradient its first step takes η off every weight, small or large, and no fixed share.
    AdamW's decay keeps 1 - η λ (or 1 - λ, as declared) of every weight at every step.
    """
    return _adam_takes_a_fixed_amount(optimizer, probe) if optimizer.technique == "adam" else _adamw_keeps_a_fixed_share(optimizer, probe)


def _adam_takes_a_fixed_amount(adam: OptimizerSubject, probe: Probe) -> Evidence:
    weights, l2 = probe.magnitudes(40, -5, 5), probe.reference("l2")
    parts: list[Evidence] = []
    for strength, learning_rate in ((0.1, 0.01), (1e-3, 0.5), (4.0, 1e-4)):
        given: dict[str, Any] = {"learning_rate": learning_rate, "beta1": 0.6, "beta2": 0.9, "epsilon": 0.0}
        moved = adam.walk(l2.gradient(weights, strength)[None], from_zero=True, **given).movements[0]
        beta1, beta2 = adam.rounded(0.6), adam.rounded(0.9)
        size = 1.0 if adam.conventions["bias_correction"] == "yes" else (1 - beta1) / np.sqrt(1 - beta2)
        # as in adam.first-step
        amount = close(
            moved, -size * adam.rounded(learning_rate) * np.sign(weights), ulps=8 + 1 / (1 - beta1) + 0.5 / (1 - beta2),
            given=lambda at, strength=strength, given=given: f"first step of weight {weights[at]:.9g} under L2 of {strength} alone, {given}",
        )  # fmt: skip
        shares = np.abs(moved / weights.astype(np.float64))
        spread = float(shares.max() / shares.min())
        case = Case(
            f"shares taken off weights of {np.abs(weights).min():.3g} to {np.abs(weights).max():.3g}", "different shares", f"{spread:.3g} times"
        )
        parts += [amount, true(spread > 2, case)]
    return all_of(*parts)


def _adamw_keeps_a_fixed_share(adamw: OptimizerSubject, probe: Probe) -> Evidence:
    weights, steps = probe.magnitudes(40, -5, 5), 30
    parts: list[Evidence] = []
    for strength, learning_rate in ((0.1, 0.01), (1e-3, 0.5), (0.9, 0.3), (0.0, 1.0)):
        walk = adamw.walk(np.zeros((steps, 40)), start=weights, learning_rate=learning_rate, strength=strength)
        follows_rate = adamw.conventions["decay_factor"] == "learning_rate_times_strength"
        factor = 1 - np.longdouble(adamw.rounded(strength)) * (adamw.rounded(learning_rate) if follows_rate else 1)
        count = np.arange(steps + 1)[:, None]
        # a step rounds the product ηλ, 1 - ηλ and what it keeps; the error of the factor, half a unit of 1 and of ηλ, is relative to the factor; half
        # as much to spare
        unit = count * (0.5 + (0.5 + 0.5 * (1 - factor)) / factor)
        expected_weights = (weights * factor**count).astype(np.float64)
        parts.append(
            close(
                walk.positions, expected_weights, ulps=1.5, scale=np.maximum(unit, 1e-300) * np.abs(expected_weights), eps=probe.eps,
                given=lambda at, given=(strength, learning_rate): f"weight {weights[at[1]]:.9g} after {at[0]} steps without gradient, λ, η = {given}",
            )
        )  # fmt: skip
    return all_of(*parts)
