"""AdamW's path in closed form: both averages as weighted sums of all gradients, and how far rounding may carry the parameters.

A gradient of age a has weight (1 - β) βᵃ in its average, and every step since has rounded its term within 2 eps: hence the weights
(a + 1) βᵃ of the errors, and a (1 - β) βᵃ⁻¹ more for the form m + (1 - β)(g - m), which rounds the old average too. Sums are taken in
extended precision where the machine has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.evidence import Evidence, close
from ...harness.subject import OptimizerSubject


@dataclass(frozen=True)
class Path:
    """Positions (steps + 1, n), the start first, and how far each may be off."""

    positions: Floats
    bounds: Floats


def expected(adamw: OptimizerSubject, gradients: Floats, start: Floats, *, first_step: int = 1, **given: Any) -> Path:
    """The path from a start over gradients (steps, n), with hyperparameters as the dtype holds them; any may be a sequence but the betas.

    Before `first_step` no parameter had a gradient.
    """
    steps, width = gradients.shape
    values = {name: _each_step(adamw, given.get(name), name, steps) for name in ("learning_rate", "epsilon", "strength")}
    moves, bounds = _adam(adamw, gradients, given, values["learning_rate"], values["epsilon"], first_step)
    follows_rate = adamw.conventions["decay_factor"] == "learning_rate_times_strength"
    kept = 1 - values["strength"].astype(np.longdouble) * (values["learning_rate"] if follows_rate else 1)
    positions, errors = np.zeros((steps + 1, width), np.longdouble), np.zeros((steps + 1, width))
    positions[0] = start
    for t in range(steps):
        positions[t + 1] = kept[t] * positions[t] + moves[t]
        # half a unit each, with as much to spare: ηλ and 1 - ηλ, the shrunk parameter, the sum
        shrunk = np.abs(positions[t]) * (1.5 + 1.5 * np.abs(kept[t]) + np.abs(1 - kept[t]))
        errors[t + 1] = np.abs(kept[t]) * errors[t] + bounds[t] + adamw.eps * (shrunk + np.abs(positions[t + 1]))
    return Path(positions.astype(np.float64), errors)


def _adam(
    adamw: OptimizerSubject, gradients: Floats, given: dict[str, Any], learning_rate: Floats, epsilon: Floats, first_step: int
) -> tuple[Floats, Floats]:  # fmt: skip
    limits, wide = np.finfo(adamw.dtype), gradients.astype(np.longdouble)
    beta1, beta2 = (float(_each_step(adamw, given.get(name), name, 1)[0, 0]) for name in ("beta1", "beta2"))
    (mean, mean_error), (square, square_error) = _average(wide, beta1, limits), _average(wide**2, beta2, limits)
    t, corrected = np.arange(first_step, first_step + len(gradients))[:, None], adamw.conventions["bias_correction"] == "yes"
    of_mean, of_square = (1 - beta**t if corrected else np.ones(t.shape) for beta in (beta1, beta2))
    place = adamw.conventions["epsilon_at"]
    with np.errstate(all="ignore"):
        root = np.sqrt(square / of_square)
        off = np.minimum(square_error / (2 * np.sqrt(square)), np.sqrt(square_error)) / np.sqrt(of_square)
        divisor = {"corrected": root + epsilon, "folded": root + epsilon / np.sqrt(of_square), "inside": np.sqrt(square / of_square + epsilon)}[place]
        moves = -learning_rate * mean / of_mean / divisor
        # eps: powers of the betas may be taken in the dtype; 4 eps for corrections, root, sum, product and division
        bounds = np.abs(moves) * (limits.eps * (4 + 1 / of_mean + 0.5 / of_square) + off / divisor) + learning_rate * mean_error / of_mean / divisor
    instead = 0.0 if adamw.conventions["zero_over_zero"] == "no_step" else np.nan
    return np.where(divisor == 0, instead, moves), np.where(divisor == 0, 0.0, bounds)


def _average(values: Floats, beta: float, limits: Any) -> tuple[Floats, Floats]:
    steps = np.arange(len(values))
    ages = np.subtract.outer(steps, steps)
    powers = np.tril(np.longdouble(beta) ** np.maximum(ages, 0))
    average = (1 - np.longdouble(beta)) * (powers @ values)
    older = np.vstack([np.zeros((1, len(values))), powers[:-1]])  # βᵃ⁻¹
    weights = powers * (ages + 1) + (1 - beta) * np.tril(ages) * older
    errors = (1 - beta) * (weights.astype(np.float64) @ np.abs(values).astype(np.float64))
    # a machine that flushes to 0 loses up to the smallest normal number a step
    return average.astype(np.float64), 2 * limits.eps * errors + limits.tiny * (steps[:, None] + 1)


def _each_step(adamw: OptimizerSubject, value: Any, name: str, steps: int) -> Floats:
    values = np.atleast_1d(adamw.hyperparameters()[name] if value is None else value)
    return np.broadcast_to([adamw.rounded(each) for each in values], (steps,))[:, None]


def follows(adamw: OptimizerSubject, gradients: Floats, start: Any, *, first_step: int = 1, **given: Any) -> Evidence:
    """Its path is the one expected; where not, the case is the first wrong position."""
    begin = adamw.array(np.broadcast_to(start, gradients.shape[1:]))
    walk = adamw.walk(gradients, start=begin, first_step=first_step, **given)
    path = expected(adamw, gradients, begin, first_step=first_step, **given)
    return on_path(adamw, walk.positions, path, gradients, {"first_step": first_step, **given} if first_step > 1 else given)


def on_path(adamw: OptimizerSubject, positions: Floats, path: Path, gradients: Floats, given: dict[str, Any]) -> Evidence:
    """Positions against a path, judged up to the first step at which one is wrong, so that a counterexample is short."""
    with np.errstate(all="ignore"):
        right = (np.abs(positions - path.positions) <= path.bounds) | (np.isnan(positions) & np.isnan(path.positions))
    wrong = np.flatnonzero(~right.all(axis=1))
    rows = slice(None) if not wrong.size else slice(int(wrong[0]), int(wrong[0]) + 1)
    settings = ", ".join(f"{name}={value if np.ndim(value) == 0 else np.round(value, 5).tolist()[:4]}" for name, value in given.items())

    def case(at: tuple[int, ...]) -> str:
        t, column = (int(wrong[0]) if wrong.size else at[0]), at[1]
        seen = ", ".join(f"{each:.9g}" for each in gradients[max(0, t - 6) : t, column])
        return f"position after step {t} in {adamw.dtype}, {settings or 'defaults'}, from {positions[0, column]:.9g}: {t} gradients, the last {seen}"

    return close(positions[rows], path.positions[rows], ulps=1, scale=path.bounds[rows], eps=1, given=case)
