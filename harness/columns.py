"""A dataset's raw rows as checked numbers: one float array for the inputs, class numbers or floats for the target.

Numeric columns stay what they are. A categorical column (text, categories) becomes the numbers of its values in sorted order; which of
them a network gets to see is decided by the training rows, later. What no network can learn from is refused here, once, when a dataset is
made, in words that name the column and count the rows, so that drawing a split looks at nothing twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST = 1e150
"""Larger numbers are refused: their squares, summed over rows, would overflow and leave a column without a scale."""

MANY = 1000
"""A column of text with more different values is a name or free text, not a category."""


class Table(NamedTuple):
    """The rows of a dataset as numbers."""

    inputs: NDArray[np.float64]
    """Shape (rows, columns); categorical columns hold the numbers of their categories."""
    categorical: NDArray[np.bool_]
    """Which columns are categorical."""
    target: NDArray[Any]
    """Class numbers (int64) or floats (float64), shape (rows,)."""
    classes: tuple[str, ...]
    """The classes' labels in sorted order; empty for regression."""


def tabulate(name: str, inputs: Any, target: Any, feature_names: Sequence[str], *, classification: bool) -> Table:
    """Check a dataset's rows and turn them into numbers; `name` is the dataset's, for the reader of an error."""
    values, categorical, columns = _of_frame(name, inputs) if hasattr(inputs, "iloc") else _of_array(name, inputs, feature_names)
    if 0 in values.shape:
        raise InputError(f"{name} has {values.shape[0]} rows and {values.shape[1]} input columns; accepted is at least one of each.")
    _refuse_gaps(name, [f"column {column!r}" for column in columns], values)
    if np.shape(target) != (len(values),):
        raise InputError(f"{name} has {len(values)} rows of inputs and a target of shape {np.shape(target)}; accepted is one target a row.")
    return Table(values, categorical, *(_classes if classification else _floats)(name, np.asarray(target)))


def _of_array(name: str, inputs: Any, names: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.bool_], Sequence[str]]:
    array: NDArray[Any] = np.asarray(inputs)
    if array.ndim != 2 or array.dtype.kind not in "biuf":
        raise InputError(
            f"{name} has inputs of shape {array.shape} and dtype {array.dtype}; accepted are numbers of shape (rows, features), or a pandas frame."
        )
    if names and len(names) != array.shape[1]:
        raise InputError(f"{name} has {len(names)} feature names and {array.shape[1]} columns; accepted is one name a column.")
    return array.astype(np.float64, copy=False), np.zeros(array.shape[1:], np.bool_), names or [str(column) for column in range(array.shape[1])]


def _of_frame(name: str, frame: Any) -> tuple[NDArray[np.float64], NDArray[np.bool_], Sequence[str]]:
    names = [str(column) for column in frame.columns]
    columns = [_column(name, label, frame.iloc[:, position]) for position, label in enumerate(names)]
    values = np.empty((len(frame), len(names)))
    for position, (column, _) in enumerate(columns):
        values[:, position] = column
    return values, np.asarray([categorical for _, categorical in columns], bool), names


def _column(name: str, label: str, series: Any) -> tuple[NDArray[np.float64], bool]:
    """One column's numbers, and whether they stand for categories."""
    from pandas.api import types

    if types.is_complex_dtype(series) or getattr(series.dtype, "kind", "O") in "Mm" or str(series.dtype).startswith(("datetime", "period")):
        raise InputError(f"{name}: column {label!r} holds {series.dtype}; accepted are numbers, text and categories.")
    if types.is_numeric_dtype(series):
        return series.to_numpy(dtype=np.float64, na_value=np.nan), False
    missing = series.isna().to_numpy()
    values, codes = np.unique(np.where(missing, "", series.astype(str).to_numpy(dtype=object)), return_inverse=True)
    if len(values) > MANY:
        raise InputError(f"{name}: column {label!r} holds {len(values)} different texts; accepted are {MANY}. Make it numeric or leave it out.")
    return np.where(missing, np.nan, codes), True


def _refuse_gaps(name: str, columns: Sequence[str], values: NDArray[np.float64]) -> None:
    if np.abs(values).max() <= LARGEST:  # false for NaN and infinity
        return
    for what, bad in (
        ("has no value (NaN)", np.isnan(values)),
        ("is infinite", np.isinf(values)),
        (f"exceeds {LARGEST:g}", np.abs(values) > LARGEST),
    ):
        counts = bad.sum(axis=0)
        if counts.any():
            first, others = int(counts.argmax()), int((counts > 0).sum()) - 1
            more = f", and so do {others} other columns" if others else ""
            raise InputError(
                f"{name}: {columns[first]} {what} in {counts[first]} of {len(values)} rows{more}; "
                "correct these values in the data, or leave the rows or the column out."
            )


def _floats(name: str, target: NDArray[Any]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    if target.dtype.kind not in "biuf":
        raise InputError(f"{name} has a target of dtype {target.dtype}; accepted for regression are numbers.")
    values = target.astype(np.float64, copy=False)
    _refuse_gaps(name, ["the target"], values[:, None])
    if values.min() == values.max():
        raise InputError(f"{name} has the same target, {values[0]:g}, in every row: there is nothing to learn.")
    return values, ()


def _classes(name: str, target: NDArray[Any]) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    labels, codes = np.unique(_labels(name, target), return_inverse=True)
    if len(labels) < 2:
        raise InputError(f"{name} has one class only, {str(labels[0])!r}; accepted are two and more.")
    return codes.astype(np.int64), tuple(str(label) for label in labels)


def _labels(name: str, target: NDArray[Any]) -> NDArray[Any]:
    """Labels that can be sorted: numbers as numbers, whole ones without a fraction; all else as text."""
    if target.dtype.kind == "f":
        _refuse_gaps(name, ["the target"], target.astype(np.float64)[:, None])
        whole = target.astype(np.int64) if np.abs(target).max() < 2**53 else target
        return whole if np.array_equal(whole, target) else target
    if target.dtype.kind in "biuU":
        return target
    if target.dtype.kind not in "OT":
        raise InputError(f"{name} has a target of dtype {target.dtype}; accepted are labels: text, whole numbers, true and false.")
    from pandas import isna

    _refuse_gaps(name, ["the target"], np.where(isna(target.astype(object)), np.nan, 0.0)[:, None])
    return target.astype(str)
