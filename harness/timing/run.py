"""From the plan to rows: every contest raced, and each time held against the reference and against what the machine can do.

A time's limit is the larger of two lower bounds: the bytes that must be moved at the bandwidth measured for arrays of that size, and the
operations at the rate of the cheapest one. What the machine can do is measured in each race, by calls that move bytes, or compute, and do nothing
else.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..execution import one_blas_thread
from ..technique import Implementation
from . import hardware
from .arguments import Shared
from .plan import Contest, SpeedPlan
from .race import Call, Race, race
from .statistics import Outcome, noise, outcome, ratio, spread, verdict
from .threads import threads
from .workload import Workload, another, workloads

AGAIN = "the reference again"
"""Its second place in a race, on arrays of its own: where arrays lie is part of what it differs from itself by."""
ARITHMETIC = "arithmetic"


@dataclass(frozen=True)
class Timed:
    """One method of one implementation at one size."""

    technique: str
    implementation: str
    method: str
    size: int
    dtype: str
    conventions: dict[str, str]
    seconds: float
    """Median of a call."""
    seconds_low: float
    seconds_high: float
    """Quartiles."""
    rounds: int
    calls: int
    """A sample is the mean of so many calls."""
    reference: str
    ratio: float
    """How many times as fast as the reference: the median over the rounds, with its 95 % interval."""
    ratio_low: float
    ratio_high: float
    noise: float
    """A smaller factor is no difference: the reference differs from itself by it."""
    outcome: Outcome
    verdict: str
    """The outcome with its numbers, in words."""
    bytes: int
    operations: float | None
    kinds: dict[str, float]
    """Operations an element, by kind."""
    bandwidth: float
    """Bytes a second that this machine can move over arrays of this size."""
    share: float
    """Of the limit: the least time that the machine could take, over the median."""
    limit: str
    """Which limit: `bandwidth` or `arithmetic`."""
    note: str = ""


def speed_run(plan: SpeedPlan, seed: int = 0) -> Generator[tuple[Contest, list[Timed], dict[str, str], dict[str, int]]]:
    """Race every contest and yield it with its rows, with those that failed, by name, and with the threads of the libraries."""
    for contest in plan.contests:
        yield contest, *_contest(contest, seed)


def _contest(contest: Contest, seed: int) -> tuple[list[Timed], dict[str, str], dict[str, int]]:
    ready, failed = _prepared(contest)
    rows: list[Timed] = []
    used: dict[str, int] = {}
    methods = [method for method in contest.methods if any(method in works for works in ready.values())]
    for method in methods:
        works = {name: works[method] for name, works in ready.items() if method in works}
        with np.errstate(all="ignore"):
            _load(works)
            with one_blas_thread():
                timed, failures = race_of(works, contest, contest.seconds / len(methods), seed)
                used = {name: max(count, used.get(name, 1)) for name, count in threads().items()}
        rows += timed
        failed |= {f"{name} ({method})": why for name, why in failures.items()}
    return rows, failed, used


def _load(works: Mapping[str, Workload]) -> None:
    """Call each once: a library that is imported after the limit of threads is set is not held to it."""
    for work in works.values():
        with contextlib.suppress(Exception, SystemExit):  # it fails in the race again, where it is noted
            work.call()


def _prepared(contest: Contest) -> tuple[dict[str, dict[str, Workload]], dict[str, str]]:
    """Each implementation's workloads by method; why others have none."""
    shared: Shared = {}
    ready: dict[str, dict[str, Workload]] = {}
    failed: dict[str, str] = {}
    for each in contest.implementations:
        try:
            found = workloads(each, contest.size, contest.dtype, shared)
        except (Exception, SystemExit) as error:  # noqa: BLE001  an implementation may raise anything; it costs its own place only
            failed[each.name] = f"{type(error).__name__}: {error}"
            continue
        ready[each.name] = {work.method: work for work in found}
    return ready, failed


def race_of(works: Mapping[str, Workload], contest: Contest, seconds: float, seed: int) -> tuple[list[Timed], dict[str, str]]:
    """The rows of one method, the reference's first: the first implementation's that offers it.

    Without the machine's limits there are no rows: a time has nothing to be held against.
    """
    by_name, reference = {each.name: each for each in contest.implementations}, next(iter(works))
    limits = {**hardware.streams(works[reference].working_set), ARITHMETIC: hardware.arithmetic(contest.dtype)}
    calls = {name: work.call for name, work in works.items()} | {name: each.call for name, each in limits.items()}
    found = race(calls | {AGAIN: _again(by_name[reference], works[reference], contest)}, seconds, seed=seed)
    if AGAIN in found.failed:  # it is the reference that fails
        found.failed.setdefault(reference, found.failed.pop(AGAIN))
    if missing := {f"the machine's limit, {name}": found.failed.pop(name) for name in limits if name in found.failed}:
        return [], found.failed | missing
    if reference in found.failed:  # somebody else has to be the measure
        rest = {name: work for name, work in works.items() if name not in found.failed}
        rows, failed = race_of(rest, contest, seconds, seed) if rest else ([], {})
        return rows, found.failed | failed
    rates = {name: each.amount / spread(found.seconds[name]).median for name, each in limits.items()}
    arithmetic = rates.pop(ARITHMETIC)
    field = Field(reference, noise(ratio(found.seconds[reference], found.seconds[AGAIN])), max(rates.values()), arithmetic, contest)
    return [timed(works[name], by_name[name], found, field) for name in works if name in found.seconds], found.failed


def _again(implementation: Implementation, work: Workload, contest: Contest) -> Call:
    """The same call on other arrays; where they cannot be made, one that raises why."""
    try:
        return another(implementation, work.method, contest.size, contest.dtype).call
    except (Exception, SystemExit) as error:  # noqa: BLE001  an implementation may raise anything; it costs its own place only
        why = error

    def fails() -> object:
        raise why

    return fails


@dataclass(frozen=True)
class Field:
    """What every row of a race is held against."""

    reference: str
    noise: float
    bandwidth: float
    arithmetic: float
    contest: Contest

    def least_seconds(self, work: Workload) -> dict[str, float]:
        """By limit, the time below which a call cannot be."""
        bounds = {"bandwidth": work.bytes / self.bandwidth}
        return bounds if work.operations is None else {**bounds, "arithmetic": work.operations / self.arithmetic}


def timed(work: Workload, implementation: Implementation, found: Race, field: Field) -> Timed:
    """One row."""
    own, quartiles = found.seconds[implementation.name], spread(found.seconds[implementation.name])
    compared = ratio(found.seconds[field.reference], own)
    came_to: Outcome = "the reference" if implementation.name == field.reference else outcome(compared, field.noise)
    bounds = field.least_seconds(work)
    limit = max(bounds, key=bounds.__getitem__)
    return Timed(
        technique=field.contest.technique.name,
        implementation=implementation.name,
        method=work.method,
        size=work.elements,
        dtype=field.contest.dtype.name,
        conventions=dict(implementation.conventions),
        seconds=quartiles.median,
        seconds_low=quartiles.low,
        seconds_high=quartiles.high,
        rounds=len(own),
        calls=found.repeats[implementation.name],
        reference=field.reference,
        ratio=compared.median,
        ratio_low=compared.low,
        ratio_high=compared.high,
        noise=field.noise,
        outcome=came_to,
        verdict=verdict(compared, came_to),
        bytes=work.bytes,
        operations=work.operations,
        kinds=work.kinds,
        bandwidth=field.bandwidth,
        share=bounds[limit] / quartiles.median,
        limit=limit,
        note="" if all(_finite(array) for array in work.written) else "leaves numbers that are not finite: its time may mean little",
    )


def _finite(array: Any) -> bool:
    return bool(np.isfinite(array).all())
