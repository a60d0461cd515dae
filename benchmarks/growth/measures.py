"""What is done at one point of an axis, step by step: everything here runs in a process of its own (`worker.py`).

`prepare` does the same at the least size first, so that imports and the loading of kernels are in no step and in the memory that a point starts
from. A step is reported as soon as it is done: what a later one does, or does not survive, changes nothing of it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Protocol

from .axes import AXES, LAYER, deep, wide

WORKERS = 2
EPOCHS = 5
"""That are timed, after a first one."""
ENOUGH = 10.0
"""Seconds after which no further epoch begins."""
SHAPED: dict[str, Callable[[int], tuple[int, ...]]] = {"widths": wide, "depth": deep}


class PointError(RuntimeError):
    """A point could not be measured; the message is a sentence."""


class Recorder(Protocol):
    """Takes what is measured."""

    def begin(self, step: str) -> None:
        """A step is under way from now on: an error is its."""
        ...

    def end(self, step: str, seconds: float | None = None) -> None:
        """A step is done; its seconds are those since its beginning if none are given."""
        ...


def prepare(axis: str, folder: Path) -> None:
    """Import everything and load the kernels: after this a point of the axis costs what it costs again and again."""
    from trickbench.harness import ablation
    from trickbench.harness.execution import splits

    if axis in ("runs", "per-run"):
        ablation.run(tiny_study(2) if axis == "runs" else work_study(2), workers=WORKERS, output=folder / "prepared")
    elif axis == "data":
        _learner((LAYER, LAYER), splits(_rows(AXES["data"].sizes[0]), 0, "float32")).epoch()
    else:
        _learner(SHAPED[axis](1), splits("digits", 0, "float32")).epoch()


def perform(axis: str, size: int, largest: int, record: Recorder, folder: Path) -> None:
    """All steps of one point. Raises whatever goes wrong in one."""
    if axis == "runs":
        _study(size, record, folder)
    elif axis == "per-run":
        _portions(size, max(size, largest), record, folder)
    elif axis == "data":
        _data(size, record)
    else:
        from trickbench.harness.execution import splits

        _learn(_learner(SHAPED[axis](size), splits("digits", 0, "float32")), record)


def _study(runs: int, record: Recorder, folder: Path) -> None:
    from trickbench.harness import ablation
    from trickbench.reports import write_report

    record.begin("plan")
    planned = ablation.plan(tiny_study(runs))
    record.end("plan")
    if len(planned.jobs) != runs:
        raise PointError(f"{len(planned.jobs)} runs are planned where {runs} are asked for.")
    for step in ("run", "again"):
        record.begin(step)
        result = ablation.run(planned, workers=WORKERS, output=folder / "study")
        _all_done(result, runs)
        record.end(step)
    record.begin("report")
    write_report(result, folder / "report")
    record.end("report")


def _all_done(result: Any, runs: int) -> None:
    done = result.count("done")
    if done != runs:
        raise PointError(f"{done} of {runs} runs are done; {next(iter(result.failures), 'the others say nothing')}.")


def _portions(size: int, runs: int, record: Recorder, folder: Path) -> None:
    """The same number of runs at every size: a machine that slows down slows all of them."""
    from trickbench.harness import ablation

    number = count()
    record.begin("a run")
    begin = time.perf_counter()
    for first in range(0, runs, size):
        _all_done(ablation.run(work_study(size, first), workers=WORKERS, output=folder / str(next(number))), size)
    record.end("a run", (time.perf_counter() - begin) / runs)


def _data(rows: int, record: Recorder) -> None:
    import numpy as np

    from trickbench.harness import registry
    from trickbench.harness.dataset import split
    from trickbench.harness.training import stream

    chosen = registry.dataset(_rows(rows))
    record.begin("load")
    dataset = chosen.load()
    record.end("load")
    record.begin("split")
    parts = split(dataset, np.random.default_rng(stream(0, "split")), np.dtype(np.float32), chosen.split_parameters)
    record.end("split")
    _learn(_learner((LAYER, LAYER), parts), record)


def _rows(rows: int) -> str:
    return f"classification[samples={rows}]"


def _learner(hidden: tuple[int, ...], parts: Any) -> Any:
    from trickbench.harness.metrics import METRICS
    from trickbench.harness.recipe import Recipe, resolve
    from trickbench.harness.training import Run

    recipe = Recipe(activation="relu", optimizer="adam", initializer="he", hidden=hidden, batch=32)
    return Run(resolve(recipe, "classification"), parts, 0, METRICS["accuracy"])


def _learn(run: Any, record: Recorder) -> None:
    """Epochs one by one; what is reported is the median of all but the first."""
    updates, looks = [], []
    begin = time.perf_counter()
    while len(updates) <= EPOCHS and (not updates or time.perf_counter() - begin < ENOUGH):
        record.begin("updates")
        updates.append(_seconds(lambda: run.advance(1)))
        record.begin("look")
        looks.append(_seconds(run.look))
        if run.problem:
            raise PointError(f"The training diverged: {run.problem}.")
    record.end("updates", statistics.median(updates[1:] or updates))
    record.end("look", statistics.median(looks[1:] or looks))


def _seconds(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def tiny_study(runs: int) -> Any:
    """Two arms of a network of 8 units on iris, one epoch: what a run costs beside its training."""
    from trickbench.harness import Study

    return Study(
        name="growth",
        question="How does the cost of a study grow?",
        datasets=["iris"],
        seeds=_seeds(runs),
        epochs=1,
        baseline={"activation": "relu", "optimizer": "sgd[learning_rate=0.1]", "initializer": "he", "hidden": [8]},
        factors={"optimizer": {"adam": {"optimizer": "adam"}}},
    )


def work_study(runs: int, first: int = 0) -> Any:
    """Two arms that cost the same, both of them the work W of the peers; the seeds begin at `first`."""
    from benchmarks.peers.works import WORKS
    from trickbench.harness import Study

    work = WORKS["W"]
    return Study(
        name="growth",
        question="Does a run cost the same among many?",
        datasets=["digits"],
        seeds=list(range(first, first + _seeds(runs))),
        epochs=work.epochs,
        baseline=work.recipe.model_dump(),
        factors={"rate": {"higher": {"optimizer": "adam[learning_rate=0.002]"}}},
    )


def _seeds(runs: int) -> int:
    if runs < 2 or runs % 2:
        raise PointError(f"{runs} runs are asked for; accepted is an even number: both arms have every seed.")
    return runs // 2
