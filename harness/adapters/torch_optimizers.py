"""PyTorch's optimisers as members of our family: any subclass of `torch.optim.Optimizer` that keeps its memory where PyTorch keeps it.

Ours is a pure function of parameters, gradient, state, hyperparameters and step; theirs is an object. So before every step the rows of our
state are put into `optimizer.state[tensor]`, where they serve in place, without a copy, and what the step leaves there is written back:

| entry of their state           | of ours                                           |
|--------------------------------|---------------------------------------------------|
| a tensor like the parameters   | a row                                             |
| a number that counts the steps | none: it is `step`                                |
| any other number               | a row that holds it in every place                |

What there is, a trial says: three steps over three parameters, when the class is made. A second trial walks two paths in turns through the
adopted class; they must be the optimiser's own, bit for bit. One that remembers anything elsewhere is refused.

Where the state starts at zero, the library's own start and a start from rows of zeros are the same, and rows are always put in; else the first
step leaves the start to the library.
"""

from __future__ import annotations

import inspect
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from ..arrays import Matrix, Vector
from ..errors import InputError
from ..technique import Technique
from .torch_state import TRIED, Layout, Make, as_tensor, layout_of, put, take, trial_gradients, walk

CALLED: dict[str, tuple[str, ...]] = {
    "learning_rate": ("lr",),
    "beta1": ("betas[0]",),
    "beta2": ("betas[1]",),
    "epsilon": ("eps",),
    "decay": ("alpha", "rho"),
    "strength": ("weight_decay",),
}
"""What PyTorch calls our hyperparameters; `betas[0]` is the first of a pair. A name of ours that the constructor knows comes first."""

KEPT = 8
"""Optimisers that a thread keeps for further steps with the same hyperparameters."""


class Kept(threading.local):
    """Each thread's optimisers by their hyperparameters."""

    def __init__(self) -> None:
        self.optimizers: dict[tuple[float, ...], Any] = {}


class TorchOptimizer:
    """What the adopted classes have in common."""

    state_rows: int
    conventions: ClassVar[dict[str, str]]
    departures: ClassVar[dict[str, str]]
    layout: ClassVar[Layout]
    make: ClassVar[Make]
    origin: ClassVar[tuple[Any, ...]]
    """The arguments of `optimizer_class`."""
    kept: ClassVar[Kept | None]
    """None for those that must be made anew for every step."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """A class that was made has no name to be found by: it is made again."""
        return _instance, type(self).origin

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        """As the family's contract says."""
        if parameters.size == 0:
            return
        cls, tensor, values = type(self), as_tensor(parameters), hyperparameters.tolist()
        tensor.grad = as_tensor(gradient.copy())  # some optimisers scale it in place
        if step == 1 and not cls.layout.from_zero:
            optimizer = cls.make(values, tensor)
        else:
            optimizer = _optimizer(cls, values, tensor)
            put(cls.layout, optimizer.state[tensor], [as_tensor(row) for row in state], step)
        optimizer.step()
        take(cls.layout, optimizer.state[tensor], state)


def optimizer_class(
    original: type[Any], technique: Technique, conventions: Mapping[str, str], departures: Mapping[str, str], names: Mapping[str, str]
) -> type[Any]:
    """A class of our family that steps as `original` does. Raises `InputError` where the two do not go together."""
    make = _constructor(original, technique, names)
    values = [bounds.default for bounds in technique.hyperparameters.values()]
    try:
        layout = layout_of(make, values)
        for kept in (Kept(), None):
            cls = _class(original, make, layout, kept, (original, technique, conventions, departures, names))
            if _walks_alike(cls, make, values):
                return cls
    except InputError:
        raise
    except Exception as error:
        what = f"{original.__qualname__} cannot take a step as an optimiser of {technique.name}"
        raise InputError(f"{what}: {type(error).__name__}: {error}.") from error
    raise InputError(
        f"{original.__qualname__} does not walk the same path when its state is saved and put back: it remembers something outside "
        "optimizer.state[parameter]. Keep there everything that changes from step to step."
    )


def _class(original: type[Any], make: Make, layout: Layout, kept: Kept | None, origin: tuple[Any, ...]) -> type[TorchOptimizer]:
    _, _, conventions, departures, _ = origin
    attributes: dict[str, Any] = {
        "__doc__": f"{original.__module__}.{original.__qualname__}.",
        "state_rows": layout.size,
        "conventions": dict(conventions),
        "departures": dict(departures),
        "layout": layout,
        "make": staticmethod(make),
        "origin": origin,
        "kept": kept,
    }
    return type(original.__name__, (TorchOptimizer,), attributes)


def _instance(*origin: Any) -> Any:
    return optimizer_class(*origin)()


def _constructor(original: type[Any], technique: Technique, names: Mapping[str, str]) -> Make:
    """A function that calls the constructor with our values under its names."""
    known, defaults = _parameters(original)
    chosen = [_called(original, name, names.get(name), known) for name in technique.hyperparameters]

    def make(values: Sequence[float], tensor: Any) -> Any:
        arguments: dict[str, Any] = {}
        for (name, place), value in zip(chosen, values, strict=True):
            if place is None:
                arguments[name] = value
            else:
                arguments[name] = tuple(value if at == place else one for at, one in enumerate(arguments.get(name, defaults[name])))
        return original([tensor], **arguments)

    return make


def _parameters(original: type[Any]) -> tuple[list[str], dict[str, Any]]:
    """The names that the constructor takes beside the parameters, with their defaults; those of the bases too where it passes arguments on."""
    found: dict[str, Any] = {}
    for cls in original.__mro__:
        if "__init__" not in vars(cls) or cls is object:
            continue
        parameters = list(inspect.signature(vars(cls)["__init__"]).parameters.values())[1:]
        named = [each for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
        found = {each.name: each.default for each in named} | found
        if not any(each.kind is each.VAR_KEYWORD for each in parameters):
            break
    return [name for name in found if name not in ("params", "defaults")], found


def _called(original: type[Any], name: str, given: str | None, known: Sequence[str]) -> tuple[str, int | None]:
    """The constructor's name for one of our hyperparameters, and its place there if it is one of several."""
    for candidate in [given] if given else [name, *CALLED.get(name, ())]:
        found = re.fullmatch(r"(\w+)(?:\[(\d+)\])?", candidate)
        if found and found[1] in known:
            return found[1], None if found[2] is None else int(found[2])
    wanted = f"called {given} here" if given else f"or anything that {name} is known to be called"
    raise InputError(
        f"{original.__qualname__} takes no {name}, {wanted}; it takes {', '.join(known)}. "
        f'Say which of them {name} is: names={{"{name}": ...}}, with a place as in "betas[0]" for one of several.'
    )


def _optimizer(cls: type[TorchOptimizer], values: Sequence[float], tensor: Any) -> Any:
    """An optimiser for these hyperparameters and this tensor, without a memory: the one of this thread's that has served before, if one may."""
    if cls.kept is None:
        optimizer = cls.make(values, tensor)
    else:
        optimizer = _reused(cls.kept.optimizers, cls.make, tuple(values), tensor)
        optimizer.param_groups[0]["params"] = [tensor]
    optimizer.state.clear()
    return optimizer


def _reused(found: dict[tuple[float, ...], Any], make: Make, values: tuple[float, ...], tensor: Any) -> Any:
    if values not in found:
        if len(found) >= KEPT:
            found.clear()
        found[values] = make(values, tensor)
    return found[values]


def _walks_alike(cls: type[TorchOptimizer], make: Make, values: Sequence[float]) -> bool:
    """Whether two paths walked in turns are those that the optimiser walks by itself, bit for bit."""
    expected = [[position for position, _ in walk(make, values, trial_gradients(which))] for which in (0, 1)]
    positions, states = np.zeros((2, TRIED)), np.zeros((2, cls.layout.size, TRIED))
    for index in range(TRIED):
        for which in (0, 1):
            cls().update(positions[which], trial_gradients(which)[index], states[which], np.array(values), index + 1)
            if not np.array_equal(positions[which], expected[which][index]):
                return False
    return True
