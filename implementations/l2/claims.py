"""What the lecture claims of L2: the penalty and its gradient, and the share that plain descent takes off every weight."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, close, equal, true
from ...harness.probe import Probe
from ...harness.subject import OptimizerSubject, PenaltySubject, Subject

STRENGTHS = (0.3, 3.7, 1e-8, 1e4, 1.0, 0.0)
SETTINGS = ((0.1, 0.3), (2.0, 0.25), (1e-3, 7.0), (0.5, 1e-3), (0.3, 0.0))
"""Learning rates with strengths."""


def few_digits(values: Floats) -> Floats:
    """The same with three significant digits, so that a counterexample can be typed in."""
    return np.array([float(f"{value:.2e}") for value in values], values.dtype)


@claim("l2.gradient", kind="identity", section="Regularization")
def the_gradient_grows_by_strength_times_weight(l2: PenaltySubject, probe: Probe) -> Evidence:
    """∂L'/∂w = ∂L/∂w + λw for the penalty (λ/2) Σ w²: λw is added to the gradient that is there, whatever the size of either, and nothing is
    done to the weights after the update.
    """
    parts: list[Evidence] = []
    for count, strength in zip((201, 64, 2, 5003, 1, 7), STRENGTHS, strict=True):
        weights = few_digits(probe.magnitudes(count, -8, 8, purpose=f"weights {count}"))
        before = few_digits(probe.magnitudes(count, -8, 8, purpose=f"gradient {count}"))
        weights[3::11], before[::3] = 0, 0
        parts += [_gradient(l2, weights, before, strength), equal(l2.after_update(weights, strength, 0.5), weights, given="w after the update,")]
    return all_of(*parts, *(_value(l2, probe, count, strength) for count in (1, 2, 5, 8) for strength in STRENGTHS))


def _gradient(l2: PenaltySubject, weights: Floats, before: Floats, strength: float) -> Evidence:
    term = np.longdouble(l2.rounded(strength)) * weights
    # half a unit for the product, half a unit for the sum, and half a unit of the expected number itself
    return close(
        l2.gradient(weights, strength, before), before + term, ulps=1.5, scale=np.abs(before) + np.abs(term),
        given=lambda at: f"λ = {strength}, w = {weights[at]}, gradient {before[at]}",
    )  # fmt: skip


def _value(l2: PenaltySubject, probe: Probe, count: int, strength: float) -> Evidence:
    weights = few_digits(probe.magnitudes(count, -5, 5, purpose=f"value {count}"))
    expected = l2.rounded(strength) / 2 * float(np.square(weights.astype(np.longdouble)).sum())
    # squares, all sums of them but one, two products: half a unit each, in the run's dtype if not in a wider one
    given = f"λ = {strength}, w = {weights}: penalty"
    return close(l2.value(weights, strength), expected, ulps=0.5 * (count + 3), eps=l2.eps, given=given)


@claim("l2.decay-factor", kind="identity", section="Regularization", about=("l2", "sgd", "momentum"))
def one_update_keeps_a_fixed_share_of_the_weight(subject: Subject, probe: Probe) -> Evidence:
    """One update of plain gradient descent (momentum 0 included) gives (1-ηλ)w - η∂L/∂w; where the loss has no gradient, t updates give (1-ηλ)ᵗw,
    with η as it is at each step.
    """
    l2 = subject if isinstance(subject, PenaltySubject) else probe.reference("l2")
    descents = [subject] if isinstance(subject, OptimizerSubject) else [*probe.subjects("sgd"), *probe.subjects("momentum")]
    singles = [_one_update(l2, descent, probe, *setting) for descent in descents for setting in SETTINGS]
    return all_of(*singles, *(_many_updates(l2, descent, probe, 25 if descent is descents[0] else 8) for descent in descents))


def _one_update(l2: PenaltySubject, descent: OptimizerSubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    weights = few_digits(probe.magnitudes(61, -6, 6))
    gradient = few_digits(probe.magnitudes(61, -6, 6, purpose="gradient"))
    gradient[::2], weights[5::7] = 0, 0
    rate, share = np.longdouble(l2.rounded(learning_rate)), np.longdouble(l2.rounded(strength))
    expected = (1 - rate * share) * weights - rate * gradient
    found = _descended(l2, descent, weights, [gradient], strength, [learning_rate])[-1]
    # half a unit of λw, of its sum with the gradient, of their product with η and of the result; half a unit of the expected number
    scale = np.abs(expected) + 1.5 * rate * share * np.abs(weights) + rate * np.abs(gradient)
    return close(
        found, expected, ulps=1, scale=scale,
        given=lambda at: f"{descent.name}, η = {learning_rate}, λ = {strength}, w = {weights[at]}, gradient {gradient[at]}",
    )  # fmt: skip


def _many_updates(l2: PenaltySubject, descent: OptimizerSubject, probe: Probe, steps: int) -> Evidence:
    weights, strength = few_digits(probe.magnitudes(25, -6, 6)), 0.4
    rates = [1.0, 0.5, 0.01, 0.25, 0.7] * (steps // 5) + [0.3] * (steps % 5)
    shares = np.longdouble(l2.rounded(strength)) * np.array([l2.rounded(rate) for rate in rates], np.longdouble)
    expected = np.cumprod(1 - shares)[:, np.newaxis] * weights
    found = _descended(l2, descent, weights, np.zeros((steps, weights.size)), strength, rates)
    # relative to the weight that is left, a step errs by half a unit of itself and thrice that of the share it takes off, as in one update
    units = np.cumsum(0.5 + 1.5 * shares / (1 - shares)) + 0.5
    return close(
        found / units[:, np.newaxis].astype(np.float64), expected / units[:, np.newaxis], ulps=1, scale=np.abs(expected), eps=l2.eps,
        given=lambda at: f"{descent.name}, λ = {strength}, w = {weights[at[1]]} after {at[0] + 1} updates with η = {rates[: at[0] + 1]}, "
        f"over {units[at[0]]:.3g},",
    )  # fmt: skip


def _descended(l2: PenaltySubject, descent: OptimizerSubject, start: Floats, gradients: Any, strength: float, rates: Sequence[float]) -> Floats:
    """The weights after every update of a descent on loss and penalty."""
    weights, state, path = l2.array(start), None, []
    other: dict[str, Any] = {"momentum": 0.0} if descent.technique == "momentum" else {}
    for step, (gradient, rate) in enumerate(zip(gradients, rates, strict=True), 1):
        total = l2.gradient(weights, strength, gradient)
        walk = descent.walk(total[np.newaxis], start=weights, state=state, first_step=step, learning_rate=rate, **other)
        weights, state = l2.after_update(walk.positions[-1], strength, rate), walk.states[-1]
        path.append(weights)
    return np.array(path)


@claim("l2.shrink-range", kind="bound", section="Regularization")
def weights_shrink_for_a_share_between_zero_and_one(l2: PenaltySubject, probe: Probe) -> Evidence:
    """Where the loss has no gradient, an update multiplies a weight by a factor between 0 and 1 exactly when 0 < ηλ < 1. At ηλ = 1 nothing is left,
    between 1 and 2 signs alternate and sizes fall, at 2 they stay, and beyond 2 the weights blow up.
    """
    eps, random = l2.eps, probe.random()
    # ηλ that differ from a boundary by less than its roundings (half a unit in λw, in its product with η and in the difference) may cross it
    bands = {(0.0, 1.0): (eps, 1 - 4 * eps), (-1.0, 0.0): (1 + 4 * eps, 2 - 8 * eps), (-np.inf, -1.0): (2 + 8 * eps, 50.0)}
    searched = [_searched(l2, random, factors, shares) for factors, shares in bands.items()]
    exact = [_exactly(l2, *setting) for setting in ((0.5, 2.0, 0.0), (0.125, 8.0, 0.0), (1.0, 2.0, -1.0), (8.0, 0.25, -1.0), (0.3, 0.0, 1.0))]
    courses = [_course(l2, strength) for strength in (0.4, 1.6, 2.5)]
    kept = [2.0**-power for power in range(8, -4, -1) if l2.descend([1.0], [0.0], 2.0**-power * eps, 1.0)[0] == 1.0]
    return all_of(*searched, *exact, *courses).note(shares_in_eps_that_rounding_swallows=max(kept, default=0.0))


def _searched(l2: PenaltySubject, random: np.random.Generator, factors: tuple[float, float], shares: tuple[float, float]) -> Evidence:
    """Look for a share inside the band whose factor is outside: its ends first, then random shares, then steps towards the closest call."""
    mantissas = np.array([1.0, 1.5, 2 - l2.eps, 1 + l2.eps, -1.2345, 1e-6, -3e6, *random.uniform(1, 2, 9)]).astype(l2.dtype)
    low, high = shares
    share, closest, cases = low, np.inf, 0
    for attempt in range(60):
        tried = (low, high)[attempt] if attempt < 2 else random.uniform(low, high) if attempt < 30 else share * random.uniform(0.9, 1.1)
        rate = l2.rounded(2.0 ** random.integers(-8, 8) if attempt < 12 else 10 ** random.uniform(-3, 2))
        strength = l2.rounded(min(max(tried, low), high) / rate)
        if not low <= rate * strength <= high:
            continue
        factor = l2.descend(mantissas, np.zeros(mantissas.size), strength, rate).astype(np.float64) / mantissas
        cases += factor.size
        outside = ~((factors[0] < factor) & (factor < factors[1]))
        if outside.any():
            at = int(np.argmax(outside))
            case = Case(
                f"η = {rate:.9g}, λ = {strength:.9g}, w = {mantissas[at]}", f"a factor between {factors[0]:g} and {factors[1]:g}", str(factor[at])
            )
            return true(False, case, cases=cases)
        margin = float(np.min([np.abs(factor - end) for end in factors]))
        if margin < closest:
            share, closest = rate * strength, margin
    return true(True, Case(f"closest call at ηλ = {share:.6g}", f"between {factors[0]:g} and {factors[1]:g}", f"{closest:.3g} inside"), cases=cases)


def _exactly(l2: PenaltySubject, rate: float, strength: float, factor: float) -> Evidence:
    weights = l2.array([1.0, -0.7, 3e-5, 1e6, -123.0])
    return equal(
        l2.descend(weights, np.zeros(5), strength, rate), factor * weights, given=lambda at: f"η = {rate}, λ = {strength}, w = {weights[at]}"
    )


def _course(l2: PenaltySubject, strength: float) -> Evidence:
    """Twenty updates with η = 1: how signs and sizes go, step by step."""
    path = [l2.array([1.0, -0.3, 7e3])]
    for _ in range(20):
        path.append(l2.descend(path[-1], np.zeros(3), strength, 1.0))
    before, after = np.abs(path[:-1]), np.abs(path[1:])
    alternating = np.sign(path[1:]) == np.sign(path[:-1]) * (1 if strength < 1 else -1)
    right = alternating & ((after > before) if strength > 2 else (after < before))
    step = int(np.argmin(right.all(axis=1)))
    words = "shrink and keep their signs" if strength < 1 else "shrink and change their signs" if strength < 2 else "grow and change their signs"
    case = Case(f"ηλ = {strength}, step {step + 1}, w = {path[step]}", f"weights that {words}", str(path[step + 1]))
    return true(bool(right.all()), case, cases=right.size)
