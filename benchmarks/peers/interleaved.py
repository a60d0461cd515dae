"""Everybody on the same work in one run: round by round, each peer trains all runs once, in an order that is shuffled.

Orders come in pairs, the second the first backwards, so that over a pair of rounds everybody's places add up to the same.

Workers are started one after the other and train all runs once before the first round, so that compilation, imports and cold caches are in no
round; how long that took is kept apart. Only one peer works at a time.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from .peer import Peer
from .worker import Farm, PeerError
from .works import Work


@dataclass
class Timed:
    """One peer on one work."""

    peer: str
    runs: int
    ready: float = 0.0
    """Seconds from the start of its processes to the end of its first pass: imports, data, compilation, one training of all runs."""
    seconds: list[float] = field(default_factory=list[float])
    """A run, one entry a round."""
    accuracies: list[list[float]] = field(default_factory=list[list[float]])
    """Of every run, one list a round."""
    error: str = ""


class Progress:
    """Lines on standard error with the time still to go."""

    def __init__(self, steps: int) -> None:
        self.steps, self.done, self.begin = steps, 0, time.perf_counter()

    def step(self, words: str) -> None:
        """Say what was done, one step of all."""
        self.done += 1
        left = (time.perf_counter() - self.begin) / self.done * max(self.steps - self.done, 0)
        sys.stderr.write(f"[{self.done}/{self.steps}, about {left:.0f} s to go] {words}\n")


def interleave(work: Work, peers: Iterable[Peer], timed: Mapping[str, Timed], rounds: int, progress: Progress) -> None:
    """Time peers on a work, by name. One that fails is said to and left out of the further rounds."""
    with ExitStack() as open_farms:
        farms: dict[str, Farm] = {}
        for peer in peers:
            farm = _started(peer, work, timed[peer.name])
            if farm is not None:
                farms[peer.name] = open_farms.enter_context(farm)
            progress.step(f"{work.name}: {peer.name} {timed[peer.name].error or f'is ready after {timed[peer.name].ready:.1f} s'}")
        contenders = {name: _trains(farm, timed[name]) for name, farm in farms.items()}
        play(contenders, timed, rounds, lambda turn, name: progress.step(f"{work.name}, round {turn + 1} of {rounds}: {_last(timed[name])}"))


def play(
    contenders: Mapping[str, Callable[[], tuple[float, list[float]]]], timed: Mapping[str, Timed], rounds: int, say: Callable[[int, str], None]
) -> None:
    """The rounds themselves: each contender answers with seconds and accuracies of all runs."""
    from trickbench.harness.timing.race import orders

    for turn, order in zip(range(rounds), orders(list(contenders), seed=0), strict=False):
        for name in order:
            if timed[name].error:
                continue
            try:
                seconds, accuracies = contenders[name]()
            except PeerError as error:
                timed[name].error = str(error)
            else:
                timed[name].seconds.append(seconds / timed[name].runs)
                timed[name].accuracies.append(accuracies)
            say(turn, name)


def _started(peer: Peer, work: Work, timed: Timed) -> Farm | None:
    begin = time.perf_counter()
    farm = None
    try:
        farm = Farm(peer, work.name, range(timed.runs))
        farm.train(farm.runs)
    except PeerError as error:
        timed.error = str(error)
        if farm is not None:
            farm.close()
        return None
    timed.ready = time.perf_counter() - begin
    return farm


def _trains(farm: Farm, timed: Timed) -> Callable[[], tuple[float, list[float]]]:
    return lambda: farm.train(range(timed.runs))


def _last(timed: Timed) -> str:
    return timed.error or f"{timed.peer} took {timed.seconds[-1] * 1e3:.2f} ms a run"
