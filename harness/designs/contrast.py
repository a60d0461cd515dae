"""What is compared with what: arms, and contrasts between them.

A contrast is a weighted sum of its arms' scores, the weights adding up to 0: +1 and -1 for two arms, more for a factorial design's effects.

| kind          | what its value is                                                                                   | the arms' order    |
|---------------|-----------------------------------------------------------------------------------------------------|--------------------|
| difference    | one arm minus another                                                                               | with, without      |
| main effect   | with the trick minus without it, the mean over all states of the other factors                      | with, without      |
| interaction   | the first trick's effect with the second minus its effect without the second, the mean over all     | both, first only,  |
|               | states of the remaining factors: a difference of differences, the same whichever trick comes first  | second only, none  |
| simple effect | the first trick's effect with (or without) the second, the mean over the remaining factors          | with, without      |

The textbooks' interaction contrast of two-level factors (Box, Hunter and Hunter 2005, section 5.5) is half of this difference of differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..recipe import Recipe
from ..study import trick

Kind = Literal["difference", "main effect", "interaction", "simple effect"]


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
    """Each arm with its weight, in the order of the table above; each of its groups has as many arms as the others."""
    second: Level | None = None
    """Of an interaction; or the level that a difference is taken from, where that is not the baseline's state."""
    aliases: tuple[tuple[Level, ...], ...] = ()
    """Other effects that this design cannot tell from this one: main effects and interactions of two."""

    @property
    def levels(self) -> tuple[Level, ...]:
        """What it is about."""
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def effects(self) -> tuple[tuple[Level, ...], ...]:
        """What it is about, and its aliases."""
        return (self.levels, *self.aliases)

    @property
    def trick(self) -> str:
        """What it is about in words: `dropout`, `dropout × l2`, or `adam against rmsprop`."""
        return (" against " if self.kind == "difference" else " × ").join(level.trick for level in self.levels)

    def record(self) -> dict[str, object]:
        """Plain values, for the store; `with_arm` and `without_arm` are empty unless two arms are compared."""
        (with_arm, _), (without_arm, _) = self.weights[0], self.weights[-1]
        two = self.kind == "difference"
        return {
            "design": self.design, "kind": self.kind, "factor": self.first.factor, "level": self.first.level, "trick": self.trick,
            "second_factor": self.second.factor if self.second else "", "second_level": self.second.level if self.second else "",
            "with_arm": with_arm.name if two else "", "without_arm": without_arm.name if two else "",
            "weights": [[arm.name, weight] for arm, weight in self.weights], "tricks": [level.trick for level in self.levels],
            "aliases": [" × ".join(level.trick for level in alias) for alias in self.aliases],
        }  # fmt: skip


def difference(design: str, level: Level, with_arm: Arm, without_arm: Arm, against: Level | None = None) -> Contrast:
    """One arm against another."""
    return Contrast(design, "difference", level, ((with_arm, 1.0), (without_arm, -1.0)), against)


def main_effect(design: str, level: Level, treated: Sequence[Arm], control: Sequence[Arm], aliases: tuple[tuple[Level, ...], ...] = ()) -> Contrast:
    """The mean with a trick minus the mean without it, over as many arms each."""
    return Contrast(design, "main effect", level, _weighted(treated, 1) + _weighted(control, -1), aliases=aliases)


def interaction(design: str, first: Level, second: Level, cells: Sequence[Sequence[Arm]], aliases: tuple[tuple[Level, ...], ...] = ()) -> Contrast:
    """The difference of differences of four cells: with both tricks, the first only, the second only, none."""
    both, first_only, second_only, none = cells
    weights = _weighted(both, 1) + _weighted(first_only, -1) + _weighted(second_only, -1) + _weighted(none, 1)
    return Contrast(design, "interaction", first, weights, second, aliases)


def _weighted(arms: Sequence[Arm], sign: int) -> tuple[tuple[Arm, float], ...]:
    return tuple((arm, sign / len(arms)) for arm in arms)
