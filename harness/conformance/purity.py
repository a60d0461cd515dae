"""What a call may touch, and what it may depend on: its outputs are written and nothing else is, its arguments decide and nothing else does."""

from __future__ import annotations

import random as python_random
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..arrays import Floats
from ..evidence import Case, Evidence, all_of, true
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Handed, Outcome, another, handed, make, outcome, same
from .problems import problems
from .topic import ARRAYS, topic


@topic("writes-only-outputs", *ARRAYS)
def outputs_are_written_in_place_and_nothing_else_is(member: Subject, probe: Probe) -> Evidence:
    """Every method writes all of its outputs in the arrays that it is given, whatever they held, and nothing else: its inputs keep their bits,
    memory before and after the arrays is neither read nor written, and later calls leave the arrays of earlier ones alone.
    """
    parts, kept = list[Evidence](), list[tuple[Call, dict[str, Floats], dict[str, Floats]]]()
    for call in problems(member, probe.random()):
        given = handed(call)
        left = outcome(call, given.arguments, member.method(call.method)(*given.arguments.values()))
        arrays = {name: given.arguments[name] for name in call.arrays}
        kept.append((call, arrays, {name: array.copy() for name, array in arrays.items()}))
        parts += [*_inputs_kept(call, given), _guards_kept(call, given)]
        parts.append(same(make(member, call, fill=3.25, guard=7e3), left, f"{call}, other numbers in its outputs and around its arrays"))
    parts += [same(now, then, f"{call}, after later calls") for call, now, then in kept if now]
    return all_of(*parts, *_in_place(kept))


def _inputs_kept(call: Call, given: Handed) -> Iterator[Evidence]:
    inputs = {name: values for name, values in call.arrays.items() if name not in call.written}
    if inputs:
        yield same({name: given.arguments[name] for name in inputs}, inputs, f"{call}, its inputs")


def _guards_kept(call: Call, given: Handed) -> Evidence:
    overrun = given.overrun()
    return true(overrun is None, Case(str(call), "memory around the arrays untouched", f"numbers written before or after {overrun}"))


def _in_place(kept: Iterable[tuple[Call, dict[str, Floats], dict[str, Floats]]]) -> Iterator[Evidence]:
    """What is there to be changed in place does change in one call at least; not in each, since a method may have nothing to do."""
    for names in ({"parameters"}, {"state"}, {"gradient", "weights"}):
        changing = [(call, name, left[name]) for call, _, left in kept for name in names & call.changed if left[name].size]
        if changing:
            moved = any(not np.array_equal(left, call.arguments[name], equal_nan=True) for call, name, left in changing)
            words = " or ".join(sorted(names))
            yield true(moved, Case(str(changing[0][0]), f"{words} changed in place", f"{words} as before, and in all other calls too"))


@topic("no-hidden-state", *ARRAYS)
def arguments_alone_decide(member: Subject, probe: Probe) -> Evidence:
    """Equal arguments give equal bits: again, in any order of calls, between those of other problems of the same and of another size, by a second
    instance, and in arrays that served another call. What an optimiser remembers stands in `state` alone, so a walk goes on from any saved state.
    """
    made = problems(member, probe.random())
    second = another(member)
    first = [make(member, call) for call in made]
    shuffled = [int(place) for place in probe.random("order").permutation(len(made))]
    orders = (("by a second instance, in reverse order", second, [*reversed(range(len(made)))]), ("again, in another order", member, shuffled))
    parts = [same(make(examined, made[place]), first[place], f"{made[place]} {words}") for words, examined, order in orders for place in order]
    count = len(made) // 3
    parts += [
        same(_in_the_arrays_of(member, made[at], made[at + count]), first[at + count], f"{made[at + count]} in the arrays of another call")
        for at in range(count)
    ]
    return all_of(*parts)


def _in_the_arrays_of(member: Subject, former: Call, call: Call) -> Outcome:
    """A call in arrays that have served a call of the same size before, as the arrays of a training do."""
    given, method = handed(former), member.method(call.method)
    method(*given.arguments.values())
    for name, values in call.arrays.items():
        given.arguments[name][...] = np.nan if name in call.outputs else values
    arguments = {**handed(call).arguments, **{name: given.arguments[name] for name in call.arrays}}
    return outcome(call, arguments, method(*arguments.values()))


@topic("no-global-state", *ARRAYS)
def global_generators_are_neither_read_nor_written(member: Subject, probe: Probe) -> Evidence:
    """The global random generators of NumPy, Python and, where it is loaded, torch are neither read nor written: results are the same bits
    whatever their seeds, and they stand where they stood. NumPy's handling of errors and torch's default dtype and gradient mode are left alone.
    """
    made = problems(member, probe.random())
    return untouched(lambda: [make(member, call) for call in made], [str(call) for call in made])


def untouched(perform: Callable[[], list[Outcome]], words: list[str]) -> Evidence:
    """Perform the same twice, under different global seeds: equal bits, and the globals as they were."""
    with _globals_restored(), np.errstate(**UNUSUAL):
        _seed(1)
        before = _globals()
        first, after = perform(), _globals()
        _seed(2)
        second = perform()
    changed = [name for name, value in before.items() if after[name] != value]
    parts = [same(found, expected, f"{call}, global generators seeded anew") for found, expected, call in zip(second, first, words, strict=True)]
    return all_of(*parts, true(not changed, Case(words[0], "global state untouched", f"changed: {', '.join(changed)}")))


UNUSUAL: Any = {"divide": "ignore", "over": "warn", "under": "ignore", "invalid": "warn"}
"""A way of handling errors that nobody would set: one that a member has set before shows."""


def _torch() -> Any:
    return sys.modules.get("torch")


def _seed(seed: int) -> None:
    np.random.seed(seed)  # noqa: NPY002  the global generator is what is watched
    python_random.seed(seed)
    if _torch():
        _torch().manual_seed(seed)


def _globals() -> dict[str, object]:
    found: dict[str, object] = {
        "NumPy's global generator": repr(np.random.get_state(legacy=False)),  # noqa: NPY002
        "Python's global generator": python_random.getstate(),
        "NumPy's handling of errors": np.geterr(),
    }
    torch = _torch()
    if torch:
        found["torch's global generator"] = bytes(torch.get_rng_state().numpy())
        found["torch's default dtype"], found["torch's gradient mode"] = torch.get_default_dtype(), torch.is_grad_enabled()
    return found


@contextmanager
def _globals_restored() -> Generator[None]:
    numpy_state, python_state = np.random.get_state(), python_random.getstate()  # noqa: NPY002
    try:
        with _torch_restored():
            yield
    finally:
        np.random.set_state(numpy_state)  # noqa: NPY002
        python_random.setstate(python_state)


@contextmanager
def _torch_restored() -> Generator[None]:
    """Within, torch's modes are those of a process that has just started: what a member has changed before shows."""
    torch = _torch()
    if not torch:
        yield
        return
    generator, dtype, gradients = torch.get_rng_state(), torch.get_default_dtype(), torch.is_grad_enabled()
    torch.set_default_dtype(torch.float32)
    torch.set_grad_enabled(True)
    try:
        yield
    finally:
        torch.set_rng_state(generator)
        torch.set_default_dtype(dtype)
        torch.set_grad_enabled(gradients)


CLAIMS = (*outputs_are_written_in_place_and_nothing_else_is, *arguments_alone_decide, *global_generators_are_neither_read_nor_written)
