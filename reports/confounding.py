"""What a fraction of a factorial cannot tell apart: effects named with what they are confounded with, and the design in a sentence.

`aliases` of an effect are the others that the design gives the same contrast. What is estimated is a sum: an interaction with its aliases, each once
with one sign or the other; a trick minus half of each interaction that is its alias. The verdict is on that sum.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .result import Study
from .words import listed, shortened, text

if TYPE_CHECKING:
    from pandas import DataFrame

FRACTION = "fractional-factorial"

MEANS = {
    "III": (
        "At resolution III a main effect is confounded with interactions of two tricks: what is measured for a trick is its effect minus half of "
        "each interaction that stands behind its =, and its verdict is on that sum, not on the trick alone."
    ),
    "IV": (
        "At resolution IV no main effect is confounded with an interaction of two tricks, but these are with one another: a verdict on one of them "
        "is on the sum of all that stand behind its =."
    ),
}
BEYOND = "At resolution {resolution} no main effect and no interaction of two tricks is confounded with another of them."
NIL = "Interactions of three and more are taken to be nil."


def aliases_of(value: object) -> list[str]:
    """The aliases in a cell of a table."""
    return [alias for alias in text(value).split(", ") if alias]


def told_from(aliases: Sequence[str], most: int = 1) -> str:
    """`= l2 × momentum`, `= l2 × momentum and 2 more`; empty without aliases."""
    if not aliases:
        return ""
    left = len(aliases) - most
    return f"= {listed([*aliases[:most], f'{left} more'])}" if left > 0 else f"= {listed(aliases)}"


def named(trick: str, aliases: object, most: int = 1) -> str:
    """`adam × dropout (= l2 × momentum)`."""
    others = told_from(aliases_of(aliases), most)
    return f"{trick} ({others})" if others else trick


def with_aliases(rows: DataFrame, effects: DataFrame) -> DataFrame:
    """A table's tricks named with what they are confounded with, as the effects of the same design tell."""
    if rows.empty or "aliases" not in effects.columns:
        return rows
    told = zip(effects["design"], effects["trick"], effects["aliases"], strict=True)
    known = {(str(design), str(trick)): named(str(trick), aliases) for design, trick, aliases in told}
    return rows.assign(trick=[known.get((str(design), str(trick)), str(trick)) for design, trick in zip(rows["design"], rows["trick"], strict=True)])


def described(study: Study) -> list[str]:
    """A factorial design in a sentence: its size, and of a fraction the resolution, the generators and what they mean."""
    return [_meant(sentence) for sentence in getattr(study, "arrangement", ())]


def in_short(study: Study) -> list[str]:
    """The same of a fraction without generators, where they have been told."""
    return [
        re.sub(r"(?<=combinations);.*?\.(?= At|$)", ".", sentence).removesuffix(f" {NIL}")
        for sentence in described(study)
        if " of resolution " in sentence
    ]


def _meant(sentence: str) -> str:
    design, _, size = sentence.partition(": ")
    if design != FRACTION:
        return f"The design is a {design.replace('-', ' ')}: {size}"
    size = re.split(r"\. (?:Not told apart:|No main effect)", size)[0].removesuffix(".")
    found = re.search(r" of resolution ([IVX]+)", size)
    means = [MEANS.get(found[1]) or BEYOND.format(resolution=found[1]), NIL] if found else []
    return " ".join([f"The design is {size}.", *means])


def confounded(aliases: Sequence[str]) -> str:
    """What a sentence on a trick starts with where the effect is not the trick's alone."""
    return f"measured minus half of {shortened(aliases, 3)}, from which this fraction cannot tell it, " if aliases else ""
