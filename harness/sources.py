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
from typing import cast


def source_digest(*modules: str) -> str:
    """The hash over these modules, named in full, and all that they import from their own top-level packages."""
    reached: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in reached:
            reached.add(module)
            waiting.extend(imported(module))
    lines = (f"{name} {_digest(name)}" for name in sorted(reached))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@functools.cache
def imported(module: str) -> frozenset[str]:
    """The modules of the same package that a module's source names in imports, wherever they stand but for type checking."""
    return frozenset(name for node in _nodes(_tree(module)) for name in _names(node, module) if _belongs(name, module))


def _nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Every node but those under `if TYPE_CHECKING`."""
    for child in ast.iter_child_nodes(tree):
        if not (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)):
            yield child
            yield from _nodes(child)


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
    path, own = _path(name), _path(module)
    if path is None or own is None:
        return False
    alone = "." not in module and not _is_package(module) and "site-packages" not in own.parts
    return name.partition(".")[0] == module.partition(".")[0] or (alone and path.is_relative_to(own.parent))


@functools.cache
def _digest(module: str) -> str:
    """Over the module's code in Python's own spelling, which is the same in every version, without free-standing texts."""
    tree = _tree(module)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            statements = cast("list[ast.AST]", body)
            statements[:] = [item for item in statements if not (isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant))]
    return hashlib.sha256(ast.unparse(tree).encode()).hexdigest()


def _tree(module: str) -> ast.Module:
    path = _path(module)
    return ast.parse(path.read_bytes() if path else b"")


@functools.cache
def _spec(module: str) -> ModuleSpec | None:
    loaded = sys.modules.get(module)
    if loaded is not None:
        return loaded.__spec__
    try:
        return importlib.util.find_spec(module)
    except (ImportError, AttributeError, ValueError):
        return None


def _path(module: str) -> Path | None:
    spec = _spec(module)
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def _is_package(module: str) -> bool:
    spec = _spec(module)
    return spec is not None and spec.submodule_search_locations is not None
