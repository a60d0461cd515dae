"""Optax transformations as members of our family: any function that makes one from hyperparameters, such as `optax.adam`.

Ours is a pure function of parameters, gradient, state, hyperparameters and step. Theirs is one of a gradient, a tree of arrays and parameters,
and takes its hyperparameters when it is made. `optax_state.py` says which part of the tree stands in which rows of our state, `optax_steps.py`
compiles; here is how the function's arguments, which have other names than ours, are found.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ..arrays import Matrix, Vector
from ..errors import InputError, unknown
from ..technique import Technique
from .optax_steps import Steps

CALLED: dict[str, tuple[str, ...]] = {
    "learning_rate": ("lr", "step_size"),
    "beta1": ("b1", "beta_1"),
    "beta2": ("b2", "beta_2"),
    "epsilon": ("eps",),
    "strength": ("weight_decay",),
}
"""What optax and its users call our hyperparameters. A name of ours that the function knows comes first."""


class OptaxOptimizer:
    """What the adopted classes have in common."""

    state_rows: int
    conventions: ClassVar[dict[str, str]]
    departures: ClassVar[dict[str, str]]
    steps: ClassVar[Steps]
    origin: ClassVar[tuple[Any, ...]]
    """The arguments of `optimizer_class`."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """A class that was made has no name to be found by: it is made again."""
        return _instance, type(self).origin

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        """As the family's contract says."""
        if parameters.size:  # without parameters there is no place for a state that is one number
            moved = type(self).steps(np.concatenate([parameters[None], gradient[None], state]), hyperparameters, step)
            parameters[:], state[:] = moved[0], moved[1:]


def optimizer_class(
    factory: Callable[..., Any], technique: Technique, conventions: Mapping[str, str] | None = None, departures: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> type[OptaxOptimizer]:  # fmt: skip
    """A class of our family that walks as the transformations do which `factory` makes. Raises `InputError` where the two do not go together.

    `names` maps our names of hyperparameters to the factory's, where they cannot be guessed.
    """
    arguments = _arguments(factory, technique, names or {})
    attributes: dict[str, Any] = {
        "__doc__": f"{getattr(factory, '__module__', '')}.{_name(factory)}.",
        "conventions": dict(conventions or {}),
        "departures": dict(departures or {}),
        "steps": _steps(factory, arguments, [bounds.default for bounds in technique.hyperparameters.values()]),
        "origin": (factory, technique, conventions, departures, names),
    }
    attributes["state_rows"] = attributes["steps"].layout.rows
    return type(_name(factory), (OptaxOptimizer,), attributes)


def _instance(*origin: Any) -> Any:
    return optimizer_class(*origin)()


def _steps(factory: Callable[..., Any], arguments: Sequence[str], defaults: Sequence[float]) -> Steps:
    def make(*hyperparameters: Any) -> Any:
        return factory(**dict(zip(arguments, hyperparameters, strict=True)))

    try:
        return Steps(make, defaults)
    except InputError as error:
        raise InputError(f"{_name(factory)} cannot be taken: {error}") from error
    except Exception as error:
        raise InputError(f"{_name(factory)} makes no transformation that can be started: {type(error).__name__}: {error}.") from error


def _arguments(factory: Callable[..., Any], technique: Technique, names: Mapping[str, str]) -> list[str]:
    """The factory's names for the technique's hyperparameters, in our order."""
    parameters = _parameters(factory)
    for name in names:
        if name not in technique.hyperparameters:
            raise unknown(f"hyperparameter of {technique.name}", name, technique.hyperparameters)
    found = [_argument(factory, name, names.get(name), parameters) for name in technique.hyperparameters]
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    needed = [name for name, each in parameters.items() if each.default is each.empty and each.kind not in variable]
    left = [name for name in needed if name not in found]
    if left:
        raise InputError(
            f"{_name(factory)} needs {', '.join(left)} too; hand in a function that takes {', '.join(found)} alone and fills in the rest."
        )
    return found


def _argument(factory: Callable[..., Any], name: str, given: str | None, parameters: Mapping[str, inspect.Parameter]) -> str:
    """The factory's name for one of our hyperparameters."""
    for candidate in [given] if given else [name, *CALLED.get(name, ())]:
        if candidate in parameters and parameters[candidate].kind in (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY):
            return candidate
    if given and any(each.kind is each.VAR_KEYWORD for each in parameters.values()):
        return given
    wanted = f"called {given} here" if given else f"or anything that {name} is known to be called"
    raise InputError(
        f"{_name(factory)} takes no {name}, {wanted}; it takes {', '.join(parameters) or 'nothing'}. "
        f'Say which of them {name} is: names={{"{name}": ...}}.'
    )


def _parameters(factory: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    if not callable(factory):
        raise InputError(f"{factory!r} makes no transformation; hand in the function that does, such as optax.adam, not what it returns.")
    try:
        return inspect.signature(factory).parameters
    except (TypeError, ValueError) as error:
        raise InputError(f"{_name(factory)} does not say which arguments it takes; hand in a function that does.") from error


def _name(factory: Any) -> str:
    return getattr(factory, "__name__", None) or repr(factory)
