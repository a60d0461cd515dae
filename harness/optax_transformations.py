"""An optax transformation as an optimiser of ours: `OptaxOptimizer`, a class that says how the transformation is made, does the rest.

Three parts. *State*: optax keeps a tree of arrays, the contract a matrix of rows; `optax_state.py` says which leaf stands in which rows. *Compilation*:
a transformation is made anew inside the compiled function, from hyperparameters that are arguments of it, so that another learning rate
costs no compilation; where its code looks at their values (`if momentum == 0`), they become constants, one after the other (`_Machine`).
*Names*: `optimizer_class` makes such a class of a factory like `optax.adam`, whose arguments have other names than ours.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from .arrays import Floats, Matrix, Vector
from .errors import InputError, unknown
from .jax_functions import padded, precision
from .optax_state import SIZES, Layout, elementwise, layout
from .technique import Technique

WORDS: Mapping[str, tuple[str, ...]] = {
    "learning_rate": ("lr", "step_size"),
    "beta1": ("b1", "beta_1"),
    "beta2": ("b2", "beta_2"),
    "epsilon": ("eps",),
    "strength": ("weight_decay",),
}
"""What optax and its users call our hyperparameters, where they do not call them as we do."""


class OptaxOptimizer:
    """An optimiser that walks as an optax transformation does. A subclass makes it, and says in `state_rows` how much it remembers."""

    state_rows: int
    conventions: ClassVar[Mapping[str, str]] = {}
    departures: ClassVar[Mapping[str, str]] = {}

    @staticmethod
    def transformation(*hyperparameters: Any) -> Any:
        """The transformation for these hyperparameters, in the technique's order; they may be traced."""
        raise NotImplementedError

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        if parameters.size:  # else there is nowhere to keep a state that is one number
            moved = _machine(type(self)).step(np.concatenate([parameters[None], gradient[None], state]), hyperparameters, step)
            parameters[:], state[:] = moved[0], moved[1:]


def optimizer_class(
    factory: Callable[..., Any], technique: Technique, conventions: Mapping[str, str] | None = None, departures: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> type[OptaxOptimizer]:  # fmt: skip
    """A factory of transformations, such as `optax.adam`, as an optimiser of a technique.

    `names` maps our names of hyperparameters to the factory's, where its signature leaves it open. Raises `InputError` where a
    hyperparameter has no place in the factory, or the transformation's state none in rows.
    """
    arguments = _arguments(factory, technique, names or {})
    defaults = [bounds.default for bounds in technique.hyperparameters.values()]
    return _class(factory, arguments, tuple(defaults), dict(conventions or {}), dict(departures or {}))


def _class(
    factory: Callable[..., Any], arguments: tuple[str, ...], defaults: tuple[float, ...], conventions: dict[str, str], departures: dict[str, str]
) -> type[OptaxOptimizer]:
    def transformation(*hyperparameters: Any) -> Any:
        return factory(**dict(zip(arguments, hyperparameters, strict=True)))

    def reduced(_self: OptaxOptimizer) -> tuple[Any, ...]:
        return _again, (factory, arguments, defaults, conventions, departures)

    name = getattr(factory, "__name__", type(factory).__name__)
    body: dict[str, Any] = {
        "transformation": staticmethod(transformation), "state_rows": _checked(name, transformation, defaults).rows, "conventions": conventions,
        "departures": departures, "__doc__": inspect.getdoc(factory), "__module__": getattr(factory, "__module__", __name__), "__reduce__": reduced,
    }  # fmt: skip
    return type("".join(map(str.capitalize, re.findall(r"\w[^\W_]*", name))), (OptaxOptimizer,), body)


def _again(*arguments: Any) -> OptaxOptimizer:
    """What pickle calls: the class is made of its factory, which pickle knows by name."""
    return _class(*arguments)()


def _checked(name: str, make: Callable[..., Any], hyperparameters: tuple[float, ...]) -> Layout:
    """The layout of its state; `InputError` where it does not work at the technique's defaults."""
    try:
        return layout(make, hyperparameters)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    except Exception as error:
        raise InputError(f"{name} makes no transformation of arrays: {type(error).__name__}: {error}.") from error


def _arguments(factory: Callable[..., Any], technique: Technique, names: Mapping[str, str]) -> tuple[str, ...]:
    """The factory's names for the technique's hyperparameters, in our order."""
    if not callable(factory):
        raise InputError(f"{factory!r} is a finished transformation, or none; hand in what makes it, such as `optax.adam`, not `optax.adam(0.001)`.")
    try:
        parameters = dict(inspect.signature(factory).parameters)
    except (TypeError, ValueError) as error:
        raise InputError(f"{factory!r} does not say what arguments it takes; wrap it in a function that does.") from error
    for name in names:
        if name not in technique.hyperparameters:
            raise unknown(f"hyperparameter of {technique.name}", name, technique.hyperparameters)
    taken = {name: _place(name, parameters, names) for name in technique.hyperparameters}
    lacking = [name for name, place in taken.items() if place is None]
    left = [name for name, each in parameters.items() if name not in taken.values() and _needed(each)]
    if lacking or left:
        needs = f"has no place for {', '.join(lacking)}" if lacking else f"needs {', '.join(left)} too"
        example = f"{{{lacking[0]!r}: '...'}}" if lacking else "a function that fills it in"
        raise InputError(f"{_called(factory)}({', '.join(parameters)}) {needs}; {'name it with names=' if lacking else 'hand in '}{example}.")
    return tuple(place for place in taken.values() if place is not None)


def _place(name: str, parameters: Mapping[str, inspect.Parameter], names: Mapping[str, str]) -> str | None:
    """The argument that takes a hyperparameter: the one that was named, or the first that is called so."""
    open_ended = any(each.kind is each.VAR_KEYWORD for each in parameters.values())
    if name in names:
        return names[name] if names[name] in parameters or open_ended else None
    words = (name, *WORDS.get(name, ()))
    return next((word for word in words if word in parameters and parameters[word].kind is not inspect.Parameter.POSITIONAL_ONLY), None)


def _needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD)


def _called(factory: Callable[..., Any]) -> str:
    return getattr(factory, "__name__", repr(factory))


@functools.cache
def _machine(cls: type[OptaxOptimizer]) -> _Machine:
    return _Machine(cls.transformation, cls.state_rows)


class _Machine:
    """The compiled steps of one class, for every shape and precision.

    Each of `forms` has more of the hyperparameters as constants than the one before; the last is not compiled. The first that works is
    kept: what a transformation's code does with traced values shows only when it runs.
    """

    def __init__(self, make: Callable[..., Any], rows: int) -> None:
        self.make, self.rows, self.form = make, rows, 0
        self._layout: Layout | None = None
        self._count = 0

    def step(self, block: Floats, values: Floats, step: int) -> Floats:
        """New parameters and state, from a block of rows: parameters, gradient, state."""
        constants = tuple(map(float, values))
        errors: list[Exception] = []
        with precision(block.dtype):
            self.prepare(constants)
            for form in range(self.form, len(self.forms)):
                try:
                    moved = np.asarray(self.forms[form](block, values, constants, step))
                except Exception as error:  # noqa: BLE001  the transformation's code is anyone's
                    errors.append(error)
                else:
                    self.form = form
                    return moved[:, : block.shape[1]]  # without what was added for the length
        raise errors[-1]

    def prepare(self, constants: tuple[float, ...]) -> None:
        """Find the layout of the state, once."""
        if self._layout is None:
            found = layout(self.make, constants)
            if found.rows != self.rows:
                raise InputError(f"the transformation's state takes {found.rows} rows; the class says state_rows = {self.rows}.")
            self._count, self._layout = len(constants), found

    @functools.cached_property
    def forms(self) -> Sequence[Callable[..., Any]]:
        import jax

        traced = jax.jit(self.moved)
        rate_traced = jax.jit(lambda block, rate, others, step: self.moved(block, (rate, *others), step), static_argnums=2)
        constant = jax.jit(self.moved, static_argnums=1)
        return (
            lambda block, values, _, step: traced(self.padded(block), values, step),
            lambda block, values, constants, step: rate_traced(block, values[0], constants[1:], step),
            lambda block, _, constants, step: constant(block, constants, step),
            lambda block, _, constants, step: self.moved(jax.numpy.asarray(block), constants, step),
        )

    def moved(self, block: Any, values: Sequence[Any], step: Any) -> Any:
        import jax

        return jax.numpy.stack(self.moved_rows(list(block), values, step))

    def moved_rows(self, rows: Sequence[Any], values: Sequence[Any], step: Any) -> list[Any]:
        import optax

        parameters, gradient, *state = rows
        assert self._layout is not None
        transformation = self.make(*values)
        before = self._layout.tree(transformation.init(parameters), state, step)
        updates, after = transformation.update(gradient, before, parameters)
        moved = optax.apply_updates(parameters, updates)
        return [moved, *self._layout.flat(after, parameters)]

    def padded(self, block: Floats) -> Floats:
        """The block with parameters added, so that few lengths are compiled, where none of them sees another."""
        length = padded(block.shape[1])
        if length == block.shape[1] or not self.elementwise:
            return block
        longer = np.zeros((len(block), length), block.dtype)
        longer[:, : block.shape[1]] = block
        return longer

    @functools.cached_property
    def elementwise(self) -> bool:
        row, number = np.zeros(SIZES[0], np.float32), np.float32(0.5)
        return elementwise(self.moved_rows, [row] * (2 + self.rows), [number] * self._count, 2)
