"""Readers of learning curves: anybody's table or JSON, a fitted estimator.

| what                                              | read as                                                                            |
|---------------------------------------------------|------------------------------------------------------------------------------------|
| a CSV file, or a mapping of names to lists        | one column a curve (`history_columns.py`); rows are epochs                         |
| Keras' History, or its `history` as JSON          | `loss`, `accuracy`, `val_loss`, ...; a shorter list was recorded every so many epochs |
| scikit-learn's MLPClassifier, MLPRegressor        | `loss_curve_`, and `validation_scores_` where it stopped early; or JSON with these keys |

A folder with results is read by `result_histories.py`. An empty cell, or null, was not recorded; `nan` and `inf` were.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np

from ..errors import InputError
from .columns import of_columns, place
from .curves import History


def of_csv(text: str, where: str, *, metric: str | None = None, named: Mapping[str, str] | None = None) -> list[History]:
    """The history in a CSV with a head; one for each value of a column `seed` or `run`, if there is one. `where` names it in errors."""
    lines = text.lstrip("\ufeff").splitlines()
    head = lines[0] if lines else ""
    rows = [row for row in csv.reader(lines, delimiter=max(",;\t", key=head.count)) if row]
    if len(rows) < 2:
        raise InputError(f"{where} has no rows; accepted is a CSV with the columns named in its first row and one row an epoch.")
    names = [name.strip() for name in rows[0]]
    group = next((names.index(name) for name in names if name.lower() in ("seed", "run")), None)
    groups: dict[str, list[list[str]]] = {}
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(names):
            raise InputError(f"{where}, row {number}, has {len(row)} cells; its head has {len(names)}.")
        groups.setdefault("" if group is None else row[group], []).append(row)
    wanted = [at for at, name in enumerate(names) if place(name) or name.lower() in ("epoch", "epochs") or name in (named or {}).values()]
    return [
        of_columns(_cells(part, names, wanted, where) or {name: list[float | None]() for name in names}, metric=metric, named=named)
        for part in groups.values()
    ]


def _cells(rows: list[list[str]], names: list[str], wanted: list[int], where: str) -> dict[str, list[float | None]]:
    return {names[at]: [_number(row[at], names[at], where) for row in rows] for at in wanted}


def _number(cell: str, column: str, where: str) -> float | None:
    text = cell.strip()
    try:
        return None if not text else float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError as error:
        raise InputError(f"{where}, column {column}: {cell!r} is no number; accepted are numbers, nan, inf, and nothing for not recorded.") from error


def of_mapping(given: Mapping[str, Any], where: str, *, metric: str | None = None, named: Mapping[str, str] | None = None) -> History:
    """The history in lists by name: Keras' `history` (or a mapping that holds it under `history`), scikit-learn's attributes."""
    inner = given.get("history", given)
    if not isinstance(inner, Mapping):
        raise InputError(f"{where}: history is {type(inner).__name__}; accepted is an object of lists, as Keras makes it.")
    lists = {str(name): _list(values) for name, values in cast("Mapping[object, object]", inner).items()}
    columns = {name: values for name, values in lists.items() if values is not None}
    length = max(map(len, columns.values()), default=0)
    if length == 0:
        raise InputError(f"{where} holds no lists of numbers; accepted are those of Keras (loss, val_loss, ...) or scikit-learn (loss_curve_, ...).")
    return of_columns({name: _spread(values, length, name, where) for name, values in columns.items()}, metric=metric, named=named)


def of_table(columns: Mapping[str, Sequence[Any]]) -> dict[str, list[float | None]]:
    """The columns of a pandas table, in which NaN is both: what was not recorded, except at the end of a training curve, where it was recorded."""
    return {str(name): _recorded(str(name), values) for name, values in columns.items() if _list(list(values)) is not None}


def _recorded(name: str, values: Sequence[Any]) -> list[float | None]:
    numbers = [float(value) for value in values]
    at, last = place(name), max((index for index, value in enumerate(numbers) if value == value), default=-1)  # noqa: PLR0124  NaN
    ends = at is not None and at.part == "train"
    return [value if value == value or (ends and index > last) else None for index, value in enumerate(numbers)]  # noqa: PLR0124


def _list(values: object) -> list[float | None] | None:
    """A list of numbers and nulls; None for anything else."""
    if not isinstance(values, (list, tuple, np.ndarray)) or (isinstance(values, np.ndarray) and values.ndim != 1):
        return None
    items = cast("Sequence[Any]", values)
    if not all(item is None or (isinstance(item, (int, float, np.number)) and not isinstance(item, bool)) for item in items):
        return None
    return [None if item is None else float(item) for item in items]


def _spread(values: list[float | None], length: int, name: str, where: str) -> list[float | None]:
    """A shorter list was recorded every so many epochs, the last of each so many."""
    if len(values) == length or not values:
        return values or [None] * length
    every = length // len(values)
    if len(values) != length // every:
        raise InputError(f"{where}: {name} has {len(values)} values and others {length}; accepted is one an epoch, or one every so many epochs.")
    spread: list[float | None] = [None] * length
    spread[every - 1 :: every] = values + [None] * (len(spread[every - 1 :: every]) - len(values))
    return spread


def of_estimator(estimator: Any, *, metric: str | None = None) -> History:
    """The history of a fitted estimator of scikit-learn's: `loss_curve_`, and `validation_scores_` where it kept some rows back."""
    names = ("loss_curve_", "validation_scores_")
    given = {name: values for name in names if (values := getattr(estimator, name, None)) is not None}
    if "loss_curve_" not in given:
        raise InputError(f"{type(estimator).__name__} has no loss_curve_; accepted is a fitted MLPClassifier or MLPRegressor (solver adam or sgd).")
    return of_mapping(given, type(estimator).__name__, metric=metric)


def of_file(path: Path, *, metric: str | None = None, named: Mapping[str, str] | None = None) -> list[History]:
    """The histories in a CSV or JSON file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputError(f"There is no file or folder {str(path)!r}; give a CSV, a JSON, or a folder with results.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}); accepted is a text file in UTF-8.") from error
    if not text.lstrip().startswith(("{", "[")):
        return of_csv(text, str(path), metric=metric, named=named)
    try:
        given = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is no JSON: {error}.") from error
    if not isinstance(given, dict):
        raise InputError(f"{path} holds a JSON list; accepted is an object of lists by name, as Keras' History.history.")
    return [of_mapping(cast("dict[str, Any]", given), str(path), metric=metric, named=named)]
