"""What turns a recipe into a loop that runs: an instance in each slot, and the loop's two functions with these slots bound.

Compiled where every slot holds a kernel, from addresses; else interpreted, with whatever callables fill the slots.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args, get_type_hints

import numpy as np

from . import loop, network
from .kernel import Kernel
from .neutral import NoDropout, NoPenalty
from .recipe import Resolved

CONTRACTS: dict[str, Callable[..., Any]] = {name: get_args(hint)[1] for name, hint in get_type_hints(network.Slots, include_extras=True).items()}


class Members(NamedTuple):
    """One instance in each slot; empty slots hold the neutral member."""

    activation: Any
    optimizer: Any
    initializer: Any
    loss: Any
    penalty: Any
    dropout: Any
    stopper: Any | None


@dataclass
class Machine:
    """The two functions of the loop, compiled or interpreted, with this run's slots bound."""

    train_epoch: Callable[..., int]
    measure: Callable[..., float]
    slots: Any


def members(recipe: Resolved) -> Members:
    """An instance for each slot."""
    made: dict[str, Any] = {"penalty": NoPenalty(), "dropout": NoDropout(), "stopper": None}
    for slot, chosen in recipe.choices.items():
        made[slot] = chosen.implementation.create(**chosen.hyperparameters) if slot == "stopper" else chosen.implementation.create()
    return Members(**made)


def machine(parts: Members, dtype: np.dtype[Any], *, compiled: bool) -> Machine:
    """The loop for these members; compiles what is not compiled yet. Raises `InputError` for a kernel that does not fit its contract."""
    functions = {
        "forward": parts.activation.forward,
        "backward": parts.activation.backward,
        "loss_value": parts.loss.value,
        "loss_gradient": parts.loss.gradient,
        "penalty_gradient": parts.penalty.add_gradient,
        "penalty_after": parts.penalty.after_update,
        "update": parts.optimizer.update,
        "draw": parts.dropout.draw,
    }
    if compiled:
        from .compiled import measure_at, train_epoch_at

        addresses = np.array([functions[name].address(CONTRACTS[name], dtype) for name in network.Slots._fields], np.int64)
        return Machine(train_epoch_at.compiled(train_epoch_at.function, dtype), measure_at.compiled(measure_at.function, dtype), addresses)
    return Machine(
        loop.train_epoch, loop.measure, network.Slots(**{name: callable_of(functions[name], CONTRACTS[name], dtype) for name in functions})
    )


def callable_of(function: Callable[..., Any], contract: Callable[..., Any], dtype: np.dtype[Any]) -> Callable[..., Any]:
    """A member's method for the interpreted loop: kernels compiled, everything else as it is."""
    return function.compiled(contract, dtype) if isinstance(function, Kernel) else function
