"""The steps that Adam must make, under any of its conventions, and how far rounding may carry them.

An implementation is judged by its steps alone; its state is looked into only to find out whether it holds m and v, so that a walk can be
started late. The bounds are a running error analysis: with S the average that has absolute values in it, a step rounds m within 2 eps of
the new S (1 - β, two products and a sum, for v one product more, half a unit each); in the form m + (1 - β)(g - m) also within 2 eps of
1 - β times the old S. β shrinks older errors as it shrinks older gradients. Both averages run in extended precision where the machine has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...harness.arrays import Floats
from ...harness.evidence import Evidence, all_of, close
from ...harness.probe import shrink
from ...harness.subject import OptimizerSubject

SHORT = 60
"""Steps up to which a counterexample is worth shortening: each attempt walks all of them."""
Hyperparameters = Mapping[str, Any]


@dataclass(frozen=True)
class Steps:
    """Each (steps, n): the movements, how far each may be off, and the two averages after each step."""

    movements: Floats
    bounds: Floats
    mean: Floats
    square: Floats


def expected(adam: OptimizerSubject, gradients: Floats, given: Hyperparameters, *, state: Any = None, first_step: int = 1) -> Steps:
    """The steps over gradients (steps, n) from a state (m, v), zero unless given, with hyperparameters as the dtype holds them."""
    limits = np.finfo(adam.dtype)
    averages: Floats = np.zeros((4, *np.shape(gradients)))
    mean, square, mean_error, square_error = (averages[row] for row in range(4))
    learning_rate, epsilon = (_each_step(adam, given, name, len(gradients)) for name in ("learning_rate", "epsilon"))
    betas = np.array([[adam.hyperparameters(**_constant(given))[name]] for name in ("beta1", "beta2")], np.longdouble)
    average = np.zeros((2, np.shape(gradients)[1]), np.longdouble) if state is None else np.asarray(state, np.longdouble)
    size, error = np.abs(average), np.zeros_like(average)
    for index, gradient in enumerate(np.asarray(gradients, np.longdouble)):
        new = np.stack([gradient, gradient * gradient])
        error = betas * error + 2 * limits.eps * (1 - betas) * size
        average, size = betas * average + (1 - betas) * new, betas * size + (1 - betas) * np.abs(new)
        error = error + 2 * limits.eps * size + limits.tiny  # a machine that flushes to 0 loses up to the smallest normal number
        averages[:, index] = *average, *error
    of_mean, of_square = (corrections(adam, float(beta), first_step, len(gradients)) for beta in betas[:, 0])
    # eps: powers of the betas may be taken in the dtype; 4 eps: the two corrections, root, sum, product, division, half a unit each and two to spare
    rounding = limits.eps * (4 + 1 / of_mean + 0.5 / of_square)[:, None]
    with np.errstate(all="ignore"):
        divisor, slope = _divisor(adam, square, of_square[:, None], epsilon)
        movements = -learning_rate * mean / of_mean[:, None] / divisor
        root = np.minimum(square_error / (2 * np.sqrt(square)), np.sqrt(square_error))
        bounds = np.abs(movements) * (rounding + root * slope / divisor) + learning_rate * mean_error / of_mean[:, None] / divisor
    nothing = divisor == 0
    instead = 0.0 if adam.conventions["zero_over_zero"] == "no_step" else np.nan
    return Steps(np.where(nothing, instead, movements), np.where(nothing, 0.0, bounds), mean, square)


def corrections(adam: OptimizerSubject, beta: float, first_step: int, steps: int) -> Floats:
    """1 - βᵗ, or 1 where no correction is declared; β as the dtype holds it."""
    return complement(beta, np.arange(first_step, first_step + steps)) if adam.conventions["bias_correction"] == "yes" else np.ones(steps)


def complement(beta: float, t: Any) -> Floats:
    """1 - βᵗ without the loss of digits where βᵗ is near 1."""
    with np.errstate(divide="ignore"):
        return -np.expm1(t * np.log(beta))


def _divisor(adam: OptimizerSubject, square: Floats, correction: Floats, epsilon: Floats) -> tuple[Floats, Floats]:
    """What m̂ is divided by, and how fast that grows with the root of v."""
    shrink_root = 1 / np.sqrt(correction)
    if adam.conventions["epsilon_at"] == "corrected":
        return np.sqrt(square) * shrink_root + epsilon, shrink_root
    if adam.conventions["epsilon_at"] == "folded":
        return (np.sqrt(square) + epsilon) * shrink_root, shrink_root
    return np.sqrt(square / correction + epsilon), shrink_root


def _each_step(adam: OptimizerSubject, given: Hyperparameters, name: str, steps: int) -> Floats:
    values = given.get(name, adam.hyperparameters()[name])
    return np.broadcast_to([adam.rounded(value) for value in np.atleast_1d(values)], (steps,))[:, None]


def _constant(given: Hyperparameters) -> dict[str, float]:
    return {name: float(value) for name, value in given.items() if np.ndim(value) == 0}


def in_turn(parts: Iterable[Evidence]) -> Evidence:
    """All of them, up to the first that did not hold: what costs most stands last, and a fault seldom comes as far."""
    found: list[Evidence] = []
    for part in parts:
        found.append(part)
        if not part.held:
            break
    return all_of(*found)


def follows(adam: OptimizerSubject, gradients: Floats, *, state: Any = None, first_step: int = 1, **given: Any) -> Evidence:
    """Its steps are those expected."""
    steps = expected(adam, gradients, given, state=state, first_step=first_step)
    moved = adam.walk(gradients, from_zero=True, state=state, first_step=first_step, **given).movements
    return agrees(adam, moved, steps, gradients, given, state=state, first_step=first_step)


def agrees(
    adam: OptimizerSubject, moved: Floats, steps: Steps, gradients: Floats, given: Hyperparameters, *,
    state: Any = None, first_step: int = 1, start: Any = None, shorten: bool = True,
) -> Evidence:  # fmt: skip
    """Movements are those expected; where not, the case is the first wrong step of one parameter, with a short sequence that shows it."""
    with np.errstate(all="ignore"):
        right = (np.abs(moved - steps.movements) <= steps.bounds) | (np.isnan(moved) & np.isnan(steps.movements))
    if right.all():
        return close(moved, steps.movements, ulps=1, scale=steps.bounds, eps=1)
    last, column = (int(place) for place in np.argwhere(~right)[0])
    values = {name: value if np.ndim(value) == 0 else np.asarray(value)[: last + 1] for name, value in given.items()}
    sequence, got, want, bound = gradients[: last + 1, column], moved[last, column], steps.movements[last, column], steps.bounds[last, column]
    scheduled = len(_constant(given)) < len(given)
    short = _simplest(adam, sequence, values) if shorten and not scheduled and state is None and start is None and first_step == 1 else None
    if short is not None:
        sequence = adam.array(short)
        alone = expected(adam, sequence[:, None], values)
        got = adam.walk(sequence[:, None], from_zero=True, **values).movements[-1, 0]
        want, bound = alone.movements[-1, 0], alone.bounds[-1, 0]
    origin = "" if state is None else f" from m={state[0][column]:.9g}, v={state[1][column]:.9g}"
    origin += "" if start is None else f" from position {start[column]:.9g}"
    case = _described(adam, sequence, values, origin, first_step)
    return close(np.array(got), want, ulps=1, scale=bound, eps=1, given=case)


def _simplest(adam: OptimizerSubject, sequence: Floats, values: Hyperparameters) -> list[float] | None:
    """A short sequence whose last step is wrong for a parameter that is alone; None where it is right when alone."""

    def fails(candidate: list[float]) -> bool:
        if not candidate:
            return False
        gradients = adam.array(candidate)[:, None]
        steps = expected(adam, gradients, values)
        moved = adam.walk(gradients, from_zero=True, **values).movements
        with np.errstate(all="ignore"):
            return not abs(moved[-1, 0] - steps.movements[-1, 0]) <= steps.bounds[-1, 0]

    whole = [float(value) for value in sequence]
    return shrink(whole, fails, attempts=100) if len(whole) <= SHORT and fails(whole) else None


def _described(adam: OptimizerSubject, sequence: Floats, values: Hyperparameters, origin: str, first_step: int) -> str:
    settings = ", ".join(f"{name}={value if np.ndim(value) == 0 else np.round(value, 5).tolist()}" for name, value in values.items())
    listed = ", ".join(f"{each:.9g}" for each in sequence[-6:])
    shown = f"gradients {listed}" if len(sequence) <= 6 else f"{len(sequence)} gradients, the last {listed}"
    return f"movement of step {first_step + len(sequence) - 1} in {adam.dtype}{origin}, {settings or 'defaults'}: {shown}"
