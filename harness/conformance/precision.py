"""Both dtypes, and both forms of a kernel: the same numbers, as far as rounding allows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..claim import NotApplicable
from ..evidence import Case, Evidence, all_of, true
from ..families import methods
from ..kernel import Kernel
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Outcome, another, make, make_with
from .problems import problems
from .rounding import moved, near, sensitivity, sizes
from .topic import ARRAYS, topic

SMOOTH = ("activation", "loss", "penalty", "optimizer")
"""The families whose outcome moves with the numbers that come in."""


@topic("both-dtypes", *ARRAYS)
def both_dtypes_are_served_to_their_own_precision(member: Subject, probe: Probe) -> Evidence:
    """float32 and float64 are both served: ordinary numbers in give finite numbers out, float32 gives what float64 gives on the same inputs as
    far as float32's rounding allows, and float64 is computed in float64, not rounded to a coarser grain on the way.
    """
    parts = list[Evidence]()
    for call in problems(member, probe.random()):
        left = make(member, call)
        parts += [finite(left, call)]
        if member.implementation.technique.family in SMOOTH:
            parts += _as_in_double(member, probe, call, left) if member.dtype == np.float32 else _smooth(member, probe, call, left)
    return all_of(*parts)


def finite(left: Outcome, call: Call) -> Evidence:
    """Everything was written, with finite numbers."""
    wrong = next((name for name, values in left.items() if not np.isfinite(values).all()), "")
    got = "" if not wrong else f"{wrong} = {np.array2string(left[wrong].ravel()[:8], precision=4)}"
    return true(not wrong, Case(str(call), "finite numbers", got), cases=max(sum(values.size for values in left.values()), 1))


def _as_in_double(member: Subject, probe: Probe, call: Call, left: Outcome) -> Iterator[Evidence]:
    function = another(member, np.float64).method(call.method)
    double = call.in_double()
    yield near(left, make_with(function, double), sensitivity(double, function, probe.random("moves"), member.eps), f"{call} against float64")


def _smooth(member: Subject, probe: Probe, call: Call, left: Outcome) -> Iterator[Evidence]:
    """Second differences see the grain of the arithmetic: inputs are moved by a share of 3e-7 one way and the other. In float64 what comes out bends
    by some (3e-7)² = 1e-13 of its size; one number rounded to float32 on the way puts in up to 6e-8. The tolerance, 1e-10, lies between.
    """
    above, below, away = (make(member, moved(call, probe.random("moves"), share)) for share in (3e-7, -3e-7, 1e-3))
    with np.errstate(all="ignore"):
        middle = {name: (above[name] + below[name]) / 2 for name in left}
    yield near(middle, left, {name: 1e-10 * size for name, size in sizes(call, left).items()}, f"{call} between two neighbours 3e-7 apart")
    for name, values in left.items():
        moving = np.abs(away[name] - values) > 1e-5 * sizes(call, left)[name]
        stuck = moving & (above[name] == values) & (below[name] == values)
        # a grain coarser than the move, float16's, leaves everything where it is; a kink that only the long move crosses, one entry in a hundred
        words = f"{call}, inputs moved by a share of 3e-7"
        yield true(4 * stuck.sum() <= moving.sum(), Case(words, f"{moving.sum()} entries of {name} moved", f"{stuck.sum()} of them unmoved"))


@topic("interpreted-agrees", *ARRAYS, dtypes=("float64",))
def kernels_compute_the_same_interpreted(member: Subject, probe: Probe) -> Evidence:
    """A kernel called as Python computes what its machine code does, to a few units in the last place: a compiled product and sum may be one."""
    kernels = {name: kernel for name in methods(member.implementation.technique.family) if isinstance(kernel := getattr(member.member, name), Kernel)}
    if not kernels:
        raise NotApplicable("it has no kernels")
    parts = list[Evidence]()
    for call in problems(member, probe.random()):
        if call.method in kernels:
            tolerance = sensitivity(call, member.method(call.method), probe.random("moves"), member.eps)
            parts.append(near(make_with(kernels[call.method].function, call), make(member, call), tolerance, f"{call} interpreted, against compiled"))
    return all_of(*parts)


CLAIMS = (*both_dtypes_are_served_to_their_own_precision, *kernels_compute_the_same_interpreted)
