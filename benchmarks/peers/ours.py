"""This project, as its user has it: a study's runs through `execution.execute` on two workers.

The second form shows what of that is not training: the rows of every seed are at hand beforehand, as they are for the other peers, while the
first draws and scales each run's rows within its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .peer import Peer, Trainer
from .works import Work

WORKERS = 2


def prepare(work: Work, runs: Sequence[int]) -> Trainer:
    """Jobs, planned and compiled."""
    from trickbench.harness.execution import check_data, execute, warm_up
    from trickbench.harness.study import Limits

    jobs = _jobs(work, runs)
    check_data(jobs.values())
    warm_up(jobs.values())

    def train(runs: Sequence[int]) -> list[float]:
        found = {job.seed: outcome for job, outcome in execute([jobs[run] for run in runs], WORKERS, Limits())}
        return [_accuracy(found[run]) for run in runs]

    return train


def prepare_with_rows(work: Work, runs: Sequence[int]) -> Trainer:
    """The same runs, their rows drawn beforehand."""
    from trickbench.harness.execution import one_blas_thread, splits

    prepare(work, runs)
    rows, train_one, pool = {run: splits("digits", run, "float32") for run in runs}, _training(work), ThreadPoolExecutor(WORKERS)

    def train(runs: Sequence[int]) -> list[float]:
        with one_blas_thread():
            return list(pool.map(lambda run: train_one(run, rows[run]), runs))

    return train


def _training(work: Work) -> Callable[[int, Any], float]:
    from trickbench.harness.metrics import METRICS
    from trickbench.harness.recipe import resolve
    from trickbench.harness.training import train

    resolved, accuracy = resolve(work.recipe, "classification"), METRICS["accuracy"]
    every = 1 if work.measured else work.epochs
    return lambda run, rows: _accuracy(train(resolved, rows, run, work.epochs, accuracy, measure_every=every))


def _accuracy(outcome: Any) -> float:
    if outcome.status != "done":
        raise RuntimeError(f"a run {outcome.status}: {outcome.message}")
    return outcome.figures["test_metric"]


def _jobs(work: Work, runs: Iterable[int]) -> dict[int, Any]:
    """By seed: a study of one arm, measured at the end or after every epoch."""
    from trickbench.harness.designs.design import Arm
    from trickbench.harness.planning import jobs
    from trickbench.harness.study import Study

    study = Study(
        question="How long does it take?",
        datasets=("digits",),
        seeds=tuple(runs),
        epochs=work.epochs,
        measure_every=1 if work.measured else work.epochs,
        baseline=work.recipe,
        factors={"optimizer": {"sgd": {"optimizer": "sgd"}}},
    )
    return {job.seed: job for job in jobs(study, [Arm("baseline", work.recipe)])}


PEERS = (
    Peer("trickbench", prepare, processes=1, threads=1, stack=0),
    Peer("trickbench, rows at hand", prepare_with_rows, processes=1, threads=1, stack=0),
)
