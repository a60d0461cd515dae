"""How far one step of Adam can go: the bound that holds, what attains it, and the tighter one in the paper, which does not."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.claim import claim
from ...harness.evidence import Case, Evidence, all_of, below, close, erratum
from ...harness.probe import Probe, shrink
from ...harness.subject import OptimizerSubject
from ._expected import complement

BETAS = ((0.9, 0.999), (0.5, 0.9), (0.9, 0.9), (0.99, 0.9999))
"""β₁² < β₂, or no bound exists: v may forget what m remembers."""
QUIET = 20_000
"""Steps without gradient, after which both corrections are 1."""


@claim("adam.bounded-step", kind="bound", section="not in the notes")
def no_step_exceeds_the_bound_of_cauchy_and_schwarz(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """No step t is larger than B(t) = η (1 - β₁) / √(1 - β₂) · √((1 - rᵗ) / (1 - r)) · √(1 - β₂ᵗ) / (1 - β₁ᵗ) with r = β₁² / β₂ < 1 (without
    corrections: but for the last factor), which is at most 7.27 η at the defaults; gradients that grow by β₂ / β₁ a step attain it at every t.
    """
    parts: list[Evidence] = []
    for betas in BETAS:
        limits = _limits(adam, *betas, steps=120)
        random = probe.gradients(120, purpose=str(betas))
        sparse = np.where(probe.random("sparse").random(random.shape) < 0.1, random, 0).astype(probe.dtype)
        parts += [_within(adam, given, betas, limits[: len(given)]) for given in (random, sparse, _found(adam, probe, betas))]
        parts.append(_attained(adam, probe, betas))
    return all_of(*parts)


def _limits(adam: OptimizerSubject, beta1: float, beta2: float, steps: int, first_step: int = 1, active: int | None = None) -> Floats:
    """B(t) over η; of the steps before, only the last `active` had a gradient."""
    beta1, beta2 = adam.rounded(beta1), adam.rounded(beta2)
    t = np.arange(first_step, first_step + steps, dtype=np.float64)
    ratio = beta1**2 / beta2
    limits = (1 - beta1) / np.sqrt(1 - beta2) * np.sqrt((1 - ratio ** (t if active is None else np.full_like(t, active))) / (1 - ratio))
    return limits * _factor(adam, beta1, beta2, t)


def _factor(adam: OptimizerSubject, beta1: float, beta2: float, t: Any) -> Any:
    if adam.conventions["bias_correction"] == "no":
        return np.ones_like(t, dtype=np.float64)
    return np.sqrt(complement(adam.rounded(beta2), t)) / complement(adam.rounded(beta1), t)


def _slack(beta1: float, beta2: float) -> float:
    """In units of eps: m and v are rounded within 2 units a step and forget within 1 / (1 - β) steps, the root halves that; corrections as in
    the recurrence.
    """
    return 8 + 3 / (1 - beta1) + 1.5 / (1 - beta2)


def _within(adam: OptimizerSubject, gradients: Floats, betas: tuple[float, float], limits: Floats) -> Evidence:
    walk = adam.walk(gradients, from_zero=True, learning_rate=0.5, beta1=betas[0], beta2=betas[1], epsilon=0.0)
    sizes = np.abs(np.where(np.isnan(walk.movements), 0, walk.movements)) / 0.5  # NaN only where 0/0 is declared
    highest = np.broadcast_to(limits[:, None], sizes.shape)

    def given(at: tuple[int, ...]) -> str:
        return f"step {at[0] + 1} in units of η, betas {betas}, gradients {np.array2string(gradients[: at[0] + 1, at[1]], precision=6, threshold=12)}"

    return below(sizes, highest, ulps=_slack(*betas), eps=adam.eps, given=given)


def _attained(adam: OptimizerSubject, probe: Probe, betas: tuple[float, float]) -> Evidence:
    growth = np.log10(betas[1] / betas[0])
    steps = 120 if growth < 0.1 else 50  # the gradients grow over at most 13 decades, from 1e-6
    gradients = (probe.random(f"signs{betas}").choice([-1.0, 1.0], 3) * 10 ** (growth * np.arange(steps)[:, None] - 6)).astype(probe.dtype)
    walk = adam.walk(gradients, from_zero=True, learning_rate=0.5, beta1=betas[0], beta2=betas[1], epsilon=0.0)
    expected = -np.sign(gradients) * 0.5 * _limits(adam, *betas, steps)[:, None]
    growing = f"betas {betas}, η = 0.5, gradients that grow by {betas[1] / betas[0]:.6g} a step"
    return close(
        walk.movements, expected, ulps=_slack(*betas), given=lambda at: f"movement of step {at[0] + 1}, {growing} from {gradients[0, at[1]]:.6g}"
    )


def _found(adam: OptimizerSubject, probe: Probe, betas: tuple[float, float]) -> Floats:
    """The largest last step that a search finds among sequences of eight."""
    given: dict[str, Any] = {"learning_rate": 0.5, "beta1": betas[0], "beta2": betas[1], "epsilon": 0.0}
    return _search(probe, lambda sequences: adam.walk(sequences, from_zero=True, **given).movements, steps=8, rounds=8)


def _search(probe: Probe, walk: Any, *, steps: int, rounds: int) -> Floats:
    """Climb towards sequences (steps, 1) whose last step is large: the best eighth survive and their sizes and signs are varied."""
    random = probe.random("search")
    size, sign = random.uniform(-1, 1, (steps, 64)), random.choice([-1.0, 1.0], (steps, 64))
    for round_ in range(rounds):
        moved = np.abs(walk((sign * 10**size).astype(probe.dtype))[-1])
        best = np.argsort(-np.nan_to_num(moved))[:8]
        size, sign = np.tile(size[:, best], 8), np.tile(sign[:, best], 8)
        varied = random.random((steps, 56)) < 0.3
        size[:, 8:] += np.where(varied, random.normal(size=(steps, 56)) * max(0.5 * 0.9**round_, 0.05), 0)
        sign[:, 8:] *= np.where(random.random((steps, 56)) < 0.1, -1, 1)
        size = np.clip(size, size.max(axis=0) - 1.5, 5)
    return (sign[:, :1] * 10 ** size[:, :1]).astype(probe.dtype)


@claim("adam.paper-bound", kind="erratum", section="Kingma and Ba 2015, section 2.1")
def the_papers_bound_is_exceeded(adam: OptimizerSubject, probe: Probe) -> Evidence:
    """The paper bounds every step by η · max(1, (1 - β₁) / √(1 - β₂)), 3.16 η at the defaults; after a long time without gradient two equal
    gradients make a step of 4.25 η and twelve one of 6.57 η, and none exceeds 7.27 η (the bound of Cauchy and Schwarz).
    """
    learning_rate, beta1, beta2 = (adam.hyperparameters()[name] for name in ("learning_rate", "beta1", "beta2"))
    printed = max(1.0, (1 - beta1) / np.sqrt(1 - beta2))
    given: dict[str, Any] = {"epsilon": 1e-30}

    quiet = _quiet(adam)

    def sizes(sequences: Floats) -> Floats:
        after = {"first_step": QUIET + 1, "state": np.repeat(quiet, sequences.shape[1], axis=1)}
        return np.abs(adam.walk(sequences, from_zero=True, **after, **given).movements.astype(np.float64)) / learning_rate

    def last(sequence: list[float]) -> float:
        return float(sizes(adam.array(sequence)[:, None])[-1, 0]) if sequence else 0.0

    searched = _search(probe, sizes, steps=12, rounds=40)
    largest = last([float(each) for each in searched[:, 0]])
    simple = shrink([float(each) for each in searched[:, 0]], lambda sequence: last(sequence) > 1.01 * printed)
    given_ = f"{QUIET} gradients of 0, then {', '.join(f'{each:g}' for each in simple)}, in {probe.dtype}"
    exhibit = Case(given_, f"a step of at most {printed:.4f} η", f"{last(simple):.4f} η")
    numbers = {"printed": printed, "largest_found": largest, "two_equal": last([1.0] * 2), "twelve_equal": last([1.0] * 12)}
    sequence = ", ".join(f"{each:.3g}" for each in searched[:, 0] / np.abs(searched[:, 0]).max())
    corrected = all_of(_equal_gradients(adam, sizes, beta1, beta2), _below_the_limit(adam, searched, sizes, beta1, beta2))
    return erratum(exhibit, last(simple) > 1.01 * printed, corrected, found_with=sequence, **numbers)


def _quiet(adam: OptimizerSubject) -> Floats:
    """One parameter's state after a long time without gradient: zeros, for who keeps two averages; who keeps more walks there."""
    if adam.state_rows == 2:
        return np.zeros((2, 1))
    return adam.walk(np.zeros((QUIET, 1)), epsilon=1.0).states[-1]


def _equal_gradients(adam: OptimizerSubject, sizes: Any, beta1: float, beta2: float) -> Evidence:
    moved = sizes(np.ones((30, 1), adam.dtype) * adam.dtype.type(-0.7))
    count = np.arange(1, 31)
    expected = complement(beta1, count) / np.sqrt(complement(beta2, count)) * _factor(adam, beta1, beta2, (QUIET + count).astype(np.float64))
    # as many roundings as gradients, 2 eps each, of which the root halves v's; a correction that is itself kept as an average is off by up to
    # half a unit for each of the 1 / (1 - β₂) steps it remembers
    return close(
        moved,
        expected[:, None],
        ulps=8 + 30 * 3 + 0.5 / (1 - beta2),
        eps=adam.eps,
        given=lambda at: f"{QUIET} gradients of 0, then {at[0] + 1} of -0.7: step in units of η",
    )


def _below_the_limit(adam: OptimizerSubject, searched: Floats, sizes: Any, beta1: float, beta2: float) -> Evidence:
    limits = [_limits(adam, beta1, beta2, 1, QUIET + count, count)[0] for count in range(1, len(searched) + 1)]
    found = below(
        sizes(searched),
        np.array(limits)[:, None],
        ulps=_slack(beta1, beta2),
        eps=adam.eps,
        given=f"{QUIET} gradients of 0, then {searched[:, 0]}",
    )
    return found.note(limit=(1 - beta1) / np.sqrt(1 - beta2) / np.sqrt(1 - beta1**2 / beta2))
