"""A recipe: everything that fixes one training but the data and the seed.

`Recipe` is what a study file says, in the words of selections; `resolve` turns it into `Resolved`, which holds the chosen implementations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, Field, field_validator
from pydantic_core.core_schema import ValidationInfo

from .choice import Choice, choice, compiled, loss_for
from .dataset import Task
from .errors import InputError
from .neutral import NONE
from .registry import OWN, remembered

SLOTS: dict[str, str] = {
    "activation": "activation",
    "optimizer": "optimizer",
    "initializer": "initializer",
    "loss": "loss",
    "penalty": "penalty",
    "dropout": "dropout",
    "stopper": "stopper",
}
"""Recipe key to family."""

MAY_BE_EMPTY = ("penalty", "dropout", "stopper")
AUTO = "auto"

Width = Annotated[int, Field(ge=1, le=100_000)]


class Recipe(BaseModel, frozen=True, extra="forbid"):
    """The keys of `[baseline]` in a study file. A slot takes a selection: `adam`, `adam[learning_rate=0.01]`, `adam/numba_fused`."""

    activation: str
    optimizer: str
    initializer: str
    penalty: str = NONE
    dropout: str = NONE
    stopper: str = NONE
    loss: str = AUTO
    hidden: tuple[Width, ...] = (32, 32)
    """Units of each hidden layer; an empty list is a linear model."""
    batch: Annotated[int, Field(ge=1)] = 32
    dtype: Literal["float32", "float64"] = "float32"

    @field_validator(*SLOTS)
    @classmethod
    def _known(cls, text: str, info: ValidationInfo) -> str:
        key = str(info.field_name)
        if not (text == NONE and key in MAY_BE_EMPTY) and not (text == AUTO and key == "loss"):
            choice(SLOTS[key], text)
        return text


@dataclass(frozen=True)
class Resolved:
    """A recipe for one task with its chosen implementations; an empty slot is absent from `choices`."""

    choices: dict[str, Choice]
    hidden: tuple[int, ...]
    batch: int
    dtype: np.dtype[Any]

    @property
    def compiled(self) -> bool:
        """Whether the training loop can run compiled: every slot is filled with kernels or empty."""
        return all(compiled(chosen.implementation) for chosen in self.choices.values())

    @property
    def isolated(self) -> bool:
        """Whether a run belongs into a worker process: interpreted code holds the interpreter's lock, foreign code may hang or die."""
        return not self.compiled or any(chosen.implementation.origin != OWN for chosen in self.choices.values())

    def identity(self) -> dict[str, Any]:
        """All that the recipe contributes to the key of a run."""
        slots = {slot: str(chosen) for slot, chosen in sorted(self.choices.items())}
        return slots | {"hidden": list(self.hidden), "batch": self.batch, "dtype": self.dtype.name}

    def modules(self) -> list[str]:
        """The modules that its implementations stand in."""
        return sorted({chosen.implementation.cls.__module__ for chosen in self.choices.values()})


def resolve(recipe: Recipe, task: Task) -> Resolved:
    """Choose the implementations. Raises `InputError` where the loss does not fit the task."""
    return remembered((recipe, task), lambda: _resolved(recipe, task))


def _resolved(recipe: Recipe, task: Task) -> Resolved:
    texts = {slot: getattr(recipe, slot) for slot in SLOTS}
    if texts["loss"] == AUTO:
        texts["loss"] = loss_for(task)
    choices = {slot: choice(SLOTS[slot], text) for slot, text in texts.items() if text != NONE}
    loss = choices["loss"].implementation.technique
    if loss.task not in (None, task):
        raise InputError(f"The loss {loss.name} is for {loss.task}, the dataset for {task}; set loss = {AUTO!r} or name another.")
    _check_rounded(choices, np.dtype(recipe.dtype))
    return Resolved(choices, recipe.hidden, recipe.batch, np.dtype(recipe.dtype))


def _check_rounded(choices: dict[str, Choice], dtype: np.dtype[Any]) -> None:
    """Refuse a value that leaves its range when it is rounded: 0.99999999 is 1 in float32."""
    for chosen in choices.values():
        for name, bounds in chosen.implementation.technique.hyperparameters.items():
            bounds.check(f"{chosen.implementation.technique.name}'s {name} in {dtype.name}", float(dtype.type(chosen.hyperparameters[name])))
