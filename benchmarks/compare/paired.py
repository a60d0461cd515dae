"""One visit of one benchmark: both commits in turns, as close together in time as can be.

A turn is a few blocks of calls, of which the fastest counts: what else the machine does only ever adds time. Turns go A B B A or B A A B, by lot:
a drift that is even over four turns falls out of their ratio, and neither side has the first turn more often. The visit's ratio is the median of
its fours.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

BLOCK_SECONDS = 3e-4
VISIT_SECONDS = 0.5
MOST_FOURS = 10

Turn = Callable[[int, int], float]
"""`(calls, blocks)` to the seconds of one call."""


@dataclass(frozen=True)
class Plan:
    """How much is timed in a turn, and how many fours there are."""

    calls: int
    blocks: int
    fours: int


@dataclass(frozen=True)
class Visit:
    """The log ratio of HEAD to BASE, and the seconds of a call of each."""

    ratio: float
    base: float
    head: float


def plan(seconds: float) -> Plan:
    """For a call that takes so long."""
    calls = max(1, math.ceil(BLOCK_SECONDS / max(seconds, 1e-9)))
    block = calls * seconds
    blocks = 5 if block < 5e-3 else 3 if block < 5e-2 else 1
    return Plan(calls, blocks, max(1, min(MOST_FOURS, round(VISIT_SECONDS / (4 * blocks * block)))))


def visit(base: Turn, head: Turn, planned: Plan, lots: random.Random) -> Visit:
    """All turns of one visit."""
    ratios: list[float] = []
    times: dict[str, list[float]] = {"base": [], "head": []}
    for _ in range(planned.fours):
        order = ("base", "head", "head", "base") if lots.random() < 0.5 else ("head", "base", "base", "head")
        four = [(side, (base if side == "base" else head)(planned.calls, planned.blocks)) for side in order]
        for side, seconds in four:
            times[side].append(seconds)
        ratios.append(sum((1 if side == "head" else -1) * math.log(seconds) for side, seconds in four) / 2)
    return Visit(median(ratios), median(times["base"]), median(times["head"]))
