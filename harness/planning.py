"""From arms to runs: the plan is a pandas table with one row a run, and the key of each row says everything that determines its result."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

from . import registry
from .design import Arm
from .recipe import Recipe, resolve
from .sources import source_digest
from .study import Study

if TYPE_CHECKING:
    import pandas as pd

    from .dataset import Task

NUMERICAL = ("numpy", "scipy", "numba", "llvmlite", "scikit-learn", "pandas")
"""Libraries that every run's numbers pass through."""

PATH = (f"{__package__}.training", f"{__package__}.dataset", f"{__package__}.compiled", f"{__package__}.execution")
"""Harness modules that every run passes through; what they import is followed."""


class Job(NamedTuple):
    """One run as plain data: enough to perform it in any process."""

    key: str
    arm: str
    recipe: Recipe
    dataset: str
    task: Task
    seed: int
    epochs: int
    metric: str
    isolated: bool
    source: str
    """The hash of the source that the key was made with: a worker that finds another one refuses the run."""


def jobs(study: Study, arms: Sequence[Arm], first_seed: int | None = None) -> list[Job]:
    """Every run of a study, the arms of one dataset and seed side by side, so that they share a split. `first_seed` shifts the seeds."""
    _identity.cache_clear()  # files and registered implementations may have changed since the last plan of this process
    _dataset_identity.cache_clear()
    shift = 0 if first_seed is None else first_seed - min(study.seeds)
    planned: list[Job] = []
    for dataset in study.datasets:
        task = registry.dataset(dataset).task()
        for seed in (seed + shift for seed in study.seeds):
            planned.extend(_job(study, arm, dataset, task, seed) for arm in arms)
    return planned


def _job(study: Study, arm: Arm, dataset: str, task: Task, seed: int) -> Job:
    metric = study.metric[task]
    recipe = _identity(arm.recipe, task)
    parts = [recipe, _dataset_identity(dataset), metric, seed, study.epochs]
    key = hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]
    return Job(key, arm.name, arm.recipe, dataset, task, seed, study.epochs, metric, resolve(arm.recipe, task).isolated, recipe["source"])


@functools.lru_cache(maxsize=4096)
def _identity(recipe: Recipe, task: Task) -> dict[str, Any]:
    resolved = resolve(recipe, task)
    packages = {name for chosen in resolved.choices.values() for name in getattr(chosen.implementation.cls, "requires", ())}
    return resolved.identity() | {"source": source_of(recipe, task), "versions": versions(*NUMERICAL, *sorted(packages))}


def source_of(recipe: Recipe, task: Task) -> str:
    """The hash of all source that a run of this recipe passes through, as it stands in files when this process first asks."""
    return source_digest(*PATH, *resolve(recipe, task).modules())


@functools.lru_cache(maxsize=1024)
def _dataset_identity(text: str) -> dict[str, str]:
    chosen = registry.dataset(text)
    return chosen.identity() | {"loader": source_digest(chosen.source.load.__module__)}


def versions(*packages: str) -> dict[str, str]:
    """The installed version of each package, `none` where it is not installed."""
    return {name: _version(name) for name in packages}


@functools.cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def table(planned: Sequence[Job]) -> pd.DataFrame:
    """The plan as a table: run, arm, dataset, task, metric, seed, where it runs."""
    import pandas as pd

    rows = [(job.key, job.arm, job.dataset, job.task, job.metric, job.seed, "process" if job.isolated else "thread") for job in planned]
    return pd.DataFrame(rows, columns=["run", "arm", "dataset", "task", "metric", "seed", "executor"])
