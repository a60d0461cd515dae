"""Timing several calls against each other in one run: the only kind of comparison that a machine shared with others allows.

    calibrate      each call is repeated until one sample is long against the clock's resolution
    race           rounds, in each of which every call gives one sample, in an order shuffled anew; nothing is collected while the clock runs

What slows the machine down for a moment, or warms it up, so falls on all calls alike, and a ratio taken within a round hardly sees it. Every sample
is preceded by one call that is not timed, which brings its arrays back into the cache from which the others have driven them, unless it takes so
long that its arrays cannot lie in any cache.
"""

from __future__ import annotations

import gc
import itertools
import math
import random
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

Call = Callable[[], object]
Clock = Callable[[], float]

SAMPLE_SECONDS = 200e-6
"""So long takes one sample at least: a thousand times what reading the clock costs."""
WARM_SECONDS = 0.01
"""A call that takes longer is not warmed up anew."""
FEWEST_ROUNDS, MOST_ROUNDS = 9, 100
"""From nine rounds on one that was disturbed does not decide an interval of 95 % for a median; beyond a hundred it hardly narrows."""


@dataclass(frozen=True)
class Race:
    """Seconds a call, by name, one a round; how many calls make a sample; and what could not be called, with the reason."""

    seconds: dict[str, list[float]]
    repeats: dict[str, int]
    failed: dict[str, str] = field(default_factory=dict[str, str])


def race(calls: Mapping[str, Call], seconds: float, *, seed: int = 0, clock: Clock = time.perf_counter) -> Race:
    """Time the calls in rounds for about so many seconds; at least `FEWEST_ROUNDS`, however long they take."""
    found = Race({}, {})
    for name, call in calls.items():
        _attempt(found, name, lambda call=call, name=name: found.repeats.update({name: repeats_for(call, clock)}))
    found.seconds.update({name: [] for name in found.repeats})
    end = clock() + seconds
    with _nothing_collected():
        for done, order in enumerate(orders(list(found.repeats), seed)):
            if done >= MOST_ROUNDS or (done >= FEWEST_ROUNDS and clock() >= end) or not found.seconds:
                break
            for name in order:
                if name in found.seconds:
                    _attempt(found, name, lambda name=name: found.seconds[name].append(sample(calls[name], found.repeats[name], clock)))
    return found


def _attempt(found: Race, name: str, action: Callable[[], object]) -> None:
    """Do it; what raises is out of the race."""
    try:
        action()
    except (Exception, SystemExit) as error:  # noqa: BLE001  an implementation may raise anything; it costs its own place only
        found.failed[name] = f"{type(error).__name__}: {error}"
        found.seconds.pop(name, None)


def repeats_for(call: Call, clock: Clock = time.perf_counter) -> int:
    """How many calls make a sample of `SAMPLE_SECONDS`. The first call, which may compile, does not count."""
    call()
    repeats = 1
    while (taken := sample(call, repeats, clock, warm=False) * repeats) < SAMPLE_SECONDS:
        wanted = math.ceil(1.1 * repeats * SAMPLE_SECONDS / taken) if taken > 0 else 0
        repeats = min(max(2 * repeats, wanted), 100 * repeats)
    return repeats


def sample(call: Call, repeats: int, clock: Clock = time.perf_counter, *, warm: bool = True) -> float:
    """Seconds a call, over so many calls in a row."""
    begin = clock()
    if warm:
        call()
        warmed = clock()
        if warmed - begin > WARM_SECONDS and repeats == 1:  # it has been cold, and would be again
            return warmed - begin
        begin = warmed
    rounds = itertools.repeat(None, repeats)
    for _ in rounds:
        call()
    return (clock() - begin) / repeats


def orders(names: Sequence[str], seed: int) -> Iterator[list[str]]:
    """Orders without end: shuffled, and each one's reverse next, so that early and late places even out in pairs."""
    shuffle = random.Random(seed)  # noqa: S311  an order, not a secret
    while True:
        order = shuffle.sample(names, len(names))
        yield order
        yield order[::-1]


@contextmanager
def _nothing_collected() -> Generator[None]:
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
