"""NaN and infinity among the inputs: they show where they belong, and stay there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..arrays import Floats
from ..evidence import Case, Evidence, all_of, true
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Outcome, handed, outcome, same
from .problems import calls, charges, measures, passes, pieces
from .rounding import near, sizes
from .topic import topic

CHANGED = "entries of the inputs changed"
BAD = (np.nan, np.inf, -np.inf)


@topic("nan-and-infinity", "activation", "loss", "penalty", "optimizer")
def nan_and_infinity_stay_where_they_are(member: Subject, probe: Probe) -> Evidence:
    """Nothing raises on NaN or infinity. NaN is not turned into a number: it comes out of an activation, a loss, a penalty and an optimiser's step
    where it went in. And neither of them spreads: other units, other rows and other parameters get what they get without, and inputs keep their bits.
    """
    return all_of(*_WITH[member.implementation.technique.family](member, probe))


def make(member: Subject, call: Call) -> Outcome:
    """What a call leaves behind, and how many entries of its inputs it has changed."""
    given = handed(call)
    left = outcome(call, given.arguments, member.method(call.method)(*given.arguments.values()))
    inputs = {name: values for name, values in call.arrays.items() if name not in call.written}
    changed = sum(
        int((~((given.arguments[name] == values) | (np.isnan(given.arguments[name]) & np.isnan(values)))).sum()) for name, values in inputs.items()
    )
    return {**left, CHANGED: np.array(float(changed))}


def _one_of(random: np.random.Generator, count: int) -> int:
    return int(random.random() * count)


def _spoilt(values: Floats, place: Any, bad: float) -> Floats:
    spoilt = values.copy()
    spoilt[place] = bad
    return spoilt


def _elsewhere(member: Subject, left: Outcome, clean: Outcome, call: Call, apart: dict[str, Any], words: str) -> Evidence:
    """All entries but those apart are as they were, to a few roundings: an instruction for several numbers may take another way when one is NaN."""
    rest = {name: np.ones(values.shape, bool) for name, values in left.items() if name in apart}
    for name, places in apart.items():
        rest[name][places] = False
    tolerances = {name: 4 * member.eps * size[rest[name]] for name, size in sizes(call, clean).items() if name in rest}
    kept = same({CHANGED: left[CHANGED]}, {CHANGED: np.array(0.0)}, words)
    elsewhere = near(
        {name: left[name][rest[name]] for name in rest}, {name: clean[name][rest[name]] for name in rest}, tolerances, f"{words}, elsewhere"
    )
    return all_of(elsewhere, kept)


def _is_nan(values: Any, call: Call, what: str, words: str) -> Evidence:
    return true(bool(np.isnan(values).any()), Case(f"{call} with {words}", f"{what} NaN", f"{np.asarray(values)!s}"))


def _activation(member: Subject, probe: Probe) -> Iterator[Evidence]:
    """Pre-activations are positive, where derivatives are seldom 0; one of them, or one upstream derivative, is spoilt."""
    random, rows, width = probe.random(), 5, 7
    z = member.array(random.uniform(0.1, 3, (rows, pieces(member) * width)))
    da = member.array(random.normal(size=(rows, width)))
    clean = [make(member, call) for call in passes(member, z, da)]
    row, column, unit = _one_of(random, rows), _one_of(random, z.shape[1]), _one_of(random, width)
    for bad in BAD:
        into_z, into_da = f"z[{row}, {column}] = {bad}", f"da[{row}, {unit}] = {bad}"
        forward, backward = passes(member, _spoilt(z, (row, column), bad), da)
        a, dz = make(member, forward), make(member, backward)
        yield _one_unit(member, a, clean[0], forward, row, 1, into_z)
        yield _one_unit(member, dz, clean[1], backward, row, pieces(member), into_z)
        backward = passes(member, z, _spoilt(da, (row, unit), bad))[1]
        dz = make(member, backward)
        yield _one_unit(member, dz, clean[1], backward, row, pieces(member), into_da)
        if bad != bad:  # noqa: PLR0124  NaN
            yield _is_nan(a["a"][row], forward, "that unit", into_z)
            yield _is_nan(dz["dz"][row], backward, "its derivative", into_da)


def _one_unit(member: Subject, left: Outcome, clean: Outcome, call: Call, row: int, count: int, words: str) -> Evidence:
    """Only so many entries of one row may differ: those that differ most."""
    (name,) = call.written
    with np.errstate(all="ignore"):
        change = np.where(left[name] == clean[name], 0, np.abs(left[name] - clean[name]))[row]
    furthest = np.argsort(np.where(np.isnan(change), np.inf, change))[-count:]
    return _elsewhere(member, left, clean, call, {name: (row, furthest)}, f"{call} with {words}")


def _loss(member: Subject, probe: Probe) -> Iterator[Evidence]:
    z, targets, weight = (calls(member, probe.random())[0].arguments[name] for name in ("z", "targets", "sample_weight"))
    clean = make(member, measures(z, targets, weight)[1])
    row, column = _one_of(probe.random("row"), len(z)), _one_of(probe.random("column"), z.shape[1])
    for bad in BAD:
        for name in ("z", "targets"):
            given = {"z": z, "targets": targets}
            value, gradient = measures(**{**given, name: _spoilt(given[name], (row, column), bad)}, weight=weight)
            words = f"{name}[{row}, {column}] = {bad}"
            left, loss = make(member, gradient), make(member, value)
            yield _elsewhere(member, left, clean, gradient, {"dz": row}, f"{gradient} with {words}")
            if bad != bad:  # noqa: PLR0124
                yield _is_nan(loss["result"], value, "a loss of", words)
                yield _is_nan(left["dz"][row], gradient, "the row's derivative", words)


def _penalty(member: Subject, probe: Probe) -> Iterator[Evidence]:
    """What adds nothing to a gradient (a proximal form) need not add NaN either."""
    _, add, after = calls(member, probe.random())
    weights, gradient = add.arguments["weights"], add.arguments["gradient"]
    clean = [make(member, add), make(member, after)]
    adds = not np.array_equal(clean[0]["gradient"], gradient)
    place = _one_of(probe.random("place"), weights.size)
    for bad in BAD:
        for name in ("weights", "gradient"):
            given = {"weights": weights, "gradient": gradient}
            spoilt = {**given, name: _spoilt(given[name], place, bad)}
            value, add, after = charges(member, spoilt["weights"], spoilt["gradient"], 0.3, 0.1)
            words = f"{name}[{place}] = {bad}"
            total, moved, price = make(member, add), make(member, after), make(member, value)
            yield _elsewhere(member, total, clean[0], add, {"gradient": place}, f"{add} with {words}")
            yield _elsewhere(member, moved, clean[1], after, {"weights": place}, f"{after} with {words}")
            if bad != bad:  # noqa: PLR0124
                yield _is_nan(total["gradient"][place] if adds or name == "gradient" else np.nan, add, "the gradient", words)
                yield _is_nan(moved["weights"][place] if name == "weights" else np.nan, after, "the weight", words)
                yield _is_nan(price["result"] if name == "weights" else np.nan, value, "a price of", words)


def _optimizer(member: Subject, probe: Probe) -> Iterator[Evidence]:
    for call in calls(member, probe.random()):
        clean = make(member, call)
        place = _one_of(probe.random(f"place {call.arguments['step']}"), clean["parameters"].size)
        for bad in BAD:
            for name in ("gradient", "parameters"):
                words = f"{name}[{place}] = {bad}"
                left = make(member, call.having(**{name: _spoilt(call.arguments[name], place, bad)}))
                apart: dict[str, Any] = {"parameters": place, "state": (slice(None), place)}
                yield _elsewhere(member, left, clean, call, apart, f"{call} with {words}")
                if bad != bad:  # noqa: PLR0124
                    yield _is_nan(left["parameters"][place], call, "that parameter", words)


_WITH: dict[str, Callable[[Subject, Probe], Iterator[Evidence]]] = {
    "activation": _activation,
    "loss": _loss,
    "penalty": _penalty,
    "optimizer": _optimizer,
}

CLAIMS = nan_and_infinity_stay_where_they_are
