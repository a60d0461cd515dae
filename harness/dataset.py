"""What a dataset is, and how one run's rows are drawn from it: `Dataset -> Split(train, validation, test)`.

A `Dataset` holds raw rows, as they come from a source (`datasets/`). A `Split` holds what one run sees: three disjoint sets of rows, drawn
from the run's split stream, stratified by class, scaled by what the training rows say, as arrays that a network takes. Two runs with the
same seed on the same dataset see the same split, whatever their recipes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

from .arrays import Floats
from .errors import InputError
from .selection import Selection, Value

Task = Literal["classification", "regression"]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a dataset source: its default (which also fixes its type), its bounds, and what it means."""

    default: Value
    meaning: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Source:
    """A named origin of data. `load(**parameters)` gives the dataset; nothing is loaded or imported before."""

    name: str
    task: Task | Literal["either"]
    summary: str
    load: Callable[..., Dataset]
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    available: Callable[[], str | None] = lambda: None
    """None, or why it cannot be loaded here and what to do."""
    files: tuple[str, ...] = ()
    """Names of parameters that are paths: their content, not their name, identifies the data."""


@dataclass(frozen=True)
class Dataset:
    """Raw rows: `inputs` is a float array (rows, features) or a pandas frame with numeric and categorical columns; `target` has one entry a row."""

    name: str
    task: Task
    inputs: Any
    target: np.ndarray[Any, Any]
    """Class labels of any type, or floats for regression; shape (rows,)."""
    feature_names: tuple[str, ...] = ()


class Part(NamedTuple):
    """Some rows of a split: inputs (rows, features), targets (rows, outputs), both of the run's dtype."""

    inputs: Floats
    targets: Floats


@dataclass(frozen=True)
class Split:
    """What one run sees. Targets are one-hot for classes, standardised by the training rows for regression."""

    task: Task
    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A selection resolved to a source with checked parameters: everything that identifies the data."""

    source: Source
    selection: Selection

    def load(self) -> Dataset:
        """The rows."""
        return self.source.load(**{name: value for name, value in self.selection.parameters.items() if name not in SPLITTING})


SPLITTING: dict[str, Parameter] = {
    "train_rows": Parameter(0, "train on at most so many rows; 0 takes all", low=0),
    "label_noise": Parameter(0.0, "share of the training and validation labels replaced by another class; the test labels stay", low=0, high=1),
    "validation_share": Parameter(0.2, "share of all rows set aside for validation", low=0.01, high=0.8),
    "test_share": Parameter(0.2, "share of all rows set aside for testing", low=0.01, high=0.8),
}
"""Parameters that every dataset takes."""


def choose(source: Source, selection: Selection) -> Chosen:
    """Check a selection's parameters against its source. Raises `InputError` with what is accepted."""
    raise NotImplementedError


def split(dataset: Dataset, random: np.random.Generator, dtype: np.dtype[Any], parameters: Mapping[str, Value]) -> Split:
    """Draw one run's rows. Raises `InputError` on NaN or infinity, on a class too rare to stratify, on too few rows."""
    raise InputError("")
