"""From arms to runs: the plan is a pandas table with one row a run, and the key of each row says everything that determines its result."""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple

from . import registry
from .designs.design import Arm
from .errors import InputError
from .recipe import NONE, Recipe, resolve
from .replication import Streams, redraws
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
    streams: Streams
    """The seed of each source of randomness; `seed` is that of the replicate, which names its block."""
    measure_every: int = 1
    purpose: str = ""
    """Empty for the runs that are compared; else what a run is for: a source drawn afresh alone, a trial, or a smaller budget of them (tuned.py)."""


def jobs(study: Study, arms: Sequence[Arm], first_seed: int | None = None) -> list[Job]:
    """Every run of a study, the arms of one dataset and seed side by side, so that they share a split. `first_seed` shifts the seeds.

    The runs with one source of randomness drawn afresh follow those of their seed; the split is the last, so that the others share it too.
    """
    _identity.cache_clear()  # files and registered implementations may have changed since the last plan of this process
    seeds = shifted(study, first_seed)
    return [job for dataset in study.datasets for job in _of_dataset(study, arms, dataset, seeds)]


def shifted(study: Study, first_seed: int | None = None) -> list[int]:
    """The seeds of a study, the smallest of them moved to `first_seed`. Raises `InputError` where the greatest is none any more."""
    shift = 0 if first_seed is None else first_seed - min(study.seeds)
    if max(study.seeds) + shift >= 2**63:
        raise InputError(f"With {first_seed} as the smallest seed the greatest is {max(study.seeds) + shift}; accepted are seeds below 2^63.")
    return [seed + shift for seed in study.seeds]


def _of_dataset(study: Study, arms: Sequence[Arm], dataset: str, seeds: Sequence[int]) -> Iterator[Job]:
    shared = prepared(study, arms, dataset)
    for number, seed in enumerate(seeds):
        yield from replicate(study, shared, number, seed, seeds[0])


class Prepared(NamedTuple):
    """What all runs of an arm on a dataset share, worked out once: a run then costs a hash."""

    draft: Job
    text: str


def prepared(study: Study, arms: Sequence[Arm], dataset: str, *, looks: int = 0) -> list[Prepared]:
    """One for each arm. Where so many `looks` at a run are enough, it is looked at no more often, unless a stopper has to see every epoch."""
    task = registry.dataset(dataset).task()
    data, metric, rarely = dataset_identity(dataset), study.metric[task], max(study.measure_every, study.epochs // looks if looks else 1)
    drafts = [_draft(arm, dataset, task, study, metric, study.measure_every if arm.recipe.stopper != NONE else rarely) for arm in arms]
    texts = [json.dumps([_identity(job.recipe, task), data, metric, job.epochs, job.measure_every], sort_keys=True) for job in drafts]
    return [Prepared(draft, text) for draft, text in zip(drafts, texts, strict=True)]


def replicate(study: Study, shared: Sequence[Prepared], number: int, seed: int, first: int) -> Iterator[Job]:
    """The runs of one seed, which is the study's so-manyth, and `first` its first."""
    kept = Streams.varying(seed, first, study.vary)
    yield from block(shared, seed, kept)
    for source in redraws(study.vary) if number < study.sources else ():
        yield from block(shared, seed, kept.redrawn(source), source)


def block(shared: Sequence[Prepared], seed: int, streams: Streams, purpose: str = "") -> Iterator[Job]:
    """A run of each arm with these seeds. Where no mask is drawn, runs that differ in the seed of the masks are one."""
    for draft, text in shared:
        used = streams.used(masks=draft.recipe.dropout != NONE)
        yield draft._replace(key=_key(text, used), seed=seed, streams=used, purpose=purpose)


def _draft(arm: Arm, dataset: str, task: Task, study: Study, metric: str, every: int) -> Job:
    source, resolved = _identity(arm.recipe, task)["source"], resolve(arm.recipe, task)
    if every > 1 and "stopper" in resolved.choices:
        raise InputError(
            f"measure_every is {study.measure_every}, but {resolved.choices['stopper']} in the arm {arm.name!r} has to see every epoch; "
            "leave measure_every at 1, or the stopper out."
        )
    return Job("", arm.name, arm.recipe, dataset, task, 0, study.epochs, metric, resolved.isolated, source, Streams.of(0), every)


def _key(shared: str, streams: Streams) -> str:
    return hashlib.sha256(f"{shared} {streams.text}".encode()).hexdigest()[:24]


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
    """The plan as a table: run, arm, dataset, task, metric, seed, where it runs, and what for."""
    import pandas as pd

    rows = [(job.key, job.arm, job.dataset, job.task, job.metric, job.seed, "process" if job.isolated else "thread", job.purpose) for job in planned]
    return pd.DataFrame(rows, columns=["run", "arm", "dataset", "task", "metric", "seed", "executor", "purpose"])
