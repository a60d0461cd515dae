"""Other libraries' code as members of our families: classes handed in as they are, and native implementations in files of their own.

`adopt` looks at what it is given, and makes of it a class that fulfils the family's contract:

| given                                            | made by                     |
|--------------------------------------------------|-----------------------------|
| a class with the methods of the family           | nobody: it is returned      |
| a subclass of `torch.optim.Optimizer`            | `torch_optimizers.py`       |
| a function that makes an optax transformation    | `optax_transformations.py`  |

A library is recognised without being imported. A native implementation, a file beside the project's own ones, must not import its library
either when it is listed: `require` says at once whether the library is there, and hands out a stand-in that imports it when it is first used;
`Native` is an optimiser that is adopted when it is first called.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from .arrays import Floats, Matrix, Vector
from .errors import InputError
from .families import methods
from .technique import Technique


class Later:
    """A module that is imported when one of its attributes is asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"<{self._name}, imported when it is used>"

    @functools.cached_property
    def _module(self) -> ModuleType:
        return importlib.import_module(self._name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copying and pickling ask every object for
            raise AttributeError(name)
        return getattr(self._module, name)


def require(module: str, *names: str) -> Any:
    """A module for later; raises `ImportError` now where it is not there, or its source does not name one of `names`.

    Nothing is imported. `names` guard against a release of a library that has moved what is no part of its public interface.
    """
    package, *_ = module.split(".")
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise ImportError(f"the package {package} is not installed", name=package)
    if names:
        source = _source(Path(spec.origin or ""), module)
        missing = [name for name in names if not re.search(rf"\b{re.escape(name)}\b", source)]
        if missing:
            raise ImportError(f"the installed {package} has no {missing[0]} in {module}; another release has")
    return Later(module)


def _source(package: Path, module: str) -> str:
    """The text of a module's file, found without importing the packages that it lies in; nothing if there is none."""
    path = package.parent.joinpath(*module.split(".")[1:])
    files = [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()]
    return files[0].read_text(encoding="utf-8") if files else ""


def adopt(
    thing: Any,
    technique: Technique,
    *,
    conventions: Mapping[str, str] | None = None,
    departures: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> type[Any]:
    """A class with the methods of the technique's family, made of whatever is handed in.

    `conventions` and `departures` are what it declares; without them, its own attributes of these names count. `names` says how the library calls
    a hyperparameter where that cannot be guessed: `{"beta1": "b1"}`. Raises `InputError` for what cannot be adopted.
    """
    declared: dict[str, str] = dict(getattr(thing, "conventions", {}) if conventions is None else conventions)
    excused: dict[str, str] = dict(getattr(thing, "departures", {}) if departures is None else departures)
    missing = [method for method in methods(technique.family) if not hasattr(thing, method)]
    if isinstance(thing, type) and not missing:
        return _declaring(thing, declared, excused)
    maker = _maker(thing) if technique.family == "optimizer" else None
    if maker is None:
        lacking = f": it lacks {', '.join(missing)}" if missing else ""
        raise InputError(
            f"{_name(thing)} cannot be taken as an implementation of {technique.name}{lacking}; "
            f"accepted is a class with the methods {', '.join(methods(technique.family))}{_ALSO if technique.family == 'optimizer' else ''}."
        )
    return maker(thing, technique, declared, excused, dict(names or {}))


_ALSO = ", a subclass of torch.optim.Optimizer (the class, not an instance), or a function that makes an optax transformation, such as optax.adam"


def _declaring(cls: type[Any], conventions: Mapping[str, str], departures: Mapping[str, str]) -> type[Any]:
    """The class itself, or a subclass of it where something else is to be declared than it declares."""
    if (conventions, departures) == (getattr(cls, "conventions", {}), getattr(cls, "departures", {})):
        return cls
    return type(cls.__name__, (cls,), {"conventions": conventions, "departures": departures, "__module__": cls.__module__})


def _maker(thing: Any) -> Callable[..., type[Any]] | None:
    """Who makes an optimiser of this, if anybody."""
    if is_torch_optimizer(thing):
        from .adapters.torch_optimizers import optimizer_class

        return optimizer_class
    if callable(thing) and not isinstance(thing, type) and importlib.util.find_spec("optax"):
        from .adapters.optax_transformations import optimizer_class

        return optimizer_class
    return None


def is_torch_optimizer(thing: Any) -> bool:
    """Whether it is a class of PyTorch optimisers, told from the names of its bases."""
    return isinstance(thing, type) and any((base.__module__, base.__name__) == ("torch.optim.optimizer", "Optimizer") for base in thing.__mro__[1:])


def _name(thing: Any) -> str:
    return getattr(thing, "__qualname__", None) or f"An instance of {type(thing).__qualname__}"


class Native:
    """An optimiser of a library, adopted when it is first called: a subclass says which one it is, and of which technique."""

    state_rows: int
    adopted_for: ClassVar[Technique]
    """The technique that it is an implementation of."""

    @staticmethod
    def original() -> Any:
        """What is adopted; looked up here, where the library is imported."""
        raise NotImplementedError

    def update(self, parameters: Vector, gradient: Vector, state: Matrix, hyperparameters: Vector, step: int) -> None:
        """As the family's contract says."""
        _adopted(type(self)).update(parameters, gradient, state, hyperparameters, step)


@functools.cache
def _adopted(cls: type[Native]) -> Any:
    made = adopt(cls.original(), cls.adopted_for, names=getattr(cls, "names", None))
    if made.state_rows != cls.state_rows:
        raise InputError(f"{cls.__module__} declares {cls.state_rows} state rows; {made.__name__} of the installed release keeps {made.state_rows}.")
    return made()


def in_blocks(weights: Floats, fan_in: int, fan_out: int, draw: Callable[[], Floats]) -> None:
    """Fill weights (fan_in, pieces * fan_out) with one draw (fan_in, fan_out) a piece: to a library each piece is a layer of its own.

    Weights of another shape than their fans say are cut out of as many draws as cover them. Empty ones take none.
    """
    if weights.size == 0:
        return
    for top in range(0, weights.shape[0], fan_in):
        for left in range(0, weights.shape[1], fan_out):
            place = weights[top : top + fan_in, left : left + fan_out]
            place[:] = draw()[: place.shape[0], : place.shape[1]]
