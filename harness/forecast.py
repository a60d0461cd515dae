"""What `--dry-run` shows: the plan, and the time it is expected to take, from a few epochs of each arm on each dataset.

Three epochs and one epoch are timed (three times and once as many as lie between two looks at all rows) and their difference taken, so that
nothing which happens once a run is multiplied. Runs that stop early take less; workers that share memory and caches take more. Runs in worker
processes are foreign or interpreted code; they are counted, not tried.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .execution import check_data, one_blas_thread, perform, warm_up
from .planning import Job

if TYPE_CHECKING:
    from rich.console import Console

    from .ablation import Planned


def expected_seconds(jobs: list[Job]) -> float:
    """The time of all runs that go through threads, on one core."""
    timed = {job.key: job for job in jobs if not job.isolated}.values()
    samples = {(job.arm, job.dataset): job for job in timed}
    with one_blas_thread():
        seconds = {place: _run_seconds(job) for place, job in samples.items()}
    return sum(seconds[job.arm, job.dataset] for job in timed)


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
    check_data(jobs)
    compilation = warm_up(jobs)
    seconds = expected_seconds(jobs)
    apart = len({job.key for job in jobs if job.isolated})
    parts = {
        "arms": list(dict.fromkeys(job.arm for job in jobs)),
        "datasets": list(dict.fromkeys(job.dataset for job in jobs)),
        "seeds": [str(seed) for seed in dict.fromkeys(job.seed for job in jobs)],
    }
    lines = [planned.study.question]
    lines += [f"{len(values)} {name}: {', '.join(values)}" for name, values in parts.items()]
    lines += [
        f"{len(jobs)} runs of up to {planned.study.epochs} epochs" + (f", {len(distinct)} of them different." if len(distinct) < len(jobs) else ".")
    ]
    lines += [f"Expected: about {seconds / workers:.1f} s on {workers} workers, less where runs stop early."]
    lines += [f"Kernels took {compilation:.1f} s to compile and are cached now."]
    lines += [f"{apart} runs go through worker processes and were not timed."] if apart else []
    console.print("\n".join(lines), highlight=False, soft_wrap=True, markup=False)
