"""From a study to what is compared: its arms, and the contrasts between them.

| design        | arms                                              | contrast of a trick                              |
|---------------|---------------------------------------------------|--------------------------------------------------|
| add-one-in    | the baseline; the baseline with one level         | the baseline with it against the baseline        |
| leave-one-out | the full recipe; the full recipe without a factor | the full recipe against the full recipe without  |

A contrast is a weighted sum of its arms' scores, the weights adding up to 0: +1 and -1 for two arms, more for a factorial design's main effects
and interactions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .errors import InputError, unknown
from .recipe import Recipe
from .study import Study, trick

BASELINE = "baseline"
FULL = "full"

Kind = Literal["difference", "main effect", "interaction"]


@dataclass(frozen=True)
class Arm:
    """A recipe under comparison."""

    name: str
    recipe: Recipe


@dataclass(frozen=True)
class Level:
    """One level of a factor: a trick."""

    factor: str
    level: str

    @property
    def trick(self) -> str:
        """A short name: the level, or the factor where its only level has no name of its own."""
        return trick(self.factor, self.level)


@dataclass(frozen=True)
class Contrast:
    """One question: what does a trick change, or how does one trick change what another does?"""

    design: str
    kind: Kind
    first: Level
    weights: tuple[tuple[Arm, float], ...]
    """Each arm with its weight; arms that use the trick come first."""
    second: Level | None = None
    """Of an interaction."""
    aliases: tuple[str, ...] = ()
    """Other effects that this design cannot tell from this one."""

    @property
    def trick(self) -> str:
        """What it is about: `dropout`, or `dropout × l2`."""
        return self.first.trick if self.second is None else f"{self.first.trick} × {self.second.trick}"

    def record(self) -> dict[str, object]:
        """Plain values, for the store; `with_arm` and `without_arm` are empty unless two arms are compared."""
        (with_arm, _), (without_arm, _) = self.weights[0], self.weights[-1]
        two = self.kind == "difference"
        return {
            "design": self.design, "kind": self.kind, "factor": self.first.factor, "level": self.first.level, "trick": self.trick,
            "second_factor": self.second.factor if self.second else "", "second_level": self.second.level if self.second else "",
            "with_arm": with_arm.name if two else "", "without_arm": without_arm.name if two else "",
            "weights": [[arm.name, weight] for arm, weight in self.weights], "aliases": list(self.aliases),
        }  # fmt: skip


def difference(design: str, level: Level, with_arm: Arm, without_arm: Arm) -> Contrast:
    """One arm against another."""
    return Contrast(design, "difference", level, ((with_arm, 1.0), (without_arm, -1.0)))


def contrasts(study: Study, only: Sequence[str] = ()) -> list[Contrast]:
    """Everything that the study compares; `only` keeps the tricks given as FACTOR=LEVEL. Raises `InputError` for one that is not there."""
    wanted = [_level(study, text) for text in only]
    found = [contrast for design in study.design for contrast in DESIGNS[design](study)]
    return [contrast for contrast in found if not wanted or contrast.first in wanted or contrast.second in wanted]


def arms(compared: Sequence[Contrast]) -> list[Arm]:
    """Each arm once, references first: what most contrasts share."""
    both = [contrast.weights[0 if contrast.design == "leave-one-out" else -1][0] for contrast in compared]
    both += [arm for contrast in compared for arm, _ in contrast.weights]
    return list({arm.name: arm for arm in both}.values())


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


DESIGNS: dict[str, Callable[[Study], Iterator[Contrast]]] = {"add-one-in": _add_one_in, "leave-one-out": _leave_one_out}


def _level(study: Study, text: str) -> Level:
    factor, equals, level = (part.strip() for part in text.partition("="))
    if not equals:
        raise InputError(f"--only is {text!r}; accepted is FACTOR=LEVEL, for instance {next(iter(study.factors))}=LEVEL.")
    if factor not in study.factors:
        raise unknown("factor", factor, study.factors)
    if level not in study.factors[factor]:
        raise unknown(f"level of {factor}", level, study.factors[factor])
    return Level(factor, level)
