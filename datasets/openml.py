"""Datasets that scikit-learn downloads on first use and keeps in its data home: California housing, covertype, anything on OpenML.

What lies in the data home is used without a network. What does not is fetched with one retry and a limit on waiting, so that a machine
without a network gets an answer at once; the answer names the files and their place.
"""

from __future__ import annotations

import os
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..harness.dataset import Dataset, Parameter, Source
from ..harness.errors import InputError, UnavailableError
from ._tables import TASK, dataset_of

PATIENCE = 20.0
"""Seconds without an answer after which a server is given up."""


def california_housing() -> Dataset:
    from sklearn.datasets import fetch_california_housing

    bunch = _fetch("california_housing", fetch_california_housing, "cal_housing_py3.pkz")
    return Dataset("california_housing", "regression", bunch.data, bunch.target, tuple(bunch.feature_names))


def covtype() -> Dataset:
    from sklearn.datasets import fetch_covtype

    bunch = _fetch("covtype", fetch_covtype, "covertype/samples_py3", "covertype/targets_py3")
    return Dataset("covtype", "classification", bunch.data, bunch.target, tuple(bunch.feature_names))


def openml(name: str, version: int, target: str, task: str) -> Dataset:
    from sklearn.datasets import fetch_openml

    bunch = _fetch(name, fetch_openml, "openml", name=name, version=version)
    if bunch.frame is None:
        raise InputError(f"The OpenML dataset {name!r} is sparse; accepted are dense ones.")
    return dataset_of(name, bunch.frame, target or _only_target(name, bunch.target_names), task)


def _only_target(name: str, targets: list[str]) -> str:
    if len(targets) != 1:
        raise InputError(
            f"The OpenML dataset {name!r} names {len(targets)} targets ({', '.join(targets)}); choose one: openml[name={name},target=...]."
        )
    return targets[0]


def _fetch(dataset: str, fetch: Callable[..., Any], *places: str, **arguments: Any) -> Any:
    """scikit-learn's own function; `places` are the files or the folder that it keeps below its data home."""
    try:
        with _impatient():
            return fetch(n_retries=1, delay=0.01, **arguments)
    except OSError as error:
        raise _missing(dataset, fetch, places, error) from error
    except Exception as error:  # what a damaged file or an unknown name raises is up to joblib, pickle and OpenML
        reason = str(error).rstrip(".")
        raise InputError(f"{dataset} cannot be loaded ({reason}); if {_paths(places)} is damaged, delete it, and it is downloaded again.") from error


def _missing(name: str, fetch: Callable[..., Any], places: tuple[str, ...], error: OSError) -> UnavailableError:
    reason = str(getattr(error, "reason", error)).rstrip(".")
    return UnavailableError(
        f"{name} is not in scikit-learn's data home and cannot be downloaded ({reason}); copy {_paths(places)} from a machine where "
        f"sklearn.datasets.{fetch.__name__} has run, or set SCIKIT_LEARN_DATA to the data home that has it."
    )


def _paths(places: tuple[str, ...]) -> str:
    home = Path(os.environ.get("SCIKIT_LEARN_DATA", "~/scikit_learn_data")).expanduser()  # scikit-learn's function would create it
    return " and ".join(str(home / place) for place in places)


@contextmanager
def _impatient() -> Iterator[None]:
    """No long waiting for a server, no warnings about a retry: the answer is in the error."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "A network error occurred|Retry downloading")
            yield
    finally:
        socket.setdefaulttimeout(before)


PACKAGES = ("scikit-learn",)

SOURCES = (
    Source(
        "california_housing",
        "regression",
        "House prices of 20,640 districts from 8 measurements; downloaded on first use.",
        california_housing,
        packages=PACKAGES,
    ),
    Source(
        "covtype", "classification", "Seven forest types from 54 map measurements: 581,012 rows; downloaded on first use.", covtype, packages=PACKAGES
    ),
    Source(
        "openml",
        "either",
        "Any dense dataset of openml.org; downloaded on first use.",
        openml,
        {
            "name": Parameter("", "its name on OpenML", required=True),
            "version": Parameter(1, "its version on OpenML", low=1),
            "target": Parameter("", "the column to predict; OpenML's own choice if left out"),
            "task": TASK,
        },
        packages=PACKAGES,
    ),
)
