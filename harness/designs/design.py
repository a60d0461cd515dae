"""From a study to what is compared: its arms, and the contrasts between them.

| design               | arms                                               | contrasts                                                        |
|----------------------|----------------------------------------------------|------------------------------------------------------------------|
| add-one-in           | the baseline; the baseline with one level          | the baseline with it against the baseline                        |
| leave-one-out        | the full recipe; the full recipe without a factor  | the full recipe against the full recipe without                  |
| one-factor           | the baseline and each level of the only factor     | each against the baseline, and every two levels                  |
| full-factorial       | every combination of the factors' levels           | main effects and interactions of two (factorial.py)              |
| fractional-factorial | a regular fraction of those, one level each factor | those of them that can be told apart, with aliases (fractions.py) |

Arms of several designs with the same recipe share their runs: a run's key knows the recipe only. What a contrast is: contrast.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import Any

from ..errors import InputError, unknown
from ..study import Study, trick
from .contrast import Arm, Contrast, Kind, Level, difference
from .factorial import BASELINE, described_fraction, described_full, fractional_factorial, full_factorial

__all__ = ["BASELINE", "FULL", "Arm", "Contrast", "Kind", "Level", "arms", "contrasts", "described", "difference"]

FULL = "full"


def contrasts(study: Study, only: Sequence[str] = ()) -> list[Contrast]:
    """Everything that the study compares; `only` keeps the tricks given as FACTOR=LEVEL. Raises `InputError` for one that is not there."""
    wanted = [_level(study, text) for text in only]
    found = [contrast for design in study.design for contrast in DESIGNS[design](study)]
    return [contrast for contrast in found if not wanted or any(level in wanted for effect in contrast.effects for level in effect)]


def left_out(study: Study, compared: Sequence[Contrast]) -> list[dict[str, Any]]:
    """The study's contrasts that are not among these: of their records what says which they are."""
    records = [contrast.record() for contrast in contrasts(study) if contrast not in compared]
    return [{name: record[name] for name in ("design", "kind", "trick", "tricks", "aliases")} for record in records]


def arms(compared: Sequence[Contrast]) -> list[Arm]:
    """Each arm once, references first: what most contrasts share. Raises `InputError` where two recipes would have the same name."""
    both = [contrast.weights[0 if contrast.design == "leave-one-out" else -1][0] for contrast in compared]
    both += [arm for contrast in compared for arm, _ in reversed(contrast.weights)]
    found: dict[str, Arm] = {}
    for arm in both:
        if found.setdefault(arm.name, arm).recipe != arm.recipe:
            raise InputError(f"two different arms would be called {arm.name!r}; give one of the levels in them another name.")
    return list(found.values())


def described(study: Study) -> list[str]:
    """A sentence on each design whose arms need one: the sizes of factorials, generators and aliases of a fraction."""
    return [DESCRIBED[design](study) for design in study.design if design in DESCRIBED]


def _add_one_in(study: Study) -> Iterator[Contrast]:
    plain = Arm(BASELINE, study.baseline)
    for factor, levels in study.factors.items():
        for level in levels:
            treated = Arm(f"{BASELINE} + {trick(factor, level)}", study.recipe({factor: level}))
            yield difference("add-one-in", Level(factor, level), treated, plain)


def _leave_one_out(study: Study) -> Iterator[Contrast]:
    full = Arm(FULL, study.recipe(study.full))
    for factor, level in study.full.items():
        others = {other: chosen for other, chosen in study.full.items() if other != factor}
        yield difference("leave-one-out", Level(factor, level), full, Arm(f"{FULL} - {trick(factor, level)}", study.recipe(others)))


def _one_factor(study: Study) -> Iterator[Contrast]:
    if len(study.factors) != 1:
        raise InputError(
            f"the design one-factor takes exactly one factor, and there are {len(study.factors)} ({', '.join(study.factors)}); leave one."
        )
    ((factor, levels),) = study.factors.items()
    plain = Arm(BASELINE, study.baseline)
    treated = {Level(factor, level): Arm(trick(factor, level), study.recipe({factor: level})) for level in levels}
    for level, arm in treated.items():
        yield difference("one-factor", level, arm, plain)
    for first, second in combinations(treated, 2):
        yield difference("one-factor", first, treated[first], treated[second], against=second)


DESIGNS: dict[str, Callable[[Study], Iterator[Contrast]]] = {
    "add-one-in": _add_one_in,
    "leave-one-out": _leave_one_out,
    "one-factor": _one_factor,
    "full-factorial": full_factorial,
    "fractional-factorial": fractional_factorial,
}
DESCRIBED: dict[str, Callable[[Study], str]] = {"full-factorial": described_full, "fractional-factorial": described_fraction}


def _level(study: Study, text: str) -> Level:
    factor, equals, level = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"--only is {text!r}; accepted is FACTOR=LEVEL, for instance {next(iter(study.factors))}=LEVEL.")
    if factor not in study.factors:
        raise unknown("factor", factor, study.factors)
    if level not in study.factors[factor]:
        raise unknown(f"level of {factor}", level, study.factors[factor])
    return Level(factor, level)
