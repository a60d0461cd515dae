"""Readers of learning curves: anybody's table or JSON, a fitted estimator.

| what                                              | read as                                                                            |
|---------------------------------------------------|------------------------------------------------------------------------------------|
| a CSV file, or a mapping of names to lists        | one column a curve (`columns.py`); rows are epochs                                 |
| Keras' History, or its `history` as JSON          | `loss`, `accuracy`, `val_loss`, ...; a shorter list was recorded every so many epochs |
| scikit-learn's MLPClassifier, MLPRegressor        | `loss_curve_`, and `validation_scores_` where it stopped early; or JSON with these keys |

A folder with results is read by `of_results.py`. An empty cell, NA, or null was not recorded; `nan` and `inf` were. Cells are separated by commas,
semicolons or tabs; where not by commas, a comma in a number stands before its decimals. A pickle is not opened: it could run anything.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeGuard, cast

import numpy as np

from ..errors import InputError
from .columns import Origin, of_columns
from .curves import History
from .naming import counts, place

EMPTY = ("", "na", "n/a", "null", "none", "-")
"""Cells of what was not recorded."""


def of_csv(text: str, where: str, *, metric: str | None = None, named: Mapping[str, str] | None = None) -> list[History]:
    """The history in a CSV with a head; one for each value of a column `seed` or `run`, if there is one. `where` names it in errors."""
    head = next(iter(text.lstrip("\ufeff").splitlines()), "")
    separator = max(",;\t", key=head.count)
    rows = _rows(text, separator, where)
    if len(rows) < 2:
        raise InputError(f"{where} has no rows; accepted is a CSV with the columns named in its first row and one row an epoch.")
    names = [name.strip() for name in rows[0].cells]
    wanted = [at for at, name in enumerate(names) if place(name) or counts(name) or name in (named or {}).values()]
    for at in wanted:
        if names.count(names[at]) > 1:
            raise InputError(f"{where}: {names.count(names[at])} columns are called {names[at]!r}; give each a name of its own.")
    group = next((names.index(name) for name in names if name.lower() in ("seed", "run")), None)
    groups: dict[str, list[Row]] = {}
    for row in rows[1:]:
        if len(row.cells) != len(names):
            raise InputError(f"{where}, row {row.number}, has {len(row.cells)} cells; its head has {len(names)}, separated by {separator!r}.")
        groups.setdefault("" if group is None else row.cells[group], []).append(row)
    return [_of_rows(part, names, wanted, where, separator, metric, named) for part in groups.values()]


class Row(NamedTuple):
    """A row of a file, and where it ends in it, from 1."""

    number: int
    cells: list[str]


def _rows(text: str, separator: str, where: str) -> list[Row]:
    reader = csv.reader(text.lstrip("\ufeff").splitlines(), delimiter=separator)
    try:
        return [Row(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise InputError(
            f"{where}, row {reader.line_num}, cannot be read as CSV ({error}); accepted are cells of numbers, one row an epoch."
        ) from error


def _of_rows(
    rows: list[Row], names: list[str], wanted: list[int], where: str, separator: str, metric: str | None, named: Mapping[str, str] | None
) -> History:
    origin = Origin(where, [row.number for row in rows])
    cells = {names[at]: [row.cells[at].strip() for row in rows] for at in wanted} or {name: list[str]() for name in names}
    if separator != "," and any("," in cell for column in cells.values() for cell in column):  # decimal commas, then, and all numbers have them
        cells = {name: [_with_point(cell, origin.at(name, row)) for row, cell in enumerate(column)] for name, column in cells.items()}
    numbers = {name: [_number(cell, origin.at(name, row)) for row, cell in enumerate(column)] for name, column in cells.items()}
    return of_columns(numbers, metric=metric, named=named, origin=origin, percent=[name for name in cells if _in_percent(cells[name], name, origin)])


def _with_point(cell: str, where: str) -> str:
    if "." in cell or cell.count(",") > 1:
        raise InputError(f"{where}: {cell!r} stands beside numbers with a comma before their decimals; write all of them alike, without separators.")
    return cell.replace(",", ".")


def _number(cell: str, where: str) -> float | None:
    if cell.lower() in EMPTY:
        return None
    try:
        return float(cell.removesuffix("%").replace("_", "no number"))
    except ValueError as error:
        raise InputError(f"{where}: {cell!r} is no number; accepted are numbers, nan, inf, and nothing for not recorded.") from error


def _in_percent(cells: list[str], column: str, origin: Origin) -> bool:
    """Whether the cells of a column end in %: all that hold a number, or none. Raises `InputError` where only some do."""
    plain = [row for row, cell in enumerate(cells) if not cell.endswith("%") and cell.lower() not in (*EMPTY, "nan")]
    marked = any(cell.endswith("%") for cell in cells)
    if marked and plain:
        raise InputError(f"{origin.at(column, plain[0])}: {cells[plain[0]]!r} has no %, and others have; write all cells of a column alike.")
    return marked


def of_mapping(given: Mapping[str, Any], where: str, *, metric: str | None = None, named: Mapping[str, str] | None = None) -> History:
    """The history in lists by name: Keras' `history` (or a mapping that holds it under `history`), scikit-learn's attributes."""
    inner = given.get("history", given)
    if not isinstance(inner, Mapping):
        raise InputError(f"{where}: history is {type(inner).__name__}; accepted is an object of lists, as Keras makes it.")
    lists = {str(name): values for name, values in cast("Mapping[object, object]", inner).items() if _is_list(values)}
    if not any(len(values) for values in lists.values()):
        raise InputError(f"{where} holds no lists of numbers; accepted are those of Keras (loss, val_loss, ...) or scikit-learn (loss_curve_, ...).")
    wanted = {name for name in lists if place(name) or counts(name) or name in (named or {}).values()}
    columns = {name: _list(values, Origin(where).at(name)) for name, values in lists.items() if name in wanted}
    length = max(map(len, columns.values()), default=0)
    spread = {name: _spread(values, length, name, where) for name, values in columns.items()}
    return of_columns(spread or {name: list[float | None]() for name in lists}, metric=metric, named=named, origin=Origin(where))


def of_table(columns: Mapping[str, Sequence[Any]]) -> dict[str, list[float | None]]:
    """The columns of a pandas table, in which NaN is both: what was not recorded, except at the end of a training curve, where it was recorded."""
    numbers = {str(name): [_missing_as_nan(value) for value in values] for name, values in columns.items()}
    return {name: _ended(name, values) for name, values in numbers.items() if all(map(_is_number, values))}


def _missing_as_nan(value: object) -> Any:
    return float("nan") if value is None or type(value).__name__ == "NAType" else value


def _ended(name: str, values: Sequence[Any]) -> list[float | None]:
    numbers = [float(value) for value in values]
    at, last = place(name), max((index for index, value in enumerate(numbers) if value == value), default=-1)  # noqa: PLR0124  NaN
    ends = at is not None and at.part == "train"
    return [value if value == value or (ends and index > last) else None for index, value in enumerate(numbers)]  # noqa: PLR0124


def _is_list(values: object) -> TypeGuard[Sequence[Any]]:
    return isinstance(values, (list, tuple)) or (isinstance(values, np.ndarray) and values.ndim == 1)


def _is_number(item: object) -> bool:
    return isinstance(item, (int, float, np.number)) and not isinstance(item, bool)


def _list(values: Sequence[Any], where: str) -> list[float | None]:
    """Numbers and nulls. Raises `InputError` for anything else."""
    strange = next((item for item in values if item is not None and not _is_number(item)), None)
    if strange is not None:
        raise InputError(f"{where}: {strange!r:.60} is no number; accepted is a list of numbers, with null for not recorded.")
    try:
        return [None if item is None else float(item) for item in values]
    except OverflowError as error:
        raise InputError(f"{where} holds a whole number beyond 1.8e308; accepted are numbers.") from error


def _spread(values: list[float | None], length: int, name: str, where: str) -> list[float | None]:
    """A shorter list was recorded every so many epochs, the last of each so many."""
    if len(values) == length or not values:
        return values or [None] * length
    every = length // len(values)
    if len(values) != length // every:
        raise InputError(
            f"{where}, column {name}, has {len(values)} values and others {length}; accepted is one an epoch, or one every so many epochs."
        )
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
        raise InputError(
            f"{path} cannot be read ({error}); accepted is a CSV or a JSON in UTF-8; hand a fitted estimator in from Python: "
            "trickbench.harness.diagnose(estimator)."
        ) from error
    if not text.lstrip().startswith(("{", "[")):
        return of_csv(text, str(path), metric=metric, named=named)
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is no JSON: {error}.") from error
    if not isinstance(given, dict):
        raise InputError(f"{path} holds a JSON list; accepted is an object of lists by name, as Keras' History.history.")
    return [of_mapping(cast("dict[str, Any]", given), str(path), metric=metric, named=named)]
