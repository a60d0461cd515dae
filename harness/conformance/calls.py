"""The calls on which the members of a family are examined, whatever they compute.

A call is a method with all its arguments: everything that its outcome may depend on. An optimiser's state is one of the arguments, a walk is
therefore a list of calls that can be made one by one, in any order. Arrays are handed over between guards, at addresses of one alignment, so that
what is written beside them shows and equal calls can be asked for equal bits. A `Stopper`, which is the only member that remembers, has
its own checks (`conformance_stopper.py`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from ..arrays import Floats
from ..evidence import Case, Evidence, all_of, equal, true
from ..subject import Subject, subject

GUARD = 64
"""Elements before and after every array."""
GUARD_VALUE = -1.625e-3
ALIGNMENT = 64

Outcome = dict[str, Floats]
"""What a call leaves behind, by the arguments' names, and what it returns, as `result`."""


@dataclass(frozen=True)
class Draws:
    """Stands for a generator of random numbers at the beginning of its stream: a call draws the same numbers each time it is made."""

    seed: int


@dataclass(frozen=True)
class Call:
    """One method with its arguments, by the contract's names and in its order."""

    method: str
    arguments: Mapping[str, Any]
    outputs: frozenset[str] = frozenset()
    """What it fills, whatever stood there."""
    changed: frozenset[str] = frozenset()
    """What it changes in place."""
    derived: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    """Computes the arguments that follow from others, as an activation's output does."""

    def __str__(self) -> str:
        return f"{self.method}({', '.join(f'{name}={_words(value)}' for name, value in self.arguments.items())})"

    @property
    def arrays(self) -> dict[str, Floats]:
        """The array arguments."""
        return {name: value for name, value in self.arguments.items() if isinstance(value, np.ndarray)}

    @property
    def written(self) -> frozenset[str]:
        """All that it may touch."""
        return self.outputs | self.changed

    def having(self, **arguments: Any) -> Call:
        """The same with other arguments, and with what follows from them."""
        given = {**self.arguments, **arguments}
        return dataclasses.replace(self, arguments={**given, **(self.derived(given) if self.derived else {})})

    def in_double(self) -> Call:
        """The same numbers in float64."""
        scalars: dict[str, Any] = {name: value for name, value in self.arguments.items() if isinstance(value, np.floating)}
        numbers = {name: np.float64(value) for name, value in scalars.items()}
        return self.having(**{name: values.astype(np.float64) for name, values in self.arrays.items()}, **numbers)


@dataclass(frozen=True)
class Handed:
    """The arguments of a call as they are handed over, each array with its guards."""

    arguments: dict[str, Any]
    guarded: dict[str, tuple[Floats, Floats]]
    guard: float

    def overrun(self) -> str | None:
        """The first array whose guards were written over."""
        return next((name for name, guards in self.guarded.items() if any((each != each.dtype.type(self.guard)).any() for each in guards)), None)


def handed(call: Call, fill: float = np.nan, guard: float = GUARD_VALUE) -> Handed:
    """Copies of the arguments; outputs hold `fill`."""
    arguments, guarded = dict[str, Any](), dict[str, tuple[Floats, Floats]]()
    for name, value in call.arguments.items():
        if isinstance(value, np.ndarray):
            values = cast("Floats", value)
            arguments[name], *guards = _placed(values, guard)
            guarded[name] = guards[0], guards[1]
            if name in call.outputs:
                arguments[name][...] = fill
        else:
            arguments[name] = np.random.default_rng(value.seed) if isinstance(value, Draws) else value
    return Handed(arguments, guarded, guard)


def _placed(values: Floats, guard: float) -> tuple[Floats, Floats, Floats]:
    room = np.full(values.size + 2 * GUARD + ALIGNMENT // values.itemsize, guard, values.dtype)
    begin = GUARD + (-room.__array_interface__["data"][0] % ALIGNMENT) // values.itemsize
    end = begin + values.size
    view = room[begin:end].reshape(values.shape)
    view[...] = values
    return view, room[:begin], room[end:]


def outcome(call: Call, arguments: Mapping[str, Any], returned: object) -> Outcome:
    """What stands in everything that the call may touch, and its result if it is a number."""
    found = {name: cast("Floats", arguments[name]).copy() for name in call.written}
    if isinstance(returned, (float, int, np.floating, np.integer)):
        found["result"] = np.asarray(float(cast("float", returned)))
    return found


def make(examined: Subject, call: Call, fill: float = np.nan, guard: float = GUARD_VALUE) -> Outcome:
    """Make a call and say what it leaves behind."""
    return make_with(examined.method(call.method), call, fill, guard)


def make_with(function: Callable[..., Any], call: Call, fill: float = np.nan, guard: float = GUARD_VALUE) -> Outcome:
    """The same with a method in another form."""
    arguments = handed(call, fill, guard).arguments
    return outcome(call, arguments, function(*arguments.values()))


def another(examined: Subject, dtype: Any = None) -> Any:
    """A second instance of what is examined; in another dtype, if one is given."""
    return subject(examined.implementation, examined.dtype if dtype is None else dtype)


def same(found: Outcome, expected: Outcome, words: object) -> Evidence:
    """Two outcomes agree bit for bit."""
    if found.keys() == expected.keys() and all(np.array_equal(found[name], expected[name], equal_nan=True) for name in found):
        cases = sum(values.size for values in found.values())
        return true(True, Case(str(words), "equal bits", "equal bits"), cases=max(cases, 1))
    doubles = ((name, np.asarray(found[name], np.float64), np.asarray(values, np.float64)) for name, values in expected.items() if values.size)
    parts = [equal(got, want, given=lambda at, name=name: f"{words}: {name}{at_place(at)}") for name, got, want in doubles]
    return all_of(*parts)


def _words(value: Any) -> str:
    if isinstance(value, Draws):
        return f"np.random.default_rng({value.seed})"
    if not isinstance(value, np.ndarray):
        return f"{value:.6g}" if isinstance(value, (float, np.floating)) else str(value)
    values = cast("Floats", value)
    few = values.ravel()[:4].astype(np.float64)
    return f"{values.dtype.name}{list(values.shape)}" + (f" {np.array2string(few, precision=4)}" if values.size <= 4 else "")


def at_place(place: tuple[int, ...]) -> str:
    """An entry's place in words."""
    return f"[{', '.join(map(str, place))}]" if place else ""
