"""What is timed against what: for every technique and size, the implementations that were asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from .. import registry
from ..errors import InputError, unknown
from ..lookup import named
from ..technique import Implementation, Technique
from .workload import SIZES, TIMED

DTYPES = ("float32", "float64")
FULL_SECONDS, BRIEF_SECONDS = 10.0, 2.0
"""A technique's budget where techniques are named, and where all are timed."""


@dataclass(frozen=True)
class Asked:
    """What to time."""

    techniques: Sequence[str] = ()
    """All by default, each with two sizes and little time."""
    implementations: Sequence[str] = ()
    """Names of registered ones, to which the field is then restricted; files and modules (see `lookup.named`), which join it."""
    sizes: Sequence[int] = ()
    dtype: str = "float32"
    methods: Sequence[str] = ()
    seconds: float | None = None
    """Of measuring, for each technique."""
    seed: int = 0


@dataclass(frozen=True)
class Contest:
    """Implementations of one technique on arrays of one size."""

    technique: Technique
    size: int
    dtype: np.dtype[np.floating]
    implementations: tuple[Implementation, ...]
    """The reference first, then other NumPy forms: where it does nothing in a method, the next one is the measure."""
    methods: tuple[str, ...]
    seconds: float


@dataclass(frozen=True)
class SpeedPlan:
    """The contests, and the implementations that cannot take part here, with the reason."""

    contests: list[Contest]
    unavailable: dict[str, str]


def speed_plan(asked: Asked) -> SpeedPlan:
    """The contests that were asked for. Raises `InputError` for what is unknown or cannot be."""
    _check(asked)
    own = [each for text in asked.implementations for each in named(text)]
    techniques = _techniques(asked, own)
    only = {text for text in asked.implementations if text in registry.implementations()}
    contests = [
        contest
        for technique in techniques
        for contest in _contests(asked, technique, _field(technique, own, only), brief=not (asked.techniques or own))
    ]
    if not contests:
        accepted = {method for technique in techniques for method in TIMED[technique.family]}
        raise unknown("method", ", ".join(asked.methods), accepted)
    return SpeedPlan(contests, {} if only else _unavailable({technique.name for technique in techniques}))


def _check(asked: Asked) -> None:
    for technique in asked.techniques:
        if technique not in registry.techniques():
            raise unknown("technique", technique, registry.techniques())
    for method in asked.methods:
        if all(method not in methods for methods in TIMED.values()):
            raise unknown("method", method, {name for methods in TIMED.values() for name in methods})
    if asked.dtype not in DTYPES:
        raise unknown("dtype", asked.dtype, DTYPES)
    for size in asked.sizes:
        if size < 1:
            raise InputError(f"--size is {size}; accepted is a whole number from 1.")
    if asked.seconds is not None and not 0 < asked.seconds < float("inf"):
        raise InputError(f"--seconds is {asked.seconds:g}; accepted is a number above 0.")


def _techniques(asked: Asked, own: Iterable[Implementation]) -> list[Technique]:
    """The named ones; without names, those of the given implementations, or all."""
    for each in own:
        if asked.techniques and each.technique.name not in asked.techniques:
            raise InputError(f"{each.name} is of none of the techniques {', '.join(asked.techniques)}; leave one of the two out.")
    timed = {name for name, technique in registry.techniques().items() if technique.family in TIMED}
    names = dict.fromkeys(asked.techniques or [each.technique.name for each in own] or [name for name in registry.techniques() if name in timed])
    for name in names:
        if name not in timed:
            raise InputError(f"{name} is no part of a training and is not timed; accepted are {', '.join(sorted(timed))}.")
    return [registry.techniques()[name] for name in names]


def _field(technique: Technique, own: Iterable[Implementation], only: set[str]) -> tuple[Implementation, ...]:
    """Who runs: everybody, or the named ones and the reference; and whatever was handed in."""
    known = registry.implementations(technique.name)
    chosen = {name: each for name, each in known.items() if not only or name in only or _is_reference(each)}
    chosen |= {each.name: each for each in own if each.technique.name == technique.name}
    return tuple(sorted(chosen.values(), key=lambda each: (not _is_reference(each), not each.variant.startswith("numpy_"))))


def _is_reference(each: Implementation) -> bool:
    return each.origin == registry.OWN and each.variant.endswith("_reference")


def _contests(asked: Asked, technique: Technique, field: tuple[Implementation, ...], *, brief: bool) -> Iterable[Contest]:
    methods = tuple(method for method in TIMED[technique.family] if not asked.methods or method in asked.methods)
    sizes = tuple(dict.fromkeys(asked.sizes)) or SIZES[technique.family][: 2 if brief else 3]
    seconds = asked.seconds or (BRIEF_SECONDS if brief else FULL_SECONDS)
    if field and methods:
        for size in sizes:
            _check_memory(size, np.dtype(asked.dtype), len(field))
            yield Contest(technique, size, np.dtype(asked.dtype), field, methods, seconds / len(sizes))


def _check_memory(size: int, dtype: np.dtype[np.floating], forms: int) -> None:
    """Refuse what would drive the machine into swapping: up to four shared arrays, and three and what it takes itself for each form.

    The reference runs again on arrays of its own, shared ones too.
    """
    needed, there = size * dtype.itemsize * (8 + 6 * (forms + 1)), _memory()
    if needed > there:
        raise InputError(
            f"--size {size} needs about {needed / 2**30:.0f} GiB for {forms} implementations; this machine has {there / 2**30:.0f} GiB. "
            "Give a smaller size, or fewer implementations with --implementation NAME."
        )


def _memory() -> float:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):  # not on Windows
        return float("inf")


def _unavailable(techniques: set[str]) -> dict[str, str]:
    return {name: why for name, why in registry.unavailable().items() if name.partition("/")[0] in techniques}
