"""Batches and layers of any size, and rows that do not see each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..arrays import Floats
from ..claim import NotApplicable
from ..evidence import Evidence, all_of
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Outcome, another, make, same
from .precision import finite
from .problems import calls, measures
from .rounding import near, sensitivity
from .topic import ARRAYS, topic

LARGE = (130, 67)
SHAPES = ((0, 7), (1, 7), (1, 1), (5, 1), (5, 3), (3, 33), LARGE)
FILLED = ((1, 1), (1, 7), (7, 1), (5, 3), (3, 33), (67, 130))
"""Layers, which have an input at least."""
WIDTHS = (0, 1, 3, 7, 33, 8710)


@topic("any-size", *ARRAYS)
def any_size_is_served(member: Subject, probe: Probe) -> Evidence:
    """Empty batches, batches of one row, widths of 1, 3, 7 and 33, and thousands of numbers are served: nothing raises, and every output is
    written with finite numbers.
    """
    family = member.implementation.technique.family
    shapes = {"initializer": FILLED, "penalty": [(1, width) for width in WIDTHS], "optimizer": [(1, width) for width in WIDTHS]}.get(family, SHAPES)
    served = [call for rows, width in shapes for call in calls(member, probe.random(), rows, width)]
    return all_of(*(finite(make(member, call), call) for call in served))


@topic("rows-stand-alone", "activation", "loss", "penalty", "optimizer", "dropout")
def rows_do_not_depend_on_each_other(member: Subject, probe: Probe) -> Evidence:
    """One row among many gives what that row alone gives: an activation's output and derivative, a loss's derivative up to the row's share of the
    weighted mean, and the mean of its value; likewise each parameter of an optimiser and each weight of a penalty. Further rows do not change
    the first ones of a mask.
    """
    return _ALONE[member.implementation.technique.family](member, probe)


def _cut(member: Subject, probe: Probe, cut: Callable[[Any, slice], Any]) -> Evidence:
    """Calls on a part of the arrays give that part of the outcome: as bits go, but for sums and products that a compiler fuses in one place only."""
    small = [(call, part) for call in calls(member, probe.random()) for part in (slice(0, 1), slice(2, 5))]
    rows, width = LARGE if member.implementation.technique.family == "activation" else (1, WIDTHS[-1])
    large = [(call, slice(-5, None)) for call in calls(member, probe.random(), rows, width)[-2:]]
    parts = list[Evidence]()
    for call, part in [*small, *large]:
        if call.written:
            whole, tolerance = make(member, call), _tolerance(member, call, probe)
            less = call.having(**{name: cut(values, part) for name, values in call.arrays.items() if name != "hyperparameters"})
            expected, allowed = ({name: cut(found[name], part) for name in call.written} for found in (whole, tolerance))
            parts.append(near(make(member, less), expected, allowed, f"{less}, cut out of {call}"))
    return all_of(*parts)


def _tolerance(member: Subject, call: Call, probe: Probe) -> Outcome:
    return sensitivity(call.in_double(), another(member, np.float64).method(call.method), probe.random("moves"), member.eps)


def _rows(member: Subject, probe: Probe) -> Evidence:
    return _cut(member, probe, lambda values, part: values[part])


def _columns(member: Subject, probe: Probe) -> Evidence:
    return _cut(member, probe, lambda values, part: values[..., part])


def _loss(member: Subject, probe: Probe) -> Evidence:
    """Rows one by one, one of them of weight 0; and two halves of a large batch."""
    parts = list[Evidence]()
    for rows, width, piece in ((5, 7, 1), (*LARGE, LARGE[0] // 2)):
        z, targets, weight = (calls(member, probe.random(), rows, width)[0].arguments[name].copy() for name in ("z", "targets", "sample_weight"))
        weight[rows // 2] = 0
        pieces = [slice(begin, begin + piece) for begin in range(0, rows, piece)]
        own = np.full(1, 0.7, member.dtype) if piece == 1 else None  # any weight will do for one row
        alone = [measures(z[each], targets[each], weight[each] if own is None else own) for each in pieces]
        share = np.array([weight[each].sum(dtype=np.float64) for each in pieces]) / weight.sum(dtype=np.float64)
        slopes = np.concatenate([make(member, each[1])["dz"] * part for each, part in zip(alone, share, strict=True)])
        mean = sum(share * [float(make(member, each[0])["result"]) for each in alone])
        value, gradient = measures(z, targets, weight)
        parts += [*_agree(member, probe, value, {"result": np.array(mean)}), *_agree(member, probe, gradient, {"dz": slopes})]
    return all_of(*parts)


def _agree(member: Subject, probe: Probe, call: Call, expected: Outcome) -> Iterator[Evidence]:
    """A sum taken in sequence loses half a unit of itself with each term: a row's over its outputs, and the rows'."""
    terms = member.eps / 2 * sum(call.arguments["z"].shape)
    allowed = {name: values + terms * np.abs(expected[name]) for name, values in _tolerance(member, call, probe).items()}
    yield near(make(member, call), expected, allowed, f"{call}, against its parts")


def _masks(member: Subject, probe: Probe) -> Evidence:
    if getattr(member.member, "rows_stand_alone", True) is False:
        raise NotApplicable("it declares rows_stand_alone = False: how many rows there are decides all of a mask")
    parts = list[Evidence]()
    for call in calls(member, probe.random(), rows=5, width=7)[:-1]:
        whole = make(member, call)["mask"]
        for rows in (1, 2, 4):
            parts.append(same(make(member, call.having(mask=_first(whole, rows))), {"mask": whole[:rows]}, f"{call}, {rows} rows instead of 5"))
    return all_of(*parts)


def _first(values: Floats, rows: int) -> Floats:
    return values[:rows].copy()


_ALONE: dict[str, Callable[[Subject, Probe], Evidence]] = {
    "activation": _rows,
    "loss": _loss,
    "penalty": _columns,
    "optimizer": _columns,
    "dropout": _masks,
}

CLAIMS = (*any_size_is_served, *rows_do_not_depend_on_each_other)
