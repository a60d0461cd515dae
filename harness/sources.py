"""A hash of the source that a module runs: its own and that of every module of the same package it imports, comments aside.

A file that stands alone (an implementation given by its path) has no package; there, modules beside it or below it count.

Part of a run's key: an edited implementation, helper or harness module gives its runs a new key, so that no stale result is ever
shown as a fresh one; an edited comment or docstring does not. Imports are read from the source, so nothing is executed.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import NamedTuple, cast


class Source(NamedTuple):
    """What one module's file says."""

    digest: str
    imports: frozenset[str]


def source_digest(*modules: str) -> str:
    """The hash over these modules, named in full, and all that they import from their own top-level packages."""
    reached: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(imported(module))
    lines = (f"{name} {_source(name).digest}" for name in sorted(reached))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def imported(module: str) -> frozenset[str]:
    """The modules of the same package that a module's source names in imports, wherever they stand but for type checking."""
    return _source(module).imports


@functools.cache
def _source(module: str) -> Source:
    """A module's file, read and parsed once a process: most of the time goes into Python's parser."""
    path = _path(module)
    tree = ast.parse(path.read_bytes() if path else b"")
    named = frozenset(name for statement in _statements(tree, types=False) for name in _names(statement, module) if _belongs(name, module))
    return Source(_digest(tree), named)


def _statements(node: ast.AST, *, types: bool = True) -> Iterator[ast.AST]:
    """Every statement, those under `if TYPE_CHECKING` if `types`. Statements stand in lists, and only in statements: no expression is looked into."""
    for name in ("body", "orelse", "finalbody", "handlers", "cases"):
        for child in cast("list[ast.AST]", getattr(node, name, None) or ()):
            if types or not (isinstance(child, ast.If) and _for_types_only(child)):
                yield child
                yield from _statements(child, types=types)
            else:
                yield from _statements(ast.Module(child.orelse, []), types=types)


def _for_types_only(condition: ast.If) -> bool:
    return getattr(condition.test, "id", getattr(condition.test, "attr", "")) == "TYPE_CHECKING"


def _names(node: ast.AST, module: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        package = module if _is_package(module) else module.rpartition(".")[0]
        base = importlib.util.resolve_name("." * node.level + (node.module or ""), package) if node.level else (node.module or "")
        submodules = {f"{base}.{alias.name}" for alias in node.names if _path(f"{base}.{alias.name}")}
        yield from submodules
        if len(submodules) < len(node.names):  # something that the package itself defines
            yield base


def _belongs(name: str, module: str) -> bool:
    """Whether a module counts with the one that imports it: of the same package, or beside or below a file that stands alone."""
    first = name.partition(".")[0]
    near = first == module.partition(".")[0] or (_stands_alone(module) and _lies_below(first, cast("Path", _path(module)).parent))
    return near and _path(name) is not None


def _stands_alone(module: str) -> bool:
    path = _path(module)
    return path is not None and "." not in module and not _is_package(module) and "site-packages" not in path.parts


def _lies_below(first: str, folder: Path) -> bool:
    place = _place(first)
    return any(path.is_relative_to(folder) and "site-packages" not in path.parts for path in (*place.folders, place.file) if path)


def _digest(tree: ast.Module) -> str:
    """Over the module's code in Python's own spelling, which is the same in every version, without free-standing texts."""
    for node in (tree, *_statements(tree)):
        statements = cast("list[ast.AST]", getattr(node, "body", ()))
        if statements:
            statements[:] = [item for item in statements if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


class Place(NamedTuple):
    """Where a module lies: its file, if it is written in Python, and a package's folders."""

    file: Path | None = None
    folders: tuple[Path, ...] = ()


@functools.cache
def _place(module: str) -> Place:
    """Found without importing anything, a module's packages included, which `importlib.util.find_spec` would."""
    parent, _, name = module.rpartition(".")
    if module in sys.modules:
        return _of_spec(sys.modules[module].__spec__)
    if not parent:
        return _of_spec(_found(module, None))
    folders = _place(parent).folders
    for folder in folders:
        for file, inside in ((folder / name / "__init__.py", (folder / name,)), (folder / f"{name}.py", ())):
            if file.is_file():
                return Place(file, inside)
    below = tuple(folder / name for folder in folders if (folder / name).is_dir())
    return Place(None, below) if below or not folders else _of_spec(_found(module, folders))


def _found(module: str, folders: tuple[Path, ...] | None) -> ModuleSpec | None:
    """What Python's finders say: an editable installation has one of its own, which knows folders that no path names."""
    for finder in sys.meta_path:
        try:
            spec = finder.find_spec(module, None if folders is None else list(map(str, folders)), None)  # importlib always gives all three
        except (ImportError, AttributeError, ValueError, KeyError):
            continue
        if spec is not None:
            return spec
    return None


def _of_spec(spec: ModuleSpec | None) -> Place:
    if spec is None:
        return Place()
    file = Path(spec.origin) if spec.origin and spec.origin.endswith(".py") else None
    return Place(file, tuple(map(Path, spec.submodule_search_locations or ())))


def _path(module: str) -> Path | None:
    return _place(module).file


def _is_package(module: str) -> bool:
    return bool(_place(module).folders)
