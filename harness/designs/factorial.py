"""Factorial designs: factors switched together, so that each effect is a mean over the states of all others, and interactions can be seen.

| design               | combinations                                                       | what can be told                              |
|----------------------|--------------------------------------------------------------------|-----------------------------------------------|
| full-factorial       | all, of any number of levels a factor; the first is the baseline's | all main effects and interactions of two      |
| fractional-factorial | a regular fraction of those of one level a factor (fractions.py)   | the same, but for aliases, which are listed   |

A level of a factor is compared with the baseline's state of it. Effects that a fraction cannot tell apart are one contrast, named by the first
of them, main effects before interactions; the others are its aliases. Interactions of three and more are taken to be nil.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple

from ..errors import InputError
from ..study import Study
from ..words import listed
from .contrast import Arm, Contrast, Level, interaction, main_effect
from .fractions import ROMAN, Fraction, smallest_fraction

BASELINE = "baseline"
MOST_ARMS = 4096

Combination = tuple[Level | None, ...]
"""The state of each factor; None is the baseline's."""


class _Run(NamedTuple):
    states: Combination
    arm: Arm


def full_factorial(study: Study) -> Iterator[Contrast]:
    """Main effects and interactions of two over every combination. Raises `InputError` where two levels exclude each other."""
    runs = _runs(study, list(product(*_states(study))))
    names = list(study.factors)
    yield from (main_effect("full-factorial", level, *_groups(runs, level)) for factor in names for level in _levels(study, factor))
    for one, other in combinations(names, 2):
        for first, second in product(_levels(study, one), _levels(study, other)):
            yield interaction("full-factorial", first, second, _cells(runs, first, second))


def fractional_factorial(study: Study) -> Iterator[Contrast]:
    """The effects that the smallest fraction of the study's resolution can tell apart, each with its aliases."""
    fraction, levels = fraction_of(study)
    runs = _runs(study, [tuple(level if run >> place & 1 else None for place, level in enumerate(levels)) for run in fraction.runs])
    for effect, aliases in _told_apart(fraction):
        found, others = _among(levels, effect), tuple(_among(levels, alias) for alias in aliases)
        if len(found) == 1:
            yield main_effect("fractional-factorial", found[0], *_groups(runs, found[0]), aliases=others)
        else:
            yield interaction("fractional-factorial", found[0], found[1], _cells(runs, found[0], found[1]), aliases=others)


def fraction_of(study: Study) -> tuple[Fraction, tuple[Level, ...]]:
    """The fraction, and the level at which each of its factors is on."""
    levels = tuple(_only_level(study, factor) for factor in study.factors)
    wanted = next(length for length, roman in ROMAN.items() if roman == study.resolution)
    return smallest_fraction(len(levels), wanted), levels


def described_full(study: Study) -> str:
    """The size of the full factorial in a sentence."""
    sizes = [len(states) for states in _states(study)]
    restricts = " [full] restricts nothing here." if study.full else ""
    return f"full-factorial: {' × '.join(map(str, sizes))} = {math.prod(sizes):,} arms, every combination.{restricts}"


def described_fraction(study: Study) -> str:
    """The fraction in sentences: size, resolution, generators, and what it cannot tell apart."""
    fraction, levels = fraction_of(study)
    names = [level.trick for level in levels]
    arms = f"{len(fraction.runs):,} of {2**fraction.factors:,} combinations"
    if not fraction.generators:
        return f"fractional-factorial: {fraction.name}, {arms}: no smaller fraction has resolution {study.resolution}, and nothing is aliased."
    made = [
        f"{names[fraction.basic + place]} is on where an odd number of {listed([level.trick for level in _among(levels, generator)])} are"
        for place, generator in enumerate(fraction.generators)
    ]
    confused = [
        " = ".join(" × ".join(level.trick for level in _among(levels, one)) for one in (effect, *aliases))
        for effect, aliases in _told_apart(fraction)
        if aliases
    ]
    asked = "" if resolution_of(fraction) == study.resolution else f" ({study.resolution} was asked for, and no smaller fraction has it)"
    told = f"Not told apart: {'; '.join(confused)}." if confused else "No main effect or interaction of two is aliased with another."
    return f"fractional-factorial: {fraction.name} of resolution {resolution_of(fraction)}{asked}, {arms}; {'; '.join(made)}. {told}"


def resolution_of(fraction: Fraction) -> str:
    """In Roman numerals, as is usual."""
    return ROMAN.get(fraction.resolution, str(fraction.resolution))


def _told_apart(fraction: Fraction) -> Iterator[tuple[int, list[int]]]:
    """Main effects and interactions of two, each group of aliases once: the first of it, and the others."""
    seen: set[int] = set()
    for effect in fraction.low_effects():
        if effect not in seen:
            aliases = fraction.aliases(effect)
            seen.update(aliases)
            yield effect, aliases


def _among(levels: Sequence[Level], mask: int) -> tuple[Level, ...]:
    return tuple(level for place, level in enumerate(levels) if mask >> place & 1)


def _only_level(study: Study, factor: str) -> Level:
    """The one level of a factor that a fraction switches: its only one, or the one that [full] names."""
    known = list(study.factors[factor])
    if factor not in study.full and len(known) > 1:
        other = "leave that design out" if "full-factorial" in study.design else "take the design full-factorial"
        raise InputError(
            f"the design fractional-factorial takes one level of each factor, and {factor} has {len(known)} ({', '.join(known)}); "
            f"name one of them in [full], or {other}."
        )
    return Level(factor, study.full.get(factor, known[0]))


def _levels(study: Study, factor: str) -> list[Level]:
    return [Level(factor, level) for level in study.factors[factor]]


def _states(study: Study) -> list[list[Level | None]]:
    return [[None, *_levels(study, factor)] for factor in study.factors]


def _runs(study: Study, chosen: Sequence[Combination]) -> list[_Run]:
    """An arm for each combination, the baseline's last. Raises `InputError` for too many, and for levels that set a key to different values."""
    if len(chosen) > MOST_ARMS:
        raise InputError(f"the design has {len(chosen):,} arms; accepted are at most {MOST_ARMS:,}: take a fraction, or leave factors out.")
    return [_Run(states, _arm(study, [level for level in states if level])) for states in reversed(chosen)]


def _arm(study: Study, levels: Sequence[Level]) -> Arm:
    return Arm(" + ".join(level.trick for level in levels) or BASELINE, study.recipe({level.factor: level.level for level in levels}))


def _groups(runs: Sequence[_Run], level: Level) -> tuple[list[Arm], list[Arm]]:
    """The arms with a level, and those with the baseline's state of its factor."""
    return _arms(runs, with_=[level]), _arms(runs, without=[level])


def _cells(runs: Sequence[_Run], first: Level, second: Level) -> tuple[list[Arm], ...]:
    """The arms with both levels, with the first only, with the second only, with neither."""
    both, neither = _arms(runs, with_=[first, second]), _arms(runs, without=[first, second])
    return both, _arms(runs, with_=[first], without=[second]), _arms(runs, with_=[second], without=[first]), neither


def _arms(runs: Sequence[_Run], with_: Sequence[Level] = (), without: Sequence[Level] = ()) -> list[Arm]:
    """Those with these levels and with the baseline's state of those factors."""
    absent = {level.factor for level in without}
    return [
        run.arm for run in runs if all(level in run.states for level in with_) and not any(state.factor in absent for state in run.states if state)
    ]
