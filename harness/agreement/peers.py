"""Which implementations are compared, and what has been computed of them already."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar

from ..claim import Check, Claim, NotApplicable, claim
from ..probe import Probe
from ..registry import OWN
from ..subject import Subject

Result = TypeVar("Result")


def agreement(family: str, topic: str) -> Callable[[Check], Claim]:
    """A claim of agreement, in float64."""
    return claim(f"agreement.{family}.{topic}", kind="agreement", section="not in the notes", family=family, dtypes=("float64",))


def peers(examined: Subject, probe: Probe) -> list[Any]:
    """The project's own other implementations of its technique that declare its conventions, and no departure from this claim. Raises
    `NotApplicable` where there are none.
    """
    declared = dict(examined.conventions)
    found = [other for other in probe.subjects(examined.technique, **declared) if probe.claim not in other.implementation.departures]
    others = [other for other in found if other.implementation.cls is not examined.implementation.cls]
    if not others:
        words = ", ".join(f"{name}={choice}" for name, choice in declared.items())
        raise NotApplicable(f"no other implementation declares {words}" if words else "there is no other implementation")
    return others


def computed_once(compute: Callable[[Subject, int], Result]) -> Callable[[Subject, Probe], Result]:
    """What is computed of one of the project's own is kept for the other pairs that it is in."""

    @functools.lru_cache(maxsize=128)
    def kept(cls: type[Any], seed: int, examined: _Hidden) -> Result:
        del cls
        return compute(examined.value, seed)

    def found(examined: Subject, probe: Probe) -> Result:
        if examined.implementation.origin != OWN:
            return compute(examined, probe.seed)
        return kept(examined.implementation.cls, probe.seed, _Hidden(examined))

    return found


class _Hidden:
    """Handed to a cached function without being a part of its key."""

    def __init__(self, value: Subject) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden)

    def __hash__(self) -> int:
        return 0
