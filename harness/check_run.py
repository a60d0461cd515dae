"""From the plan of checks to verdicts, one after the other or in worker processes.

Checks of one implementation stay together, since they share its compiled forms; one that trains networks goes alone. A worker that dies
or hangs costs its own implementation only, whose checks are then refuted in so many words. Verdicts do not depend on the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from itertools import groupby, islice

from . import registry
from .check_plan import CheckPlan
from .checking import Checked, perform
from .claim import Claim
from .evidence import Case, Evidence
from .execution import one_blas_thread, start_worker
from .laboratory import Laboratory
from .technique import Implementation

Task = tuple[str, tuple[str, ...], int]
"""An implementation, ids of claims, the seed."""
PATIENCE_SECONDS = 120.0
"""So long may the checks of one implementation take that train nothing."""
TRAINING_PATIENCE_SECONDS = 7200.0
MEMORY_MB = 8192
LABORATORY = Laboratory()


def check_run(plan: CheckPlan, seed: int = 0, workers: int = 1) -> Generator[Checked]:
    """Make every check of a plan and yield each when it is done. Implementations that are not registered are checked here, in order."""
    apart = [pair for pair in plan.pairs if workers > 1 and _registered(pair[1])]
    groups = list(_groups(apart, seed))
    if len(groups) < 2:
        apart, groups = [], []
    elsewhere = {(claim.id, each.name) for claim, each in apart}
    yield from _in_processes(groups, workers)
    with one_blas_thread():
        for claim, each in plan.pairs:
            if (claim.id, each.name) not in elsewhere:
                yield perform(claim, each, seed, LABORATORY)


def _registered(implementation: Implementation) -> bool:
    return registry.implementations().get(implementation.name) is implementation


def _groups(pairs: Iterable[tuple[Claim, Implementation]], seed: int) -> Iterable[Task]:
    for name, group in groupby(pairs, key=lambda pair: pair[1].name):
        claims = [claim for claim, _ in group]
        yield from ((name, (claim.id,), seed) for claim in claims if claim.slow)
        quick = tuple(claim.id for claim in claims if not claim.slow)
        if quick:
            yield name, quick, seed


def perform_task(task: Task) -> list[Checked]:
    """The checks of one implementation, in a worker."""
    name, claims, seed = task
    found = [registry.claims()[claim] for claim in claims]
    return [perform(claim, registry.implementations()[name], seed, LABORATORY) for claim in found]


def _in_processes(tasks: list[Task], workers: int) -> Generator[Checked]:
    if not tasks:
        return
    import multiprocessing

    from pebble import ProcessPool

    pool = ProcessPool(workers, initializer=start_worker, initargs=(registry.files(), MEMORY_MB), context=multiprocessing.get_context("spawn"))

    def submit(task: Task) -> Future[list[Checked]]:
        slow = any(registry.claims()[claim].slow for claim in task[1])
        return pool.schedule(perform_task, args=(task,), timeout=TRAINING_PATIENCE_SECONDS if slow else PATIENCE_SECONDS)

    try:
        yield from _as_finished(tasks, submit, workers + 1)
    finally:
        pool.stop()
        pool.join()


def _as_finished(tasks: list[Task], submit: Callable[[Task], Future[list[Checked]]], ahead: int) -> Generator[Checked]:
    waiting = iter(sorted(tasks, key=lambda task: -len(task[1])))
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
        return _all_refuted(task, f"its worker process died (exit code {error.exitcode})")
    except (Exception, SystemExit) as error:  # noqa: BLE001  what a worker sends back may not even unpickle
        return _all_refuted(task, f"its worker process failed: {type(error).__name__}: {error}")


def _all_refuted(task: Task, what: str) -> list[Checked]:
    """Nothing is known of these checks but that the implementation does not survive them."""
    name, claims, _ = task
    evidence = Evidence(float("inf"), 0.0, 1, Case("the checks of this implementation in one process", "results", what))
    return [Checked(claim, name, "refuted", {"any dtype": evidence}) for claim in claims]
