"""How members are used: made without arguments, called by the contract, pickled, and given streams of random numbers."""

from __future__ import annotations

import inspect
import io
import pickle
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..arrays import contract_arguments
from ..evidence import Case, Evidence, all_of, true
from ..families import methods
from ..kernel import Kernel
from ..probe import Probe
from ..subject import Subject
from .calls import Call, Draws, another, make, same
from .problems import calls
from .topic import ARRAYS, topic


@topic("follows-contract", *ARRAYS)
def members_are_made_and_called_by_the_contract(member: Subject, probe: Probe) -> Evidence:
    """An instance is made without arguments, its methods take those of the contract, and a loss, a penalty and a test-time factor come back
    as one real number. An optimiser's `state_rows` is a whole number, the same for each instance.
    """
    made = [member.implementation.create() for _ in range(2)]
    parts = [_takes(getattr(made[0], name), name, contract) for name, contract in methods(member.implementation.technique.family).items()]
    for call in calls(member, probe.random()):
        if not call.written:
            result: Any = member.method(call.method)(*call.arguments.values())
            parts.append(true(is_real(result), Case(str(call), "one real number", f"{result!r}")))
    rows: list[object] = [getattr(each, "state_rows", 0) for each in made]
    whole = all(isinstance(each, int) and not isinstance(each, bool) and each >= 0 for each in rows)
    return all_of(*parts, true(whole and rows[0] == rows[1], Case("state_rows of two instances", "the same whole number", f"{rows[0]}, {rows[1]}")))


def is_real(value: Any) -> bool:
    """Whether it is one number, of Python's or NumPy's."""
    return isinstance(value, (float, int, np.floating)) and not isinstance(value, bool)


def _takes(method: Any, name: str, contract: Callable[..., Any]) -> Evidence:
    wanted = contract_arguments(contract)
    signature = inspect.signature(method.function if isinstance(method, Kernel) else method)
    try:
        signature.bind(*wanted)
    except TypeError as error:
        return true(False, Case(name, f"a method of ({', '.join(wanted)})", f"{name}{signature}: {error}"))
    return true(True, Case(name, f"a method of ({', '.join(wanted)})", f"{name}{signature}"))


@topic("pickles", *ARRAYS)
def instances_can_be_pickled(member: Subject, probe: Probe) -> Evidence:
    """An instance that has been used can be pickled, as it is when it is sent to another process, and what is unpickled gives the same bits."""
    made = calls(member, probe.random())
    first = [make(member, call) for call in made]
    second = another(member)
    second.member = pickled(member.member, member.implementation.cls)
    return all_of(*(same(make(second, call), expected, f"{call} after pickling") for call, expected in zip(made, first, strict=True)))


def pickled(value: Any, cls: type[Any]) -> Any:
    """The value after a round trip; its class travels by name, as implementations do, wherever it was defined."""

    class Pickler(pickle.Pickler):
        def persistent_id(self, obj: object) -> str | None:
            return "class" if obj is cls else None

    class Unpickler(pickle.Unpickler):
        def persistent_load(self, pid: object) -> object:  # noqa: ARG002  there is one
            return cls

    written = io.BytesIO()
    Pickler(written).dump(value)
    return Unpickler(io.BytesIO(written.getvalue())).load()


@topic("draws-afresh", "dropout", "initializer")
def draws_follow_the_stream_that_is_given(member: Subject, probe: Probe) -> Evidence:
    """What is random comes from the stream that is named in the arguments: another key, step or layer gives another mask, another generator other
    weights, and so does the same generator when it is asked again; each piece of a unit has weights of its own.
    """
    call = calls(member, probe.random(), rows=16, width=16)[0]
    if "random" in call.arguments:
        return all_of(*_weights(member, call))
    # where one mask serves all rows, it has 64 units: two are equal once in 2⁶⁴ at a rate of one half
    call = call.having(mask=member.array(np.zeros((2, 64))), rate=0.5)
    first = make(member, call)["mask"]
    keys = [np.uint64(call.arguments["key"] ^ np.uint64(1 << bit)) for bit in (0, 40)]
    others = [*({"key": key} for key in keys), {"step": 2}, {"layer": 7}]
    return all_of(*(_differ(make(member, call.having(**other))["mask"], first, f"{call} with {other}") for other in others))


def _weights(member: Subject, call: Call) -> Iterator[Evidence]:
    first = make(member, call)["weights"]
    yield _differ(make(member, call.having(random=Draws(call.arguments["random"].seed + 1)))["weights"], first, f"{call} with another seed")
    random, again = np.random.default_rng(call.arguments["random"].seed), [np.zeros_like(first) for _ in range(2)]
    for weights in again:
        member.method("fill")(weights, call.arguments["fan_in"], call.arguments["fan_out"], random)
    yield _differ(again[1], again[0], f"{call}, the same generator a second time")
    wide = call.having(weights=np.repeat(first, 2, axis=1))
    columns = make(member, wide)["weights"].T
    distinct = len(np.unique(columns, axis=0))
    yield true(distinct == len(columns), Case(f"{wide}, two pieces a unit", f"{len(columns)} columns of their own", f"{distinct} different ones"))


def _differ(one: Any, other: Any, words: str) -> Evidence:
    return true(not np.array_equal(one, other), Case(words, "other numbers", "the same bits"))


CLAIMS = (
    *members_are_made_and_called_by_the_contract,
    *instances_can_be_pickled,
    *draws_follow_the_stream_that_is_given,
)
