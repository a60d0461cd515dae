"""The implementations behind what a user types or hands in: a registered name, a file, a module, a class, another library's optimiser."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from . import registry
from .errors import InputError, UnavailableError, unknown
from .technique import Implementation


def named(text: str, technique: str | None = None, conventions: Mapping[str, str] | None = None) -> list[Implementation]:
    """`adam/numba_fused`, `path/to/my_adam.py`, `my_package.my_adam` or `my_package.my_adam:MyAdam`. Raises `InputError` for anything else.

    `technique` and `conventions` are those of a class that does not name them itself.
    """
    if text.endswith(".py"):
        return registry.add_file(Path(text))
    if text in registry.implementations():
        return [registry.implementations()[text]]
    if text in registry.unavailable():
        raise UnavailableError(f"{text} is not available here: {registry.unavailable()[text]}.")
    if "/" in text:
        raise unknown("implementation", text, registry.implementations(text.partition("/")[0]) or registry.implementations())
    return _in_module(text, technique, conventions)


def _in_module(text: str, technique: str | None, conventions: Mapping[str, str] | None) -> list[Implementation]:
    place, colon, attribute = text.partition(":")
    try:
        if not all(part.isidentifier() for part in place.split(".")):
            raise ImportError(f"{place!r} is no module's name")  # noqa: TRY301
        module = importlib.import_module(place)
    except (Exception, SystemExit) as error:
        raise InputError(
            f"{text} is neither an implementation (see `trickbench list implementations`), nor a .py file, "
            f"nor a module that can be imported ({type(error).__name__}: {error})."
        ) from error
    if not colon:
        return registry.in_module(module, module.__name__, place.rpartition(".")[2])
    if not hasattr(module, attribute):
        raise unknown(f"name in {place}", attribute, [name for name in vars(module) if not name.startswith("_")])
    return [registry.adopted(getattr(module, attribute), technique, conventions, origin=place, attribute=attribute)]


def handed_in(
    thing: Any, technique: str | None = None, conventions: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None
) -> Implementation:
    """A class with a family's methods, a `torch.optim.Optimizer` subclass, or a factory of optax transformations, as an implementation.

    `technique` may stand on the thing itself as an attribute. Raises `InputError` if it is none of these.
    """
    if isinstance(thing, ModuleType):
        raise InputError(f"{thing.__name__} is a module; hand in the class.")
    return registry.adopted(thing, technique, conventions, names)
