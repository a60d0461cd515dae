"""How far rounding may move the outcome of a call whose formula is not known: measured, not guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..arrays import Floats
from ..evidence import Case, Evidence, all_of, true
from .calls import Call, Outcome, at_place, make_with

STEP = 1e-6


def sensitivity(call: Call, function: Callable[..., Any], random: np.random.Generator, eps: float) -> Outcome:
    """A tolerance for every entry of a call's outcome, in rounding of `eps`. The call and the function are in float64.

    A stable form computes the exact outcome of inputs that are wrong by a few units in their last place, and rounds it. How far such inputs
    move the outcome is measured: every number given is moved by a random share of 1e-6, in four ways, and the furthest move counts 8 times,
    since four random directions seldom point the worst way and a form rounds more than once. The rounding of the outcome itself counts 5
    times its size.
    """
    base = make_with(function, call)
    around = [make_with(function, moved(call, random, STEP, numbers=True)) for _ in range(4)]
    moves = {name: np.max([np.abs(each[name] - values) for each in around], axis=0) / STEP for name, values in base.items()}
    return {name: eps * (8 * moves[name] + 5 * size) for name, size in sizes(call, base).items()}


def moved(call: Call, random: np.random.Generator, step: float, *, numbers: bool = False) -> Call:
    """The call with every entry of its inputs moved by a random share of up to `step`; with `numbers`, hyperparameters as well."""
    constant = call.outputs if numbers else call.outputs | {"hyperparameters"}
    found: dict[str, Any] = {
        name: values * (1 + step * random.uniform(-1, 1, values.shape)) for name, values in call.arrays.items() if name not in constant
    }
    scalars: dict[str, Any] = {name: value for name, value in call.arguments.items() if numbers and isinstance(value, np.floating)}
    return call.having(**found, **{name: type(value)(value * (1 + step * random.uniform(-1, 1))) for name, value in scalars.items()})


def sizes(call: Call, left: Outcome) -> Outcome:
    """The size of each entry for rounding: in place, of what stood there and of what stands there now; written afresh, the largest of the array,
    since a sum may lose what it cancels.
    """
    found: Outcome = {}
    for name, values in left.items():
        largest = np.abs(values).max(initial=0)
        found[name] = np.abs(values) + np.abs(call.arguments[name]) if name in call.changed else np.full_like(values, largest)
    return found


def near(found: Mapping[str, Any], expected: Mapping[str, Any], tolerances: Mapping[str, Any], words: object) -> Evidence:
    """Two outcomes agree within a tolerance for each entry."""
    parts: list[Evidence] = []
    for name, tolerance in tolerances.items():
        got, want = np.asarray(found[name], np.float64), np.asarray(expected[name], np.float64)
        with np.errstate(all="ignore"):
            distance = np.where((got == want) | (np.isnan(got) & np.isnan(want)), 0.0, np.abs(got - want))
            shares = np.where(distance == 0, 0.0, distance / tolerance)
        parts += [_furthest(shares, got, want, f"{words}: {name}")] if got.size else []
    return all_of(*parts) if parts else true(True, Case(str(words), "no entries", "no entries"))


def _furthest(shares: Floats, got: Floats, want: Floats, words: str) -> Evidence:
    ranked = np.where(np.isnan(shares), np.inf, shares)
    at = np.unravel_index(int(np.argmax(ranked)), ranked.shape)
    place = tuple(int(index) for index in at)
    return Evidence(float(ranked[at]), 1.0, int(ranked.size), Case(f"{words}{at_place(place)}", f"{want[at]:.17g}", f"{got[at]:.17g}"))
