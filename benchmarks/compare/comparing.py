"""Passes over the benchmarks, each with new processes on both sides, until every benchmark is decided or the budget is spent.

The first visit of each benchmark is not measured: it compiles the kernels, finds what is skipped or raises, and tells what a visit costs. Where
three passes over everything would take more than the budget, the dearest benchmarks are left out, and named.
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from .commits import Built, Say
from .paired import Visit, plan, visit
from .sequential import CLEAR_PASSES, Judgement, judge
from .side import Opened, Side, SideError

WARM_SECONDS = 0.05
"""A call that takes longer brings its data into the caches by itself."""
MOST_PASSES = 100
FIRST = "implementations."
"""Looked at before the others: single kernels are cheap, and tell the most."""


class Sides(NamedTuple):
    """A worker of each commit."""

    base: Side
    head: Side


@dataclass
class Benchmark:
    """What is known of one benchmark so far."""

    title: str
    seconds: float = 0.0
    cost: float = 0.0
    visits: list[Visit] = field(default_factory=list[Visit])

    def judgement(self, factor: float, benchmarks: int) -> Judgement:
        """What its passes say."""
        return judge([each.ratio for each in self.visits], factor, benchmarks)


@dataclass
class Comparison:
    """Everything that a comparison found."""

    base: Built
    head: Built
    factor: float
    known: int = 0
    """Benchmarks that fit the pattern."""
    untouched: int = 0
    """Of those, how many run the same source in both commits, and were left alone for it."""
    compared: list[Benchmark] = field(default_factory=list[Benchmark])
    left_out: list[str] = field(default_factory=list[str])
    skipped: dict[str, str] = field(default_factory=dict[str, str])
    errors: dict[str, str] = field(default_factory=dict[str, str])
    passes: int = 0
    seconds: float = 0.0
    interrupted: bool = False

    def judgements(self) -> dict[str, Judgement]:
        """By title."""
        return {each.title: each.judgement(self.factor, len(self.compared)) for each in self.compared}


@dataclass(frozen=True)
class Settings:
    """What was asked for."""

    pattern: str = ""
    everything: bool = False
    """Also what the change cannot touch."""
    factor: float = 1.1
    seconds: float = 900.0
    seed: int | None = None


def compare(base: Built, head: Built, settings: Settings, log: Path, say: Say, begin: float) -> Comparison:
    """The whole comparison, or what there is of it when it is interrupted. `begin` is when the budget's clock started."""
    found = Comparison(base, head, settings.factor)
    try:
        _run(found, settings, log, say, begin + settings.seconds)
    except KeyboardInterrupt:
        found.interrupted = True
    found.seconds = time.monotonic() - begin
    return found


def _run(found: Comparison, settings: Settings, log: Path, say: Say, deadline: float) -> None:
    lots = random.Random(settings.seed)  # noqa: S311  an order of turns
    with workers(found.base, found.head, lots, log) as sides:
        chosen = touched(sides, settings, found)
        say(f"{found.known} benchmarks, {len(chosen)} of them to compare")
        for title in chosen:
            if time.monotonic() > deadline - settings.seconds / 2:
                found.left_out.append(title)
            else:
                _look(sides, title, found)
    _keep_what_fits(found, deadline)
    while (open_ := _undecided(found)) and found.passes < MOST_PASSES and _pass(open_, found, deadline, lots, log):
        found.passes += 1
        say(f"pass {found.passes}: {len(_undecided(found))} of {len(found.compared)} open, {max(0.0, deadline - time.monotonic()):.0f} s left")


@contextmanager
def workers(base: Built, head: Built, lots: random.Random, log: Path) -> Iterator[Sides]:
    """New processes of both commits, started in either order, then kept on one core."""
    core = lots.choice(sorted(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else None
    with ExitStack() as stack:
        started = {name: stack.enter_context(Side(base if name == "base" else head, log)) for name in lots.sample(["base", "head"], 2)}
        for side in started.values():
            side.ready_on(core)
        yield Sides(**started)


def touched(sides: Sides, settings: Settings, found: Comparison) -> list[str]:
    """The benchmarks that fit the pattern, without those that the change cannot touch."""
    before, after = (side.survey() for side in sides)
    fitting = [title for title in after if re.search(settings.pattern, title)]
    found.known = len(fitting)
    everything = settings.everything or found.base.requirements != found.head.requirements
    chosen = [title for title in fitting if everything or not after[title] or before.get(title) != after[title]]
    found.untouched = found.known - len(chosen)
    return sorted(chosen, key=lambda title: not title.startswith(FIRST))


def _look(sides: Sides, title: str, found: Comparison) -> None:
    """The visit that is not measured: once to compile, and again for what preparation costs when all is compiled."""
    cost = seconds = 0.0
    for side in sides:
        try:
            with side.opened(title) as opened:
                if not _ready(opened, title, side, found):
                    return
            begin = time.monotonic()
            with side.opened(title):
                cost += time.monotonic() - begin
                seconds = max(seconds, side.turn(1, 2, warm=False))
        except SideError as error:
            found.errors[title] = f"{side.built.name}: {error}"
            return
    found.compared.append(Benchmark(title, seconds, cost))


def _ready(opened: Opened, title: str, side: Side, found: Comparison) -> bool:
    if opened.status != "ok":
        (found.skipped if opened.status == "skipped" else found.errors)[title] = f"{side.built.name}: {opened.reason}"
    return opened.status == "ok"


def _keep_what_fits(found: Comparison, deadline: float) -> None:
    """Leave the dearest benchmarks out where three passes would not fit into two thirds of the time left."""
    room = 2 / 3 * (deadline - time.monotonic()) / CLEAR_PASSES
    kept: list[Benchmark] = []
    for each in sorted(found.compared, key=_expected_cost):
        room -= _expected_cost(each)
        if room >= 0:
            kept.append(each)
        else:
            found.left_out.append(each.title)
    found.compared = kept


def _expected_cost(each: Benchmark) -> float:
    planned = plan(each.seconds)
    return each.cost + 4 * planned.fours * (planned.blocks * planned.calls + 1) * each.seconds


def _undecided(found: Comparison) -> list[Benchmark]:
    judged = found.judgements()
    return [each for each in found.compared if judged[each.title].verdict == "undecided"]


def _pass(open_: list[Benchmark], found: Comparison, deadline: float, lots: random.Random, log: Path) -> bool:
    """Visit each once; answer whether all of them were."""
    with workers(found.base, found.head, lots, log) as sides:
        for each in open_:
            if time.monotonic() + _expected_cost(each) > deadline:
                return False
            begin = time.monotonic()
            try:
                _visit(sides, each, found, lots)
            except SideError as error:
                found.errors[each.title] = str(error)
                found.compared.remove(each)
                return True  # a worker may have gone with it: the next pass has new ones
            each.cost = max(0.0, time.monotonic() - begin - (_expected_cost(each) - each.cost))
    return True


def _visit(sides: Sides, each: Benchmark, found: Comparison, lots: random.Random) -> None:
    first, second = lots.sample(sides, 2)
    with first.opened(each.title) as one, second.opened(each.title) as other:
        for opened, side in ((one, first), (other, second)):
            if not _ready(opened, each.title, side, found):
                raise SideError(found.errors.get(each.title) or "it is skipped all of a sudden")
        warm = each.seconds < WARM_SECONDS

        def turn_of(side: Side) -> Callable[[int, int], float]:
            return lambda calls, blocks: side.turn(calls, blocks, warm=warm)

        made = visit(turn_of(sides.base), turn_of(sides.head), plan(each.seconds), lots)
    each.visits.append(made)
    each.seconds = max(made.base, made.head)
