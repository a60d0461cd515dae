"""What a dataset is, how it is chosen, and how one run's rows are drawn from it: `Source -> Chosen -> Dataset -> Split`.

A `Source` (`datasets/`) says which parameters it takes; `choose` checks a selection against them and loads nothing. A `Dataset` holds raw
rows, checked when it is made (`columns.py`). A `Split` holds what one run sees: three disjoint sets of rows, drawn from the run's split
stream, stratified by class, scaled by what the training rows say (`splitting.py`), as arrays that a network takes. Two runs with the same
seed on the same dataset see the same split, whatever their recipes.

Choosing and identifying data imports neither scikit-learn nor pandas, which take over a second: a study whose runs are all in the store
pays for neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from .arrays import Floats
from .columns import Table, tabulate
from .errors import InputError, unknown
from .parameter import Parameter
from .selection import Selection, Value
from .splitting import draw_rows, scaled_inputs, targets, with_noise

Task = Literal["classification", "regression"]


SPLITTING: dict[str, Parameter] = {
    "train_rows": Parameter(0, "train on at most so many rows; 0 takes all", low=0),
    "label_noise": Parameter(0.0, "share of the training and validation labels replaced by another class; the test labels stay", low=0, high=1),
    "validation_share": Parameter(0.2, "share of all rows set aside for validation", low=0.01, high=0.8),
    "test_share": Parameter(0.2, "share of all rows set aside for testing", low=0.01, high=0.8),
    "folds": Parameter(0, "cross-validation: so many seeds in a row test each row once; 0 draws the rows to test at random", low=0),
}
"""Parameters that every dataset takes."""


@dataclass(frozen=True)
class Source:
    """A named origin of data. `load(**parameters)` gets every parameter and gives the dataset; nothing is loaded or imported before."""

    name: str
    task: Task | Literal["either"]
    """`either` where the data decide; such a source may have a parameter `task` by which the user decides."""
    summary: str
    load: Callable[..., Dataset]
    parameters: Mapping[str, Parameter] = field(default_factory=dict[str, Parameter])
    available: Callable[[], str | None] = lambda: None
    """None, or why it cannot be loaded here and what to do."""
    files: tuple[str, ...] = ()
    """Names of parameters that are paths: their content, not their name, identifies the data."""
    packages: tuple[str, ...] = ()
    """Distributions that hold or compute the data: their versions identify it too."""

    def __post_init__(self) -> None:
        taken = {"dataset", *SPLITTING} & set(self.parameters)
        if taken:
            raise InputError(f"The dataset {self.name} has a parameter {min(taken)!r}, a name that every dataset uses; give it another one.")


@dataclass(frozen=True, eq=False)
class Dataset:
    """Raw rows. Making one raises `InputError` where no network can learn from them: NaN or infinity, no rows, a constant target."""

    name: str
    task: Task
    inputs: Any
    """A float array (rows, features), or a pandas frame with numeric and categorical columns."""
    target: np.ndarray[Any, Any]
    """Class labels of any type, or floats for regression; shape (rows,)."""
    feature_names: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _ = self.table

    @cached_property
    def table(self) -> Table:
        """The same rows as checked numbers."""
        return tabulate(self.name, self.inputs, self.target, self.feature_names, classification=self.task == "classification")


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
    """A selection resolved to a source with checked parameters: everything that identifies the data. Made by `choose`."""

    source: Source
    selection: Selection
    """Only what differs from the defaults: equal choices are equal texts."""

    @property
    def parameters(self) -> dict[str, Value]:
        """The source's own parameters, defaults filled in."""
        return self._filled(self.source.parameters)

    @property
    def split_parameters(self) -> dict[str, Value]:
        """The parameters of `split`, defaults filled in."""
        return self._filled(SPLITTING)

    def _filled(self, parameters: Mapping[str, Parameter]) -> dict[str, Value]:
        return {name: self.selection.parameters.get(name, parameter.default) for name, parameter in parameters.items()}

    def identity(self) -> dict[str, str]:
        """All that determines the rows, as text: the parameters, files by their content, the versions of the packages behind them.

        Reads the files in full, but imports neither scikit-learn nor pandas. Raises `InputError` where a file is missing.
        """
        texts = {name: str(value) for name, value in (self.parameters | self.split_parameters).items()}
        contents = {name: _content(texts[name]) for name in self.source.files}
        versions = {f"version of {package}": _version(package) for package in self.source.packages}
        return {"dataset": self.source.name} | texts | contents | versions

    def task(self) -> Task:
        """What is learnt from the data. Only where the source leaves it to them, and the user too, are they loaded to find out."""
        named = self.parameters.get("task") if self.source.task == "either" else self.source.task
        return named if named in ("classification", "regression") else self.load().task

    def load(self) -> Dataset:
        """The rows. Raises `InputError` where they will not do, `UnavailableError` where something they need is not there."""
        dataset = self.source.load(**self.parameters)
        if self.source.task not in ("either", dataset.task):
            raise InputError(f"{self.source.name} is declared for {self.source.task}, but loads data for {dataset.task}; make its source say so.")
        return dataset


def choose(source: Source, selection: Selection) -> Chosen:
    """Check a selection's parameters against its source. Raises `InputError` with what is accepted."""
    accepted, given = {**source.parameters, **SPLITTING}, selection.parameters
    for name in given:
        if name not in accepted:
            raise unknown(f"parameter of {source.name}", name, accepted)
    for name, parameter in source.parameters.items():
        if parameter.required and given.get(name, "") == "":
            raise InputError(f"The dataset {source.name} needs {name}, {parameter.meaning}; write {source.name}[{name}=...].")
    checked = {name: accepted[name].check(f"{source.name}'s {name}", value) for name, value in given.items()}
    if checked.get("folds") and "test_share" in checked:
        raise InputError(f"{source.name} has both folds and a test_share, but a fold is the share that is tested; leave one of them out.")
    _refuse_together(source, {name: checked.get(name, parameter.default) for name, parameter in SPLITTING.items()})
    return Chosen(source, Selection(source.name, {name: value for name, value in checked.items() if value != accepted[name].default}))


def _refuse_together(source: Source, settings: Mapping[str, Any]) -> None:
    if source.task == "regression" and settings["label_noise"]:
        raise _noise_without_labels(source.name)
    if settings["folds"] == 1:
        raise InputError(f"{source.name}'s folds is 1; accepted is a whole number from 2, or 0 for random rows to test.")
    if settings["folds"] and settings["validation_share"] + 1 / settings["folds"] >= 1:
        raise InputError(f"{source.name}'s validation_share leaves no rows for training beside a fold; accepted are shares below 1 - 1/folds.")
    if settings["validation_share"] + settings["test_share"] >= 1:
        raise InputError(f"{source.name}'s validation_share and test_share leave no rows for training; accepted are shares that sum to less than 1.")


def split(dataset: Dataset, random: np.random.Generator, dtype: np.dtype[Any], parameters: Mapping[str, Value], fold: int = 0) -> Split:
    """Draw one run's rows: read-only arrays. The rows drawn depend neither on the label noise nor on the dtype.

    With `folds` among the parameters the test rows are those of the given fold: the same `random` and another fold have no test row in common.

    Raises `InputError` on a class too rare to stratify, on too few rows, on label noise for regression.
    """
    settings: dict[str, Any] = {name: parameters.get(name, parameter.default) for name, parameter in SPLITTING.items()}
    noise = settings.pop("label_noise")
    if noise and dataset.task == "regression":
        raise _noise_without_labels(dataset.name)
    rows = draw_rows(dataset.name, dataset.table, random, fold=fold, **settings)
    table = with_noise(dataset.table, rows, noise, random)
    inputs, outputs = scaled_inputs(dataset.name, table, rows, dtype), targets(dataset.name, table, rows, dtype)
    return Split(dataset.task, *(Part(*both) for both in zip(inputs, outputs, strict=True)), classes=table.classes)


def file_at(text: str) -> Path:
    """The file of this path; raises `InputError` if there is none."""
    path = Path(text).expanduser()
    if not path.is_file():
        raise InputError(f"There is no file {text!r} (seen from {Path.cwd()}); give the path of a file with the data.")
    return path


def _content(text: str) -> str:
    try:
        with file_at(text).open("rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    except OSError as error:
        raise InputError(f"The file {text!r} cannot be read ({error.strerror}); make it readable.") from error


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


def _noise_without_labels(name: str) -> InputError:
    return InputError(f"{name} is a regression dataset, and label_noise exchanges classes; leave label_noise out.")
