"""What `--dry-run` shows: the plan, and the time it is expected to take, from a few epochs of each arm on each dataset.

Three epochs and one epoch are timed (three times and once as many as lie between two looks at all rows) and their difference taken, so that
nothing which happens once a run is multiplied. Runs that stop early take less; workers that share memory and caches take more. Runs in worker
processes are foreign or interpreted code; they are counted, not tried.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .designs.design import described
from .execution import check_data, one_blas_thread, perform, warm_up
from .mistakes import of_file
from .planning import Job
from .purposes import sizes
from .tuning.search import budgets
from .words import counted

if TYPE_CHECKING:
    from rich.console import Console

    from .inference.sequential import Sequential
    from .planned import Planned
    from .tuning.keys import Tuning


def expected_seconds(jobs: list[Job], trials: Sequence[Job] = ()) -> tuple[float, float]:
    """The time of all runs that go through threads, and of the trials, on one core; trials are looked at less, and take less for that."""
    timed, tried = ({job.key: job for job in each if not job.isolated}.values() for each in (jobs, trials))
    samples = {(job.arm, job.dataset): job for job in timed}
    with one_blas_thread():
        seconds = {place: _run_seconds(job) for place, job in samples.items()}
    of_runs, of_trials = (sum(seconds[job.arm, job.dataset] for job in each) for each in (timed, tried))
    return of_runs, of_trials


def _run_seconds(job: Job) -> float:
    """What happens once, and an epoch's time for each further epoch."""
    every = min(job.measure_every, job.epochs)
    if job.epochs < 3 * every:  # the whole run is no longer than what would tell its time
        perform(job._replace(epochs=1))
        begin = time.perf_counter()
        perform(job)
        return time.perf_counter() - begin
    one, three = (job._replace(epochs=epochs * every) for epochs in (1, 3))
    perform(one)
    begin = time.perf_counter()
    perform(one)
    middle = time.perf_counter()
    perform(three)
    once, thrice = middle - begin, time.perf_counter() - middle
    return once + max(thrice - once, 0.0) / 2 * (job.epochs / every - 1)


def show(planned: Planned, workers: int, console: Console) -> None:
    """Print what would be run, and the time it would take."""
    jobs = planned.jobs
    distinct = {job.key for job in jobs}
    with of_file(planned.where):
        check_data(jobs)
    compilation = warm_up(jobs)
    seconds, of_trials = expected_seconds(jobs, planned.trials)
    apart = len({job.key for job in planned.every if job.isolated})
    parts = {
        "arm": list(dict.fromkeys(job.arm for job in jobs)),
        "dataset": list(dict.fromkeys(job.dataset for job in jobs)),
        "seed": [str(seed) for seed in dict.fromkeys(job.seed for job in jobs)],
    }
    lines = [planned.study.question, *described(planned.study), *planned.remarks]
    lines += [f"{counted(len(values), name)}: {', '.join(values)}" for name, values in parts.items()]
    lines += [
        sizes(Counter(job.purpose for job in jobs), planned.study.epochs)
        + (f", {len(distinct):,} of them different." if len(distinct) < len(jobs) else ".")
    ]
    lines += _of_looks(planned.sequential, len(jobs)) if planned.sequential else []
    lines += [f"Each source is drawn afresh alone for {counted(planned.study.sources, 'seed')}."] if planned.study.sources else []
    if planned.study.tuning is None:
        expected = f"{seconds / workers:.1f} s"
    else:
        lines += _of_trials(planned.study.tuning, len({job.key for job in planned.trials}))
        times = len(budgets(planned.study.tuning.trials))
        expected = f"{(of_trials + seconds) / workers:.1f} to {(of_trials + times * seconds) / workers:.1f} s"
    lines += [f"Expected: about {expected} on {counted(workers, 'worker')}, less where runs stop early."]
    lines += [f"Kernels took {compilation:.1f} s to compile and are cached now."]
    lines += [f"Not timed: {counted(apart, 'run')} in worker processes."] if apart else []
    console.print("\n".join(lines), highlight=False, soft_wrap=True, markup=False)


def _of_looks(sequential: Sequential, runs: int) -> list[str]:
    """What may follow the runs of the first look."""
    first, last = sequential.looks[0], sequential.looks[-1]
    most = f"at most {counted(runs * last // first, 'run')}, {last / first:g} times the expected time"
    return [f"These are the runs of the first look. What is not decided gets more, with {sequential.words()}: {most}."]


def _of_trials(tuning: Tuning, distinct: int) -> list[str]:
    """What comes before the runs of a tuned study, and how many more than itself it may have."""
    *smaller, everything = budgets(tuning.trials)
    trainings = counted(tuning.seeds, "training")
    each = "each arm, dataset and replicate" if tuning.repeat else "each arm on each dataset"
    lines = [f"Before them, {counted(distinct, 'different run')} of trials: {counted(everything, 'trial')} of {each}, {trainings} a trial."]
    if smaller:
        told = ", ".join(map(str, smaller))
        lines.append(f"And the runs with what {told} trials would have chosen: where all differ, {len(smaller)} times as many.")
    return lines
