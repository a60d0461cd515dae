"""What a technique and an implementation are: declarations, no code.

A *technique* is the idea: its hyperparameters with their valid ranges, the conventions in which legitimate implementations differ, its
references. An *implementation* is one class for it, which declares the convention it follows; where it is silent it follows the first
choice. Every folder under `implementations/` holds one technique in `technique.py` (named `TECHNIQUE`) and one implementation in each
other module, `claims.py` excepted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from .errors import InputError, unknown


@dataclass(frozen=True)
class Range:
    """The values a hyperparameter may take: between `low` and `high`, ends included unless said to be open."""

    low: float
    high: float
    default: float
    low_open: bool = False
    high_open: bool = False
    integer: bool = False

    def __post_init__(self) -> None:
        self.check("default", self.default)

    def __str__(self) -> str:
        ends = "(" if self.low_open else "[", ")" if self.high_open or math.isinf(self.high) else "]"
        return f"{'a whole number' if self.integer else 'a number'} in {ends[0]}{self.low:g}, {self.high:g}{ends[1]}"

    def check(self, name: str, value: object) -> float:
        """The value as a number; raises `InputError` if it is none, or lies outside."""
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value) or (self.integer and value != int(value)):
            raise InputError(f"{name} is {value!r}; accepted is {self}.")
        inside_low = value > self.low if self.low_open else value >= self.low
        inside_high = value < self.high if self.high_open else value <= self.high
        if not (inside_low and inside_high):
            raise InputError(f"{name} is {value!r}; accepted is {self}.")
        return int(value) if self.integer else float(value)


class Convention(tuple[str, ...]):
    """The legitimate choices in one respect, the lecture's (or the commonest) first."""

    __slots__ = ()

    def __new__(cls, *choices: str) -> Self:
        return super().__new__(cls, choices)

    def __getnewargs__(self) -> tuple[str, ...]:
        """A copy and a pickle are made from the choices, one by one."""
        return tuple(self)


@dataclass(frozen=True)
class Technique:
    """One idea of the lecture. `name` is the folder's name and is filled in by the registry."""

    family: str
    summary: str = ""
    name: str = ""
    hyperparameters: Mapping[str, Range] = field(default_factory=dict[str, Range])
    """In the order in which an optimiser's `hyperparameters` vector holds them."""
    conventions: Mapping[str, Convention] = field(default_factory=dict[str, Convention])
    references: tuple[str, ...] = ()
    weights_only: tuple[str, ...] = ()
    """Hyperparameters that apply to weights and are 0 for biases (decoupled decay)."""
    dead_output: float | None = None
    """An activation's output that passes no gradient on: a unit that gives nothing else over the training rows is dead."""
    task: str | None = None
    """For a loss: the task it is the usual one of, `classification` or `regression`."""

    def check(self, given: Mapping[str, object]) -> dict[str, float]:
        """All hyperparameters, the given ones checked and the others at their defaults; raises `InputError` on a wrong name or value."""
        for name in given:
            if name not in self.hyperparameters:
                raise unknown(f"hyperparameter of {self.name}", name, [*self.hyperparameters, *self.conventions])
        return {name: bounds.check(f"{self.name}'s {name}", given.get(name, bounds.default)) for name, bounds in self.hyperparameters.items()}


@dataclass(frozen=True)
class Implementation:
    """One class for a technique. `origin` is `trickbench`, another package's name, or the path of a file."""

    technique: Technique
    variant: str
    cls: type[Any]
    origin: str
    conventions: Mapping[str, str]
    departures: Mapping[str, str] = field(default_factory=dict[str, str])
    """Claims that it admits not to keep, by id, and why; one that it keeps after all is an error."""
    found_by: str = ""
    """What finds it again where that is not its name: `module:class`."""
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """What has to be said beside that: its file, or the technique and conventions that it does not name itself."""

    @property
    def name(self) -> str:
        """`technique/variant`."""
        return f"{self.technique.name}/{self.variant}"

    @property
    def again(self) -> str:
        """The arguments with which `recheck` finds it again."""
        words = [repr(self.found_by or self.name), *(f"{name}={value!r}" for name, value in self.given.items())]
        return ", ".join(words).replace("'", '"')

    def create(self, **arguments: Any) -> Any:
        """A new member of the family."""
        return self.cls(**arguments)


def declared_conventions(technique: Technique, cls: type[Any]) -> dict[str, str]:
    """The conventions a class follows: what it declares, else the technique's first choice. Raises `InputError` on an unknown one."""
    declared: Mapping[str, str] = getattr(cls, "conventions", {})
    for name, choice in declared.items():
        if name not in technique.conventions:
            raise unknown(f"convention of {technique.name}", name, technique.conventions)
        if choice not in technique.conventions[name]:
            raise unknown(f"choice of {technique.name}'s convention {name}", choice, technique.conventions[name])
    return {name: declared.get(name, choices[0]) for name, choices in technique.conventions.items()}
