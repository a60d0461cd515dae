"""From the plan of checks to verdicts, one after the other or in worker processes.

Checks of one implementation stay together, since they share its compiled forms; one that trains networks goes alone. A worker that dies
or hangs costs its own implementation only, whose checks are then refuted in so many words. Verdicts do not depend on the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from itertools import groupby, islice
from typing import NamedTuple

from .. import catalogue, registry
from ..claim import Claim
from ..evidence import Case, Evidence
from ..execution import one_blas_thread, start_worker
from ..laboratory import Laboratory
from ..lookup import named
from ..technique import Implementation
from . import patience
from .perform import Checked, perform
from .plan import CheckPlan


class Task(NamedTuple):
    """Some checks of one implementation as plain data."""

    name: str
    found_by: str
    """What `lookup.named` takes for it."""
    again: str
    claims: tuple[str, ...]
    seed: int
    busy_seconds: float | None = None
    """How much processor time they may use."""


MEMORY_MB = 8192
FEW = 40
"""So few checks of our own implementations are made before worker processes have started."""
LABORATORY = Laboratory()


def check_run(plan: CheckPlan, seed: int = 0, workers: int = 1) -> Generator[Checked]:
    """Make every check of a plan and yield each when it is done. Our own implementations may be checked here; others always go apart."""
    here = workers == 1 or len(plan.pairs) < FEW
    apart = [pair for pair in plan.pairs if not (here and pair[1].origin == registry.OWN)]
    yield from _in_processes(list(_groups(apart, seed)), workers)
    with one_blas_thread():
        yield from (perform(*pair, seed, LABORATORY) for pair in plan.pairs if here and pair[1].origin == registry.OWN)


def _groups(pairs: Iterable[tuple[Claim, Implementation]], seed: int) -> Iterable[Task]:
    for name, group in groupby(pairs, key=lambda pair: pair[1].name):
        each = list(group)
        task = Task(name, each[0][1].found_by or name, each[0][1].again, (), seed)
        yield from (task._replace(claims=(claim.id,)) for claim, _ in each if claim.slow)
        quick = tuple(claim.id for claim, _ in each if not claim.slow)
        if quick:
            yield task._replace(claims=quick, busy_seconds=patience.BUSY_SECONDS)


def perform_task(task: Task) -> list[Checked]:
    """The checks of one implementation, in a worker."""
    implementation = replace(named(task.found_by)[0], variant=task.name.partition("/")[2])
    with patience.busy_at_most(task.busy_seconds):
        return [perform(catalogue.claims()[claim], implementation, task.seed, LABORATORY) for claim in task.claims]


def _in_processes(tasks: list[Task], workers: int) -> Generator[Checked]:
    if not tasks:
        return
    import multiprocessing

    from pebble import ProcessPool

    pool = ProcessPool(workers, initializer=start_worker, initargs=(registry.files(), MEMORY_MB), context=multiprocessing.get_context("spawn"))

    def submit(task: Task) -> Future[list[Checked]]:
        return pool.schedule(perform_task, args=(task,), timeout=patience.TRAINING_SECONDS if task.busy_seconds is None else patience.WAITING_SECONDS)

    try:
        yield from _as_finished(tasks, submit, workers + 1)
    finally:
        pool.stop()
        pool.join()


def _as_finished(tasks: list[Task], submit: Callable[[Task], Future[list[Checked]]], ahead: int) -> Generator[Checked]:
    waiting = iter(sorted(tasks, key=lambda task: -len(task.claims)))
    running = {submit(task): task for task in islice(waiting, ahead)}
    while running:
        finished, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in finished:
            task = running.pop(future)
            running.update({submit(following): following for following in islice(waiting, 1)})
            yield from _results(future, task)


def _results(future: Future[list[Checked]], task: Task) -> list[Checked]:
    from pebble import ProcessExpired

    try:
        return future.result()
    except TimeoutError:
        return _all_refuted(task, "no end: its worker process was stopped after its time")
    except ProcessExpired as error:
        if error.exitcode == patience.SPENT:
            return _all_refuted(task, f"no end: its worker process was stopped after {task.busy_seconds:g} s of processor time")
        return _all_refuted(task, f"its worker process died (exit code {error.exitcode})")
    except (Exception, SystemExit) as error:  # noqa: BLE001  what a worker sends back may not even unpickle
        return _all_refuted(task, f"its worker process failed: {type(error).__name__}: {error}")


def _all_refuted(task: Task, what: str) -> list[Checked]:
    """Nothing is known of these checks but that the implementation does not survive them."""
    evidence = Evidence(float("inf"), 0.0, 1, Case("the checks of this implementation in one process", "results", what))
    return [Checked(claim, task.name, "refuted", {"any dtype": evidence}, again=task.again) for claim in task.claims]
