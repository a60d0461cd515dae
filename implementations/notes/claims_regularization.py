"""Slips and differences of notation in the notes' section on regularisation, each shown with what implementations compute."""

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, close, erratum
from ...harness.probe import Probe
from ...harness.subject import PenaltySubject


def slopes(penalty: PenaltySubject, weights: Any, strength: float) -> Floats:
    """The derivative of the penalty's own value, by central differences: exact for a square, and for an absolute value away from 0."""
    steps = np.diag(np.abs(weights)) / 2
    return np.array([(penalty.value(weights + step, strength) - penalty.value(weights - step, strength)) / (2 * step.max()) for step in steps])


def pull(penalty: PenaltySubject, weights: Any, strength: float, learning_rate: float = 0.25) -> Floats:
    """How strongly the penalty draws: what an update takes off the weights, over the learning rate. For a gradient it is the gradient."""
    return (np.asarray(weights) - penalty.descend(weights, np.zeros(len(weights)), strength, learning_rate).astype(np.float64)) / learning_rate


@claim("erratum.l2-factor", kind="erratum", section="Regularization", about="l2")
def the_factor_is_smaller_than_one_not_than_zero(l2: PenaltySubject, probe: Probe) -> Evidence:
    """A slip of the pen: the notes say that each update multiplies the weight by a number smaller than 0, which brings it nearer to 0. For
    0 < ηλ < 1 the factor 1 - ηλ is positive and smaller than 1; a factor below 0 changes the sign at every update.
    """
    factor = float(l2.descend([1.0], [0.0], 0.5, 0.1)[0])
    exhibit = Case("η = 0.1, λ = 0.5, w = 1, no gradient from the loss", "w times a number smaller than 0", f"{factor:.6g}")
    settings = [(rate, share / rate) for rate in (0.01, 0.1, 1.0) for share in probe.random().uniform(0.01, 0.99, 5)]
    factors = np.array([l2.descend([1.0], [0.0], strength, rate)[0] for rate, strength in settings], np.float64)
    given = lambda at: f"η = {settings[at[0]][0]}, λ = {settings[at[0]][1]:.6g}, w = 1"  # noqa: E731
    # shares end 0.01 before 0 and 1, where rounding does not reach
    corrected = all_of(below(-factors, -1e-3, ulps=0, eps=l2.eps, given=given), below(factors, 1 - 1e-3, ulps=0, eps=l2.eps, given=given))
    return erratum(exhibit, factor >= 0, corrected, factor=factor)


@claim("erratum.l2-norm", kind="erratum", section="Regularization", about="l2")
def the_norm_is_squared(l2: PenaltySubject, probe: Probe) -> Evidence:
    """A difference of notation: the notes' penalty (λ/2)‖θ‖₂ has the norm not squared. Its gradient would be λw/(2‖θ‖₂), not the λw that they go on
    with, which belongs to (λ/2)‖θ‖₂².
    """
    weights = np.array([3.0, 4.0])
    found, printed = pull(l2, weights, 1.0), weights / (2 * np.hypot(*weights))
    exhibit = Case("λ = 1, w = (3, 4)", f"gradient {printed}, that of the penalty as printed", str(found))
    refuted = bool((np.abs(found - printed) > 1).all())
    return erratum(exhibit, refuted, _consistent(l2, probe), printed_gradient=str(printed), gradient=str(found))


@claim("erratum.l1-half", kind="erratum", section="Regularization", about="l1")
def the_half_belongs_to_neither(l1: PenaltySubject, probe: Probe) -> Evidence:
    """A difference of notation: the notes' penalty (λ/2)‖θ‖₁ has a factor 1/2 that their gradient λ sgn(w) lacks; that is the gradient of λ‖θ‖₁."""
    weights = np.array([1.0, -3.0])
    found, printed = pull(l1, weights, 1.0), np.sign(weights) / 2
    exhibit = Case("λ = 1, w = (1, -3)", f"gradient {printed}, that of the penalty as printed", str(found))
    refuted = bool((np.abs(found - printed) > 0.4).all())
    return erratum(exhibit, refuted, _consistent(l1, probe), printed_gradient=str(printed), gradient=str(found))


def _consistent(penalty: PenaltySubject, probe: Probe) -> Evidence:
    """The penalty draws as strongly as its own value says."""
    random, parts = probe.random(), []
    for strength in (1.0, 0.3, 2.0):
        weights = penalty.array(random.choice([-1, 1], 5) * random.uniform(2, 9, 5)).astype(np.float64)
        slope, found = slopes(penalty, weights, strength), pull(penalty, weights, strength)
        # the update rounds the weight by half a unit and so its difference over η = 1/4 by two, and three terms of size λw or λ by half a unit each;
        # five weights' values differ by 2 h w, at least a 25th of them all, h = abs(w)/2: six roundings of each
        scale = 4 * np.abs(weights) + 2 * strength * np.abs(weights) + penalty.value(weights, strength) / np.abs(weights)
        case = lambda at, weights=weights, strength=strength: f"λ = {strength}, w = {weights}: pull on weight {at[0] + 1} and slope of its value"  # noqa: E731
        parts.append(close(found, slope, ulps=6, scale=scale, eps=penalty.eps, given=case))
    return all_of(*parts)


@claim("erratum.l1-index", kind="erratum", section="Regularization", about="l1")
def every_weight_counts_once(l1: PenaltySubject, probe: Probe) -> Evidence:
    """A slip of the pen: the printed norm abs(w₁) + abs(w₁) + ... repeats the first weight; the norm adds every weight's size once."""
    found = l1.value([1.0, -3.0], 1.0)
    exhibit = Case("λ = 1, w = (1, -3)", "penalty 2, the first weight twice", f"{found:.6g}")
    # whole numbers, which every dtype adds exactly
    weights = probe.random().integers(-50, 51, (6, 7)).astype(float)
    values = np.array([l1.value(each, 1.0) for each in weights])
    corrected = close(values, np.abs(weights).sum(axis=1), ulps=0, scale=0, given=lambda at: f"λ = 1, w = {weights[at[0]]}: penalty")
    return erratum(exhibit, abs(found - 2) > 1, corrected, value=found)
