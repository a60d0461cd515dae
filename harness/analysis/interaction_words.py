"""An interaction in one sentence, from its verdict and those of its simple effects, and never more than they say.

| interaction            | simple effects of one trick       | sentence                                                           |
|------------------------|-----------------------------------|--------------------------------------------------------------------|
| decided                | helps, hurts                      | a helps without b and hurts with it                                |
| decided                | helps, equivalent                 | a helps only without b                                             |
| decided                | helps, helps                      | a helps more without b than with it                                |
| decided                | helps, undecided                  | a helps without b; with it the effect is lower, undecided by itself |
| decided                | none of them helps or hurts       | the effect of a is higher with b than without                      |
| equivalent, negligible |                                   | a and b do not change each other's effect, or by less than δ       |
| undecided              |                                   | it is undecided whether they do                                    |

The story is told of the trick for which the strongest of these holds; of equals, of one that helps, and then of the larger effect. An effect
inside the region of equivalence counts as none, whether or not it is 0. With aliases the sentence names them and says no more than the sum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

CONDITIONS = ("without", "with")


class Part(NamedTuple):
    """A simple effect."""

    difference: float
    verdict: str
    margin: float

    @property
    def side(self) -> str:
        """`helps`, `hurts`, `none` where it is too small to matter, or empty where it is undecided."""
        return "" if self.verdict == "undecided" else self.verdict if self.verdict in ("helps", "hurts") else "none"

    @property
    def words(self) -> str:
        """Its value; or that it is inside the region of equivalence."""
        return f"{signed(self.difference)}, less than {plain(self.margin)} either way" if self.side == "none" else signed(self.difference)


class Story(NamedTuple):
    """What one trick does without and with the other."""

    trick: str
    other: str
    without: Part
    with_: Part

    @property
    def strength(self) -> int:
        """How much the two verdicts say, in the order of the table above."""
        sides = {self.without.side, self.with_.side}
        decided = sides & {"helps", "hurts"}
        if len(decided) == 2:
            return 4
        if not decided:
            return 0
        return 3 if "none" in sides else 1 if "" in sides else 2

    @property
    def rank(self) -> tuple[int, bool, float]:
        """By which of two stories is told: strength, whether the trick helps, the larger effect."""
        largest = max(abs(self.without.difference), abs(self.with_.difference))
        return self.strength, "helps" in (self.without.side, self.with_.side), largest

    def sentence(self, more_with: bool) -> str:
        """Told; `more_with` is what the interaction says: that the effect is higher with the other trick."""
        trick, other, (plain_, given) = self.trick, self.other, (self.without, self.with_)
        if self.strength == 4:
            return f"{trick} {plain_.side} without {other} ({plain_.words}) and {given.side} with it ({given.words})"
        if self.strength == 2:
            more = more_with == (given.side == "helps")
            return f"{trick} {given.side} {'more' if more else 'less'} with {other} ({given.words}) than without ({plain_.words})"
        if self.strength == 0:
            levels = "higher" if more_with else "lower"
            return f"the effect of {trick} is {levels} with {other} ({_by_itself(given)}) than without ({_by_itself(plain_)})"
        where, there, elsewhere = ("without", plain_, given) if plain_.side in ("helps", "hurts") else ("with", given, plain_)
        otherwise = "with it" if where == "without" else "without it"
        if self.strength == 3:
            return f"{trick} {there.side} only {where} {other} ({there.words}; {otherwise} {elsewhere.words})"
        level = "higher" if more_with == (where == "without") else "lower"
        return f"{trick} {there.side} {where} {other} ({there.words}); {otherwise} the effect is {level} ({_by_itself(elsewhere)})"


def interaction_sentence(row: Mapping[str, Any], first: str, second: str, simple: Sequence[Mapping[str, Any]] = ()) -> str:
    """From a row of the effects whose kind is `interaction`, and the rows of its simple effects; without them the sentence says less.

    They stand in this order: the first trick's without and with the second, the second's without and with the first.
    """
    if row["aliases"]:
        return _aliased(row, f"{named(first)} × {named(second)}")
    pair = f"{named(first)} and {named(second)}"
    if row["verdict"] not in ("helps", "hurts"):
        return _without_story(row, pair)
    more_with = row["verdict"] == "helps"
    if len(simple) < 4:
        return f"{pair} {'strengthen' if more_with else 'weaken'} each other's effect ({_range(row)})"
    parts = [Part(each["difference"], each["verdict"], each["margin"]) for each in simple]
    stories = Story(named(first), named(second), *parts[:2]), Story(named(second), named(first), *parts[2:])
    return max(stories, key=lambda story: story.rank).sentence(more_with)


def _without_story(row: Mapping[str, Any], pair: str) -> str:
    """Of an interaction that is not there, too small to matter, or undecided."""
    difference = signed(row["difference"])
    if row["verdict"] == "undecided":
        return f"whether {pair} change each other's effect is undecided ({_range(row)})"
    if row["verdict"] == "identical runs":
        return f"{pair} do not change each other's effect: the arms end with the same parameters"
    if row["verdict"] == "equivalent":
        return f"{pair} do not change each other's effect: it is the same within ±{plain(row['margin'])} ({difference})"
    return f"{pair} change each other's effect, but by less than {plain(row['margin'])} ({difference})"


def _aliased(row: Mapping[str, Any], effect: str) -> str:
    """A fraction sees the sum of an interaction and its aliases only."""
    all_of_them = " and ".join([effect, *(named(alias) for alias in str(row["aliases"]).split(", "))])
    told = f"{all_of_them} cannot be told apart by this design"
    if row["verdict"] in ("helps", "hurts"):
        return f"{told}: at least one of them is there ({_range(row)})"
    if row["verdict"] == "undecided":
        return f"{told}: whether any of them is there is undecided ({_range(row)})"
    within = "nothing" if row["verdict"] == "identical runs" else f"less than {plain(row['margin'])}"
    return f"{told}: together they come to {within} ({signed(row['difference'])}), so each is small or they cancel"


def _by_itself(part: Part) -> str:
    return part.words if part.side else f"{part.words}, undecided by itself"


def _range(row: Mapping[str, Any]) -> str:
    """The difference with its interval; why there is none, where there is none."""
    if math.isnan(row["low"]):
        return "; ".join(filter(None, [signed(row["difference"]), str(row["note"])]))
    return f"{signed(row['difference'])} [{signed(row['low'])}, {signed(row['high'])}]"


def named(trick: str) -> str:
    """A trick as one writes it in a sentence."""
    return trick.replace("_", " ")


def signed(value: float) -> str:
    """A difference with its sign."""
    return f"{value:{'+.3f' if abs(value) < 1000 else '+.3g'}}".replace("-", "−")


def plain(value: float) -> str:
    """A margin as it was given."""
    return f"{value:g}"
