"""What the lecture claims of L1: its gradient, the fixed amount it takes off every weight, and how it comes to rest, or does not, at 0."""

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, close, equal, true
from ...harness.probe import Probe
from ...harness.subject import PenaltySubject
from ._descent import course, few_digits, proximal, updated

STRENGTHS = (0.3, 3.7, 1e-8, 1e4, 1.0, 0.0)
SETTINGS = ((0.1, 0.3), (2.0, 0.25), (1e-3, 7.0), (0.5, 1e-3), (0.3, 0.0))
"""Learning rates with strengths."""


@claim("l1.gradient", kind="identity", section="Regularization")
def the_gradient_grows_by_strength_times_sign(l1: PenaltySubject, probe: Probe) -> Evidence:
    """For the penalty λ Σ abs(w) the subgradient is λ sgn(w), 0 at 0, and an update gives w - η∂L/∂w - ηλ sgn(w). The proximal form adds nothing to
    the gradient and takes up to ηλ off the size of w - η∂L/∂w, down to 0.
    """
    parts = [_gradient(l1, probe, *sizes) for sizes in zip((201, 64, 2, 5003, 1, 7), STRENGTHS, strict=True)]
    parts += [_update(l1, probe, *setting) for setting in SETTINGS]
    return all_of(*parts, *(_value(l1, probe, count, strength) for count in (1, 2, 5, 8) for strength in STRENGTHS))


def _unkind(l1: PenaltySubject, probe: Probe, count: int) -> tuple[Floats, Floats]:
    """Weights and gradients of all sizes, with zeros of both signs, the smallest normal numbers and infinity among the weights."""
    weights = few_digits(probe.magnitudes(count, -8, 8, purpose=f"weights {count}"))
    before = few_digits(probe.magnitudes(count, -8, 8, purpose=f"gradient {count}"))
    tiny = 4 * float(np.finfo(l1.dtype).tiny)
    special = (0.0, -0.0, tiny, -tiny, 1e-30, -1e-30, np.inf, -np.inf)
    at = np.arange(3, count, 11)
    weights[at], before[::3] = np.resize(special, at.size), 0
    return weights, before


def _gradient(l1: PenaltySubject, probe: Probe, count: int, strength: float) -> Evidence:
    weights, before = _unkind(l1, probe, count)
    found = l1.gradient(weights, strength, before)
    if proximal(l1):
        return equal(found, before, given=lambda at: f"λ = {strength}, w = {weights[at]}: gradient {before[at]}, to which it adds nothing,")
    term = np.longdouble(l1.rounded(strength)) * np.sign(weights)
    # half a unit for the sum and half a unit of the expected number itself; a product with a sign is exact
    case = lambda at: f"λ = {strength}, w = {weights[at]}, gradient {before[at]}"  # noqa: E731
    parts = [close(found, before + term, ulps=1, scale=np.abs(before) + np.abs(term), given=case)]
    parts += [equal(l1.after_update(weights, strength, 0.5), weights, given="w after the update,")]
    return all_of(*parts)


def _update(l1: PenaltySubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    weights = few_digits(probe.magnitudes(99, -6, 6))
    gradient = few_digits(probe.magnitudes(99, -6, 6, purpose="gradient"))
    price = learning_rate * strength
    weights[5::7], gradient[::2] = 0, 0
    weights[1::9] = few_digits(np.resize([0.5, -0.9, 1.1, -2.0], weights[1::9].size).astype(l1.dtype) * (price or 1))  # about the threshold
    expected = updated(l1, weights, gradient, strength, learning_rate)
    # at most four operations, half a unit of the largest of their terms each, and half a unit of the expected number itself
    scale = np.abs(weights) + learning_rate * np.abs(gradient) + price
    return close(
        l1.descend(weights, gradient, strength, learning_rate), expected, ulps=1.5, scale=scale,
        given=lambda at: f"η = {learning_rate}, λ = {strength}, w = {weights[at]}, gradient {gradient[at]}",
    )  # fmt: skip


def _value(l1: PenaltySubject, probe: Probe, count: int, strength: float) -> Evidence:
    weights = few_digits(probe.magnitudes(count, -5, 5, purpose=f"value {count}"))
    expected = l1.rounded(strength) * float(np.abs(weights.astype(np.longdouble)).sum())
    # all sums but one, a product, the expected number: half a unit each, in the run's dtype if not in a wider one
    given = f"λ = {strength}, w = {weights}: penalty"
    return close(l1.value(weights, strength), expected, ulps=0.5 * (count + 1), eps=l1.eps, given=given)


@claim("l1.fixed-shrink", kind="identity", section="Regularization", about=("l1", "l2"))
def the_same_amount_or_the_same_share(penalty: PenaltySubject, probe: Probe) -> Evidence:
    """Where the loss has no gradient, L1 takes ηλ off the size of every weight of at least ηλ at every update, and L2 the share ηλ. So L1 shrinks
    weights below 1 faster than L2 and larger ones slower, for equal λ; for different ones the sizes part at λ1/λ2.
    """
    l1, l2 = (penalty, probe.reference("l2")) if penalty.technique == "l1" else (probe.reference("l1"), penalty)
    amounts = [_amounts(l1, probe, *setting) for setting in SETTINGS[:4]] if penalty is l1 else []
    shares = [_shares(l2, probe, *setting) for setting in SETTINGS[:4]] if penalty is l2 else []
    crossings = [_crossing(l1, l2, *case) for case in ((0.1, 0.3, 0.3), (0.5, 0.9, 0.9), (1e-3, 0.02, 4.0), (0.1, 3.0, 0.04), (0.25, 1.0, 1.0))]
    return all_of(*amounts, *shares, *crossings)


def _amounts(l1: PenaltySubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    steps = 12
    price = np.longdouble(l1.rounded(learning_rate)) * l1.rounded(strength)
    sizes = np.array([1.5, 1.01, 7.3, 12.0, 13.7, 123.0, 4e3, 1e5]) * probe.random(f"signs {strength}").choice([-1, 1], 8)
    start = few_digits((sizes * float(price)).astype(l1.dtype))
    path = course(l1, start, np.zeros((steps, 8)), strength, learning_rate)
    taken = np.arange(1, steps + 1)[:, np.newaxis] * price
    before = np.abs(start) - taken + price  # the size at the beginning of each step
    expected = np.where(before >= price, np.sign(start) * (np.abs(start) - taken), np.nan)
    # a step rounds ηλ and its difference, half a unit of the weight at the most each; so far as many steps, and the expected number's own half
    scale = (np.arange(1, steps + 1)[:, np.newaxis] + 0.5) * np.abs(start)
    return close(
        np.where(np.isnan(expected), np.nan, path[1:]).astype(l1.dtype), expected, ulps=1, scale=scale,
        given=lambda at: f"η = {learning_rate}, λ = {strength}, w = {start[at[1]]} after {at[0] + 1} updates",
    )  # fmt: skip


def _shares(l2: PenaltySubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    weights = few_digits(probe.magnitudes(40, -8, 8))
    share = np.longdouble(l2.rounded(learning_rate)) * l2.rounded(strength)
    # three roundings and the expected number's, of the weight at the most
    return close(
        l2.descend(weights, np.zeros(40), strength, learning_rate), (1 - share) * weights, ulps=2, scale=np.abs(weights),
        given=lambda at: f"L2, η = {learning_rate}, λ = {strength}, w = {weights[at]}",
    )  # fmt: skip


def _crossing(l1: PenaltySubject, l2: PenaltySubject, learning_rate: float, price: float, share: float) -> Evidence:
    """L1 with strength `price` against L2 with strength `share`, on both sides of their ratio and on it."""
    sides = np.array([-30, -3, -1.05, -0.95, -0.6, -1.0, 1.0, 0.6, 0.95, 1.05, 3, 30])
    weights = l1.array(sides * price / share)
    taken = [np.abs(weights) - np.abs(each.descend(weights, np.zeros(12), by, learning_rate)) for each, by in ((l1, price), (l2, share))]
    # at the ratio: two roundings of the weight by each, and those of the ratio itself
    level = np.abs(taken[0] - taken[1]) <= 4 * l1.eps * np.abs(weights)
    right = np.where(np.abs(sides) == 1, level, np.where(np.abs(sides) < 1, taken[0] > taken[1], taken[0] < taken[1]))
    at = int(np.argmin(right))
    more = "equally much" if abs(sides[at]) == 1 else "more by L1" if abs(sides[at]) < 1 else "more by L2"
    case = Case(
        f"η = {learning_rate}, λ = {price} (L1) and {share} (L2), w = {weights[at]:.6g}", more, f"{taken[0][at]:.9g} by L1, {taken[1][at]:.9g} by L2"
    )
    return true(bool(right.all()), case, cases=12)


@claim("l1.no-exact-zero", kind="bound", section="Regularization")
def only_the_proximal_form_comes_to_rest_at_zero(l1: PenaltySubject, probe: Probe) -> Evidence:
    """With no gradient from the loss, subgradient descent never stays at 0: unless ηλ divides the weight, it ends up changing sign at every update,
    at a size of at most ηλ (with a gradient g of at most λ: η(λ + abs(g))). The proximal form is at 0 after abs(w)/ηλ updates, rounded up, and stays
    while abs(g) ≤ λ.
    """
    settings = ((0.1, 0.3), (0.5, 0.25), (2.0, 1e-3), (1e-3, 40.0))
    check = (_comes_to_rest, _stays) if proximal(l1) else (_never_rests, _stays_near)
    return all_of(*(each(l1, probe, *setting) for each in check for setting in settings))


def _start(l1: PenaltySubject, probe: Probe, step: float) -> tuple[Floats, Floats]:
    """Weights a few steps from 0, none a whole number of steps away, and how many full steps lie between."""
    random = probe.random(f"start {step}")
    steps, rest = np.array([0, 0, 1, 2, 3, 5, 8, 11]), random.uniform(0.1, 0.9, 8)
    return few_digits(l1.array(random.choice([-1, 1], 8) * (steps + rest) * step)), steps


def _never_rests(l1: PenaltySubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    step = l1.rounded(learning_rate) * l1.rounded(strength)
    start, steps = _start(l1, probe, step)
    path = course(l1, start, np.zeros((30, 8)), strength, learning_rate)
    arrived = np.arange(31)[:, np.newaxis] >= steps + 1
    named = lambda at: f"η = {learning_rate}, λ = {strength}, w = {start[at[1]]} after {at[0]} updates"  # noqa: E731
    turns = np.sign(path[1:]) * np.sign(path[:-1]) == -1
    at = tuple(np.argwhere(arrived[:-1] & ~turns)[0]) if (arrived[:-1] & ~turns).any() else (0, 0)
    turned = Case(named(at), "a change of sign in the next one", f"{path[at]} then {path[at[0] + 1, at[1]]}")
    restless = true(not (arrived[:-1] & ~turns).any(), turned, cases=int(arrived[:-1].sum()))
    # from a weight of either sign a step leads to the other side by at most its own length; two roundings
    return all_of(restless, below(np.where(arrived, np.abs(path), 0), step, ulps=1, eps=l1.eps, given=named))


def _stays_near(l1: PenaltySubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    """Look for gradients of at most `most` that lead the weight furthest from 0: random ones, the analytic worst, then changes of the best."""
    random, count, steps = probe.random(f"near {strength}"), 24, 8
    most = l1.rounded(0.7 * strength)
    reach = l1.rounded(learning_rate) * (l1.rounded(strength) + most)
    start, gradients = random.uniform(-1, 1, count) * reach, random.choice([-1, 0.3, 1], (steps, count)) * most
    start[0], gradients[:, 0] = 1e-6 * reach, most  # a gradient along the sign of a weight that is nearly 0
    parts: list[Evidence] = []
    for _ in range(4):
        path = np.abs(course(l1, start, gradients, strength, learning_rate))
        parts.append(
            below(
                path, reach, ulps=2, eps=l1.eps,  # the sum, its product with η and the difference, of the reach at most each
                given=lambda at, start=start, gradients=gradients: (
                    f"η = {learning_rate}, λ = {strength}, w = {start[at[1]]:.6g} after the gradients {gradients[: at[0], at[1]]}"
                ),
            )
        )  # fmt: skip
        best = int(np.argmax(path[-1]))
        start, gradients = np.repeat(start[best], count), np.repeat(gradients[:, [best]], count, axis=1)
        start = np.clip(start + random.normal(size=count) * 0.1 * reach, -reach, reach)
        gradients = np.where(random.random(gradients.shape) < 0.2, random.uniform(-1, 1, gradients.shape) * most, gradients)
    furthest = np.abs(course(l1, start, gradients, strength, learning_rate)).max()
    return all_of(*parts).note(amplitude_found_of_the_bound=float(furthest) / reach)


def _comes_to_rest(l1: PenaltySubject, probe: Probe, learning_rate: float, strength: float) -> Evidence:
    step = l1.rounded(learning_rate) * l1.rounded(strength)
    start, steps = _start(l1, probe, step)
    path = course(l1, start, np.zeros((15, 8)), strength, learning_rate)
    updates = np.arange(16)[:, np.newaxis]
    right = (path == 0) == (updates >= steps + 1)
    at = tuple(np.argwhere(~right)[0]) if not right.all() else (0, 0)
    given = f"η = {learning_rate}, λ = {strength}, w = {start[at[1]]} after {at[0]} updates"
    return true(bool(right.all()), Case(given, f"0 from update {steps[at[1]] + 1} on, not before", str(path[at])), cases=right.size)


def _stays(l1: PenaltySubject, _probe: Probe, learning_rate: float, strength: float) -> Evidence:
    """At 0 every gradient below λ leaves the weight, one of exactly λ too where no rounding interferes, and a larger one moves it by the excess."""
    pulls = np.array([0.0, 0.3, -0.9, 0.999, -0.999, *((1.0, -1.0) if strength == 0.25 else ())])
    path = course(l1, np.zeros(pulls.size), [pulls * strength, -pulls * strength, 0.5 * pulls * strength], strength, learning_rate)
    rests = equal(path, np.zeros_like(path), given=lambda at: f"η = {learning_rate}, λ = {strength}, at 0 under gradient {pulls[at[1]] * strength}")
    gradient = l1.array(np.array([1.5, -1.5, 4.0, -100.0]) * strength)
    leaves = l1.descend(np.zeros(4), gradient, strength, learning_rate)
    # two products and a difference
    excess = close(
        leaves, updated(l1, np.zeros(4), gradient, strength, learning_rate), ulps=2, scale=learning_rate * (np.abs(gradient) + strength),
        given=lambda at: f"η = {learning_rate}, λ = {strength}, 0 under gradient {gradient[at]}",
    )  # fmt: skip
    return all_of(rests, excess)
