"""Arrays that break the contract, of another layout or dtype: refused, or served rightly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..arrays import Floats
from ..evidence import Case, Evidence, all_of, true
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Outcome, another, handed, make, outcome
from .problems import problems
from .rounding import near, sensitivity
from .topic import ARRAYS, topic

LAYOUTS = ("not contiguous", "of columns one after the other")


@topic("refuses-or-right", *ARRAYS)
def arrays_that_break_the_contract_are_refused_or_served_rightly(member: Subject, probe: Probe) -> Evidence:
    """An array that is not contiguous, or of the other float dtype, and an input of whole numbers, is refused with an error that says something, or
    what comes out is right: never a number that is silently wrong, nor an output that is silently left as it was.
    """
    return all_of(*(part for call in _some(problems(member, probe.random())) for part in _broken(member, probe, call)))


def _some(made: list[Call]) -> list[Call]:
    """The last call of each method in the first problem: an optimiser's has a state."""
    first = made[: len(made) // 3]
    return [call for call in {call.method: call for call in first}.values() if call.arrays]


def _broken(member: Subject, probe: Probe, call: Call) -> Iterator[Evidence]:
    coarse = call.having(**{name: values.astype(np.float32).astype(member.dtype) for name, values in call.arrays.items()})
    yield from _served(member, probe, coarse, _breaks(member, coarse, whole=False))
    inputs = [name for name in call.arrays if name not in call.written and name != "hyperparameters"]
    if inputs:
        rounded = {name: np.sign(call.arguments[name]) * np.ceil(np.abs(call.arguments[name])) for name in inputs}
        yield from _served(member, probe, call.having(**rounded), _breaks(member, call.having(**rounded), whole=True))


def _breaks(member: Subject, call: Call, *, whole: bool) -> Iterator[tuple[str, str, Callable[[Floats], Any]]]:
    """Each array of a call with a way to break the contract in it."""
    other = np.float32 if member.dtype == np.float64 else np.float64
    for name, values in call.arrays.items():
        if whole:
            if name not in call.written and np.array_equal(values, np.rint(values)):
                yield name, "int64", lambda array: array.astype(np.int64)
            continue
        yield name, LAYOUTS[0], _spread
        yield name, np.dtype(other).name, lambda array: array.astype(other)
        if values.ndim > 1 and min(values.shape) > 1:
            yield name, LAYOUTS[1], np.asfortranarray


def _spread(array: Floats) -> Floats:
    wide = np.full((*array.shape[:-1], 2 * array.shape[-1]), np.nan, array.dtype)
    wide[..., ::2] = array
    return wide[..., ::2]


def _served(member: Subject, probe: Probe, call: Call, breaks: Iterator[tuple[str, str, Callable[[Floats], Any]]]) -> Iterator[Evidence]:
    expected, tolerances = make(member, call), dict[float, Outcome]()
    for name, how, broken in breaks:
        words = f"{call} with {name} {how}"
        given = handed(call).arguments
        given[name] = broken(given[name])
        try:
            left = outcome(call, given, member.method(call.method)(*given.values()))
        except Exception as error:  # noqa: BLE001  to refuse is right, in whatever words
            yield true(bool(str(error)), Case(words, "an error that says something", repr(error)))
            continue
        # a library may take whole numbers for numbers of its default precision, float32
        eps = member.eps if how in LAYOUTS else float(np.finfo(np.float32).eps)
        if eps not in tolerances:
            tolerances[eps] = sensitivity(call.in_double(), another(member, np.float64).method(call.method), probe.random("moves"), eps)
        yield near(left, expected, tolerances[eps], words)


CLAIMS = arrays_that_break_the_contract_are_refused_or_served_rightly
