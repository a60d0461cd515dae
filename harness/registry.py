"""Finds techniques, implementations, dataset sources and studies: own folders first, then other packages' entry points, then files.

A technique is a folder with a `technique.py`; every other module in it, unless its name starts with an underscore or with `claims`, is an
implementation. Another package registers under the entry point groups `trickbench.techniques` (a module with TECHNIQUE; the entry point's
name is the technique's), `trickbench.implementations` (a class; the name is `technique/variant`) and `trickbench.datasets` (a module with
SOURCES). A class in a file says which technique it is of: `technique = "adam"`. This is the only module that loads any of them; loading
compiles nothing.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from .dataset import Chosen, Source, choose
from .errors import InputError, unknown
from .families import FAMILIES, JUDGES, methods
from .file_module import module_of_file
from .selection import parse
from .technique import Implementation, Technique, declared_conventions

ROOT = __name__.split(".", maxsplit=1)[0]
OWN = ROOT

T = TypeVar("T")


@dataclass
class Found:
    """What is there: implementations by `technique/variant`, and why others could not be loaded."""

    implementations: dict[str, Implementation]
    unavailable: dict[str, str]
    remembered: dict[Any, Any] = field(default_factory=dict[Any, Any])
    """What others have worked out from these; forgotten when they change."""


_files: list[Path] = []


@functools.cache
def techniques() -> dict[str, Technique]:
    """Every technique by name."""
    folders = sorted(path.parent.name for path in room("implementations").glob("*/technique.py"))
    own = {name: importlib.import_module(f"{ROOT}.implementations.{name}.technique") for name in folders}
    foreign = {entry.name: load(entry) for entry in entries("techniques") if entry.name not in own}
    return {name: _named(name, module) for name, module in (own | foreign).items()}


def _named(name: str, module: ModuleType) -> Technique:
    technique = getattr(module, "TECHNIQUE", None)
    if not isinstance(technique, Technique):
        raise InputError(f"{module.__name__} has no TECHNIQUE; a technique's module defines TECHNIQUE = Technique(...).")
    if technique.family not in FAMILIES | JUDGES:
        raise unknown(f"family of technique {name}", technique.family, FAMILIES | JUDGES)
    first_line = (module.__doc__ or name).strip().splitlines()[0]
    return dataclasses.replace(technique, name=name, summary=technique.summary or first_line)


@functools.cache
def _found() -> Found:
    found = Found({}, {})
    for technique in techniques().values():
        folder = room("implementations") / technique.name
        for path in sorted(folder.glob("*.py")):
            if path.stem == "technique" or path.stem.startswith(("claims", "_")):
                continue
            _add_module(found, technique, path.stem)
    for entry in entries("implementations"):
        _add_entry(found, entry)
    for path in _files:
        for implementation in _in_file(path):
            taken = found.implementations.get(implementation.name)
            if taken is not None:
                raise InputError(f"{path} brings {implementation.name}, which {taken.origin} has brought; give the file another name.")
            found.implementations[implementation.name] = implementation
    return found


def implementations(technique: str | None = None) -> dict[str, Implementation]:
    """Every implementation that can be loaded here, by `technique/variant`; of one technique, if it is named."""
    return {name: found for name, found in _found().implementations.items() if technique in (None, found.technique.name)}


def unavailable() -> dict[str, str]:
    """Every implementation that cannot be loaded here, by name, and why."""
    return dict(_found().unavailable)


def add_file(path: Path) -> list[Implementation]:
    """Register the implementations in a file; raises `InputError` if there are none."""
    path = path.resolve()
    added = list(_in_file(path))
    if path not in _files:
        _files.append(path)
        _found.cache_clear()
        try:
            _found()
        except InputError:
            _files.remove(path)
            raise
    return [_found().implementations[each.name] for each in added]


def remembered(key: Any, make: Callable[[], T]) -> T:
    """What `make` gives, worked out once for as long as the same implementations are there."""
    known = _found().remembered  # the dictionary itself may be replaced meanwhile; what is stored late is then lost with it
    if key in known:
        return known[key]
    made = known[key] = make()
    return made


@contextmanager
def present(handed_in: Implementation) -> Generator[None]:
    """For a while an implementation that is not registered can be named in recipes; in this process only."""
    found = _found()
    known = found.implementations
    before = known.get(handed_in.name)
    known[handed_in.name] = handed_in
    found.remembered = {}
    try:
        yield
    finally:
        found.remembered = {}
        if before is None:
            del known[handed_in.name]
        else:
            known[handed_in.name] = before


def files() -> tuple[Path, ...]:
    """The files registered so far: worker processes register the same."""
    return tuple(_files)


def _add_module(found: Found, technique: Technique, variant: str) -> None:
    name = f"{technique.name}/{variant}"
    try:
        module = importlib.import_module(f"{ROOT}.implementations.{technique.name}.{variant}")
    except ImportError as error:
        if (error.name or "").startswith(OWN):
            raise
        found.unavailable[name] = f"the package {error.name} is not installed" if error.name else str(error)
        return
    except OSError as error:  # a broken shared library of the package it stands on
        found.unavailable[name] = f"{type(error).__name__}: {error}"
        return
    found.implementations[name] = implementation(technique, variant, _only_class(module), OWN)


def _add_entry(found: Found, entry: EntryPoint) -> None:
    technique, _, variant = entry.name.partition("/")
    origin = entry.dist.name if entry.dist else entry.value
    if technique not in techniques() or not variant:
        found.unavailable[entry.name] = f"{origin} registers it, but its name is not technique/variant with a known technique"
        return
    if entry.name in found.implementations:
        found.unavailable[f"{entry.name} of {origin}"] = f"the name is taken by {found.implementations[entry.name].origin}"
        return
    try:
        found.implementations[entry.name] = implementation(techniques()[technique], variant, entry.load(), origin)
    except Exception as error:  # noqa: BLE001  another package's code: whatever it raises must not take the tool down
        found.unavailable[entry.name] = f"{origin} cannot load it: {type(error).__name__}: {error}"


def _only_class(module: ModuleType) -> type[Any]:
    classes = [value for name, value in vars(module).items() if isinstance(value, type) and value.__module__ == module.__name__ and name[0] != "_"]
    if len(classes) != 1:
        raise InputError(f"{module.__name__} defines {len(classes)} public classes; an implementation's module defines one.")
    return classes[0]


def _in_file(path: Path) -> Iterator[Implementation]:
    return iter(in_module(module_of_file(path), str(path), path.stem))


def in_module(module: ModuleType, origin: str, stem: str) -> list[Implementation]:
    """Everything that a module defines and that says which technique it is of. Raises `InputError` if nothing does."""
    found = {
        name: value for name, value in vars(module).items() if hasattr(value, "technique") and getattr(value, "__module__", "") == module.__name__
    }
    if not found:
        raise InputError(f'{origin} defines no class with a `technique` attribute; add for instance `technique = "adam"` to the class.')
    variants = {name: stem if len(found) == 1 else f"{stem}.{name}" for name in found}
    return [adopted(value, variant=variants[name], origin=origin, attribute=name) for name, value in found.items()]


def adopted(
    thing: Any, technique: str | None = None, conventions: Mapping[str, str] | None = None, names: Mapping[str, str] | None = None,
    *, variant: str = "", origin: str = "", attribute: str = "",
) -> Implementation:  # fmt: skip
    """A class with a family's methods, or another library's optimiser, as an implementation; not registered.

    `technique` and `conventions` may stand on it as attributes. Raises `InputError` if it cannot be one.
    """
    from .adoption import adopt

    title, origin = getattr(thing, "__name__", repr(thing)), origin or getattr(thing, "__module__", "Python")
    name: object = technique or getattr(thing, "technique", None)
    if not isinstance(name, str) or name not in techniques():
        raise unknown(f"technique of {title} in {origin}", str(name), techniques())
    for attribute_ in ("conventions", "departures"):
        if not isinstance(getattr(thing, attribute_, {}), Mapping):
            raise InputError(f"{title} in {origin} has {attribute_} {getattr(thing, attribute_)!r}; accepted is a dict, as in {{'name': 'text'}}.")
    declared = {**getattr(thing, "conventions", {}), **(conventions or {})}
    cls = adopt(thing, techniques()[name], conventions=declared, departures=getattr(thing, "departures", None), names=names)
    found = implementation(techniques()[name], variant or title, cls, origin)
    conventions_ = declared_conventions(techniques()[name], type(title, (), {"conventions": declared}))
    if origin.endswith(".py"):
        return dataclasses.replace(found, conventions=conventions_, given={"file": origin})
    said = {key: value for key, value in (("technique", technique), ("conventions", dict(conventions or {}))) if value}
    return dataclasses.replace(found, conventions=conventions_, found_by=f"{origin}:{attribute or title}", given=said)


def implementation(technique: Technique, variant: str, cls: object, origin: str) -> Implementation:
    """A class as an implementation; raises `InputError` if it does not offer what its family asks for."""
    if not isinstance(cls, type):
        raise InputError(f"{technique.name}/{variant} is {cls!r}; accepted is a class with the methods of the {technique.family} family.")
    missing = [name for name in methods(technique.family) if not hasattr(cls, name)]
    if technique.family == "optimizer" and not isinstance(getattr(cls, "state_rows", None), int):
        missing.append("state_rows (a whole number)")
    if missing:
        raise InputError(f"{technique.name}/{variant} ({cls.__name__} in {origin}) lacks {', '.join(missing)}; see the {technique.family} contract.")
    departures: dict[str, str] = dict(getattr(cls, "departures", {}))
    return Implementation(technique, variant, cls, origin, declared_conventions(technique, cls), departures)


@functools.cache
def sources() -> dict[str, Source]:
    """Every dataset source by name."""
    names = sorted(path.stem for path in room("datasets").glob("*.py") if not path.stem.startswith("_"))
    modules = [importlib.import_module(f"{ROOT}.datasets.{name}") for name in names] + [load(entry) for entry in entries("datasets")]
    found: dict[str, Source] = {}
    for module in modules:
        for source in getattr(module, "SOURCES", ()):
            found.setdefault(source.name, source)
    return found


def dataset(text: str) -> Chosen:
    """Resolve `name[parameter=value,...]` to a dataset source; loads nothing."""
    selection = parse(text)
    if selection.name not in sources():
        raise unknown("dataset", selection.name, sources())
    return choose(sources()[selection.name], selection)


def studies() -> dict[str, Path]:
    """The bundled studies by name."""
    return {path.stem: path for path in sorted(room("studies").glob("*.toml"))}


def room(name: str) -> Path:
    """The folder of one of the rooms."""
    return Path(importlib.import_module(f"{ROOT}.{name}").__path__[0])


def entries(group: str) -> Iterator[EntryPoint]:
    """What other packages register in a group, by name."""
    return iter(sorted(entry_points(group=f"trickbench.{group}"), key=lambda entry: entry.name))


def load(entry: EntryPoint) -> Any:
    """What an entry point names; raises `InputError` if it cannot be loaded."""
    try:
        return entry.load()
    except Exception as error:
        raise InputError(f"The entry point {entry.name} ({entry.value}) cannot be loaded: {type(error).__name__}: {error}.") from error
