"""The main job: a study, planned, performed, stored and reported. `trickbench run` and `trickbench.harness.run` are both this."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from . import until_decided
from .cores import available_cores
from .designs.design import Contrast, arms, contrasts
from .environment import environment
from .errors import InputError
from .execution import check_data, execute, warm_up
from .inference.sequential import Sequential
from .mistakes import of_file
from .outcome import Validated
from .planning import Job, jobs
from .program import program
from .progress import Watcher
from .remarks import remarks
from .result import Result
from .store import FILE, Store
from .study import Study
from .study_file import read
from .study_record import record
from .tuning import tuned
from .until_decided import Asked, Growth

OUTPUT = Path("trickbench-out")


@dataclass(frozen=True)
class Planned:
    """A study with what it compares and every run of it."""

    study: Study
    text: str
    contrasts: list[Contrast]
    jobs: list[Job]
    """The runs that are compared. Those of a tuned study wait for their values, under keys of no result, until `with_values` knows them."""
    trials: list[Job] = field(default_factory=list[Job])
    """The trainings by which values are chosen; none unless the study is tuned."""
    first_seed: int | None = None
    sequential: Sequential | None = None
    """Where seeds are added until comparisons are decided; the jobs are then those of the first look."""
    command: str = ""
    """What plans and runs the same again: a line of the command line, or a program in Python."""
    where: str = ""
    """The file of the study, for errors."""

    @property
    def every(self) -> list[Job]:
        """All that is performed."""
        return [*self.trials, *self.jobs]

    @property
    def remarks(self) -> list[str]:
        """Sentences on what the plan does that nobody might expect of its study."""
        return remarks(self.study, self.contrasts, self.jobs)

    def check_data(self, waiting: Sequence[Job]) -> None:
        """Raises `InputError`, with the study's file, for data that cannot be learnt from."""
        with of_file(self.where):
            check_data(waiting)

    def with_values(self, results: Mapping[str, Validated]) -> Planned:
        """The same with the values that the results of its trials, by key, choose."""
        tuning = self.study.tuning
        if tuning is None:
            return self
        found = tuned.scores(tuned.trained(self.trials, results, tuning), tuning.trials)
        return replace(self, jobs=tuned.chosen(self.study, tuning, arms(self.contrasts), found, self.first_seed))


def plan(
    study: Study | str | Path, *, seed: int | None = None, only: Sequence[str] = (), until_decided: bool = False, max_seeds: int | None = None
) -> Planned:
    """Check a study and lay out its runs; nothing is run. `seed` takes the place of the smallest seed, `only` the tricks to keep, as FACTOR=LEVEL.

    With `until_decided` seeds are added to comparisons that are not, up to `max_seeds` of them (until_decided.py).
    """
    if seed is not None and not 0 <= seed < 2**62:
        raise InputError(f"seed is {seed!r}; accepted is a whole number from 0.")
    only = [only] if isinstance(only, str) else only
    asked, text, where = study, "", ""
    if not isinstance(study, Study):
        text, name, where = read(study)
        study = Study.parse(text, name, where)
    sequential = _looks(until_decided, max_seeds)
    with of_file(where):
        compared, runs, trials = _laid_out(study, only, sequential, seed)
    return Planned(study, text, compared, runs, trials, seed, sequential, program(asked, seed, only, until_decided, max_seeds), where)


def _laid_out(study: Study, only: Sequence[str], sequential: Sequential | None, seed: int | None) -> tuple[list[Contrast], list[Job], list[Job]]:
    """What is compared, the runs for it, and the trials before them."""
    compared = contrasts(study, only)
    if not compared:
        raise InputError(f"{', '.join(only)} is in none of the study's designs ({', '.join(study.design)}): nothing to compare.")
    if sequential:
        until_decided.check(study)
        return compared, Growth(study, compared, sequential, seed).jobs(), []
    runs = jobs(study, arms(compared), seed)
    if study.tuning is None:
        return compared, runs, []
    return compared, tuned.waiting(runs), tuned.trials(study, study.tuning, arms(compared), seed)


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
        planned.check_data(waiting)  # before anything is written: refused data leave no trace
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


def _looks(asked: bool, most: int | None) -> Sequential | None:
    if not asked and most is not None:
        raise InputError(f"max-seeds is {most}, but nothing asks for seeds to be added; give --until-decided too.")
    return Sequential(most) if asked else None


def _grow(planned: Planned, sequential: Sequential, folder: Path, workers: int, watcher: Watcher) -> Result:
    """Perform the plan look by look, until everything is decided or the last look is taken."""
    growth, runs = Growth(planned.study, planned.contrasts, sequential, planned.first_seed), planned.jobs
    if waiting := _without_result(runs, folder):
        planned.check_data(waiting)
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
