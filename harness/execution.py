"""From the plan to results: every run that has none yet is performed and handed on as soon as it is finished.

Runs whose slots are all our own kernels go through threads, which share the cores because kernels release the interpreter's lock. Interpreted
and foreign ones go through worker processes that can be stopped one by one (pebble): one that dies, hangs or grows costs only its own run.
Each run is held to one BLAS thread, once around the whole pool: limits per run would race, and bits depend on the number of threads. A
result is the same bits on any number of workers, in any order.
"""

from __future__ import annotations

import functools
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from . import registry
from .dataset import Dataset, Split, split
from .machine import machine, members
from .metrics import metric_for
from .outcome import Outcome
from .planning import Job, source_of
from .recipe import resolve
from .splitting import place
from .study import Limits
from .training import stream, train

Result = tuple[Job, Outcome]


_stop = threading.Event()
"""Set when the results are not wanted any more: runs in threads end after their epoch."""


def perform_in_worker(job: Job) -> Outcome:
    """One run in a worker process, which has read the source from disk later than the plan has."""
    if source_of(job.recipe, job.task) != job.source:
        return Outcome("failed", "its source was changed while the study ran; start again")
    return perform(job)


def perform(job: Job) -> Outcome:
    """One run, here and now. An error of the implementation's becomes a failed outcome, with its words."""
    try:
        rows = splits(job.dataset, job.streams.split, job.recipe.dtype)
        recipe, metric = resolve(job.recipe, job.task), metric_for(job.task, job.metric)
        return train(recipe, rows, job.streams, job.epochs, metric, stopped=_stop.is_set, measure_every=job.measure_every)
    except MemoryError:
        return Outcome("failed", "it needed more memory than it may use")
    except (Exception, SystemExit) as error:  # noqa: BLE001  an implementation may raise anything; it costs its own run only
        return Outcome("failed", f"{type(error).__name__}: {error}")


@functools.lru_cache(maxsize=4)
def _dataset(text: str) -> Dataset:
    return registry.dataset(text).load()


def forget_data() -> None:
    """Load data afresh: a file may have changed since they were loaded in this process."""
    with _loading:
        _dataset.cache_clear()
        _split.cache_clear()


_loading = threading.Lock()


@functools.lru_cache(maxsize=4)
def _split(text: str, seed: int, dtype: str) -> Split:
    parameters = registry.dataset(text).split_parameters
    partition, fold = place(seed, int(parameters["folds"]))
    random = np.random.default_rng(stream(partition, "split"))
    return split(_dataset(text), random, np.dtype(dtype), parameters, fold)


def splits(text: str, seed: int, dtype: str) -> Split:
    """The rows of one dataset and seed; the arms, which come one after the other, share them."""
    with _loading:
        return _split(text, seed, dtype)


def check_data(jobs: Iterable[Job]) -> None:
    """Load every dataset and draw one split of it, so that bad data are refused in one sentence before anything runs. Raises `InputError`."""
    forget_data()
    with one_blas_thread():  # generators multiply matrices too, and what is loaded here is kept
        for job in {(job.dataset, job.recipe.dtype): job for job in jobs}.values():
            splits(job.dataset, job.streams.split, job.recipe.dtype)


def warm_up(jobs: Iterable[Job]) -> float:
    """Compile what these runs need, so that no compilation is ever counted as training; return the seconds it took."""
    begin = time.perf_counter()
    for resolved in {(job.recipe, job.task): resolve(job.recipe, job.task) for job in jobs if not job.isolated}.values():
        if resolved.compiled:
            machine(members(resolved), resolved.dtype, compiled=True)
    return time.perf_counter() - begin


def execute(jobs: list[Job], workers: int, limits: Limits, started: Callable[[Job], None] = lambda _: None) -> Generator[Result]:
    """Perform the jobs and yield each with its outcome, in the order in which they finish. Closing the generator stops what is under way."""
    here = [job for job in jobs if not job.isolated]
    apart = [job for job in jobs if job.isolated]
    with one_blas_thread():
        if here:
            yield from _in_threads(here, workers, started)
        if apart:
            yield from _in_processes(apart, workers, limits, started)


@contextmanager
def one_blas_thread() -> Generator[None]:
    """One thread for NumPy's BLAS and for SciPy's, which numba calls."""
    with _blas_limit():
        yield


def _blas_limit() -> AbstractContextManager[object]:
    import scipy.linalg  # pyright: ignore[reportUnusedImport]  # noqa: F401  loads the second library before the limit is set
    from threadpoolctl import threadpool_limits  # pyright: ignore[reportMissingTypeStubs]

    return threadpool_limits(1)


SHORT = 0.001
"""Seconds of a run that is mostly Python, of which the interpreter runs one at a time: a second thread would only get in its way."""


def _in_threads(jobs: list[Job], workers: int, started: Callable[[Job], None]) -> Generator[Result]:
    """Here, one after the other, as long as runs are short, but for one now and then that draws new rows; from then on in threads."""
    waiting, before = iter(jobs), 0.0
    for job in waiting:
        started(job)
        begin = time.perf_counter()
        outcome = perform(job)
        spent = time.perf_counter() - begin
        yield job, outcome
        if min(spent, before) > SHORT or spent > 10 * SHORT:
            yield from _at_once(waiting, workers, started)
        before = spent


def _at_once(jobs: Iterator[Job], workers: int, started: Callable[[Job], None]) -> Generator[Result]:
    pool = ThreadPoolExecutor(workers, thread_name_prefix="run")

    def submit(job: Job) -> Future[Outcome]:
        started(job)
        return pool.submit(perform, job)

    try:
        yield from _as_finished(jobs, submit, ahead=2 * workers, outcome=lambda future: future.result())
    finally:
        _stop.set()
        pool.shutdown(wait=True, cancel_futures=True)
        _stop.clear()


def _in_processes(jobs: list[Job], workers: int, limits: Limits, started: Callable[[Job], None]) -> Generator[Result]:
    import multiprocessing

    from pebble import ProcessPool

    context = multiprocessing.get_context("spawn")
    pool = ProcessPool(workers, initializer=start_worker, initargs=(registry.files(), limits.memory_mb), context=context)

    def submit(job: Job) -> Future[Outcome]:
        started(job)
        return pool.schedule(perform_in_worker, args=(job,), timeout=limits.seconds)

    try:
        yield from _as_finished(jobs, submit, ahead=workers, outcome=lambda future: _outcome(future, limits))
    finally:
        pool.stop()
        pool.join()


def _as_finished(
    jobs: Iterable[Job], submit: Callable[[Job], Future[Any]], ahead: int, outcome: Callable[[Future[Any]], Outcome]
) -> Generator[Result]:
    """Keep `ahead` jobs submitted and yield what finishes: memory does not grow with their number."""
    waiting = iter(jobs)
    running = {submit(job): job for job in islice(waiting, ahead)}
    while running:
        try:
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
        except KeyboardInterrupt:  # what is finished is still handed on
            yield from ((job, outcome(future)) for future, job in running.items() if future.done())
            raise
        for future in finished:
            job = running.pop(future)
            running.update({submit(following): following for following in islice(waiting, 1)})
            yield job, outcome(future)


def _outcome(future: Future[Outcome], limits: Limits) -> Outcome:
    from pebble import ProcessExpired

    try:
        return future.result()
    except TimeoutError:
        return Outcome("timeout", f"it was stopped after {limits.seconds:g} s, the study's limit")
    except ProcessExpired as error:
        return Outcome("failed", f"its worker process died (exit code {error.exitcode})")
    except (Exception, SystemExit) as error:  # noqa: BLE001  what a worker sends back may not even unpickle
        return Outcome("failed", f"its worker process failed: {type(error).__name__}: {error}")


_limit: Any = None


def start_worker(files: tuple[Path, ...], memory_mb: int) -> None:
    """In a new worker process: one BLAS thread, a memory limit, the same implementation files; an interrupt is the parent's to handle."""
    global _limit  # noqa: PLW0603  the limit holds as long as this object lives
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    limit_memory(memory_mb)
    _limit = _blas_limit()
    for path in files:
        registry.add_file(path)


def limit_memory(megabytes: int) -> None:
    """Let this process's data grow to so much and no further, where the system can."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
