"""The history that columns of numbers make: which curves there are, at which epochs, by which score they are judged, and in which unit it is written.

What a column holds is told from its name (`naming.py`). Columns that are of no use are left alone; one that is used must hold numbers.

    epochs    the column `epoch`, else counted from 1. Where a column `step` rises beside it, several values of one epoch are their mean.
    unit      per cent, where a column of the score says so (%), or one of its values is above 1; else shares. All its columns are alike.

Every mistake names what was handed in and the column, and the row where there are rows.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ..errors import InputError, unknown
from .curves import LOSS, MEASURES, PARTS, Curve, History, Measure, Numbers, Part
from .naming import EPOCHS, STEPS, Place, place, role

Columns = Mapping[str, Sequence[float | None]]

ROUNDING = 1e-6
"""By so much a share may lie above 1: the mean of a batch's accuracies in float32, whose unit is 1.2e-7, over a few operations."""
SHOWN = 8
"""Names of columns that an error lists."""


@dataclass(frozen=True)
class Origin:
    """Where columns come from, for errors."""

    name: str = "the history"
    rows: Sequence[int] = ()
    """The row of each value in its file; none where there are no rows."""

    def at(self, column: str, index: int | None = None) -> str:
        """A column, and a value of it."""
        return f"{self.name}, column {column}" + (f", row {self.rows[index]}" if self.rows and index is not None else "")


@dataclass(frozen=True)
class Column:
    """A column that is used, as far as it was recorded: (n,) each, n at least 1."""

    name: str
    origin: Origin
    indices: Sequence[int]
    values: Numbers
    percent: bool

    def at(self, number: int) -> str:
        """Where its so-manyth recorded value stands."""
        return self.origin.at(self.name, self.indices[number])


def of_columns(
    columns: Columns, *, metric: str | None = None, named: Mapping[str, str] | None = None, name: str = "", origin: Origin | None = None,
    percent: Collection[str] = (),
) -> History:  # fmt: skip
    """The history in columns of one length; None is what was not recorded. Raises `InputError`.

    `metric` chooses among several scores; `named` says what a column holds whose name does not: {"train_loss": "my column"}; `percent` are the
    columns that are written in per cent, whatever their names say.
    """
    origin = origin or Origin()
    places = _places(columns, named or {}, origin)
    found = {at: _recorded(column, columns[column], at.percent or column in percent, origin) for at, column in places.items()}
    there = {at: column for at, column in found.items() if len(column.values)}
    if not there:
        raise InputError(
            f"{origin.name}: nothing stands in {_listed(places.values())}; accepted are columns with a number for every epoch looked at."
        )
    quantity = _scores(there, metric, origin)
    measure = MEASURES[quantity] if quantity else LOSS
    used = {at: column for at, column in there.items() if at.layer or at.quantity in (LOSS.name, quantity)}
    for at, column in used.items():
        _holds_numbers(column, at)
    scores = {at: column for at, column in used.items() if at.quantity == quantity}
    in_percent = measure.share and _in_percent(scores.values(), measure)
    for column in scores.values():
        _in_range(column, measure, percent=in_percent)
    curves = {at: _curve(column, columns, 100 if column.percent or (in_percent and at in scores) else 1) for at, column in used.items()}
    return History(
        losses=_of(curves, LOSS.name),
        scores=_of(curves, quantity),
        measure=measure,
        gradients=tuple(curves[at] for at in sorted(curves, key=lambda at: at.layer) if at.layer),
        name=name,
        percent=in_percent,
    )


def _of(curves: Mapping[Place, Curve], quantity: str | None) -> dict[Part, Curve]:
    return {part: curve for part in PARTS for at, curve in curves.items() if (at.part, at.quantity) == (part, quantity)}


def _places(columns: Columns, named: Mapping[str, str], origin: Origin) -> dict[Place, str]:
    """Which column holds what. Raises `InputError` where none says so, or two say the same."""
    found = {role(text): _there(column, columns, origin) for text, column in named.items()}
    said = set(found)
    for column in columns:
        at = None if column in named.values() else place(column)
        if at is None or at in said:
            continue
        if at in found:
            raise InputError(
                f"{origin.name}: the columns {found[at]!r} and {column!r} both hold the {at.part} {at.quantity}; say which with --column."
            )
        found[at] = column
    if not found:
        raise InputError(
            f"{origin.name}: none of the columns ({_listed(columns)}) is named for a learning curve; accepted are names such as loss, val_loss, "
            "train_accuracy, test_error, or say which is which: --column train_loss=NAME."
        )
    return found


def _listed(names: Collection[str]) -> str:
    few = [repr(name) for name in names][:SHOWN]
    return ", ".join([*few, *(["..."] if len(names) > len(few) else [])]) or "there are none"


def _there(column: str, columns: Columns, origin: Origin) -> str:
    if column not in columns:
        raise unknown(f"column in {origin.name}", column, columns)
    return column


def _recorded(name: str, values: Sequence[float | None], percent: bool, origin: Origin) -> Column:
    indices = [index for index, value in enumerate(values) if value is not None]
    return Column(name, origin, indices, np.array([values[index] for index in indices], np.float64), percent)


def _holds_numbers(column: Column, at: Place) -> None:
    """Refuse a column that is nan throughout: it may never have been filled. Raises `InputError`."""
    if np.isnan(column.values).all():
        broke = (at.part, at.quantity) == ("train", LOSS.name)
        otherwise = ", or, where the training itself gave nan from its first epoch on, take a learning rate ten times smaller: it diverged"
        raise InputError(
            f"{column.origin.at(column.name)}, never holds a number, only nan ({len(column.values)} times); leave the column out"
            f"{otherwise if broke else ''}."
        )


def _scores(found: Mapping[Place, object], metric: str | None, origin: Origin) -> str | None:
    """The quantity by which results are judged: the one asked for, else the first of `MEASURES` that was recorded in training, or at all."""
    there = {name: [at.part for at in found if at.quantity == name] for name in MEASURES if name != LOSS.name}
    recorded = [name for name, parts in there.items() if parts]
    if metric is not None:
        if metric not in (*recorded, LOSS.name):
            raise unknown(f"metric in {origin.name}", metric, [*recorded, LOSS.name])
        return None if metric == LOSS.name else metric
    return next((name for name in recorded if "train" in there[name]), next(iter(recorded), None))


def _in_percent(columns: Collection[Column], measure: Measure) -> bool:
    """Whether the columns of a score are written in per cent: all or none of them. Raises `InputError` where nobody can tell."""
    if any(column.percent for column in columns):
        return True
    tops = {column.name: float(np.nanmax(column.values)) for column in columns}
    above = [name for name, top in tops.items() if top > 1 + ROUNDING]
    within = [name for name, top in tops.items() if 0 < top <= 1 + ROUNDING]  # 0 is the same in both
    if above and within:
        (origin,) = {column.origin.name for column in columns}
        raise InputError(
            f"{origin}: the column {within[0]} lies within 1 and {above[0]} goes to {tops[above[0]]:g}, so nobody can tell shares from per cent; "
            f"write both alike, or say so in their names: '{measure.name} (%)'."
        )
    return bool(above)


def _in_range(column: Column, measure: Measure, *, percent: bool) -> None:
    """Refuse a score that there cannot be. Raises `InputError` with the first one."""
    unit = 100 if percent or column.percent else 1
    low, high = (unit * end for end in measure.range)
    outside = (column.values < low) | (column.values > high + unit * ROUNDING)
    if outside.any():
        first = int(np.argmax(outside))
        accepted = (
            "shares from 0 to 1, or per cent up to 100" if measure.share else f"numbers up to {high:g}" if low == -math.inf else "numbers from 0"
        )
        raise InputError(f"{column.at(first)}: {column.values[first]:g} is given for the {measure.name}; accepted are {accepted}.")


def _curve(column: Column, columns: Columns, unit: int) -> Curve:
    """A column by epoch. Raises `InputError` for epochs that are missing, or do not rise."""
    epochs = _counter(columns, EPOCHS)
    if epochs is None:
        return Curve.of(column.values / unit, [index + 1 for index in column.indices])
    at = [epochs[index] for index in column.indices]
    for number, epoch in enumerate(at):
        if epoch is None or not math.isfinite(epoch):
            raise InputError(f"{column.at(number)}, has a value but no epoch; fill the column epoch, or leave it out.")
    counted = np.array(at, np.float64)
    if _in_steps(column, columns, counted):
        each, first, count = np.unique(counted, return_index=True, return_counts=True)
        return Curve.of(np.add.reduceat(column.values, first) / count / unit, each)
    falls = np.flatnonzero(np.diff(counted) <= 0)
    if falls.size:
        number = int(falls[0]) + 1
        raise InputError(
            f"{column.at(number)}: epoch {counted[number]:g} comes after epoch {counted[number - 1]:g}; accepted are epochs that rise, each once; "
            "where several trainings are in one file, add a column seed or run that tells them apart."
        )
    return Curve.of(column.values / unit, counted)


def _in_steps(column: Column, columns: Columns, epochs: Numbers) -> bool:
    """Whether several values of one epoch are those of its steps: epochs never fall, and steps rise."""
    steps = _counter(columns, STEPS)
    if steps is None or not (np.diff(epochs) >= 0).all():
        return False
    at = [steps[index] for index in column.indices]
    return all(before is not None and after is not None and before < after for before, after in pairwise(at))


def _counter(columns: Columns, names: Collection[str]) -> Sequence[float | None] | None:
    """The column that counts epochs or steps, if there is one."""
    return next((values for column, values in columns.items() if column.strip().lower() in names), None)
