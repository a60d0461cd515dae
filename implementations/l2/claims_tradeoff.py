"""What a stronger penalty does at the minimum: a smaller penalty is bought with a larger loss.

The loss is D(w) = (w-c)ᵀH(w-c)/2, whose minimisers with either penalty are known in closed form: L2 by one linear system, L1 by trying every
pattern of signs until one fulfils the conditions of Karush, Kuhn and Tucker.
"""

import itertools

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Evidence, all_of, below, close
from ...harness.probe import Probe
from ...harness.subject import PenaltySubject

WEIGHTS = 3
SIGNS = np.array(list(itertools.product((-1.0, 0.0, 1.0), repeat=WEIGHTS)))
STRENGTHS = (0.0, 1e-3, 0.05, 0.3, 1.0, 4.0, 30.0)


class Problem:
    """A quadratic loss with its curvatures (weights, weights) and its minimum (weights,)."""

    def __init__(self, penalty: str, factors: Floats, minimum: Floats) -> None:
        self.penalty, self.minimum = penalty, minimum
        self.curvature = factors.T @ factors + 0.3 * np.eye(WEIGHTS)

    def loss(self, weights: Floats) -> float:
        """The loss alone."""
        away = weights - self.minimum
        return float(away @ self.curvature @ away) / 2

    def gradient(self, weights: Floats) -> Floats:
        """The loss's gradient."""
        return self.curvature @ (weights - self.minimum)

    def minimiser(self, strength: float) -> Floats:
        """Where loss and penalty together are least."""
        right = self.curvature @ self.minimum
        if self.penalty == "l2":
            return np.linalg.solve(self.curvature + strength * np.eye(WEIGHTS), right)
        active = np.abs(SIGNS)
        systems = self.curvature * active[:, :, np.newaxis] * active[:, np.newaxis, :] + np.apply_along_axis(np.diag, 1, 1 - active)
        found = np.linalg.solve(systems, (active * (right - strength * SIGNS))[:, :, np.newaxis])[:, :, 0]
        pull = np.abs((found - self.minimum) @ self.curvature)
        fulfilled = (found * SIGNS >= 0) & ((active == 1) | (pull <= strength * (1 + 1e-12)))
        return found[int(np.argmax(fulfilled.all(axis=1)))]


@claim("reg.tradeoff", kind="bound", section="Regularization", about=("l1", "l2"))
def a_stronger_penalty_buys_smaller_weights_with_a_larger_loss(penalty: PenaltySubject, probe: Probe) -> Evidence:
    """Where loss and penalty together are least, the penalty on the weights (at strength 1) never rises and the loss never falls as λ grows."""
    random = probe.random()
    parts: list[Evidence] = []
    for _ in range(3):
        problem = Problem(penalty.technique, random.normal(size=(WEIGHTS, WEIGHTS)), 2 * random.normal(size=WEIGHTS))
        found = [problem.minimiser(strength) for strength in STRENGTHS]
        parts += [_at_rest(penalty, problem, weights, strength) for weights, strength in zip(found, STRENGTHS, strict=True)]
        parts += [_least(penalty, problem, weights, strength, random) for weights, strength in zip(found, STRENGTHS, strict=True)]
        parts += [_ordered(penalty, problem, weak, strong) for weak, strong in itertools.pairwise(STRENGTHS)]
    return all_of(*parts, _searched(penalty, random))


def _at_rest(penalty: PenaltySubject, problem: Problem, minimiser: Floats, strength: float) -> Evidence:
    """An update of plain descent leaves the minimiser where it is."""
    rate, weights = 0.25, penalty.array(minimiser)
    gradient = problem.gradient(minimiser)
    moved = penalty.descend(weights, gradient, strength, rate)
    # at 0 a subgradient is 0, not the one of [-λ, λ] that balances the loss's: the weight leaves and comes back (l1.no-exact-zero)
    leaves = (minimiser == 0) & (penalty.conventions.get("form") == "subgradient")
    expected = np.where(leaves, weights - rate * gradient, weights)
    # what is given is rounded (half a unit of the weight, of the gradient, of λ) and so are the four operations: at most three units
    scale = np.abs(minimiser) + rate * (np.abs(gradient) + strength * (np.abs(minimiser) if problem.penalty == "l2" else 1))
    # and solving a system of three in float64 leaves a residual of some 3² units of its terms
    scale += 9 * (2.0**-52 / penalty.eps) * rate * (np.abs(problem.curvature) @ (np.abs(minimiser) + np.abs(problem.minimum)))
    return close(moved, expected, ulps=3, scale=scale, given=lambda at: f"λ = {strength}, η = {rate}, minimiser {minimiser}, weight {at[0] + 1},")


def _least(penalty: PenaltySubject, problem: Problem, minimiser: Floats, strength: float, random: np.random.Generator) -> Evidence:
    """Loss and penalty, with the penalty's own value, are nowhere lower."""
    others = penalty.array(minimiser + 10.0 ** random.uniform(-2, 1, (4, 1)) * random.normal(size=(4, WEIGHTS)))
    here = penalty.array(minimiser)
    least = problem.loss(here.astype(np.float64)) + penalty.value(here, strength)
    there = np.array([problem.loss(other.astype(np.float64)) + penalty.value(other, strength) for other in others])
    # rounding the minimiser raises the sum by less than a unit of it; six roundings of the penalty's value
    scale = abs(least) + problem.loss(np.zeros(WEIGHTS)) + penalty.value(here, strength)
    case = lambda at: f"λ = {strength}, loss and penalty at {minimiser}, not at {others[at]}"  # noqa: E731
    return below(np.full(4, least), there, ulps=6, scale=scale, eps=penalty.eps, given=case)


def _ordered(penalty: PenaltySubject, problem: Problem, weak: float, strong: float) -> Evidence:
    less, more = problem.minimiser(strong), problem.minimiser(weak)
    prices = penalty.value(less, 1.0), penalty.value(more, 1.0)
    # rounding the weights is a unit of the value, squares and sums of three are three more
    fall = below(prices[0], prices[1], ulps=4, eps=penalty.eps, given=f"minimisers {less} at λ = {strong}, {more} at {weak}: penalty")
    losses = problem.loss(more), problem.loss(less)
    # float64 throughout; the solution of a system of three errs by less than its condition, here below 100, times three units
    return all_of(fall, below(losses[0], losses[1], ulps=300, scale=problem.loss(np.zeros(WEIGHTS)), eps=2.0**-52, given=f"loss at λ = {weak}"))


def _searched(penalty: PenaltySubject, random: np.random.Generator) -> Evidence:
    """Look for a loss and two strengths at which the penalty rises: from the closest call so far, step by step."""
    best, closest, parts = random.normal(size=2 + WEIGHTS * (WEIGHTS + 1)), -np.inf, []
    for _ in range(25):
        tried = best + 0.3 * random.normal(size=best.size)
        weak = 10.0 ** np.clip(tried[0], -4, 2)
        strong = weak * (1 + 10.0 ** np.clip(tried[1], -3, 2))
        problem = Problem(penalty.technique, tried[2 : 2 + WEIGHTS**2].reshape(WEIGHTS, WEIGHTS), tried[2 + WEIGHTS**2 :])
        parts.append(_ordered(penalty, problem, weak, strong))
        less, more = penalty.value(problem.minimiser(strong), 1.0), penalty.value(problem.minimiser(weak), 1.0)
        if less - more > closest and more > 0:
            best, closest = tried, less - more
    return all_of(*parts)
