"""`[tuning]` in a study file: every arm gets the same number of trials to find its hyperparameters, chosen on validation rows.

    [tuning]
    trials = 16                                  # of each arm on each dataset
    space = { learning_rate = [1e-4, 1.0] }      # the default
    seeds = 3                                    # of each trial, fresh ones: none of them is a seed of the study
    repeat = false                               # true: tuned anew within each replicate

A hyperparameter is one of the optimiser's, or of another slot's and named after it: `dropout.rate = [0.0, 0.8]`, `penalty.strength = [1e-5, 1e-2]`.
Where the least value is above 0 the scale is logarithmic, otherwise linear (search.py). An arm that has no such hyperparameter, without
dropout for instance, has one dimension less and as many trials.

The value that a study gives is not among the trials. It comes from somebody's earlier search, of unknown size and often of one arm only; to begin
with it would give that arm a larger budget than is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, BeforeValidator, Field, field_validator

from ..choice import choice
from ..errors import InputError
from ..inference.terms import Tuned
from ..neutral import NONE
from ..recipe import AUTO, SLOTS, Recipe
from ..selection import Selection, parse
from ..technique import Range
from .search import PRIMES, Span, point

SPACE = {"learning_rate": (1e-4, 1.0)}
OPTIMIZER = "optimizer"


class Place(NamedTuple):
    """A hyperparameter of a slot."""

    slot: str
    name: str

    @classmethod
    def of(cls, text: str) -> Place:
        """`dropout.rate`; without a slot it is the optimiser's."""
        slot, _, name = text.rpartition(".")
        return cls(slot or OPTIMIZER, name)

    def range_in(self, recipe: Recipe) -> Range | None:
        """What it may be in this recipe, None where the recipe has no such hyperparameter."""
        text = str(getattr(recipe, self.slot))
        return None if text in (NONE, AUTO) else choice(SLOTS[self.slot], text).implementation.technique.hyperparameters.get(self.name)


def _flat(value: object) -> object:
    """`dropout.rate = [...]` without quotes is a table in a table to TOML."""
    if not isinstance(value, Mapping):
        return value
    tables: Mapping[str, Any] = value  # pyright: ignore[reportUnknownVariableType]
    flat: dict[str, Any] = {}
    for key, inner in tables.items():
        flat |= {f"{key}.{name}": span for name, span in inner.items()} if isinstance(inner, Mapping) else {key: inner}  # pyright: ignore[reportUnknownVariableType]
    return flat


class Tuning(BaseModel, frozen=True, extra="forbid"):
    """How arms are tuned."""

    trials: Annotated[int, Field(ge=1, le=10_000, strict=True)] = 16
    space: Annotated[dict[str, tuple[float, float]], BeforeValidator(_flat), Field(min_length=1, max_length=len(PRIMES))] = Field(
        default_factory=lambda: dict(SPACE)
    )
    """By hyperparameter: the least and the greatest value."""
    seeds: Annotated[int, Field(ge=1, le=1000, strict=True)] = 1
    """Trainings of each trial; their mean is what is compared."""
    repeat: bool = False
    """Whether each replicate is tuned on its own: the interval then speaks of the tuned recipe, else of the recipe *given the tuned value*."""

    @field_validator("space")
    @classmethod
    def _spans(cls, space: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        for name, (low, high) in space.items():
            if Place.of(name).slot not in SLOTS:
                raise InputError(
                    f"{name!r} is in no slot; accepted is a hyperparameter of the optimiser, or SLOT.NAME, SLOT one of {', '.join(SLOTS)}."
                )
            if not low < high < float("inf"):
                raise InputError(f"{name} is searched from {low:g} to {high:g}; accepted are two finite numbers, the smaller one first.")
        if len({Place.of(name) for name in space}) < len(space):
            raise InputError(f"a hyperparameter stands twice in the space ({', '.join(space)}); give each once.")
        return space

    @property
    def scope(self) -> Tuned:
        """What it makes of the verdicts."""
        return "each" if self.repeat else "once"

    def check(self, recipes: Iterable[Recipe]) -> None:
        """Refuse a hyperparameter that none of the recipes has, and an end that one of them does not accept. Raises `InputError`."""
        every = list(recipes)
        for text, ends in self.space.items():
            place = Place.of(text)
            found = [(recipe, bounds) for recipe in every if (bounds := place.range_in(recipe)) is not None]
            if not found:
                raise InputError(f"{text} is to be tuned, but no arm's {place.slot} has a hyperparameter {place.name!r}; leave it out of the space.")
            for recipe, bounds in found:
                for end in ends:
                    bounds.check(f"an end of the space of {text}, for {getattr(recipe, place.slot)},", end)

    def values(self, trial: int, recipe: Recipe) -> dict[str, float]:
        """What a trial (from 1) gives the hyperparameters that a recipe has: coordinates are the same for all recipes."""
        places = zip(self.space, point(trial, len(self.space)), strict=True)
        bounds = {text: (Place.of(text).range_in(recipe), u) for text, u in places}
        return {text: Span(*self.space[text]).at(u, integer=allowed.integer) for text, (allowed, u) in bounds.items() if allowed is not None}

    def recipe(self, trial: int, recipe: Recipe) -> Recipe:
        """A recipe with the values of a trial in place of its own."""
        changes: dict[str, str] = {}
        for text, value in self.values(trial, recipe).items():
            slot, name = Place.of(text)
            before = parse(changes.get(slot, str(getattr(recipe, slot))))
            changes[slot] = str(Selection(before.name, {**before.parameters, name: value}))
        return Recipe.model_validate(recipe.model_dump() | changes)
