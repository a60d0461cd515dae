"""The main job: a study, planned, performed, stored and reported. `trickbench run` and `trickbench.harness.run` are both this."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from .cores import available_cores
from .design import Contrast, arms, contrasts
from .environment import environment
from .errors import InputError
from .execution import check_data, execute, sizes, warm_up
from .planning import Job, jobs
from .progress import Watcher
from .result import Result, record
from .store import FILE, Store
from .study import Study, read

OUTPUT = Path("trickbench-out")


@dataclass(frozen=True)
class Planned:
    """A study with what it compares and every run of it."""

    study: Study
    text: str
    contrasts: list[Contrast]
    jobs: list[Job]


def plan(study: Study | str | Path, *, seed: int | None = None, only: Sequence[str] = ()) -> Planned:
    """Check a study and lay out its runs; nothing is run. `seed` takes the place of the smallest seed, `only` the tricks to keep, as FACTOR=LEVEL."""
    if seed is not None and not 0 <= seed < 2**62:
        raise InputError(f"seed is {seed!r}; accepted is a whole number from 0.")
    only = [only] if isinstance(only, str) else only
    text = ""
    if not isinstance(study, Study):
        text, name, where = read(study)
        study = Study.parse(text, name, where)
    compared = contrasts(study, only)
    if not compared:
        raise InputError(f"{', '.join(only)} is in none of the study's designs ({', '.join(study.design)}): nothing to compare.")
    return Planned(study, text, compared, jobs(study, arms(compared), seed))


def run(
    study: Study | str | Path | Planned, *, seed: int | None = None, workers: int | None = None, output: Path | str | None = None,
    only: Sequence[str] = (), watcher: Watcher | None = None,
) -> Result:  # fmt: skip
    """Perform what has no result yet and return the tables. An interrupt keeps all that is finished; the same call continues."""
    planned = study if isinstance(study, Planned) else plan(study, seed=seed, only=only)
    watcher = watcher or Watcher()
    if workers is not None and workers < 1:
        raise InputError(f"workers is {workers!r}; accepted is a whole number from 1, or None for one a core.")
    folder = Path(output) if output is not None else OUTPUT / planned.study.name
    begin = time.perf_counter()
    waiting = _without_result(planned.jobs, folder)
    if waiting:
        check_data(waiting)  # before anything is written: refused data leave no trace
    with Store(folder) as store:
        store.set_plan(planned.jobs)
        seeds = tuple(dict.fromkeys(job.seed for job in planned.jobs))
        store.set_record(study=record(planned.study, seeds, planned.contrasts, planned.text, _command()))
        if waiting:
            store.set_record(sizes=(store.record("sizes") or {}) | sizes(waiting))
            _perform(planned, waiting, store, workers or available_cores(), watcher, begin)
    return Result(folder)


def _command() -> str:
    """What was typed, where it was our command line."""
    program = Path(sys.argv[0])
    return shlex.join(["trickbench", *sys.argv[1:]]) if program.stem in ("trickbench", "__main__") else "a Python program"


def _without_result(planned: list[Job], folder: Path) -> list[Job]:
    """One job for each key that has no result; arms with equal recipes share theirs."""
    distinct = {job.key: job for job in planned}
    if not (folder / FILE).is_file():
        return list(distinct.values())
    with Store(folder) as store:
        finished = store.finished(distinct)
    return [job for key, job in distinct.items() if key not in finished]


def _perform(planned: Planned, waiting: list[Job], store: Store, workers: int, watcher: Watcher, begin: float) -> None:
    number = store.environment(environment())
    compilation = 0.0
    watcher.compiling()
    try:
        compilation = warm_up(waiting)
        watcher.begin(len(waiting), len({job.key for job in planned.jobs}) - len(waiting), workers, compilation)
        with closing(execute(waiting, workers, planned.study.limits, watcher.started)) as results:
            for job, outcome in results:
                store.add(job, outcome, number)
                watcher.finished(job, outcome)
    finally:
        watcher.end()
        before: dict[str, float] = store.record("seconds") or {}
        spent = {"compilation": compilation, "total": time.perf_counter() - begin}
        store.set_record(seconds={name: before.get(name, 0.0) + value for name, value in spent.items()})
