"""Optimisers: a hundred steps side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ..arrays import Floats
from ..conformance.problems import hyperparameters
from ..conformance.rounding import near
from ..evidence import Evidence, all_of
from ..probe import Probe
from ..registry import OWN
from ..subject import OptimizerSubject, Subject, Walk
from .peers import agreement, computed_once, peers

STEPS = 100
SCALES = (1e-6, 1.0, 1e6)
WIDTH = 5


@agreement("optimizer", "same-path")
def optimisers_of_one_convention_walk_one_path(optimizer: OptimizerSubject, probe: Probe) -> Evidence:
    """Optimisers of a technique that declare the same conventions walk the same path within rounding, in parameters and in state: a hundred steps,
    with gradients of three scales, default and other hyperparameters, and a learning rate that changes on the way.
    """
    walks = walks_of(optimizer, probe)
    parts = list[Evidence]()
    for peer in peers(optimizer, probe):
        rows = rows_in_common(optimizer, peer)
        for scale, walk, other in zip(SCALES, walks, walks_of(peer, probe), strict=True):
            parts += _compared(walk, other, rows, f"against {peer.name}, gradients of size {scale:g}", optimizer.eps)
    return all_of(*parts)


def _compared(walk: Walk, other: Walk, rows: tuple[list[int], list[int]], words: str, eps: float) -> Iterator[Evidence]:
    """A step rounds some ten times, by half a unit of its own size; what the state has lost by then, at most a unit a step, enters too; and the
    position rounds by half a unit of its own: over t steps, below t units of the path's length and of the largest position. Bias corrections
    lose more at the first steps (1 - βᵗ cancels up to 1/(1 - β) units, divided by t), which the length of a hundred steps covers.
    """
    mine, theirs = walk.states[:, rows[0]], other.states[:, rows[1]]
    length = np.abs(other.movements).sum(axis=0) + np.abs(other.positions).max(axis=0)
    yield _until_they_part("parameters", walk.positions, other.positions, STEPS * eps * length, words)
    yield _until_they_part("state", mine, theirs, STEPS * eps * np.abs(theirs).max(axis=0, initial=0), words)


def _until_they_part(name: str, mine: Floats, theirs: Floats, tolerance: Floats, words: str) -> Evidence:
    """The step at which two paths part says more than the one at which they are furthest apart."""
    with np.errstate(all="ignore"):
        together = (np.abs(mine - theirs) <= tolerance) | (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
    parted = np.flatnonzero(~together.reshape(len(together), -1).all(axis=1))
    end = int(parted[0]) + 1 if len(parted) else len(mine)
    allowed = np.broadcast_to(tolerance, mine.shape)[:end]
    return near({name: mine[:end]}, {name: theirs[:end]}, {name: allowed}, words)


def rows_in_common(one: Subject, other: Subject) -> tuple[list[int], list[int]]:
    """Which rows of two states hold the same: those of one name; all, where two of the project's own name none and have as many. What another
    package's keeps in its rows is its own affair: it shows in the path.
    """
    mine, theirs = (list[str](getattr(each.implementation.cls, "state_holds", ())) for each in (one, other))
    if not mine and not theirs and one.implementation.origin == other.implementation.origin == OWN:
        counts = [int(each.implementation.cls.state_rows) for each in (one, other)]
        return ([*range(counts[0])], [*range(counts[1])]) if counts[0] == counts[1] else ([], [])
    names = [name for name in mine if name in theirs]
    return [mine.index(name) for name in names], [theirs.index(name) for name in names]


def _walks(optimizer: Any, seed: int) -> list[Walk]:
    """One walk for each scale. The second is of other hyperparameters; in all of them the learning rate falls, and rises again for one step."""
    random, walks = np.random.default_rng([seed, STEPS]), list[Walk]()
    for scale in SCALES:
        gradients = scale * (random.normal(size=(STEPS, WIDTH)) + 0.5 * random.choice([-1, 1], WIDTH))
        gradients[:3, -1] = gradients[::5, -1] = 0
        chosen = optimizer.hyperparameters(**(hyperparameters(optimizer, random) if scale == 1 else {}))
        first = next(iter(chosen))
        rates = chosen[first] * np.linspace(1, 0.1, STEPS)
        rates[STEPS // 2] *= 3
        start = random.normal(size=WIDTH)
        walks.append(optimizer.walk(gradients, start=start, **{**chosen, first: rates}))
    return walks


walks_of = computed_once(_walks)

CLAIMS = (optimisers_of_one_convention_walk_one_path,)
