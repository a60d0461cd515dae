"""From a study to what is compared: its arms, and the contrasts between them.

| design        | arms                                              | contrast of a trick                              |
|---------------|---------------------------------------------------|--------------------------------------------------|
| add-one-in    | the baseline; the baseline with one level         | the baseline with it against the baseline        |
| leave-one-out | the full recipe; the full recipe without a factor | the full recipe against the full recipe without  |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .errors import InputError, unknown
from .recipe import Recipe
from .study import Study, trick

BASELINE = "baseline"
FULL = "full"


@dataclass(frozen=True)
class Arm:
    """A recipe under comparison."""

    name: str
    recipe: Recipe


@dataclass(frozen=True)
class Contrast:
    """One trick's question: is the arm with it better than the arm without it?"""

    design: str
    factor: str
    level: str
    with_arm: Arm
    without_arm: Arm

    @property
    def trick(self) -> str:
        """A short name: the level, or the factor where its only level has no name of its own."""
        return trick(self.factor, self.level)


def contrasts(study: Study, only: Sequence[str] = ()) -> list[Contrast]:
    """Everything that the study compares; `only` keeps the tricks given as FACTOR=LEVEL. Raises `InputError` for one that is not there."""
    wanted = [_pair(study, text) for text in only]
    found = [contrast for design in study.design for contrast in DESIGNS[design](study)]
    return [contrast for contrast in found if not wanted or (contrast.factor, contrast.level) in wanted]


def arms(compared: Sequence[Contrast]) -> list[Arm]:
    """Each arm once, references first."""
    both = [contrast.without_arm if contrast.design == "add-one-in" else contrast.with_arm for contrast in compared]
    both += [contrast.with_arm if contrast.design == "add-one-in" else contrast.without_arm for contrast in compared]
    return list({arm.name: arm for arm in both}.values())


def _add_one_in(study: Study) -> Iterator[Contrast]:
    plain = Arm(BASELINE, study.baseline)
    for factor, levels in study.factors.items():
        for level in levels:
            yield Contrast("add-one-in", factor, level, Arm(f"{BASELINE} + {trick(factor, level)}", study.recipe({factor: level})), plain)


def _leave_one_out(study: Study) -> Iterator[Contrast]:
    full = Arm(FULL, study.recipe(study.full))
    for factor, level in study.full.items():
        others = {other: chosen for other, chosen in study.full.items() if other != factor}
        yield Contrast("leave-one-out", factor, level, full, Arm(f"{FULL} - {trick(factor, level)}", study.recipe(others)))


DESIGNS = {"add-one-in": _add_one_in, "leave-one-out": _leave_one_out}


def _pair(study: Study, text: str) -> tuple[str, str]:
    factor, equals, level = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"--only is {text!r}; accepted is FACTOR=LEVEL, for instance {next(iter(study.factors))}=LEVEL.")
    if factor not in study.factors:
        raise unknown("factor", factor, study.factors)
    if level not in study.factors[factor]:
        raise unknown(f"level of {factor}", level, study.factors[factor])
    return factor, level
