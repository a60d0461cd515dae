"""A pandas frame with a named target as a `Dataset`: what files and OpenML have in common.

Which task a target asks for, unless the user says it (`task=classification` or `task=regression`):

| target                                                    | task           |
|-----------------------------------------------------------|----------------|
| text, categories, true and false                          | classification |
| whole numbers (1 or 1.0), at most 20 different ones       | classification |
| any other numbers                                         | regression     |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..harness.dataset import Dataset, Parameter, Task
from ..harness.errors import InputError, unknown

if TYPE_CHECKING:
    import pandas as pd

FEW = 20
"""So many different whole numbers are still classes."""

TASK = Parameter(
    "auto", "what to learn; auto: text, true/false and up to 20 whole numbers are classes", choices=("auto", "classification", "regression")
)


def dataset_of(name: str, frame: pd.DataFrame, target: str, task: str) -> Dataset:
    """A frame's rows, one column being the target; raises `InputError` where the columns are not what is needed."""
    names = [str(column) for column in frame.columns]
    if target not in names:
        raise unknown(f"target column of {name}", target, names)
    unnamed = [position for position, label in enumerate(names, 1) if not label.strip() or label.startswith("Unnamed: ")]
    if unnamed:  # mostly a written row number, which in a sorted file gives the target away
        raise InputError(f"{name}: column {unnamed[0]} has no name; accepted are named columns. Name it, or leave it out if it numbers the rows.")
    position = names.index(target)
    values = _plain(frame.iloc[:, position])
    inputs = frame.drop(columns=frame.columns[position])
    return Dataset(name, task_of(values, task), inputs, values, tuple(label for label in names if label != target))


def task_of(target: np.ndarray[Any, Any], task: str) -> Task:
    """The task that the user said, or that the target asks for."""
    return cast("Task", task) if task != "auto" else "classification" if _has_classes(target) else "regression"


def _has_classes(target: np.ndarray[Any, Any]) -> bool:
    if target.dtype.kind not in "iuf":
        return True
    different = np.unique(target)
    return len(different) <= FEW and bool(np.all(different == np.round(different)))


def _plain(series: pd.Series) -> np.ndarray[Any, Any]:
    """Numbers as float64, all else as objects: pandas has many dtypes for either."""
    from pandas.api import types

    if types.is_numeric_dtype(series) and not types.is_bool_dtype(series):
        return series.to_numpy(dtype=np.float64, na_value=np.nan)
    return series.to_numpy(dtype=object)
