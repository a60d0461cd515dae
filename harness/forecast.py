"""What `--dry-run` shows: the plan, and the time it is expected to take, from two epochs of each arm on each dataset.

The second epoch is timed, so that nothing which happens once is multiplied. Early-stopped runs take less: the figure is an upper bound.
Runs in worker processes are foreign or interpreted code; they are counted, not tried.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .execution import one_blas_thread, perform, warm_up
from .planning import Job, table

if TYPE_CHECKING:
    from rich.console import Console

    from .ablation import Planned


def expected_seconds(jobs: list[Job]) -> float:
    """The training time of all runs that go through threads, on one core."""
    samples = {(job.arm, job.dataset): job for job in jobs if not job.isolated}
    with one_blas_thread():
        epoch = {place: _second_epoch(job) for place, job in samples.items()}
    return sum(epoch[job.arm, job.dataset] * job.epochs for job in jobs if not job.isolated)


def _second_epoch(job: Job) -> float:
    import time

    perform(job._replace(epochs=1))
    begin = time.perf_counter()
    perform(job._replace(epochs=1))
    middle = time.perf_counter()
    perform(job._replace(epochs=3))
    end = time.perf_counter()
    return max((end - middle) - (middle - begin), 0.0) / 2


def show(planned: Planned, workers: int, console: Console) -> None:
    """Print the plan by arm and dataset, and the expected time."""
    jobs = planned.jobs
    compilation = warm_up(jobs)
    seconds = expected_seconds(jobs)
    apart = Counter(job.isolated for job in jobs)[True]
    runs = table(jobs)
    counts = runs.groupby(["arm", "dataset"], sort=False).size().unstack(fill_value=0)
    console.print(counts.to_string(), highlight=False, soft_wrap=True)
    console.print(f"{len(jobs)} runs: {len(counts)} arms, {counts.shape[1]} datasets, {runs['seed'].nunique()} seeds.", highlight=False)
    console.print(
        f"Expected: at most {seconds / workers:.0f} s on {workers} workers, and {compilation:.1f} s of compilation, which is done now.",
        highlight=False,
    )
    if apart:
        console.print(f"{apart} runs go through worker processes and were not timed.", highlight=False)
