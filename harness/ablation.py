"""The main job: a study, planned, performed, stored and reported. `trickbench run` and `trickbench.harness.run` are both this."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from . import until_decided
from .cores import available_cores
from .database import FILE
from .designs.design import arms
from .environment import environment
from .errors import InputError
from .execution import check_data, execute, warm_up
from .inference.sequential import Sequential
from .mistakes import of_file
from .planned import Planned, plan
from .planning import Job
from .progress import Watcher
from .result import Result
from .store import Store
from .study import Study
from .study_record import record
from .tuning import tuned
from .until_decided import Asked, Growth

OUTPUT = Path("trickbench-out")


def run(
    study: Study | str | Path | Planned, *, seed: int | None = None, workers: int | None = None, output: Path | str | None = None,
    only: Sequence[str] = (), watcher: Watcher | None = None, until_decided: bool = False, max_seeds: int | None = None,
) -> Result:  # fmt: skip
    """Perform what has no result yet and return the tables. An interrupt keeps all that is finished; the same call continues."""
    planned = study if isinstance(study, Planned) else plan(study, seed=seed, only=only, until_decided=until_decided, max_seeds=max_seeds)
    watcher = watcher or Watcher()
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers!r}; accepted is a whole number from 1, or None for one a core.")
    folder = folder_of(planned, output)
    _refuse_another_study(planned.study, folder)
    if planned.sequential:
        return _grow(planned, planned.sequential, folder, workers or available_cores(), watcher)
    begin = time.perf_counter()
    planned = _with_known_values(planned, folder)
    waiting = _without_result(planned.every, folder)
    if waiting:
        _check(planned, waiting)  # before anything is written: refused data leave no trace
    with Store(folder) as store:
        store.set_plan(planned.every)
        seeds = tuple(dict.fromkeys(job.seed for job in planned.jobs))
        store.set_record(study=record(planned.study, seeds, planned.contrasts, planned.text, planned.command))
        if planned.study.tuning:
            store.set_record(values=tuned.values(planned.study.tuning, arms(planned.contrasts)))
        if waiting:
            study = planned.study
            if any(job.purpose.startswith(tuned.TRIAL) for job in waiting):
                _perform("trials", planned.trials, study, store, workers or available_cores(), watcher, begin)
                planned = planned.with_values(store.validated(job.key for job in planned.trials))
                store.set_plan(planned.every)
                begin = time.perf_counter()
            _perform("runs", planned.jobs, study, store, workers or available_cores(), watcher, begin)
    return Result(folder)


def folder_of(planned: Planned, output: Path | str | None = None) -> Path:
    """Where a study's results go."""
    return Path(output) if output is not None else OUTPUT / planned.study.name


def _grow(planned: Planned, sequential: Sequential, folder: Path, workers: int, watcher: Watcher) -> Result:
    """Perform the plan look by look, until everything is decided or the last look is taken."""
    growth, runs = Growth(planned.study, planned.contrasts, sequential, planned.first_seed), planned.jobs
    if waiting := _without_result(runs, folder):
        _check(planned, waiting)
    with Store(folder) as store:
        asked = until_decided.asked(record(planned.study, growth.seeds, planned.contrasts, "", "", sequential))
        known: dict[str, Any] = store.record("grown") or {}
        _refuse_another_plan(known, asked, sequential, folder)
        if known.get("asked") == asked.whole:
            growth = replace(growth, counts=known["counts"])
            if not _missing(growth.jobs(), store):  # it has ended, and nothing has changed since
                _set_plan(planned, growth.jobs(), store)
                return Result(folder)
            growth = Growth(planned.study, planned.contrasts, sequential, planned.first_seed)
        store.set_record(grown={})  # how another study ended is not told of this one
        _set_plan(planned, runs, store)
        _perform_look(planned, runs, store, workers, watcher, "runs of look 1")
        while growth.look(store.runs()):
            watcher.looked(until_decided.sentence(growth.summary()))
            runs = growth.grown(runs)
            _set_plan(planned, runs, store)
            _perform_look(planned, runs, store, workers, watcher, f"runs of look {growth.taken + 1}")
        store.set_record(grown=growth.summary() | {"asked": asked.whole, "besides": asked.besides})
        watcher.looked(until_decided.sentence(growth.summary()))
    return Result(folder)


def _check(planned: Planned, waiting: Sequence[Job]) -> None:
    """Refuse data that cannot be learnt from. Raises `InputError`."""
    with of_file(planned.where):
        check_data(waiting)


def _refuse_another_study(study: Study, folder: Path) -> None:
    """The same study may be changed and run again; another one would take its place. Raises `InputError`."""
    if (folder / FILE).is_file():
        with Store(folder, create=False) as store:
            known = store.record("study")
        if known and known["name"] != study.name:
            raise InputError(
                f"{folder} holds the study {known['name']}, whose plan and report {study.name} would replace. Give another folder (--output), "
                "or remove this one."
            )


def _refuse_another_plan(known: Mapping[str, Any], asked: Asked, sequential: Sequential, folder: Path) -> None:
    """Another most number of seeds after the verdicts are known would spend the error twice. Raises `InputError`."""
    if known.get("besides") == asked.besides and known["asked"] != asked.whole:
        raise InputError(
            f"{folder} holds this study decided by other looks than max-seeds {sequential.most or '(none)'} has: who adds seeds to a result that is "
            "known errs more often than is said. Take another folder (--output), or the same --max-seeds."
        )


def _set_plan(planned: Planned, runs: list[Job], store: Store) -> None:
    store.set_plan(runs)
    seeds = tuple(dict.fromkeys(job.seed for job in runs))
    store.set_record(study=record(planned.study, seeds, planned.contrasts, planned.text, planned.command, planned.sequential))


def _perform_look(planned: Planned, runs: list[Job], store: Store, workers: int, watcher: Watcher, phase: str) -> None:
    if _missing(runs, store):
        _perform(phase, runs, planned.study, store, workers, watcher, time.perf_counter())


def _without_result(planned: list[Job], folder: Path) -> list[Job]:
    """One job for each key that has no result; arms with equal recipes share theirs."""
    if not (folder / FILE).is_file():
        return list({job.key: job for job in planned}.values())
    with Store(folder) as store:
        return _missing(planned, store)


def _missing(planned: list[Job], store: Store) -> list[Job]:
    distinct = {job.key: job for job in planned}
    finished = store.finished(distinct)
    return [job for key, job in distinct.items() if key not in finished]


def _with_known_values(planned: Planned, folder: Path) -> Planned:
    """A tuned study whose trials are all done knows its values from the start."""
    if not planned.trials or _without_result(planned.trials, folder):
        return planned
    with Store(folder) as store:
        return planned.with_values(store.validated(job.key for job in planned.trials))


def _perform(phase: str, planned: list[Job], study: Study, store: Store, workers: int, watcher: Watcher, begin: float) -> None:
    waiting = _missing(planned, store)
    number = store.environment(environment())
    compilation = 0.0
    watcher.compiling()
    try:
        compilation = warm_up(waiting)
        watcher.begin(len(waiting), len({job.key for job in planned}) - len(waiting), workers, compilation, phase)
        with closing(execute(waiting, workers, study.limits, watcher.started)) as results:
            for job, outcome in results:
                store.add(job, outcome, number)
                watcher.finished(job, outcome)
    finally:
        watcher.end()
        before: dict[str, float] = store.record("seconds") or {}
        spent = {"compilation": compilation, "total": time.perf_counter() - begin}
        store.set_record(seconds={name: before.get(name, 0.0) + value for name, value in spent.items()})
