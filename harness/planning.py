"""From arms to runs: the plan is a pandas table with one row a run, and the key of each row says everything that determines its result."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

from . import registry
from .design import Arm
from .errors import InputError
from .recipe import Recipe, resolve
from .sources import source_digest
from .study import Study

if TYPE_CHECKING:
    import pandas as pd

    from .dataset import Task

NUMERICAL = ("numpy", "scipy", "numba", "llvmlite", "scikit-learn", "pandas")
"""Libraries that a run's numbers or its data may pass through."""

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
    measure_every: int = 1


def jobs(study: Study, arms: Sequence[Arm], first_seed: int | None = None) -> list[Job]:
    """Every run of a study, the arms of one dataset and seed side by side, so that they share a split. `first_seed` shifts the seeds."""
    _identity.cache_clear()  # files and registered implementations may have changed since the last plan of this process
    shift = 0 if first_seed is None else first_seed - min(study.seeds)
    seeds = [seed + shift for seed in study.seeds]
    return [job for dataset in study.datasets for job in _of_dataset(study, arms, dataset, seeds)]


def _of_dataset(study: Study, arms: Sequence[Arm], dataset: str, seeds: Sequence[int]) -> Iterator[Job]:
    """What the seeds share is worked out once an arm: a run costs a hash."""
    task = registry.dataset(dataset).task()
    data, metric = dataset_identity(dataset), study.metric[task]
    drafts = [_draft(arm, dataset, task, study, metric) for arm in arms]
    shared = [json.dumps([_identity(arm.recipe, task), data, metric, study.epochs, study.measure_every], sort_keys=True) for arm in arms]
    for seed in seeds:
        yield from (draft._replace(key=_key(text, seed), seed=seed) for draft, text in zip(drafts, shared, strict=True))


def _draft(arm: Arm, dataset: str, task: Task, study: Study, metric: str) -> Job:
    source, resolved = _identity(arm.recipe, task)["source"], resolve(arm.recipe, task)
    if study.measure_every > 1 and "stopper" in resolved.choices:
        raise InputError(
            f"measure_every is {study.measure_every}, but {resolved.choices['stopper']} in the arm {arm.name!r} has to see every epoch; "
            "leave measure_every at 1, or the stopper out."
        )
    return Job("", arm.name, arm.recipe, dataset, task, 0, study.epochs, metric, resolved.isolated, source, study.measure_every)


def _key(shared: str, seed: int) -> str:
    return hashlib.sha256(f"{shared} {seed}".encode()).hexdigest()[:24]


@functools.lru_cache(maxsize=4096)
def _identity(recipe: Recipe, task: Task) -> dict[str, Any]:
    resolved = resolve(recipe, task)
    packages = {name for chosen in resolved.choices.values() for name in getattr(chosen.implementation.cls, "requires", ())}
    return resolved.identity() | {"source": source_of(recipe, task), "versions": versions(*NUMERICAL, *sorted(packages))}


def source_of(recipe: Recipe, task: Task) -> str:
    """The hash of all source that a run of this recipe passes through, as it stands in files when this process first asks."""
    return source_digest(*PATH, *resolve(recipe, task).modules())


def dataset_identity(text: str) -> dict[str, str]:
    """All that the data contribute to the key of a run: what identifies them, and the source of what loads them."""
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
